/**
 * What the channels of a job start with that goes on from an unaligned checkpoint. Rows go where their link would send them now:
 * to the channel they were in unless its parallelism changed. Marks stay in their places among them as long as all operators
 * before them have the parallelism they had: then the senders go on where they were. Else marks come anew, behind the rows.
 */
import type { Link, PhysicalPlan } from '../../compiler/physical-plan.ts';
import type { Batch } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../../core/hash.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import { MIN_WATERMARK } from '../../core/time.ts';
import { decodeBatch } from '../../core/wire-batch.ts';
import { printSchema, type ChannelSnapshot } from './channel-state.ts';
import type { StreamElement } from './stream-element.ts';

export interface RestoredChannel {
  readonly watermark: number;
  readonly isIdle: boolean;
  /** Batches, watermarks and changes of status. */
  readonly elements: readonly StreamElement[];
}

/** By index of the link in the plan, sending and receiving subtask; a chained link has them too. Null where there is nothing. */
export type RestoredChannels = (link: number, sender: number, receiver: number) => RestoredChannel | null;

export interface RestorePlan {
  readonly plan: PhysicalPlan;
  /** Of a node, now and at the checkpoint. */
  readonly parallelism: (node: NodeId) => number;
  readonly parallelismBefore: (node: NodeId) => number | undefined;
  /** Whether rows that have no place any more are an error, or dropped. */
  readonly onMismatch: 'refuse' | 'drop';
}

/** Throws StreamError MR2204, MR2205 or MR2211 when rows that were under way have no place in the plan. */
export function restoreChannels(snapshots: readonly ChannelSnapshot[], options: RestorePlan): RestoredChannels {
  const restored = new Map<string, RestoredChannel>();
  const byLink = new Map<string, ChannelSnapshot[]>();
  for (const snapshot of snapshots) {
    const key = linkKey(snapshot);
    byLink.set(key, [...(byLink.get(key) ?? []), snapshot]);
  }
  for (const [key, channels] of byLink) {
    const index = options.plan.links.findIndex((link) => linkKey(link) === key);
    for (const channel of restoreLink(channels, options, index)) {
      restored.set(`${index}:${channel.sender}:${channel.receiver}`, channel);
    }
  }
  return (link, sender, receiver) => restored.get(`${link}:${sender}:${receiver}`) ?? null;
}

interface PlacedChannel extends RestoredChannel {
  readonly sender: number;
  readonly receiver: number;
}

function restoreLink(
  snapshots: readonly ChannelSnapshot[],
  options: RestorePlan,
  index: number,
): readonly PlacedChannel[] {
  const { plan, parallelism, onMismatch } = options;
  const [before] = snapshots as [ChannelSnapshot];
  const hasRows = snapshots.some(({ elements }) => elements.some(({ type }) => type === 'batch'));
  const problem = (code: string, what: string, remedy: string): StreamError =>
    new StreamError(
      code,
      say`The checkpoint holds rows on their way from "${before.from}" to "${before.to}", ${what}.`,
      {
        domain: 'user',
        remedy,
      },
    );
  const link = plan.links[index];
  if (link === undefined) {
    if (!hasRows || onMismatch === 'drop') return [];
    const remedy = say`Connect them again, or change the pipeline only over a savepoint.`;
    throw problem('MR2204', say`which are no longer connected`, remedy);
  }
  const { schema } = plan.operators.find((o) => o.nodeId === link.from)!.outputs[link.fromPort]!;
  const saved = snapshots.find((snapshot) => snapshot.schema !== printSchema(schema));
  if (saved !== undefined) {
    if (!hasRows || onMismatch === 'drop') return [];
    const remedy = say`Undo the change, or change the pipeline only over a savepoint.`;
    throw problem('MR2205', say`of (${saved.schema}), which are of (${printSchema(schema)}) now`, remedy);
  }
  const channels = snapshots.map((snapshot) => decode(snapshot, schema));
  const now = { senders: parallelism(link.from), receivers: parallelism(link.to) };
  const isSame = before.senders === now.senders && before.receivers === now.receivers;
  const keepsMarks = hasSameSources(link.from, options);
  if (isSame && link.exchange !== 'chained') return keepsMarks ? channels : channels.map(withoutMarks);
  if (link.exchange === 'broadcast') {
    if (!hasRows || onMismatch === 'drop') return [];
    const remedy = say`Start with the parallelism of the checkpoint, or take a savepoint and start from that.`;
    throw problem('MR2211', say`all of which go to each subtask, at another parallelism`, remedy);
  }
  return keepsMarks ? redealtInOrder(link, channels, now) : redealt(link, channels, now);
}

/** Whether an operator and all before it have as many subtasks as they had. */
function hasSameSources(node: NodeId, options: RestorePlan): boolean {
  return (
    options.parallelism(node) === options.parallelismBefore(node) &&
    options.plan.links.every((link) => link.to !== node || hasSameSources(link.from, options))
  );
}

function withoutMarks(channel: PlacedChannel): PlacedChannel {
  const elements = channel.elements.filter(({ type }) => type === 'batch');
  return { ...channel, watermark: MIN_WATERMARK, isIdle: false, elements };
}

interface Parallelism {
  readonly senders: number;
  readonly receivers: number;
}

/** Rows only, by new channel. */
function redealt(link: Link, channels: readonly PlacedChannel[], now: Parallelism): readonly PlacedChannel[] {
  const made = new Map<string, { sender: number; receiver: number; elements: StreamElement[] }>();
  for (const channel of channels) {
    for (const element of channel.elements) {
      if (element.type !== 'batch') continue;
      const to = channel.receiver % now.receivers;
      for (const [receiver, batch] of dealOut(link, element.batch, to, now.receivers)) {
        const isOneToOne = link.exchange === 'forward' || link.exchange === 'chained';
        const sender = isOneToOne ? receiver : channel.sender % now.senders;
        const key = `${sender}:${receiver}`;
        const one = made.get(key) ?? { sender, receiver, elements: [] };
        one.elements.push({ type: 'batch', batch });
        made.set(key, one);
      }
    }
  }
  return [...made.values()].map((one) => ({ ...one, watermark: MIN_WATERMARK, isIdle: false }));
}

interface Piece {
  /** The last watermark before it in its channel. */
  readonly behind: number;
  readonly receiver: number;
  readonly batch: Batch;
}

/**
 * The watermarks of a sender are the same on all its channels, so rows of several channels that become one go in order of the
 * watermarks they were behind: each row is as late, or in time, as it was.
 */
function redealtInOrder(link: Link, channels: readonly PlacedChannel[], now: Parallelism): readonly PlacedChannel[] {
  return Array.from({ length: now.senders }, (_, sender) => sender).flatMap((sender) => {
    const own = channels.filter((channel) => channel.sender === sender);
    if (own.length === 0) return [];
    const isOneToOne = link.exchange === 'forward' || link.exchange === 'chained';
    const pieces: Piece[] = [];
    let first = Infinity;
    let last = MIN_WATERMARK;
    for (const channel of own) {
      let behind = channel.watermark;
      first = Math.min(first, behind);
      for (const element of channel.elements) {
        if (element.type === 'watermark') behind = Math.max(behind, element.watermark);
        if (element.type !== 'batch') continue;
        const to = isOneToOne ? sender : channel.receiver % now.receivers;
        for (const [receiver, batch] of dealOut(link, element.batch, to, now.receivers)) {
          pieces.push({ behind, receiver, batch });
        }
      }
      last = Math.max(last, behind);
    }
    pieces.sort((a, b) => (a.behind === b.behind ? 0 : a.behind - b.behind));
    const isIdle = own.every(endsIdle);
    const receivers = isOneToOne ? [sender] : Array.from({ length: now.receivers }, (_, i) => i);
    return receivers.map((receiver) => ({
      sender,
      receiver,
      watermark: first,
      isIdle: false,
      elements: inOrder(
        pieces.filter((piece) => piece.receiver === receiver),
        { first, last, isIdle },
      ),
    }));
  });
}

function inOrder(
  pieces: readonly Piece[],
  { first, last, isIdle }: { first: number; last: number; isIdle: boolean },
): readonly StreamElement[] {
  const elements: StreamElement[] = [];
  let watermark = first;
  const advance = (to: number): void => {
    if (to > watermark) elements.push({ type: 'watermark', watermark: (watermark = to) });
  };
  for (const { behind, batch } of pieces) {
    advance(behind);
    elements.push({ type: 'batch', batch });
  }
  advance(last);
  if (isIdle) elements.push({ type: 'status', isIdle });
  return elements;
}

function endsIdle({ isIdle, elements }: RestoredChannel): boolean {
  const last = elements.at(-1);
  return last === undefined ? isIdle : last.type === 'status' && last.isIdle;
}

/** Which rows of a batch go to which subtask; `to` where the link has no say in it. */
function dealOut(link: Link, batch: Batch, to: number, receivers: number): readonly (readonly [number, Batch])[] {
  if (link.exchange === 'single') return [[0, batch]];
  if (link.keys.length === 0) return [[to, batch]];
  const hashes = new Int32Array(batch.length);
  hashRows(
    link.keys.map((key) => batch.columns[key]!),
    batch.length,
    hashes,
  );
  const rowsOf = Array.from({ length: receivers }, (): number[] => []);
  hashes.forEach((hash, row) => rowsOf[subtaskOfKeyGroup(keyGroupOf(hash), receivers)]!.push(row));
  return rowsOf.flatMap((rows, receiver) =>
    rows.length === 0 ? [] : [[receiver, batch.take(Int32Array.from(rows), rows.length)] as const],
  );
}

function decode(snapshot: ChannelSnapshot, schema: Schema): PlacedChannel {
  const { sender, receiver, watermark, isIdle, elements } = snapshot;
  return {
    sender,
    receiver,
    watermark,
    isIdle,
    elements: elements.map((element) =>
      element.type === 'batch' ? { type: 'batch', batch: decodeBatch(schema, element.buffer) } : element,
    ),
  };
}

function linkKey({ from, fromPort, to, toPort }: Pick<Link, 'from' | 'fromPort' | 'to' | 'toPort'>): string {
  return JSON.stringify([from, fromPort, to, toPort]);
}

/** Changes by hand, checked against the run as it stands. */
import { BatchBuilder, CHANGE_SIGNS, type Batch, type ChangeKind } from '../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../core/hash.ts';
import { say } from '../core/say.ts';
import type { Schema } from '../core/schema.ts';
import { printDataType, type Value } from '../core/types.ts';
import { valueOfJson } from '../formats/index.ts';
import type { QueuePlace, RowEdit } from '../protocol/debug.ts';
import type { DebugRun } from './debug-run.ts';
import type { ChannelPlace, Decision } from './decisions.ts';

/** A row in a queue becomes another. Throws when none is there, or a value does not fit. */
export function editAt(run: DebugRun, place: QueuePlace, edit: RowEdit): Decision {
  const channel = channelOf(place);
  const element = run.present.channel(channel)?.elements[place.index];
  if (element?.type !== 'batch') {
    const [from, to] = endsOf(run, place.link);
    throw new Error(say`No row waits at place ${place.index} between "${from}" and "${to}": only rows can be changed.`);
  }
  return { type: 'edit', channel, index: place.index, row: rowOf(element.batch.schema, edit, element.batch) };
}

/** What waits at a place goes. Throws when nothing is there, and for what the run cannot go on without. */
export function dropAt(run: DebugRun, place: QueuePlace): Decision {
  const channel = channelOf(place);
  const type = run.present.channel(channel)?.elements[place.index]?.type;
  const [from, to] = endsOf(run, place.link);
  if (type === undefined) throw new Error(say`Nothing waits at place ${place.index} between "${from}" and "${to}".`);
  if (type === 'barrier' || type === 'end')
    throw new Error(
      say`Without its barriers and ends the run would hang: only rows, watermarks and idle marks can be taken out.`,
    );
  return { type: 'drop', channel, index: place.index };
}

/** A watermark in front of all that waits on an edge, so that what it closes closes now. `time`: ms since the epoch. */
export function injectWatermarkInto(run: DebugRun, index: number, time: number): Decision {
  const [from] = endsOf(run, index);
  const channels = run.present.channels.filter(({ address }) => address.link === index);
  if (channels.length === 0) throw new Error(say`There is no edge ${index}.`);
  if (!Number.isFinite(time)) throw new Error(say`A watermark is a time, in milliseconds since 1970.`);
  const open = channels.filter(({ hasEnded, progress }) => !hasEnded && progress.watermark < time);
  if (open.length === 0)
    throw new Error(say`Event time on the edge from "${from}" is there already, or at its end: give a later time.`);
  return { type: 'watermark', channels: open.map(({ address }) => address), watermark: time };
}

function channelOf({ link, fromSubtask, toSubtask }: QueuePlace): ChannelPlace {
  return { link, from: fromSubtask, to: toSubtask };
}

function endsOf({ debug: { plan } }: DebugRun, link: number): readonly [string, string] {
  const { from, to } = plan.links[link] ?? { from: '?', to: '?' };
  return [from, to];
}

/** A new row in front of all that waits; to the subtask that its key belongs to, to all where rows go to all, else to the first. */
export function injectInto(run: DebugRun, index: number, edit: RowEdit): Decision {
  const { plan } = run.debug;
  const link = plan.links[index];
  if (link === undefined) throw new Error(say`There is no edge ${index}.`);
  const shape = plan.operators.find(({ nodeId }) => nodeId === link.from)!.outputs[link.fromPort]!;
  if (shape.eventTime && (edit.eventTime ?? null) === null)
    throw new Error(say`Rows of this edge have an event time: give one.`);
  if (run.present.channels.some(({ address, hasEnded }) => address.link === index && hasEnded))
    throw new Error(say`The input from "${link.from}" has ended: go back to before its end.`);
  const row = rowOf(shape.schema, edit, null);
  const receivers = plan.chains.find(({ id }) => id === link.to)!.parallelism;
  const channel: ChannelPlace = { link: index, from: 0, to: 0 };
  if (link.exchange === 'broadcast') {
    const channels = Array.from({ length: receivers }, (_, to) => ({ ...channel, to }));
    return { type: 'inject', channels, row };
  }
  if (link.exchange !== 'hash') return { type: 'inject', channels: [channel], row };
  const hashes = new Int32Array(1);
  hashRows(
    link.keys.map((key) => row.columns[key]!),
    1,
    hashes,
  );
  const to = subtaskOfKeyGroup(keyGroupOf(hashes[0]!), receivers);
  return { type: 'inject', channels: [{ ...channel, to }], row };
}

/** `like`: what is not given is as there. */
function rowOf(schema: Schema, edit: RowEdit, like: Batch | null): Batch {
  const { fields } = schema;
  if (edit.values.length !== fields.length) {
    throw new Error(
      say`The row has ${fields.length} fields (${fields.map(({ name }) => name).join(', ')}), not ${edit.values.length}.`,
    );
  }
  const values = fields.map(({ name, type }, i): Value => {
    const value = valueOfJson(type, edit.values[i] ?? null);
    if (value === undefined)
      throw new Error(say`${JSON.stringify(edit.values[i])} is no ${printDataType(type)}, as "${name}" is.`);
    return value;
  });
  const eventTime = edit.eventTime === undefined ? (like?.eventTimes?.[0] ?? NaN) : (edit.eventTime ?? NaN);
  const kind = edit.changeKind === undefined ? (like?.kind(0) ?? 0) : CHANGE_SIGNS.indexOf(edit.changeKind);
  const builder = new BatchBuilder(schema, 1);
  builder.appendRow(values, eventTime, kind as ChangeKind);
  return builder.finish();
}

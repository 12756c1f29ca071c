import { describe, expect, it } from 'vitest';
import type { Exchange, Link, PhysicalPlan } from '../../compiler/physical-plan.ts';
import { nodeId } from '../../core/ids.ts';
import { MIN_WATERMARK } from '../../core/time.ts';
import { encodeBatch } from '../../core/wire-batch.ts';
import { batch, shape } from '../../testing/builders.ts';
import { restoreChannels, type RestoredChannel } from './channel-restore.ts';
import { printSchema, type ChannelSnapshot, type SavedElement } from './channel-state.ts';

const [A, B] = [nodeId('a'), nodeId('b')];
const rows = shape('k STRING, v INT');

/** Two operators and the link between them: all that matters here. */
function planOf(exchange: Exchange): PhysicalPlan {
  const keys = exchange === 'hash' ? [0] : [];
  const link: Link = { from: A, fromPort: 'out', to: B, toPort: 'in', input: 0, exchange, keys };
  return { operators: [{ nodeId: A, outputs: { out: rows } }], links: [link] } as unknown as PhysicalPlan;
}

type Parallelism = readonly [a: number, b: number];

function restore(
  exchange: Exchange,
  before: Parallelism,
  now: Parallelism,
  channels: readonly Partial<ChannelSnapshot>[],
  onMismatch: 'refuse' | 'drop' = 'refuse',
): Record<string, readonly unknown[]> {
  const snapshots = channels.map((channel): ChannelSnapshot => ({
    from: A,
    fromPort: 'out',
    to: B,
    toPort: 'in',
    sender: 0,
    receiver: 0,
    senders: before[0],
    receivers: before[1],
    schema: printSchema(rows.schema),
    watermark: MIN_WATERMARK,
    isIdle: false,
    elements: [],
    ...channel,
  }));
  const of =
    ([a, b]: Parallelism) =>
    (node: typeof A) =>
      node === A ? a : b;
  const find = restoreChannels(snapshots, {
    plan: planOf(exchange),
    parallelism: of(now),
    parallelismBefore: of(before),
    onMismatch,
  });
  const told: Record<string, readonly unknown[]> = {};
  for (let sender = 0; sender < 4; sender++) {
    for (let receiver = 0; receiver < 4; receiver++) {
      const channel = find(0, sender, receiver);
      if (channel !== null) told[`${sender}→${receiver}`] = tell(channel);
    }
  }
  return told;
}

/** The watermark it begins with, then values of `v`, watermarks as `W…`, and status. */
function tell({ watermark, elements }: RestoredChannel): readonly unknown[] {
  const first = watermark === MIN_WATERMARK ? [] : [`W${watermark}`];
  return first.concat(
    elements.flatMap((element): string[] => {
      if (element.type === 'batch')
        return Array.from({ length: element.batch.length }, (_, i) => String(element.batch.row(i)[1]));
      if (element.type === 'watermark') return [`W${element.watermark}`];
      return element.type === 'status' ? [element.isIdle ? 'idle' : 'active'] : [];
    }),
  );
}

const saved = (...values: readonly (readonly [string, number])[]): SavedElement => ({
  type: 'batch',
  buffer: encodeBatch(batch(rows.schema, values)),
});
const mark = (watermark: number): SavedElement => ({ type: 'watermark', watermark });

describe('channels of an unaligned checkpoint', () => {
  it('are the same at the same parallelism', () => {
    const channels = [
      { receiver: 0, watermark: 3, elements: [saved(['x', 1]), mark(5), saved(['x', 2])] },
      { receiver: 1, watermark: 5, elements: [{ type: 'status', isIdle: true } as const] },
    ];
    expect(restore('hash', [1, 2], [1, 2], channels)).toEqual({ '0→0': ['W3', '1', 'W5', '2'], '0→1': ['W5', 'idle'] });
  });

  it('give each row to the subtask of its key, behind the watermarks it was behind', () => {
    const channels = [
      { receiver: 0, watermark: 3, elements: [saved(['a', 1], ['b', 2]), mark(5), saved(['a', 3])] },
      { receiver: 1, watermark: 5, elements: [saved(['c', 4]), mark(9), saved(['c', 5])] },
    ];
    const merged = restore('forward', [1, 2], [1, 1], channels);
    expect(merged).toEqual({ '0→0': ['W3', '1', '2', 'W5', '3', '4', 'W9', '5'] });
    const spread = restore('hash', [1, 2], [1, 3], channels);
    expect(Object.keys(spread)).toEqual(['0→0', '0→1', '0→2']);
    const values = Object.values(spread)
      .flat()
      .filter((told) => !String(told).startsWith('W'));
    expect(values.sort()).toEqual(['1', '2', '3', '4', '5']);
    for (const told of Object.values(spread)) {
      expect([told[0], told.at(-1) === 'W9' || told.includes('W9')]).toEqual(['W3', true]);
      // Rows 1 and 3 are of one key, and the watermark stays between them.
      if (told.includes('1')) expect(told.slice(told.indexOf('1'), told.indexOf('3'))).toContain('W5');
    }
  });

  it('are dealt out where a link was between two subtasks and goes by key now', () => {
    const spread = restore('hash', [1, 1], [1, 3], [{ elements: [saved(['a', 1], ['b', 2], ['c', 3], ['d', 4])] }]);
    expect(Object.values(spread).flat().sort()).toEqual(['1', '2', '3', '4']);
    expect(Object.values(spread).filter((told) => told.length > 0).length).toBeGreaterThan(1);
  });

  it('keep their rows for an operator that is chained now', () => {
    const channels = [
      { sender: 0, receiver: 0, elements: [saved(['a', 1])] },
      { sender: 0, receiver: 2, elements: [saved(['a', 2])] },
      { sender: 1, receiver: 1, elements: [saved(['a', 3]), mark(4)] },
    ];
    expect(restore('chained', [2, 3], [2, 2], channels)).toEqual({ '0→0': ['1', '2'], '1→1': ['3', 'W4'] });
  });

  it('lose their marks where the senders are others', () => {
    const channels = [
      { sender: 0, receiver: 0, watermark: 3, elements: [saved(['a', 1]), mark(5)] },
      { sender: 2, receiver: 1, watermark: 3, elements: [saved(['a', 2])] },
    ];
    expect(restore('rebalance', [3, 2], [2, 2], channels)).toEqual({ '0→0': ['1'], '0→1': ['2'] });
  });

  it('are refused at another parallelism when every row goes everywhere, but for those without rows', () => {
    const channels = [{ elements: [saved(['a', 1])] }, { receiver: 1, elements: [saved(['a', 1])] }];
    expect(() => restore('broadcast', [1, 2], [1, 3], channels)).toThrow('all of which go to each subtask');
    expect(restore('broadcast', [1, 2], [1, 2], channels)).toEqual({ '0→0': ['1'], '0→1': ['1'] });
    expect(restore('broadcast', [1, 2], [1, 3], [{ elements: [mark(5)] }])).toEqual({});
  });

  it('are refused, or dropped, when the link is gone or its rows are others', () => {
    const gone = [{ to: nodeId('c'), elements: [saved(['a', 1])] }];
    expect(() => restore('hash', [1, 1], [1, 1], gone)).toThrow('no longer connected');
    expect(restore('hash', [1, 1], [1, 1], gone, 'drop')).toEqual({});
    const other = [{ schema: 'k STRING', elements: [saved(['a', 1])] }];
    expect(() => restore('hash', [1, 1], [1, 1], other)).toThrow('of (k STRING), which are of (k STRING, v INT) now');
    expect(restore('hash', [1, 1], [1, 1], other, 'drop')).toEqual({});
  });
});

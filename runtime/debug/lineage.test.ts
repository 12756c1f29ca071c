/** Lineage of every row that reaches the sink, against what each operator's definition says it is made of. */
import { describe, expect, it } from 'vitest';
import type { DebugRow, LineageExactness } from '../protocol/debug.ts';
import { asNode, named, startSession } from '../testing/debug-sessions.ts';
import { generator, simulatedNode } from '../testing/simulated-job.ts';

const ROWS = 12;

type Row = Readonly<Record<string, unknown>>;

/** Row n: of key `k0` to `k2` in turn, at n² tenths of a second, so that gaps grow. */
function source(id: string, value: string): object {
  return generator(
    id,
    [
      ['k', 'STRING', "CONCAT('k', CAST(n % 3 AS STRING))"],
      [value, 'BIGINT', 'n'],
      ['ts', 'TIMESTAMP', "TIMESTAMP '1970-01-01 00:00:00' + n * n * INTERVAL '0.1' SECOND"],
    ],
    { rows: ROWS, eventTime: { field: 'ts', maxOutOfOrdernessMs: 0, perRow: true } },
  );
}

const timeOf = (n: number): number => n * n * 100;
const numbers = Array.from({ length: ROWS }, (_, n) => n);
const ofKey = (k: unknown): number[] => numbers.filter((n) => `k${n % 3}` === k);
const within = (k: unknown, { window_start, window_end }: Row): number[] =>
  ofKey(k).filter(
    (n) => timeOf(n) >= Date.parse(window_start as string) && timeOf(n) < Date.parse(window_end as string),
  );

interface Case {
  readonly config: object;
  /** Numbers of the source's rows that a row is made of; `right` ones of a join plus 100. */
  readonly madeOf: (row: Row, change: DebugRow['changeKind']) => number[] | null;
  readonly exactness?: LineageExactness;
  readonly isJoin?: boolean;
}

const count = [{ as: 'n', fn: 'COUNT', expr: '*' }];
const joined = { madeOf: ({ v, w }: Row) => [v as number, (w as number) + 100], isJoin: true };
const on = [{ left: 'k', right: 'k' }];

const cases: Readonly<Record<string, Case & { readonly type: string }>> = {
  'a tumbling window': {
    type: 'aggregate.window',
    config: { groupBy: ['k'], window: { type: 'tumbling', size: '4 seconds' }, aggregates: count },
    madeOf: (row) => within(row.k, row),
  },
  'a hopping window': {
    type: 'aggregate.window',
    config: { groupBy: ['k'], window: { type: 'hopping', size: '4 seconds', slide: '2 seconds' }, aggregates: count },
    madeOf: (row) => within(row.k, row),
  },
  'a session window': {
    type: 'aggregate.window',
    config: { groupBy: ['k'], window: { type: 'session', gap: '3 seconds' }, aggregates: count },
    madeOf: (row) => within(row.k, row),
  },
  'a running aggregate': {
    type: 'aggregate.running',
    config: { groupBy: ['k'], aggregates: [...count, { as: 'top', fn: 'MAX', expr: 'v' }] },
    madeOf: ({ k, top }, change) => (change === '-U' ? null : ofKey(k).filter((n) => n <= (top as number))),
  },
  'a deduplication': {
    type: 'dedup',
    config: { keys: ['k'], keep: 'first', time: 'event' },
    madeOf: ({ v }) => [v as number],
  },
  'a deduplication that keeps the last': {
    type: 'dedup',
    config: { keys: ['k'], keep: 'last', time: 'processing' },
    madeOf: ({ v }) => [v as number],
  },
  'a ranking': {
    type: 'topn',
    config: { partitionBy: ['k'], orderBy: [{ expr: 'v', direction: 'desc' }], n: 2 },
    madeOf: ({ v }) => [v as number],
  },
  'an OVER aggregate': {
    type: 'over',
    config: { partitionBy: ['k'], frame: { type: 'rows', preceding: 1 }, aggregates: count },
    madeOf: ({ v }) => [v as number, ...((v as number) > 2 ? [(v as number) - 3] : [])],
    exactness: 'superset',
  },
  'a pattern': {
    type: 'pattern',
    config: {
      partitionBy: ['k'],
      pattern: 'A B',
      define: [{ variable: 'B', condition: 'v > A.v' }],
      measures: [
        { as: 'a', expr: 'A.v' },
        { as: 'b', expr: 'B.v' },
      ],
    },
    madeOf: ({ a, b }) => [a as number, b as number],
    exactness: 'superset',
  },
  'an unnest': {
    type: 'unnest',
    config: { expr: 'ARRAY[1, 2]', as: 'one' },
    madeOf: ({ v }) => [v as number],
  },
  'a join of streams': { type: 'join.stream', config: { on, condition: 'v <= w' }, ...joined },
  'an interval join': {
    type: 'join.interval',
    config: { on, lowerBound: '-2 seconds', upperBound: '2 seconds' },
    ...joined,
  },
  'a window join': { type: 'join.window', config: { on, window: { type: 'tumbling', size: '4 seconds' } }, ...joined },
  'a temporal join': { type: 'join.temporal', config: { on }, ...joined },
};

describe('lineage', () => {
  it.each(Object.keys(cases))('through %s', async (name) => {
    const { type, config, madeOf, exactness = 'exact', isJoin = false } = cases[name]!;
    const { session } = await startSession({
      nodes: [
        source('left', 'v'),
        ...(isJoin ? [source('right', 'w')] : []),
        simulatedNode('operator', type, config),
        simulatedNode('renamed', 'filter', { condition: 'TRUE' }),
        simulatedNode('out', 'sink.table', {}),
      ],
      edges: [
        { from: 'left', to: 'operator', ...(isJoin ? { toPort: 'left' } : {}) },
        ...(isJoin ? [{ from: 'right', to: 'operator', toPort: 'right' }] : []),
        { from: 'operator', to: 'renamed' },
        { from: 'renamed', to: 'out' },
      ],
    });
    expect((await session.resume()).reason).toBe('end');
    const plan = await session.plan();
    const rows = await session.rowsInto(asNode('out'), 1000);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const expected = madeOf(named(plan, row), row.changeKind);
      if (expected === null) continue;
      const { hops, ends, exactness: found } = await session.lineage(row.id, 'backward');
      const inputs = hops
        .filter(({ row: one }) => ends.includes(one.id))
        .map(({ row: one }) => (one.values[1] as number) + (one.nodeId === 'right' ? 100 : 0))
        .sort((a, b) => a - b);
      if (exactness === 'exact') {
        expect(inputs).toEqual(expected.sort((a, b) => a - b));
        expect(found).toBe('exact');
      } else expect(inputs).toEqual(expect.arrayContaining(expected));
    }
    // And back: the first row's way ends in what it is part of.
    const [first] = rows.filter((row) => madeOf(named(plan, row), row.changeKind) !== null);
    const { ends } = await session.lineage(first!.id, 'backward');
    expect((await session.lineage(ends[0]!, 'forward')).ends).toContain(first!.id);
    await session.close();
  });

  it('is what a breakpoint stops at', async () => {
    const { session } = await startSession({
      nodes: [
        source('left', 'v'),
        simulatedNode('operator', 'aggregate.window', cases['a tumbling window']!.config),
        simulatedNode('out', 'sink.table', {}),
      ],
      edges: [
        { from: 'left', to: 'operator' },
        { from: 'operator', to: 'out' },
      ],
    });
    await session.step({ to: 'row', nodeId: asNode('out') });
    const { next } = await session.step({ to: 'row', nodeId: asNode('out') });
    await session.jump(0);
    await session.setBreakpoints([
      { id: 'b', mode: 'enabled', place: { type: 'lineage', row: next!.row!.id, nodeId: asNode('operator') } },
    ]);
    const seen: unknown[] = [];
    for (let stop = await session.resume(); stop.reason === 'breakpoint'; stop = await session.resume()) {
      seen.push(stop.next!.row!.values[1]);
    }
    const k = next!.row!.values[0];
    expect(seen).toEqual(ofKey(k).filter((n) => timeOf(n) < 4000));
    await session.close();
  });
});

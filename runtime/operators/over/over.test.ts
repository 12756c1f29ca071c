import { describe, expect, it } from 'vitest';
import { MAX_BATCH_ROWS } from '../../core/batch.ts';
import { shape } from '../../testing/builders.ts';
import type { Literal } from '../../testing/literals.ts';
import { createHarness, inferOperator, type HarnessSnapshot } from '../../testing/operator-harness.ts';
import { createOver } from './runtime.ts';
import { overSpec } from './spec.ts';

const INPUT = shape('k STRING, n INT, ts TIMESTAMP NOT NULL', { eventTime: true });
const COUNT = { as: 'count', fn: 'COUNT', expr: '*' };
const SUM = { as: 'sum', fn: 'SUM', expr: 'n' };
const ALL = { as: 'all', fn: 'COLLECT', expr: 'n' };

type Options = { connected?: string[]; restoreFrom?: HarnessSnapshot[] };

function open(config: Record<string, unknown>, options: Options = {}) {
  return createHarness({
    spec: overSpec,
    create: createOver,
    config: { partitionBy: ['k'], ...config },
    inputs: [INPUT],
    ...options,
  });
}

type Harness = Awaited<ReturnType<typeof open>>;

/** Rows `[k, n, milliseconds]`. */
function push(harness: Harness, ...rows: readonly (readonly Literal[])[]): void {
  harness.push(0, rows);
}

function seen(harness: Harness, port = 'out'): string[] {
  return harness.rows(port).map((row) => row.map(String).join(' '));
}

describe('by event time', () => {
  it('rows come out by time when the watermark passes them', async () => {
    const harness = await open({ aggregates: [SUM] });
    push(harness, ['a', 1, 30], ['a', 2, 10], ['b', 3, 20]);
    expect(seen(harness)).toEqual([]);
    harness.watermark(20);
    expect(seen(harness)).toEqual(['a 2 10 2', 'b 3 20 3']);
    harness.watermark(30);
    expect(seen(harness).slice(2)).toEqual(['a 1 30 3']);
    expect(harness.output().map((row) => row.eventTime)).toEqual([10, 20, 30]);
  });

  it('rows of one time are in each other’s RANGE, and stand in order in ROWS', async () => {
    for (const preceding of [null, 1]) {
      const rows = await open({ frame: { type: 'rows', preceding }, aggregates: [ALL] });
      push(rows, ['a', 1, 5], ['a', 2, 5]);
      rows.end();
      expect(seen(rows)).toEqual(['a 1 5 1', 'a 2 5 1,2']);
    }
    for (const preceding of [null, '1 second']) {
      const range = await open({ frame: { type: 'range', preceding }, aggregates: [ALL] });
      push(range, ['a', 1, 5], ['a', 2, 5]);
      range.end();
      expect(seen(range)).toEqual(['a 1 5 1,2', 'a 2 5 1,2']);
    }
  });

  it('a RANGE holds the row that is exactly so much older, ROWS one more than n', async () => {
    const range = await open({ frame: { type: 'range', preceding: '10 milliseconds' }, aggregates: [ALL] });
    push(range, ['a', 1, 0], ['a', 2, 10], ['a', 3, 11]);
    range.end();
    expect(seen(range)).toEqual(['a 1 0 1', 'a 2 10 1,2', 'a 3 11 2,3']);
    const rows = await open({ frame: { type: 'rows', preceding: 1 }, aggregates: [ALL] });
    push(rows, ['a', 1, 0], ['a', 2, 10], ['a', 3, 11]);
    rows.end();
    expect(seen(rows)).toEqual(['a 1 0 1', 'a 2 10 1,2', 'a 3 11 2,3']);
  });

  it('late rows go to their port or are counted', async () => {
    const connected = await open({ aggregates: [COUNT] });
    connected.watermark(10);
    push(connected, ['a', 1, 10], ['a', 2, 11]);
    connected.end();
    expect(seen(connected, 'late')).toEqual(['a 1 10']);
    expect(seen(connected)).toEqual(['a 2 11 1']);
    const counted = await open({ aggregates: [COUNT] }, { connected: ['out'] });
    counted.watermark(10);
    push(counted, ['a', 1, 10], ['a', 2, 9]);
    expect(counted.lateRows).toBe(2);
  });

  it('more late rows than a batch before had rows', async () => {
    const harness = await open({ aggregates: [COUNT] });
    push(harness, ['a', 1, 1]);
    harness.watermark(50);
    push(harness, ['a', 1, 2], ['a', 1, 3], ['a', 1, 60]);
    expect(seen(harness, 'late')).toEqual(['a 1 2', 'a 1 3']);
  });

  it('rows that have left a RANGE leave the state', async () => {
    const harness = await open({ frame: { type: 'range', preceding: '10 milliseconds' }, aggregates: [COUNT] });
    push(harness, ['warm', 1, 1]);
    harness.watermark(100);
    const held = harness.stateBytes;
    push(harness, ['a', 1, 101], ['b', 1, 105]);
    harness.watermark(105);
    expect(harness.stateBytes).toBeGreaterThan(held);
    harness.watermark(115);
    expect(harness.stateBytes).toBe(held);
  });

  it('a large firing comes in parts', async () => {
    const harness = await open({ aggregates: [COUNT] });
    const count = 2 * MAX_BATCH_ROWS + 1;
    push(harness, ...Array.from({ length: count }, (_, i) => ['a', 1, i]));
    harness.watermark(count);
    expect(harness.batches().map((batch) => batch.length)).toEqual([MAX_BATCH_ROWS, MAX_BATCH_ROWS, 1]);
    expect(seen(harness).at(-1)).toBe(`a 1 ${count - 1} ${count}`);
  });

  it('rows that wait and frames outlive a restart', async () => {
    for (const preceding of [null, 5]) {
      const config = { frame: { type: 'rows', preceding }, aggregates: [ALL] };
      const before = await open(config);
      push(before, ['a', 1, 1], ['a', 3, 30]);
      before.watermark(10);
      const after = await open(config, { restoreFrom: [before.snapshot(1)] });
      push(after, ['a', 0, 10], ['a', 2, 20]);
      after.end();
      expect(seen(after, 'late')).toEqual(['a 0 10']);
      expect(seen(after)).toEqual(['a 2 20 1,2', 'a 3 30 1,2,3']);
    }
  });
});

describe('by processing time', () => {
  it('rows come out at once, in their order', async () => {
    for (const frame of [{ type: 'rows' }, { type: 'range' }, { type: 'rows', preceding: 5 }]) {
      const harness = await open({ orderBy: 'processing', frame, aggregates: [ALL] });
      push(harness, ['a', 1, 30], ['b', 2, 10], ['a', 3, 20]);
      expect(seen(harness)).toEqual(['a 1 30 1', 'b 2 10 2', 'a 3 20 1,3']);
      expect(harness.output().map((row) => row.eventTime)).toEqual([30, 10, 20]);
    }
  });

  it('a RANGE goes by the clock', async () => {
    const frame = { type: 'range', preceding: '10 seconds' };
    const harness = await open({ orderBy: 'processing', frame, aggregates: [ALL] });
    const start = harness.clock.now();
    push(harness, ['a', 1, 0]);
    harness.advanceTo(start + 5_000);
    push(harness, ['a', 2, 0]);
    harness.advanceTo(start + 10_000);
    push(harness, ['a', 3, 0]);
    harness.advanceTo(start + 15_001);
    push(harness, ['a', 4, 0]);
    harness.advanceTo(start + 25_002);
    push(harness, ['a', 5, 0]);
    expect(harness.rows().map((row) => row.at(-1))).toEqual([[1], [1, 2], [1, 2, 3], [3, 4], [5]]);
  });

  it('ROWS keep the last n rows over batches', async () => {
    const frame = { type: 'rows', preceding: 2 };
    const harness = await open({ orderBy: 'processing', frame, aggregates: [ALL] });
    for (const n of [1, 2, 3, 4]) push(harness, ['a', n, 0]);
    expect(harness.rows().map((row) => row.at(-1))).toEqual([[1], [1, 2], [1, 2, 3], [2, 3, 4]]);
  });
});

describe('what is wrong with a config', () => {
  function problems(config: Record<string, unknown>, input = INPUT) {
    const { diagnostics } = inferOperator(overSpec, { partitionBy: ['k'], aggregates: [COUNT], ...config }, [input]);
    return diagnostics.map(({ code, path }) => `${code} ${path}`);
  }

  it('is said at its place', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ partitionBy: ['x'] })).toEqual(['MR1403 partitionBy[0]']);
    expect(problems({ aggregates: [{ ...COUNT, as: 'n' }] })).toEqual(['MR1402 aggregates[0].as']);
    expect(problems({ aggregates: [COUNT, COUNT] })).toEqual(['MR1402 aggregates[1].as']);
    expect(problems({ frame: { type: 'rows', preceding: -1 } })).toEqual(['MR1203 frame.preceding']);
    expect(problems({}, { ...INPUT, eventTime: false })).toEqual(['MR1501 orderBy']);
    expect(problems({ orderBy: 'processing' }, { ...INPUT, eventTime: false })).toEqual([]);
    expect(problems({ partitionBy: ['a'] }, shape('a ARRAY<INT>', { eventTime: true }))).toEqual([
      'MR1405 partitionBy[0]',
    ]);
  });
});

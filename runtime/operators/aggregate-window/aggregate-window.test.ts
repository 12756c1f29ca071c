import { describe, expect, it } from 'vitest';
import { batchOf, CHANGE_SIGNS, INSERT, MAX_BATCH_ROWS } from '../../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../../core/hash.ts';
import { printDataType } from '../../core/types.ts';
import { say } from '../../core/say.ts';
import { decodeStateSnapshot, summariseState } from '../../engine/state/index.ts';
import { shape } from '../../testing/builders.ts';
import { FAKE_EPOCH_MS, FakeClock } from '../../testing/fake-clock.ts';
import type { Literal } from '../../testing/literals.ts';
import {
  createHarness,
  inferOperator,
  type HarnessBackend,
  type HarnessSnapshot,
  type OperatorHarness,
} from '../../testing/operator-harness.ts';
import { createAggregateWindow } from './runtime.ts';
import { aggregateWindowSpec } from './spec.ts';

const INPUT = shape('k STRING, n INT, ts TIMESTAMP NOT NULL', { eventTime: true });
const TIMELESS = shape('k STRING, n INT');
const COUNT = { as: 'count', fn: 'COUNT', expr: '*' };
const SUM = { as: 'sum', fn: 'SUM', expr: 'n' };

type Config = Readonly<Record<string, unknown>>;

function open(
  config: Config,
  options: {
    clock?: FakeClock;
    backend?: HarnessBackend;
    restoreFrom?: HarnessSnapshot[];
    connected?: string[];
    subtask?: number;
    parallelism?: number;
  } = {},
): Promise<OperatorHarness> {
  const input = (config.window as { time?: string }).time === 'processing' ? TIMELESS : INPUT;
  return createHarness({
    spec: aggregateWindowSpec,
    create: createAggregateWindow,
    config,
    inputs: [input],
    ...options,
  });
}

const SECOND_BY_KEY = { groupBy: ['k'], window: { type: 'tumbling', size: '1 second' }, aggregates: [COUNT, SUM] };

/** Rows `[k, n, milliseconds]`. */
function rows(
  harness: OperatorHarness,
  ...given: readonly (readonly [k: string | null, n: number | null, ms: number])[]
): void {
  harness.push(
    0,
    given.map(([k, n, ms]): Literal[] => [k, n, ms]),
  );
}

describe('when windows fire', () => {
  it('at the watermark of their last millisecond, not one earlier', async () => {
    const harness = await open(SECOND_BY_KEY);
    rows(harness, ['a', 1, 0], ['a', 2, 999], ['a', 4, 1000]);
    harness.watermark(998);
    expect(harness.rows()).toEqual([]);
    harness.watermark(999);
    expect(harness.output()).toEqual([{ values: ['a', 0, 1000, 2n, 3], eventTime: 999, kind: 0 }]);
    harness.end();
    expect(harness.rows().slice(1)).toEqual([['a', 1000, 2000, 1n, 4]]);
  });

  it('by their end, and within a window in the order in which keys came', async () => {
    const harness = await open({ ...SECOND_BY_KEY, aggregates: [COUNT] });
    rows(harness, ['b', 1, 1500], ['c', 1, 10], [null, 1, 20], ['a', 1, 1200], ['b', 1, 30], ['c', 1, 40]);
    harness.end();
    expect(harness.rows().map(([k, start, , count]) => [k, start, count])).toEqual([
      ['c', 0, 2n],
      [null, 0, 1n],
      ['b', 0, 1n],
      ['b', 1000, 1n],
      ['a', 1000, 1n],
    ]);
  });

  const KEYS = 2 * MAX_BATCH_ROWS + 7;
  const manyKeys = (ms: number) => Array.from({ length: KEYS }, (_, i) => [`key ${i}`, i, ms] as const);

  it.each<[HarnessBackend, Config]>([
    ['memory', SECOND_BY_KEY.window],
    ['memory', { type: 'session', gap: '1 second' }],
    ['memory', { type: 'hopping', size: '2 seconds', slide: '1 second' }],
    ['moving', SECOND_BY_KEY.window],
    ['moving', { type: 'session', gap: '1 second' }],
    ['moving', { type: 'hopping', size: '2 seconds', slide: '1 second' }],
  ])('in batches, as many as it takes, with a %s backend: %o', async (backend, window) => {
    const harness = await open({ ...SECOND_BY_KEY, window }, { backend });
    rows(harness, ...manyKeys(1000));
    harness.watermark(1999);
    expect(harness.batches().map((batch) => batch.length)).toEqual([MAX_BATCH_ROWS, MAX_BATCH_ROWS, 7]);
    expect(harness.rows().map(([, , , , sum]) => sum)).toEqual(Array.from({ length: KEYS }, (_, i) => i));
  });

  it.each<[HarnessBackend, Config]>([
    ['memory', { type: 'hopping', size: '3 seconds', slide: '1 second' }],
    ['moving', { type: 'hopping', size: '3 seconds', slide: '1 second' }],
    ['moving', { type: 'cumulative', size: '3 seconds', step: '1 second' }],
    ['moving', { type: 'hopping', size: '3 seconds', slide: '1 second', time: 'processing' }],
  ])('from panes merged in parts, with a %s backend: %o', async (backend, window) => {
    const clock = new FakeClock(0);
    const harness = await open({ ...SECOND_BY_KEY, window }, { clock, backend });
    for (const ms of [0, 1000, 2000]) {
      harness.advanceTo(ms);
      if (window.time === 'processing')
        harness.push(
          0,
          manyKeys(ms).map(([k, n]) => [k, n]),
        );
      else rows(harness, ...manyKeys(ms));
    }
    harness.watermark(2999);
    harness.advanceTo(3000);
    const last = harness.output().filter(({ values: [, start] }) => start === 0);
    expect(last.slice(-KEYS).map(({ values: [, , , count, sum] }) => [count, sum])).toEqual(
      Array.from({ length: KEYS }, (_, i) => [3n, 3 * i]),
    );
  });

  it('before the epoch as after it, and moved by an offset', async () => {
    const harness = await open({
      ...SECOND_BY_KEY,
      window: { type: 'tumbling', size: '1 second', offset: '300 milliseconds' },
    });
    rows(harness, ['a', 1, -700], ['a', 1, -701], ['a', 1, 299], ['a', 1, 300]);
    harness.end();
    expect(harness.rows().map(([, start, end, count]) => [start, end, count])).toEqual([
      [-1700, -700, 1n],
      [-700, 300, 2n],
      [300, 1300, 1n],
    ]);
  });

  it('all of one group when there is nothing to group by', async () => {
    const harness = await open({
      groupBy: [],
      window: { type: 'cumulative', step: '1 second', size: '3 seconds' },
      aggregates: [SUM],
    });
    rows(harness, ['a', 1, 0], ['b', 2, 1000], ['a', 4, 2000], ['a', 8, 3000]);
    harness.end();
    expect(harness.rows()).toEqual([
      [0, 1000, 1],
      [0, 2000, 3],
      [0, 3000, 7],
      [3000, 4000, 8],
      [3000, 5000, 8],
      [3000, 6000, 8],
    ]);
  });

  it('counts rows when no aggregate is given', async () => {
    const harness = await open({ groupBy: [], window: SECOND_BY_KEY.window });
    rows(harness, ['a', 1, 0], ['b', 2, 1]);
    harness.end();
    expect(harness.rows()).toEqual([[0, 1000, 2n]]);
  });
});

describe('windows by the number of rows', () => {
  const ROWS = (window: Config) => ({ groupBy: ['k'], window, aggregates: [COUNT, SUM] });

  /** Keys in turn, each with 1, 2, 4, 8 …, a second apart. */
  const GIVEN = [1, 2, 4, 8, 16, 32, 64].flatMap((n, i) => [
    ['a', n, i * 1000] as const,
    ...(i < 3 ? [['b', n, i * 1000 + 500] as const] : []),
  ]);

  it.each<[string, Config, [string, bigint, number][]]>([
    [
      'size 3',
      { type: 'count', size: 3 },
      [
        ['a', 3n, 7],
        ['b', 3n, 7],
        ['a', 3n, 56],
      ],
    ],
    [
      'size 3, slide 2: the first over the two rows there are',
      { type: 'count', size: 3, slide: 2 },
      [
        ['a', 2n, 3],
        ['b', 2n, 3],
        ['a', 3n, 14],
        ['a', 3n, 56],
      ],
    ],
    [
      'size 4, slide 2',
      { type: 'count', size: 4, slide: 2 },
      [
        ['a', 2n, 3],
        ['b', 2n, 3],
        ['a', 4n, 15],
        ['a', 4n, 60],
      ],
    ],
    [
      'size 2, slide 3: some rows are in none',
      { type: 'count', size: 2, slide: 3 },
      [
        ['a', 2n, 6],
        ['b', 2n, 6],
        ['a', 2n, 48],
      ],
    ],
    [
      'a global window that fires every 3 rows',
      { type: 'global', trigger: { count: 3 } },
      [
        ['a', 3n, 7],
        ['b', 3n, 7],
        ['a', 6n, 63],
      ],
    ],
    [
      'a global window that is purged',
      { type: 'global', trigger: { count: 3, purge: true } },
      [
        ['a', 3n, 7],
        ['b', 3n, 7],
        ['a', 3n, 56],
      ],
    ],
  ])('fire with the row that completes them: %s', async (_what, window, expected) => {
    const whole = await open(ROWS(window));
    rows(whole, ...GIVEN);
    whole.end();
    expect(whole.rows()).toEqual(expected);
    const single = await open(ROWS(window), { backend: 'moving' });
    for (const row of GIVEN) rows(single, row);
    single.end();
    expect(single.output()).toEqual(whole.output());
  });

  it('have the event time of that row, are never late, and end without a result when they are not full', async () => {
    const harness = await open({ ...ROWS({ type: 'count', size: 2 }), groupBy: [] });
    harness.watermark(10_000);
    rows(harness, ['a', 1, 5000], ['b', 2, 3000], ['a', 4, 9000]);
    harness.end();
    expect(harness.output()).toEqual([{ values: [2n, 3], eventTime: 3000, kind: 0 }]);
    expect(harness.rows('late')).toEqual([]);
  });

  it('keep no state of keys without rows in a window', async () => {
    const harness = await open(ROWS({ type: 'count', size: 2 }));
    rows(harness, ['a', 1, 0], ['b', 1, 0], ['a', 1, 0], ['a', 1, 0], ['a', 1, 0], ['b', 1, 0], ['c', 1, 0]);
    expect(entries(harness.snapshot(1))).toBe(2);
  });

  it('keep no more than the last rows', async () => {
    for (const [size, slide] of [
      [4, 2],
      [3, 2],
      [2, 5],
    ]) {
      const harness = await open(ROWS({ type: 'count', size, slide }));
      for (let i = 0; i < 40; i++) rows(harness, ['a', 1, 0], ['a', 1, 0], ['a', 1, 0]);
      expect(entries(harness.snapshot(1))).toBeLessThanOrEqual(6);
    }
  });

  it('need no event time', async () => {
    const harness = await createHarness({
      spec: aggregateWindowSpec,
      create: createAggregateWindow,
      config: ROWS({ type: 'count', size: 2 }),
      inputs: [TIMELESS],
    });
    harness.push(0, [
      ['a', 1],
      ['a', 2],
    ]);
    expect(harness.output()).toEqual([{ values: ['a', 2n, 3], eventTime: null, kind: 0 }]);
  });
});

describe('early results', () => {
  const signed = (harness: OperatorHarness) =>
    harness.output().map(({ kind, values }) => `${CHANGE_SIGNS[kind]} ${values.join(' ')}`);

  it('come so long after a change, as updates, and not for what stayed the same', async () => {
    const harness = await open({ ...SECOND_BY_KEY, emitEarlyEvery: '10 seconds' });
    const at = (seconds: number) => harness.advanceTo(FAKE_EPOCH_MS + seconds * 1000);
    rows(harness, ['a', 1, 0]);
    at(4);
    rows(harness, ['b', 2, 10], ['a', 4, 1000]);
    at(9);
    expect(signed(harness)).toEqual([]);
    at(10);
    const first = ['+I a 0 1000 1 1', '+I b 0 1000 1 2', '+I a 1000 2000 1 4'];
    expect(signed(harness)).toEqual(first);
    at(100);
    rows(harness, ['a', 8, 20]);
    at(109);
    expect(signed(harness)).toEqual(first);
    at(110);
    const second = [...first, '-U a 0 1000 1 1', '+U a 0 1000 2 9'];
    expect(signed(harness)).toEqual(second);
    rows(harness, ['b', 1, 30]);
    harness.watermark(999);
    const last = [...second, '-U b 0 1000 1 2', '+U b 0 1000 2 3'];
    expect(signed(harness)).toEqual(last);
    harness.end();
    expect(signed(harness)).toEqual(last);
    expect(entries(harness.snapshot(1))).toBe(0);
  });

  it('come with every so many rows of a key in a window', async () => {
    const window = { type: 'hopping', size: '2 seconds', slide: '1 second' };
    const harness = await open({ ...SECOND_BY_KEY, window, emitEarlyCount: 2 });
    rows(harness, ['a', 1, 0], ['a', 2, 1000], ['b', 4, 0], ['a', 8, 1500]);
    expect(signed(harness)).toEqual(['+I a 0 2000 2 3', '+I a 1000 3000 2 10']);
    harness.watermark(1999);
    expect(signed(harness).slice(2)).toEqual([
      '+I a -1000 1000 1 1',
      '+I b -1000 1000 1 4',
      '-U a 0 2000 2 3',
      '+U a 0 2000 3 11',
      '+I b 0 2000 1 4',
    ]);
  });

  it('are updated by late rows within the allowed lateness', async () => {
    const harness = await open({ ...SECOND_BY_KEY, emitEarlyCount: 1, allowedLateness: '5 seconds' });
    rows(harness, ['a', 1, 0]);
    harness.watermark(2000);
    rows(harness, ['a', 2, 500]);
    harness.watermark(7000);
    rows(harness, ['a', 4, 500]);
    expect(signed(harness)).toEqual(['+I a 0 1000 1 1', '-U a 0 1000 1 1', '+U a 0 1000 2 3']);
    expect(harness.rows('late').length).toBe(1);
    expect(entries(harness.snapshot(1))).toBe(0);
  });

  it('are taken back for a session that becomes part of another', async () => {
    const window = { type: 'session', gap: '1 second' };
    const harness = await open({ ...SECOND_BY_KEY, window, emitEarlyCount: 1 });
    rows(harness, ['a', 1, 0], ['a', 2, 1500]);
    rows(harness, ['a', 4, 700]);
    harness.end();
    expect(signed(harness)).toEqual([
      '+I a 0 1000 1 1',
      '+I a 1500 2500 1 2',
      '-D a 1500 2500 1 2',
      '-U a 0 1000 1 1',
      '+U a 0 2500 3 7',
    ]);
    expect(entries(harness.snapshot(1))).toBe(0);
  });

  it('come in processing time too', async () => {
    for (const type of ['tumbling', 'session']) {
      const window = { type, [type === 'session' ? 'gap' : 'size']: '1 minute', time: 'processing' };
      const harness = await open({ ...SECOND_BY_KEY, window, emitEarlyEvery: '10 seconds' });
      harness.push(0, [['a', 1]]);
      harness.advanceTo(FAKE_EPOCH_MS + 10_000);
      harness.push(0, [['b', 2]]);
      harness.advanceTo(FAKE_EPOCH_MS + 130_000);
      expect(harness.output().map(({ kind, values: [k, , , , sum] }) => [kind, k, sum])).toEqual([
        [INSERT, 'a', 1],
        [INSERT, 'b', 2],
      ]);
      expect(entries(harness.snapshot(1))).toBe(0);
    }
  });

  it('go on after a restore', async () => {
    for (const window of [SECOND_BY_KEY.window, { type: 'session', gap: '1 second' }]) {
      const config = { ...SECOND_BY_KEY, window, emitEarlyEvery: '10 seconds' };
      const before = await open(config);
      rows(before, ['a', 1, 0]);
      before.advanceTo(FAKE_EPOCH_MS + 10_000);
      rows(before, ['a', 2, 0]);
      const clock = new FakeClock(FAKE_EPOCH_MS + 60_000);
      const after = await open(config, { clock, restoreFrom: [before.snapshot(1)] });
      after.advanceTo(FAKE_EPOCH_MS + 70_000);
      expect(signed(after)).toEqual(['-U a 0 1000 1 1', '+U a 0 1000 2 3']);
    }
  });
});

describe('late rows', () => {
  it('go to their port as they came', async () => {
    const harness = await open(SECOND_BY_KEY);
    harness.watermark(999);
    rows(harness, ['a', 1, 999], ['a', 2, 1000], ['b', 3, -5]);
    harness.end();
    expect(harness.rows('late')).toEqual([
      ['a', 1, 999],
      ['b', 3, -5],
    ]);
    expect(harness.rows()).toEqual([['a', 1000, 2000, 1n, 2]]);
    expect(harness.lateRows).toBe(0);
  });

  it('are counted when nothing is connected there', async () => {
    for (const window of [SECOND_BY_KEY.window, { type: 'session', gap: '1 second' }]) {
      const harness = await open({ ...SECOND_BY_KEY, window }, { connected: ['out'] });
      harness.watermark(5000);
      rows(harness, ['a', 1, 0], ['a', 1, 10], ['b', 1, 6000]);
      expect(harness.lateRows).toBe(2);
      expect(harness.rows('late')).toEqual([]);
    }
  });

  it('are late only for the hopping windows that have fired', async () => {
    const harness = await open({
      groupBy: [],
      window: { type: 'hopping', size: '2 seconds', slide: '1 second' },
      aggregates: [SUM],
    });
    rows(harness, ['a', 1, 1500]);
    harness.watermark(1999);
    rows(harness, ['a', 2, 1600]);
    harness.end();
    expect(harness.rows()).toEqual([
      [0, 2000, 1],
      [1000, 3000, 3],
    ]);
    expect(harness.rows('late')).toEqual([]);
  });

  it('make a window fire again within the allowed lateness, once for each row', async () => {
    const harness = await open({ ...SECOND_BY_KEY, allowedLateness: '2 seconds' });
    rows(harness, ['a', 1, 0], ['b', 1, 0]);
    harness.watermark(999);
    rows(harness, ['a', 2, 500], ['c', 8, 600], ['a', 4, 1200], ['a', 4, 700]);
    expect(harness.rows().slice(2)).toEqual([
      ['a', 0, 1000, 2n, 3],
      ['c', 0, 1000, 1n, 8],
      ['a', 0, 1000, 3n, 7],
    ]);
    harness.watermark(2999);
    rows(harness, ['a', 16, 0]);
    expect(harness.rows('late')).toEqual([['a', 16, 0]]);
    expect(harness.rows().slice(5)).toEqual([['a', 1000, 2000, 1n, 4]]);
  });

  it('leave no state behind once they cannot matter', async () => {
    for (const window of [
      SECOND_BY_KEY.window,
      { type: 'hopping', size: '2 seconds', slide: '1 second' },
      { type: 'cumulative', size: '2 seconds', step: '1 second' },
      { type: 'session', gap: '1 second' },
    ]) {
      const harness = await open({ ...SECOND_BY_KEY, window, allowedLateness: '1 second' });
      rows(harness, ['a', 1, 0], ['b', 1, 100], ['a', 1, 1800]);
      harness.watermark(20_000);
      rows(harness, ['a', 1, 0], ['d', 1, 5]);
      expect(entries(harness.snapshot(1))).toBe(0);
    }
  });
});

function entries(snapshot: HarnessSnapshot): number {
  const { tables } = summariseState([decodeStateSnapshot(snapshot.state)]);
  return tables.reduce((sum, table) => sum + table.entries, 0);
}

describe('sessions', () => {
  const SESSIONS = {
    groupBy: ['k'],
    window: { type: 'session', gap: '10 milliseconds' },
    aggregates: [SUM, { as: 'all', fn: 'COLLECT', expr: 'n' }],
  };

  it('end when no row comes for the gap, and join when they touch', async () => {
    const harness = await open(SESSIONS);
    rows(harness, ['a', 1, 0], ['a', 2, 30], ['b', 4, 5], ['a', 8, 10], ['a', 16, 41]);
    harness.end();
    expect(harness.rows()).toEqual([
      ['b', 5, 15, 4, [4]],
      ['a', 0, 20, 9, [1, 8]],
      ['a', 30, 40, 2, [2]],
      ['a', 41, 51, 16, [16]],
    ]);
  });

  it('are joined by a row between them, in order of arrival', async () => {
    const harness = await open(SESSIONS);
    rows(harness, ['a', 1, 0], ['a', 2, 15], ['a', 4, 40]);
    rows(harness, ['a', 8, 30], ['a', 16, 8], ['a', 32, 22]);
    harness.end();
    expect(harness.rows()).toEqual([['a', 0, 50, 63, [1, 2, 4, 8, 16, 32]]]);
  });

  it('fire again within the allowed lateness, or anew when a row takes them past the watermark', async () => {
    const harness = await open({ ...SESSIONS, aggregates: [SUM], allowedLateness: '100 milliseconds' });
    rows(harness, ['a', 1, 0]);
    harness.watermark(12);
    rows(harness, ['a', 2, 1]);
    expect(harness.rows()).toEqual([
      ['a', 0, 10, 1],
      ['a', 0, 11, 3],
    ]);
    rows(harness, ['a', 4, 9]);
    expect(harness.rows().length).toBe(2);
    harness.watermark(18);
    expect(harness.rows().slice(2)).toEqual([['a', 0, 19, 7]]);
  });
});

describe('processing time', () => {
  function subtaskOf(key: string, parallelism: number): number {
    const hashes = new Int32Array(1);
    hashRows(batchOf(TIMELESS.schema, [[key, null]]).columns.slice(0, 1), 1, hashes);
    return subtaskOfKeyGroup(keyGroupOf(hashes[0]!), parallelism);
  }

  it('puts rows into the window of the moment, and the clock fires it', async () => {
    const clock = new FakeClock();
    const harness = await open(
      { ...SECOND_BY_KEY, window: { type: 'tumbling', size: '1 second', time: 'processing' } },
      { clock },
    );
    harness.push(0, [['a', 1]]);
    harness.advanceTo(FAKE_EPOCH_MS + 999);
    harness.push(0, [
      ['a', 2],
      ['b', 4],
    ]);
    expect(harness.rows()).toEqual([]);
    harness.advanceTo(FAKE_EPOCH_MS + 1000);
    harness.push(0, [['a', 8]]);
    harness.end();
    const start = FAKE_EPOCH_MS;
    expect(harness.output().map(({ values, eventTime }) => [...values, eventTime])).toEqual([
      ['a', start, start + 1000, 2n, 3, null],
      ['b', start, start + 1000, 1n, 4, null],
      ['a', start + 1000, start + 2000, 1n, 8, null],
    ]);
  });

  it('fires what is due when a restored job starts again', async () => {
    for (const window of [
      { type: 'hopping', size: '1 second', slide: '1 second', time: 'processing' },
      { type: 'session', gap: '1 second', time: 'processing' },
    ]) {
      const before = await open({ ...SECOND_BY_KEY, window }, { clock: new FakeClock() });
      before.push(0, [['a', 1]]);
      const clock = new FakeClock(FAKE_EPOCH_MS + 5000);
      const after = await open({ ...SECOND_BY_KEY, window }, { clock, restoreFrom: [before.snapshot(1)] });
      after.advanceTo(clock.now());
      expect(after.rows()).toEqual([['a', FAKE_EPOCH_MS, FAKE_EPOCH_MS + 1000, 1n, 1]]);
    }
  });

  it('fires no window twice for keys whose subtask was ahead of another when the checkpoint came', async () => {
    const config = {
      ...SECOND_BY_KEY,
      window: { type: 'hopping', size: '2 seconds', slide: '1 second', time: 'processing' },
    };
    const keys = [0, 1].map((subtask) => ['a', 'b', 'c', 'd', 'e'].find((key) => subtaskOf(key, 2) === subtask)!);
    const subtasks = await Promise.all(
      [0, 1].map((subtask) => open(config, { clock: new FakeClock(), subtask, parallelism: 2 })),
    );
    subtasks.forEach((harness, i) => harness.push(0, [[keys[i]!, 1]]));
    subtasks[0]!.advanceTo(FAKE_EPOCH_MS + 1000);
    expect(subtasks.map((harness) => harness.rows().length)).toEqual([1, 0]);
    const clock = new FakeClock(FAKE_EPOCH_MS + 1500);
    const after = await open(config, { clock, restoreFrom: subtasks.map((harness) => harness.snapshot(1)) });
    after.advanceTo(FAKE_EPOCH_MS + 2000);
    expect(after.rows().map(([key, start]) => [key, (start as number) - FAKE_EPOCH_MS])).toEqual([
      [keys[1], -1000],
      [keys[0], 0],
      [keys[1], 0],
    ]);
  });

  it('does not go back to windows that have fired when the clock of a restored job does', async () => {
    const config = {
      ...SECOND_BY_KEY,
      window: { type: 'hopping', size: '2 seconds', slide: '1 second', time: 'processing' },
    };
    const ahead = await open(config, { clock: new FakeClock(), subtask: 0, parallelism: 2 });
    const idle = await open(config, { clock: new FakeClock(), subtask: 1, parallelism: 2 });
    const key = ['a', 'b', 'c', 'd', 'e'].find((one) => subtaskOf(one, 2) === 0)!;
    ahead.push(0, [[key, 1]]);
    ahead.advanceTo(FAKE_EPOCH_MS + 1000);
    const restoreFrom = [ahead.snapshot(1), idle.snapshot(1)];
    const after = await open(config, { clock: new FakeClock(FAKE_EPOCH_MS + 500), restoreFrom });
    after.push(0, [[key, 2]]);
    after.end();
    expect(after.rows().map(([, start, , count]) => [(start as number) - FAKE_EPOCH_MS, count])).toEqual([
      [0, 2n],
      [1000, 1n],
    ]);
  });
});

describe('inference', () => {
  function infer(config: Config, input = INPUT) {
    return inferOperator(aggregateWindowSpec, { ...SECOND_BY_KEY, ...config }, [input]);
  }

  function codes(config: Config, input = INPUT): string[] {
    return infer(config, input).diagnostics.map(({ severity, code, path }) => `${severity} ${code} ${path ?? ''}`);
  }

  it('gives keys, window and aggregates in order', () => {
    const { outputs } = infer({
      aggregates: [COUNT, SUM, { as: 'mean', fn: 'AVG', expr: 'CAST(n AS DECIMAL(10, 2))' }],
    });
    expect(
      outputs.out?.schema.fields.map((f) => `${f.name} ${printDataType(f.type)}${f.nullable ? '' : ' NOT NULL'}`),
    ).toEqual([
      'k STRING',
      'window_start TIMESTAMP NOT NULL',
      'window_end TIMESTAMP NOT NULL',
      'count BIGINT NOT NULL',
      'sum INT',
      'mean DECIMAL(38,6)',
    ]);
    expect(outputs.out).toMatchObject({ eventTime: true, changelog: 'append', bounded: true });
    expect(outputs.late).toEqual(INPUT);
  });

  it.each([
    ['no watermarks', {}, shape('k STRING, n INT, ts TIMESTAMP'), ['error MR1501 window']],
    [
      'a slide that does not divide the size',
      { window: { type: 'hopping', size: '5 seconds', slide: '2 seconds' } },
      INPUT,
      ['error MR1505 window.slide'],
    ],
    [
      'a step that does not divide the size',
      { window: { type: 'cumulative', size: '5 seconds', step: '10 seconds' } },
      INPUT,
      ['error MR1505 window.step'],
    ],
    ['an empty window', { window: { type: 'session', gap: '0 seconds' } }, INPUT, ['error MR1505 window.gap']],
    ['an unknown key', { groupBy: ['k', 'x'] }, INPUT, ['error MR1403 groupBy[1]']],
    ['a key twice', { groupBy: ['k', 'k'] }, INPUT, ['error MR1402 groupBy[1]']],
    [
      'a result named like the window',
      { aggregates: [{ ...COUNT, as: 'window_end' }] },
      INPUT,
      ['error MR1402 aggregates[0].as'],
    ],
    [
      'a key without equality',
      {},
      shape('k ARRAY<INT>, n INT, ts TIMESTAMP', { eventTime: true }),
      ['error MR1405 groupBy[0]'],
    ],
    ['a sum of text', { aggregates: [{ as: 's', fn: 'SUM', expr: 'k' }] }, INPUT, ['error MR1304 aggregates[0].expr']],
    ['a sum of rows', { aggregates: [{ as: 's', fn: 'SUM', expr: '*' }] }, INPUT, ['error MR1304 aggregates[0].expr']],
    [
      'an unknown field',
      { aggregates: [{ as: 's', fn: 'SUM', expr: 'm + 1' }] },
      INPUT,
      ['error MR1302 aggregates[0].expr'],
    ],
    [
      'a filter that is no condition',
      { aggregates: [{ ...SUM, filter: 'n' }] },
      INPUT,
      ['error MR1306 aggregates[0].filter'],
    ],
    [
      'a distinct count of rows',
      { aggregates: [{ ...COUNT, distinct: true }] },
      INPUT,
      ['error MR1203 aggregates[0].distinct'],
    ],
    [
      'a percentile without its share',
      { aggregates: [{ as: 'p', fn: 'PERCENTILE', expr: 'n' }] },
      INPUT,
      ['error MR1201 aggregates[0].percentile'],
    ],
    [
      'an option that does nothing',
      { aggregates: [{ ...SUM, separator: ';' }] },
      INPUT,
      ['warning MR1203 aggregates[0].separator'],
    ],
    [
      'lateness in processing time',
      { window: { type: 'session', gap: '1 second', time: 'processing' }, allowedLateness: '1 second' },
      TIMELESS,
      ['warning MR1203 allowedLateness'],
    ],
    [
      'early results of a window by count',
      { window: { type: 'count', size: 5 }, emitEarlyEvery: '1 second', emitEarlyCount: 2 },
      TIMELESS,
      ['error MR1203 emitEarlyEvery', 'error MR1203 emitEarlyCount'],
    ],
    ['early results all the time', { emitEarlyEvery: '0 seconds' }, INPUT, ['error MR1203 emitEarlyEvery']],
    [
      'lateness for a window by count',
      { window: { type: 'global', trigger: { count: 5 } }, allowedLateness: '1 second' },
      INPUT,
      ['warning MR1203 allowedLateness'],
    ],
    ['a slide of no rows', { window: { type: 'count', size: 5, slide: 0 } }, INPUT, ['error MR1203 window.slide']],
    [
      'a trigger without a count',
      { window: { type: 'global', trigger: {} } },
      INPUT,
      ['error MR1201 window.trigger.count'],
    ],
  ])('reports %s', (_what, config, input, expected) => {
    expect(codes(config, input)).toEqual(expected);
  });

  it('gives windows by count no bounds, and early results as updates', () => {
    const { outputs } = infer({ window: { type: 'count', size: 5, slide: 2 } });
    expect(outputs.out?.schema.fields.map((f) => f.name)).toEqual(['k', 'count', 'sum']);
    expect(outputs.out).toMatchObject({ eventTime: true, changelog: 'append' });
    expect(infer({ window: { type: 'count', size: 5 } }, TIMELESS).outputs.out?.eventTime).toBe(false);
    expect(infer({ emitEarlyCount: 10 }).outputs.out?.changelog).toBe('update');
  });

  it.each([
    [{ type: 'count', size: 100 }, '100 rows by k'],
    [{ type: 'count', size: 100, slide: 10 }, '100 rows every 10 by k'],
    [{ type: 'global', trigger: { count: 10 } }, 'all rows every 10 by k'],
    [{ type: 'global', trigger: { count: 1, purge: true } }, '1 row by k'],
  ])('describes %o', (window, expected) => {
    expect(aggregateWindowSpec.describe(infer({ window }).config!, say)).toBe(expected);
  });

  it('says in a line what it does', () => {
    const { config } = infer({ window: { type: 'hopping', size: '1 minute', slide: '10 seconds' } });
    expect(aggregateWindowSpec.describe(config!, say)).toBe('1 minute every 10 seconds by k');
  });
});

it('refuses rows without an event time', async () => {
  const harness = await open(SECOND_BY_KEY);
  const timeless = batchOf(INPUT.schema, [['a', 1, 0]]).withEventTimes(Float64Array.of(NaN));
  expect(() => harness.push(0, timeless)).toThrow(expect.objectContaining({ code: 'MR2104' }));
});

import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createJoinWindow } from './runtime.ts';
import { joinWindowSpec } from './spec.ts';

const INPUTS = [
  shape('id STRING, a INT, ts TIMESTAMP NOT NULL', { eventTime: true }),
  shape('id STRING, b INT, ts TIMESTAMP NOT NULL', { eventTime: true }),
];
const CONFIG = { on: [{ left: 'id', right: 'id' }], window: { type: 'tumbling', size: '10 seconds' } };

function harness(config: Record<string, unknown> = {}, connected?: readonly string[]): Promise<OperatorHarness> {
  return createHarness({
    spec: joinWindowSpec,
    create: createJoinWindow,
    config: { ...CONFIG, ...config },
    inputs: INPUTS,
    ...(connected === undefined ? {} : { connected }),
  });
}

function codesOf(config: Record<string, unknown>, inputs = INPUTS): string[] {
  return inferOperator(joinWindowSpec, { ...CONFIG, ...config }, inputs).diagnostics.map(
    ({ code, path }) => `${code} ${path ?? ''}`,
  );
}

describe('join.window', () => {
  it('joins a window when the watermark reaches its last millisecond', async () => {
    const join = await harness();
    join.push(0, [['x', 1, 0]]);
    join.push(1, [
      ['x', 2, 9999],
      ['x', 3, 10_000],
    ]);
    join.watermark(9998);
    expect(join.rows()).toEqual([]);
    join.watermark(9999);
    expect(join.output().map(({ values, eventTime }) => [...values, eventTime])).toEqual([
      ['x', 1, 0, 'x', 2, 9999, 0, 10_000, 9999],
    ]);
    join.end();
    expect(join.rows()).toHaveLength(1);
  });

  it('joins a row in each of its hopping windows, but not in those that are over', async () => {
    const join = await harness({ window: { type: 'hopping', size: '20 seconds', slide: '10 seconds' } });
    join.push(0, [['x', 1, 12_000]]);
    join.watermark(19_999);
    join.push(1, [['x', 2, 15_000]]);
    join.end();
    expect(join.rows().map((row) => row.slice(6))).toEqual([[10_000, 30_000]]);
  });

  it('gives rows without a match once for each window, NULL keys among them', async () => {
    const join = await harness({ kind: 'full' });
    join.push(0, [
      [null, 1, 1000],
      ['x', 2, 1000],
    ]);
    join.push(1, [[null, 3, 2000]]);
    join.end();
    expect(join.rows().map((row) => [row[1], row[4]])).toEqual([
      [1, null],
      [null, 3],
      [2, null],
    ]);
  });

  it('sends late rows to their port, or counts them', async () => {
    const connected = await harness();
    connected.watermark(9999);
    connected.push(1, [['x', 1, 9999]]);
    expect(connected.output('late')).toEqual([{ values: [null, null, null, 'x', 1, 9999], eventTime: 9999, kind: 0 }]);
    const alone = await harness({}, ['out']);
    alone.watermark(9999);
    alone.push(0, [['x', 1, 9999]]);
    expect(alone.lateRows).toBe(1);
  });

  it('gives a large window in parts, and frees it', async () => {
    const join = await harness({ kind: 'full', condition: 'a <> b' });
    const rows = Array.from({ length: 120 }, (_, i) => ['x', i, 1000]);
    const before = join.stateBytes;
    join.push(0, rows);
    join.push(1, rows);
    join.watermark(10_000);
    expect(join.rows()).toHaveLength(120 * 119);
    expect(Math.max(...join.batches().map((batch) => batch.length))).toBeLessThan(4096);
    expect(join.stateBytes).toBeLessThan(before + 10_000);
  });

  it('adds the window, whatever the inputs have', () => {
    const windowed = shape('k INT, window_start TIMESTAMP, window_end TIMESTAMP', { eventTime: true });
    const { outputs } = inferOperator(joinWindowSpec, { ...CONFIG, on: [{ left: 'k', right: 'k' }] }, [
      windowed,
      windowed,
    ]);
    expect(outputs.out!.schema.fields.map(({ name }) => name)).toEqual([
      'k',
      'left_window_start',
      'left_window_end',
      'right_k',
      'right_window_start',
      'right_window_end',
      'window_start',
      'window_end',
    ]);
  });

  it('says what is wrong, and where', () => {
    expect(codesOf({ window: { type: 'session', gap: '1 minute' } })).toEqual(['MR1203 window.type']);
    expect(codesOf({ window: { type: 'tumbling', size: '1 minute', time: 'processing' } })).toEqual([
      'MR1203 window.time',
    ]);
    expect(codesOf({ window: { type: 'hopping', size: '1 minute', slide: '7 seconds' } })).toEqual([
      'MR1505 window.slide',
    ]);
    expect(codesOf({}, [INPUTS[0]!, shape('id STRING')])).toEqual(['MR1501 ']);
  });
});

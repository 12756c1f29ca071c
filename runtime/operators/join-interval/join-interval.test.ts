import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createJoinInterval } from './runtime.ts';
import { joinIntervalSpec } from './spec.ts';

const INPUTS = [
  shape('id STRING, a INT, ts TIMESTAMP NOT NULL', { eventTime: true }),
  shape('id STRING, b INT, ts TIMESTAMP NOT NULL', { eventTime: true }),
];
const CONFIG = { on: [{ left: 'id', right: 'id' }], lowerBound: '-5 seconds', upperBound: '10 seconds' };

function harness(config: Record<string, unknown> = {}, connected?: readonly string[]): Promise<OperatorHarness> {
  return createHarness({
    spec: joinIntervalSpec,
    create: createJoinInterval,
    config: { ...CONFIG, ...config },
    inputs: INPUTS,
    ...(connected === undefined ? {} : { connected }),
  });
}

function codesOf(config: Record<string, unknown>, inputs = INPUTS): string[] {
  return inferOperator(joinIntervalSpec, { ...CONFIG, ...config }, inputs).diagnostics.map(
    ({ code, path }) => `${code} ${path ?? ''}`,
  );
}

describe('join.interval', () => {
  it('includes both bounds, and gives a match the later of both times', async () => {
    const join = await harness();
    join.push(0, [['x', 1, 20_000]]);
    join.push(
      1,
      [14_999, 15_000, 30_000, 30_001].map((time) => ['x', time, time]),
    );
    expect(join.output().map(({ values, eventTime }) => [values[4], eventTime])).toEqual([
      [15_000, 20_000],
      [30_000, 30_000],
    ]);
  });

  it('gives a row without a match when the watermark is past its interval, not before', async () => {
    const join = await harness({ kind: 'full' });
    join.push(0, [['x', 1, 20_000]]);
    join.push(1, [['y', 2, 20_000]]);
    join.watermark(25_000);
    expect(join.rows()).toEqual([]);
    join.watermark(25_001);
    expect(join.output().map(({ values, eventTime }) => [values[4], eventTime])).toEqual([[2, 25_001]]);
    join.watermark(30_000);
    join.push(1, [['x', 3, 30_000]]);
    expect(join.rows().slice(1)).toEqual([['x', 1, 20_000, 'x', 3, 30_000]]);
  });

  it('goes by the lower watermark of both inputs', async () => {
    const join = await harness({ kind: 'left' });
    join.push(0, [['x', 1, 20_000]]);
    join.watermark(90_000, 0);
    expect(join.rows()).toEqual([]);
    join.watermark(90_000, 1);
    expect(join.rows()).toEqual([['x', 1, 20_000, null, null, null]]);
  });

  it('sends late rows to their port, or counts them; a row at the watermark is in time', async () => {
    const connected = await harness();
    connected.watermark(20_000);
    connected.push(1, [
      ['x', 1, 19_999],
      ['x', 2, 20_000],
    ]);
    connected.push(0, [['x', 3, 20_000]]);
    expect(connected.rows('late')).toEqual([[null, null, null, 'x', 1, 19_999]]);
    expect(connected.rows()).toEqual([['x', 3, 20_000, 'x', 2, 20_000]]);
    const alone = await harness({}, ['out']);
    alone.watermark(20_000);
    alone.push(0, [['x', 1, 19_999]]);
    expect(alone.lateRows).toBe(1);
  });

  it('matches no NULL', async () => {
    const join = await harness({ kind: 'left' });
    join.push(1, [[null, 1, 20_000]]);
    join.push(0, [[null, 2, 20_000]]);
    expect(join.output().map(({ values, eventTime }) => [values[1], values[4], eventTime])).toEqual([
      [2, null, 30_001],
    ]);
  });

  it('keeps only rows whose interval the watermark has not passed', async () => {
    const join = await harness({ kind: 'full' });
    const bytes: number[] = [];
    for (let second = 0; second < 600; second++) {
      for (const input of [0, 1]) join.push(input, [[`k${second % 7}`, input, second * 1000]]);
      join.watermark(second * 1000);
      bytes.push(join.stateBytes);
    }
    expect(Math.max(...bytes.slice(300))).toBeLessThan(1.5 * Math.max(...bytes.slice(0, 100)));
  });

  it('emits many matches in batches, not at once', async () => {
    const join = await harness({ condition: 'a <> b' });
    join.push(
      0,
      Array.from({ length: 100 }, (_, i) => ['x', i, 1000]),
    );
    join.push(
      1,
      Array.from({ length: 100 }, (_, i) => ['x', i, 1000]),
    );
    expect(join.rows()).toHaveLength(9900);
    expect(Math.max(...join.batches().map((batch) => batch.length))).toBeLessThan(4096);
  });

  it('names fields of the right that the left has too', () => {
    const { outputs } = inferOperator(joinIntervalSpec, { ...CONFIG, kind: 'left' }, INPUTS);
    expect(outputs.out!.schema.fields.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['id', true],
      ['a', true],
      ['ts', false],
      ['right_id', true],
      ['b', true],
      ['right_ts', true],
    ]);
    expect(outputs.late!.schema.fields.every(({ nullable }) => nullable)).toBe(true);
  });

  it('says what is wrong, and where', () => {
    expect(codesOf({ lowerBound: '1 minute' })).toEqual(['MR1203 lowerBound']);
    expect(codesOf({ lowerBound: '-5 parsecs' })).toEqual(['MR1203 lowerBound']);
    expect(codesOf({ on: [] })).toEqual(['MR1203 on']);
    expect(codesOf({ on: [{ left: 'nosuch', right: 'b' }] })).toEqual(['MR1403 on[0].left']);
    expect(codesOf({ on: [{ left: 'id', right: 'b' }] })).toEqual(['MR1405 on[0].right']);
    expect(codesOf({ condition: "ts > TIMESTAMP '2026-01-01 00:00:00'" })).toEqual(['MR1307 condition']);
    expect(codesOf({}, [shape('id STRING'), INPUTS[1]!])).toEqual(['MR1501 ']);
    expect(
      codesOf({}, [shape('id INT, right_id INT', { eventTime: true }), shape('id INT', { eventTime: true })]),
    ).toEqual(['MR1402 ']);
  });
});

import { describe, expect, it } from 'vitest';
import { columnBuilder, columnOf } from '../../../core/column-builder.ts';
import type { KeyedTable } from '../../../core/state.ts';
import {
  BIGINT,
  DOUBLE,
  INT,
  parseDataType,
  printDataType,
  STRING,
  type DataType,
  type Value,
} from '../../../core/types.ts';
import { createStateBackend } from '../../../engine/state/index.ts';
import { StateArrays, type Accumulator } from './accumulator.ts';
import type { AggregateOptions } from './aggregate-function.ts';
import { aggregateFunctions, type AggregateName } from './catalog.ts';
import { HyperLogLog } from './hyper-log-log.ts';

const NO_OPTIONS: AggregateOptions = { percentile: null, separator: null };

function tableFor(accumulator: Accumulator): KeyedTable {
  const backend = createStateBackend('memory', {
    keyGroups: { start: 0, end: 128 },
    subtask: 0,
    parallelism: 1,
    restored: [],
    onMismatch: 'refuse',
    now: () => 0,
  });
  return backend.table({ name: 't', keys: [], namespaced: true, columns: accumulator.columns });
}

/** Result of a function over the values, all in one entry. */
function result(fn: AggregateName, type: DataType, values: readonly Value[], options = NO_OPTIONS): Value {
  const function_ = aggregateFunctions[fn];
  const accumulator = function_.create(type, options, false);
  const table = tableFor(accumulator);
  const present = values.filter((value) => value !== null);
  const slots = new Int32Array(Math.max(1, present.length));
  table.slots([], slots.length, new Float64Array(slots.length), slots);
  accumulator.bind(new StateArrays(table, ''));
  const rows = Int32Array.from(present, (_, i) => i);
  accumulator.add(slots, columnOf(type, present), rows, 0, present.length, 0);
  const inferred = function_.infer(type);
  const builder = columnBuilder(inferred.ok ? inferred.value.type : type);
  accumulator.append(slots.subarray(0, 1), 1, builder);
  return builder.finish().value(0);
}

function type(text: string): DataType {
  const parsed = parseDataType(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe('result types are those of Flink SQL', () => {
  it.each<[AggregateName, string, string]>([
    ['COUNT', 'ARRAY<INT>', 'BIGINT'],
    ['SUM', 'INT', 'INT'],
    ['SUM', 'BIGINT', 'BIGINT'],
    ['SUM', 'DECIMAL(10,2)', 'DECIMAL(38,2)'],
    ['AVG', 'INT', 'INT'],
    ['AVG', 'BIGINT', 'BIGINT'],
    ['AVG', 'DECIMAL(10,2)', 'DECIMAL(38,6)'],
    ['AVG', 'DECIMAL(20,9)', 'DECIMAL(38,9)'],
    ['MIN', 'STRING', 'STRING'],
    ['MAX', 'DECIMAL(10,2)', 'DECIMAL(10,2)'],
    ['FIRST_VALUE', 'MAP<STRING,INT>', 'MAP<STRING,INT>'],
    ['STDDEV_SAMP', 'INT', 'DOUBLE'],
    ['PERCENTILE', 'BIGINT', 'DOUBLE'],
    ['APPROX_COUNT_DISTINCT', 'STRING', 'BIGINT'],
    ['COLLECT', 'DATE', 'ARRAY<DATE>'],
  ])('%s(%s) is %s', (fn, argument, expected) => {
    const inferred = aggregateFunctions[fn].infer(type(argument));
    expect(inferred.ok ? printDataType(inferred.value.type) : inferred.error).toBe(expected);
  });

  it.each<[AggregateName, string]>([
    ['SUM', 'STRING'],
    ['AVG', 'TIMESTAMP'],
    ['MIN', 'ARRAY<INT>'],
    ['VAR_POP', 'BOOLEAN'],
    ['PERCENTILE', 'DATE'],
    ['LISTAGG', 'INT'],
    ['APPROX_COUNT_DISTINCT', 'ROW<a INT>'],
  ])('%s(%s) is refused', (fn, argument) => {
    expect(aggregateFunctions[fn].infer(type(argument)).ok).toBe(false);
  });
});

describe('results', () => {
  const LIMIT = 2n ** 63n - 1n;

  it.each<[AggregateName, DataType, readonly Value[], Value]>([
    ['SUM', INT, [2147483647, 1], -2147483648],
    ['SUM', BIGINT, [LIMIT, 1n], -(2n ** 63n)],
    ['SUM', type('DECIMAL(38,0)'), [10n ** 38n - 1n, 1n], null],
    ['SUM', type('DECIMAL(38,0)'), [10n ** 38n - 1n, 1n, -1n], 10n ** 38n - 1n],
    ['SUM', DOUBLE, [], null],
    ['COUNT', STRING, [], 0n],
    ['AVG', INT, [-1, -2], -1],
    ['AVG', BIGINT, [-1n, -2n], -1n],
    ['AVG', type('DECIMAL(5,2)'), [100n, 100n, 0n], 666667n],
    ['AVG', type('DECIMAL(5,2)'), [-100n, -100n, 0n], -666667n],
    ['AVG', type('DECIMAL(10,6)'), [1n, 0n], 1n],
    ['MIN', DOUBLE, [NaN, 1, -0], 0],
    ['MAX', DOUBLE, [1, NaN, Infinity], NaN],
    ['MAX', STRING, ['\u{1F600}', '\uFFFD'], '\u{1F600}'],
    ['MIN', BIGINT, [LIMIT, -(2n ** 63n), -1n], -(2n ** 63n)],
    ['MAX', BIGINT, [2n ** 32n, 2n ** 31n], 2n ** 32n],
    ['VAR_SAMP', INT, [5], null],
    ['VAR_POP', INT, [5], 0],
    ['STDDEV_SAMP', INT, [1, 2, 3], 1],
    ['VAR_POP', DOUBLE, [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], 22.5],
  ])('%s over %o', (fn, of, values, expected) => {
    expect(result(fn, of, values)).toEqual(expected);
  });

  it.each([
    [0, 1],
    [0.25, 1.75],
    [0.5, 2.5],
    [1, 4],
  ])('PERCENTILE %d interpolates', (percentile, expected) => {
    expect(result('PERCENTILE', INT, [4, 1, 3, 2], { ...NO_OPTIONS, percentile })).toBe(expected);
  });

  it('averages of INT stay exact beyond what a double can add up', () => {
    const values = Array.from({ length: 3 }, () => 2147483647);
    const accumulator = aggregateFunctions.AVG.create(INT, NO_OPTIONS, false);
    const table = tableFor(accumulator);
    const slots = new Int32Array(2);
    table.slots([], 2, Float64Array.of(0, 1), slots);
    accumulator.bind(new StateArrays(table, ''));
    const into = Int32Array.of(slots[0]!, slots[0]!, slots[0]!);
    accumulator.add(into, columnOf(INT, values), Int32Array.of(0, 1, 2), 0, 3, 0);
    // Doubling by merges gets to 3 · 2^25 values, whose sum needs 58 bits.
    for (let i = 0; i < 24; i++) {
      accumulator.merge(slots.subarray(i % 2, (i % 2) + 1), slots.subarray((i + 1) % 2, ((i + 1) % 2) + 1), 1);
      accumulator.merge(slots.subarray((i + 1) % 2, ((i + 1) % 2) + 1), slots.subarray(i % 2, (i % 2) + 1), 1);
    }
    const builder = columnBuilder(INT);
    accumulator.append(slots, 2, builder);
    const column = builder.finish();
    expect([column.value(0), column.value(1)]).toEqual([2147483647, 2147483647]);
  });
});

describe('APPROX_COUNT_DISTINCT', () => {
  it('is exact for few values and close for many, whatever the repeats', () => {
    for (const distinct of [1, 100, 128, 129, 1000, 10_000, 100_000]) {
      const values = Array.from({ length: distinct + 50 }, (_, i) => BigInt(i % distinct) * 1_000_003n);
      const estimate = Number(result('APPROX_COUNT_DISTINCT', BIGINT, values));
      expect(Math.abs(estimate - distinct) / distinct, `${distinct} values: ${estimate}`).toBeLessThanOrEqual(
        distinct <= 128 ? 0 : 0.05,
      );
    }
  });

  it('depends on the values only, not on how sketches were merged or kept', () => {
    const add = (sketch: HyperLogLog, from: number, to: number): HyperLogLog => {
      for (let i = from; i < to; i++) sketch.add(Math.imul(i, 0x9e3779b1), Math.imul(i ^ 0x5bd1e995, 0x85ebca6b));
      return sketch;
    };
    const whole = add(new HyperLogLog(), 0, 1000);
    const parts = [add(new HyperLogLog(), 0, 60), add(new HyperLogLog(), 50, 700), add(new HyperLogLog(), 600, 1000)];
    const merged = new HyperLogLog();
    for (const part of parts)
      merged.merge(HyperLogLog.fromJson(JSON.parse(JSON.stringify(part.toJson())) as string | number[]));
    expect(merged.toJson()).toEqual(whole.toJson());
    expect(merged.estimate()).toBe(whole.estimate());
  });
});

/** PERCENTILE: exact, between the two nearest values by linear interpolation; keeps every value. NaN sorts last. */
import type { ColumnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import { fail, ok } from '../../../core/result.ts';
import { say } from '../../../core/say.ts';
import type { Json, StateCodec } from '../../../core/state.ts';
import { DOUBLE, isNumeric, printDataType, type DataType } from '../../../core/types.ts';
import type { Accumulator, StateArrays } from './accumulator.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { DoubleReader } from './doubles.ts';
import { doubleFromJson, doubleToJson, sizeOfArray } from './value-codec.ts';

export const percentile: AggregateFunction = {
  name: 'PERCENTILE',
  summary: 'The value below which a share `percentile` of the values lies, interpolated.',
  options: ['percentile'],
  distinct: 'set',
  infer: (argument) =>
    isNumeric(argument)
      ? ok({ type: DOUBLE, nulls: 'if-empty' })
      : fail(say`PERCENTILE needs numbers, not ${printDataType(argument)}`),
  create: (argument, options) => new PercentileAccumulator(argument, options.percentile),
};

/** Of a document that says none: validation refuses it. */
const MEDIAN = 0.5;

const numbersCodec: StateCodec = {
  toJson: (value) => (value as number[]).map(doubleToJson),
  fromJson: (json) => (json as Json[]).map((number) => doubleFromJson(number as number | string)),
  sizeOf: (value) => sizeOfArray((value as number[]).length),
};

class PercentileAccumulator implements Accumulator {
  readonly columns = [{ name: 'values', type: 'object', codec: numbersCodec }] as const;
  readonly #reader: DoubleReader;
  readonly #share: number | null;
  #values: (number[] | undefined)[] = [];

  constructor(type: DataType, share: number | null) {
    this.#reader = new DoubleReader(type);
    this.#share = share;
  }

  bind(arrays: StateArrays): void {
    this.#values = arrays.objects<number[]>('values');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const numbers = this.#reader.read(argument, rows, from, to);
    for (let i = from; i < to; i++) (this.#values[slots[rows[i]!]!] ??= []).push(numbers[i]!);
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const more = this.#values[from[i]!];
      if (more !== undefined) this.#values[into[i]!] = [...(this.#values[into[i]!] ?? []), ...more];
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      const values = this.#values[slots[i]!];
      if (values === undefined) {
        builder.appendNull();
        continue;
      }
      const sorted = Float64Array.from(values).sort();
      builder.appendValue(percentileOf(this.#share, sorted.length, (rank) => sorted[rank]!));
    }
  }
}

/** The percentile of `count` values, of which `at` gives the one at a rank from 0. */
export function percentileOf(share: number | null, count: number, at: (rank: number) => number): number {
  const position = (count - 1) * (share ?? MEDIAN);
  const below = Math.floor(position);
  const low = at(below);
  const high = at(Math.min(below + 1, count - 1));
  // Without a distance between them there is nothing to interpolate, and infinities would give NaN.
  return low === high || position === below ? low : low + (high - low) * (position - below);
}

/**
 * Variance and standard deviation over a stream with updates. Of whole numbers and DECIMAL the sums of the values and of their squares are
 * kept, which are exact, so that what is taken back leaves nothing. DOUBLE goes by Welford's method forwards and backwards, as in Flink: it
 * rounds, and begins anew once no value is left.
 */
import type { ColumnBuilder } from '../../core/column-builder.ts';
import { readDecimal, type Column } from '../../core/column.ts';
import { pow10 } from '../../core/decimal.ts';
import { BIGINT, type DataType } from '../../core/types.ts';
import { NO_F64, type Accumulator, type StateArrays } from '../shared/aggregates/accumulator.ts';
import { valueCodec } from '../shared/aggregates/value-codec.ts';
import { neverMerged } from './signed-values.ts';
import type { Signs } from './signs.ts';

/** `isSample`: over one value less, NULL for a single one. `finish`: the result of a variance. */
export function createVariance(
  argument: DataType,
  isSample: boolean,
  finish: (variance: number) => number,
  signs: Signs,
): Accumulator {
  const lost = isSample ? 1 : 0;
  return argument.kind === 'DOUBLE'
    ? new DoubleVariance(lost, finish, signs)
    : new ExactVariance(argument, lost, finish, signs);
}

class ExactVariance implements Accumulator {
  readonly columns = [
    { name: 'count', type: 'f64' },
    { name: 'sum', type: 'object', codec: valueCodec(BIGINT) },
    { name: 'squares', type: 'object', codec: valueCodec(BIGINT) },
  ] as const;
  readonly #kind: DataType['kind'];
  /** Of squares: how many of their units make 1. */
  readonly #unit: bigint;
  readonly #lost: 0 | 1;
  readonly #finish: (variance: number) => number;
  readonly #signs: Signs;
  #counts = NO_F64 as Float64Array;
  #sums: (bigint | undefined)[] = [];
  #squares: (bigint | undefined)[] = [];

  constructor(argument: DataType, lost: 0 | 1, finish: (variance: number) => number, signs: Signs) {
    this.#kind = argument.kind;
    this.#unit = argument.kind === 'DECIMAL' ? pow10(2 * argument.scale) : 1n;
    this.#lost = lost;
    this.#finish = finish;
    this.#signs = signs;
  }

  bind(arrays: StateArrays): void {
    this.#counts = arrays.f64('count');
    this.#sums = arrays.objects<bigint>('sum');
    this.#squares = arrays.objects<bigint>('squares');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      const value = this.#read(argument, row);
      const isRetraction = this.#signs.isRetraction(row);
      const square = value * value;
      this.#counts[slot]! += isRetraction ? -1 : 1;
      this.#sums[slot] = (this.#sums[slot] ?? 0n) + (isRetraction ? -value : value);
      this.#squares[slot] = (this.#squares[slot] ?? 0n) + (isRetraction ? -square : square);
    }
  }

  #read({ values }: Column, row: number): bigint {
    if (this.#kind === 'DECIMAL') return readDecimal(values as BigInt64Array, row);
    return BigInt((values as Int32Array | BigInt64Array)[row]!);
  }

  merge(): void {
    neverMerged();
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      const values = this.#counts[slots[i]!]!;
      if (values <= this.#lost) builder.appendNull();
      else builder.appendValue(this.#finish(this.#variance(slots[i]!, BigInt(values))));
    }
  }

  #variance(slot: number, values: bigint): number {
    const sum = this.#sums[slot]!;
    const distances = values * this.#squares[slot]! - sum * sum;
    return Number(distances) / Number(values * (values - BigInt(this.#lost)) * this.#unit);
  }
}

class DoubleVariance implements Accumulator {
  readonly columns = [
    { name: 'count', type: 'f64' },
    { name: 'mean', type: 'f64' },
    { name: 'squares', type: 'f64' },
  ] as const;
  readonly #lost: 0 | 1;
  readonly #finish: (variance: number) => number;
  readonly #signs: Signs;
  #counts = NO_F64 as Float64Array;
  #means = NO_F64 as Float64Array;
  #squares = NO_F64 as Float64Array;

  constructor(lost: 0 | 1, finish: (variance: number) => number, signs: Signs) {
    this.#lost = lost;
    this.#finish = finish;
    this.#signs = signs;
  }

  bind(arrays: StateArrays): void {
    this.#counts = arrays.f64('count');
    this.#means = arrays.f64('mean');
    this.#squares = arrays.f64('squares');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as Float64Array;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      this.#change(slots[row]!, values[row]!, this.#signs.isRetraction(row) ? -1 : 1);
    }
  }

  #change(slot: number, value: number, sign: 1 | -1): void {
    const count = this.#counts[slot]! + sign;
    const mean = this.#means[slot]!;
    const changed = mean + (sign * (value - mean)) / count;
    this.#counts[slot] = count;
    this.#means[slot] = count === 0 ? 0 : changed;
    this.#squares[slot]! += sign * (value - mean) * (value - changed);
    // A single value is not far from itself, whatever rounding has left behind.
    if (count === 0 || count === 1) this.#squares[slot] = 0;
  }

  merge(): void {
    neverMerged();
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      const freedom = this.#counts[slots[i]!]! - this.#lost;
      if (freedom <= 0) builder.appendNull();
      else builder.appendValue(this.#finish(Math.max(0, this.#squares[slots[i]!]! / freedom)));
    }
  }
}

/**
 * COUNT, SUM and AVG over a stream with updates: a row that is taken back is subtracted. Whole numbers and DECIMAL come out as if
 * the row had never been; DOUBLE but for rounding, and begins anew once no value is left.
 */
import type { ColumnBuilder } from '../../core/column-builder.ts';
import { readDecimal, type Column } from '../../core/column.ts';
import { pow10 } from '../../core/decimal.ts';
import { BIGINT, type DataType } from '../../core/types.ts';
import { NO_F64, NO_I64, type Accumulator, type StateArrays } from '../shared/aggregates/accumulator.ts';
import { average, divideHalfUp } from '../shared/aggregates/average.ts';
import { fitting } from '../shared/aggregates/sum.ts';
import { valueCodec } from '../shared/aggregates/value-codec.ts';
import type { Signs } from './signs.ts';

/** SUM or AVG of numbers. */
export function createSum(argument: DataType, isAverage: boolean, signs: Signs): Accumulator {
  switch (argument.kind) {
    case 'INT':
    case 'BIGINT':
      return new SignedWhole(argument, isAverage, signs);
    case 'DECIMAL':
      return new SignedDecimal(argument, isAverage, signs);
    default:
      return new SignedDouble(isAverage, signs);
  }
}

export class SignedCount implements Accumulator {
  readonly columns = [{ name: 'count', type: 'f64' }] as const;
  readonly #signs: Signs;
  #counts = NO_F64 as Float64Array;

  constructor(signs: Signs) {
    this.#signs = signs;
  }

  bind(arrays: StateArrays): void {
    this.#counts = arrays.f64('count');
  }

  add(slots: Int32Array, _argument: Column, rows: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.#counts[slots[rows[i]!]!]! += this.#signs.isRetraction(rows[i]!) ? -1 : 1;
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#counts[into[i]!]! += this.#counts[from[i]!]!;
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) builder.appendValue(BigInt(this.#counts[slots[i]!]!));
  }
}

/** SUM and AVG of INT and BIGINT. A sum of INT is kept in 64 bits: only SUM wraps around at 32. */
class SignedWhole implements Accumulator {
  readonly columns = [
    { name: 'sum', type: 'i64' },
    { name: 'count', type: 'f64' },
  ] as const;
  readonly #isInt: boolean;
  readonly #isAverage: boolean;
  readonly #signs: Signs;
  #sums = NO_I64 as BigInt64Array;
  #counts = NO_F64 as Float64Array;

  constructor(argument: DataType, isAverage: boolean, signs: Signs) {
    this.#isInt = argument.kind === 'INT';
    this.#isAverage = isAverage;
    this.#signs = signs;
  }

  bind(arrays: StateArrays): void {
    this.#sums = arrays.i64('sum');
    this.#counts = arrays.f64('count');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      const value = this.#isInt
        ? BigInt((argument.values as Int32Array)[row]!)
        : (argument.values as BigInt64Array)[row]!;
      const isRetraction = this.#signs.isRetraction(row);
      this.#sums[slot] = BigInt.asIntN(64, isRetraction ? this.#sums[slot]! - value : this.#sums[slot]! + value);
      this.#counts[slot]! += isRetraction ? -1 : 1;
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#sums[into[i]!] = BigInt.asIntN(64, this.#sums[into[i]!]! + this.#sums[from[i]!]!);
      this.#counts[into[i]!]! += this.#counts[from[i]!]!;
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      const values = this.#counts[slots[i]!]!;
      const sum = this.#sums[slots[i]!]!;
      if (values === 0) builder.appendNull();
      else builder.appendValue(this.#typed(this.#isAverage ? sum / BigInt(values) : sum));
    }
  }

  #typed(value: bigint): number | bigint {
    return this.#isInt ? Number(BigInt.asIntN(32, value)) : value;
  }
}

class SignedDouble implements Accumulator {
  readonly columns = [
    { name: 'sum', type: 'f64' },
    { name: 'count', type: 'f64' },
  ] as const;
  readonly #isAverage: boolean;
  readonly #signs: Signs;
  #sums = NO_F64 as Float64Array;
  #counts = NO_F64 as Float64Array;

  constructor(isAverage: boolean, signs: Signs) {
    this.#isAverage = isAverage;
    this.#signs = signs;
  }

  bind(arrays: StateArrays): void {
    this.#sums = arrays.f64('sum');
    this.#counts = arrays.f64('count');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as Float64Array;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      const isRetraction = this.#signs.isRetraction(row);
      this.#sums[slot]! += isRetraction ? -values[row]! : values[row]!;
      this.#counts[slot]! += isRetraction ? -1 : 1;
      // What rounding, an infinity or a NaN has left behind goes with the last value.
      if (this.#counts[slot] === 0) this.#sums[slot] = 0;
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#sums[into[i]!]! += this.#sums[from[i]!]!;
      this.#counts[into[i]!]! += this.#counts[from[i]!]!;
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      const values = this.#counts[slots[i]!]!;
      const sum = this.#sums[slots[i]!]!;
      builder.appendValue(values === 0 ? null : this.#isAverage ? sum / values : sum);
    }
  }
}

class SignedDecimal implements Accumulator {
  readonly columns = [
    { name: 'sum', type: 'object', codec: valueCodec(BIGINT) },
    { name: 'count', type: 'f64' },
  ] as const;
  readonly #isAverage: boolean;
  /** A mean's scale may have more digits than the argument's. */
  readonly #factor: bigint;
  readonly #signs: Signs;
  #sums: (bigint | undefined)[] = [];
  #counts = NO_F64 as Float64Array;

  constructor(argument: DataType & { readonly kind: 'DECIMAL' }, isAverage: boolean, signs: Signs) {
    const mean = average.infer(argument);
    const scale = mean.ok && mean.value.type.kind === 'DECIMAL' ? mean.value.type.scale : argument.scale;
    this.#factor = pow10(scale - argument.scale);
    this.#isAverage = isAverage;
    this.#signs = signs;
  }

  bind(arrays: StateArrays): void {
    this.#sums = arrays.objects<bigint>('sum');
    this.#counts = arrays.f64('count');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as BigInt64Array;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      const isRetraction = this.#signs.isRetraction(row);
      const value = readDecimal(values, row);
      this.#sums[slot] = (this.#sums[slot] ?? 0n) + (isRetraction ? -value : value);
      this.#counts[slot]! += isRetraction ? -1 : 1;
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const more = this.#sums[from[i]!];
      if (more === undefined) continue;
      this.#sums[into[i]!] = (this.#sums[into[i]!] ?? 0n) + more;
      this.#counts[into[i]!]! += this.#counts[from[i]!]!;
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) builder.appendValue(this.#result(slots[i]!));
  }

  #result(slot: number): bigint | null {
    const values = this.#counts[slot]!;
    if (values === 0) return null;
    const sum = this.#sums[slot] ?? 0n;
    // Fewer than none, from a stream that takes back what it never gave, would turn the sign.
    if (!this.#isAverage) return fitting(sum);
    return fitting(divideHalfUp((values < 0 ? -sum : sum) * this.#factor, BigInt(Math.abs(values))));
  }
}

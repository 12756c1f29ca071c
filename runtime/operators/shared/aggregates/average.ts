/** AVG in Flink's types: INT and BIGINT averages are cut to whole numbers, DECIMAL(p,s) gives DECIMAL(38, max(s, 6)) rounded half up. */
import type { ColumnBuilder } from '../../../core/column-builder.ts';
import { readDecimal, type Column } from '../../../core/column.ts';
import { pow10 } from '../../../core/decimal.ts';
import { fail, ok } from '../../../core/result.ts';
import { say } from '../../../core/say.ts';
import { BIGINT, decimal, printDataType } from '../../../core/types.ts';
import { NO_F64, NO_I64, type Accumulator, type StateArrays } from './accumulator.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { fitting, MAX_DECIMAL_PRECISION } from './sum.ts';
import { valueCodec } from './value-codec.ts';

const MIN_AVERAGE_SCALE = 6;

export const average: AggregateFunction = {
  name: 'AVG',
  summary: 'Mean of the values.',
  options: [],
  distinct: 'set',
  infer(argument) {
    switch (argument.kind) {
      case 'INT':
      case 'BIGINT':
      case 'DOUBLE':
        return ok({ type: argument, nulls: 'if-empty' });
      case 'DECIMAL':
        return ok({
          type: decimal(MAX_DECIMAL_PRECISION, Math.max(argument.scale, MIN_AVERAGE_SCALE)),
          nulls: 'possible',
        });
      default:
        return fail(say`AVG needs numbers, not ${printDataType(argument)}`);
    }
  },
  create(argument) {
    switch (argument.kind) {
      case 'INT':
        return new IntAverage();
      case 'BIGINT':
        return new LongAverage();
      case 'DECIMAL':
        return new DecimalAverage(Math.max(0, MIN_AVERAGE_SCALE - argument.scale));
      default:
        return new DoubleAverage();
    }
  },
};

class DoubleAverage implements Accumulator {
  readonly columns = [
    { name: 'sum', type: 'f64' },
    { name: 'count', type: 'f64' },
  ] as const;
  #sums = NO_F64 as Float64Array;
  #counts = NO_F64 as Float64Array;

  bind(arrays: StateArrays): void {
    this.#sums = arrays.f64('sum');
    this.#counts = arrays.f64('count');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as Float64Array;
    const sums = this.#sums;
    const counts = this.#counts;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      sums[slot]! += values[row]!;
      counts[slot]!++;
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
      builder.appendValue(values === 0 ? null : this.#sums[slots[i]!]! / values);
    }
  }
}

/** A double holds whole sums exactly up to here; what is more moves to the 64-bit column. */
const SPILL_AT = 2 ** 52;

class IntAverage implements Accumulator {
  readonly columns = [
    { name: 'sum', type: 'f64' },
    { name: 'spilled', type: 'i64' },
    { name: 'count', type: 'f64' },
  ] as const;
  #sums = NO_F64 as Float64Array;
  #spilled = NO_I64 as BigInt64Array;
  #counts = NO_F64 as Float64Array;

  bind(arrays: StateArrays): void {
    this.#sums = arrays.f64('sum');
    this.#spilled = arrays.i64('spilled');
    this.#counts = arrays.f64('count');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as Int32Array;
    const sums = this.#sums;
    const counts = this.#counts;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      const sum = sums[slot]! + values[row]!;
      sums[slot] = sum;
      counts[slot]!++;
      if (sum > SPILL_AT || sum < -SPILL_AT) this.#spill(slot);
    }
  }

  #spill(slot: number): void {
    this.#spilled[slot]! += BigInt(this.#sums[slot]!);
    this.#sums[slot] = 0;
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#spilled[into[i]!]! += this.#spilled[from[i]!]! + BigInt(this.#sums[from[i]!]!);
      this.#counts[into[i]!]! += this.#counts[from[i]!]!;
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      const values = this.#counts[slot]!;
      if (values === 0) builder.appendNull();
      else builder.appendValue(Number((this.#spilled[slot]! + BigInt(this.#sums[slot]!)) / BigInt(values)));
    }
  }
}

class LongAverage implements Accumulator {
  readonly columns = [
    { name: 'sum', type: 'i64' },
    { name: 'count', type: 'f64' },
  ] as const;
  #sums = NO_I64 as BigInt64Array;
  #counts = NO_F64 as Float64Array;

  bind(arrays: StateArrays): void {
    this.#sums = arrays.i64('sum');
    this.#counts = arrays.f64('count');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as BigInt64Array;
    const sums = this.#sums;
    const counts = this.#counts;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      sums[slot] = BigInt.asIntN(64, sums[slot]! + values[row]!);
      counts[slot]!++;
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
      builder.appendValue(values === 0 ? null : this.#sums[slots[i]!]! / BigInt(values));
    }
  }
}

class DecimalAverage implements Accumulator {
  readonly columns = [
    { name: 'sum', type: 'object', codec: valueCodec(BIGINT) },
    { name: 'count', type: 'f64' },
  ] as const;
  #sums: (bigint | undefined)[] = [];
  #counts = NO_F64 as Float64Array;
  readonly #factor: bigint;

  /** `digits`: how many the result's scale has more than the argument's. */
  constructor(digits: number) {
    this.#factor = pow10(digits);
  }

  bind(arrays: StateArrays): void {
    this.#sums = arrays.objects<bigint>('sum');
    this.#counts = arrays.f64('count');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as BigInt64Array;
    for (let i = from; i < to; i++) {
      const slot = slots[rows[i]!]!;
      this.#sums[slot] = (this.#sums[slot] ?? 0n) + readDecimal(values, rows[i]!);
      this.#counts[slot]!++;
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
    for (let i = 0; i < count; i++) {
      const sum = this.#sums[slots[i]!];
      const mean = sum === undefined ? undefined : divideHalfUp(sum * this.#factor, BigInt(this.#counts[slots[i]!]!));
      builder.appendValue(fitting(mean));
    }
  }
}

/** Quotient rounded half up, away from zero; `divisor` is positive. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend;
  const quotient = (2n * magnitude + divisor) / (2n * divisor);
  return dividend < 0n ? -quotient : quotient;
}

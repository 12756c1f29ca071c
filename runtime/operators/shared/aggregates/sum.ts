/** SUM: INT and BIGINT wrap around as in Flink; a DECIMAL sum beyond 38 digits is NULL. */
import type { ColumnBuilder } from '../../../core/column-builder.ts';
import { readDecimal, type Column } from '../../../core/column.ts';
import { fitsPrecision } from '../../../core/decimal.ts';
import { fail, ok } from '../../../core/result.ts';
import { say } from '../../../core/say.ts';
import { BIGINT, decimal, printDataType } from '../../../core/types.ts';
import { NO_F64, NO_I32, NO_I64, type Accumulator, type StateArrays } from './accumulator.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { valueCodec } from './value-codec.ts';

export const MAX_DECIMAL_PRECISION = 38;

export const sum: AggregateFunction = {
  name: 'SUM',
  summary: 'Sum of the values.',
  options: [],
  distinct: 'set',
  infer(argument) {
    switch (argument.kind) {
      case 'INT':
      case 'BIGINT':
      case 'DOUBLE':
        return ok({ type: argument, nulls: 'if-empty' });
      case 'DECIMAL':
        return ok({ type: decimal(MAX_DECIMAL_PRECISION, argument.scale), nulls: 'possible' });
      default:
        return fail(say`SUM needs numbers, not ${printDataType(argument)}`);
    }
  },
  create(argument) {
    switch (argument.kind) {
      case 'INT':
        return new IntSum();
      case 'BIGINT':
        return new LongSum();
      case 'DOUBLE':
        return new DoubleSum();
      default:
        return new DecimalSum();
    }
  },
};

class IntSum implements Accumulator {
  readonly columns = [
    { name: 'sum', type: 'i32' },
    { name: 'some', type: 'i32' },
  ] as const;
  #sums = NO_I32 as Int32Array;
  #some = NO_I32 as Int32Array;

  bind(arrays: StateArrays): void {
    this.#sums = arrays.i32('sum');
    this.#some = arrays.i32('some');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as Int32Array;
    const sums = this.#sums;
    const some = this.#some;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      sums[slot] = (sums[slot]! + values[row]!) | 0;
      some[slot] = 1;
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#sums[into[i]!]! += this.#sums[from[i]!]!;
      this.#some[into[i]!]! |= this.#some[from[i]!]!;
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) builder.appendValue(this.#some[slots[i]!] === 0 ? null : this.#sums[slots[i]!]!);
  }
}

class DoubleSum implements Accumulator {
  readonly columns = [
    { name: 'sum', type: 'f64' },
    { name: 'some', type: 'i32' },
  ] as const;
  #sums = NO_F64 as Float64Array;
  #some = NO_I32 as Int32Array;

  bind(arrays: StateArrays): void {
    this.#sums = arrays.f64('sum');
    this.#some = arrays.i32('some');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as Float64Array;
    const sums = this.#sums;
    const some = this.#some;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      sums[slot]! += values[row]!;
      some[slot] = 1;
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#sums[into[i]!]! += this.#sums[from[i]!]!;
      this.#some[into[i]!]! |= this.#some[from[i]!]!;
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) builder.appendValue(this.#some[slots[i]!] === 0 ? null : this.#sums[slots[i]!]!);
  }
}

class LongSum implements Accumulator {
  readonly columns = [
    { name: 'sum', type: 'i64' },
    { name: 'some', type: 'i32' },
  ] as const;
  #sums = NO_I64 as BigInt64Array;
  #some = NO_I32 as Int32Array;

  bind(arrays: StateArrays): void {
    this.#sums = arrays.i64('sum');
    this.#some = arrays.i32('some');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as BigInt64Array;
    const sums = this.#sums;
    const some = this.#some;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      // asIntN lets the compiler stay in 64-bit registers.
      sums[slot] = BigInt.asIntN(64, sums[slot]! + values[row]!);
      some[slot] = 1;
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#sums[into[i]!] = BigInt.asIntN(64, this.#sums[into[i]!]! + this.#sums[from[i]!]!);
      this.#some[into[i]!]! |= this.#some[from[i]!]!;
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) builder.appendValue(this.#some[slots[i]!] === 0 ? null : this.#sums[slots[i]!]!);
  }
}

/** Sums of any number of digits: only the result must fit. */
class DecimalSum implements Accumulator {
  readonly columns = [{ name: 'sum', type: 'object', codec: valueCodec(BIGINT) }] as const;
  #sums: (bigint | undefined)[] = [];

  bind(arrays: StateArrays): void {
    this.#sums = arrays.objects<bigint>('sum');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as BigInt64Array;
    const sums = this.#sums;
    for (let i = from; i < to; i++) {
      const slot = slots[rows[i]!]!;
      sums[slot] = (sums[slot] ?? 0n) + readDecimal(values, rows[i]!);
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const more = this.#sums[from[i]!];
      if (more !== undefined) this.#sums[into[i]!] = (this.#sums[into[i]!] ?? 0n) + more;
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) builder.appendValue(fitting(this.#sums[slots[i]!]));
  }
}

/** A DECIMAL of most digits, or null when it has more than there can be. */
export function fitting(unscaled: bigint | undefined): bigint | null {
  return unscaled !== undefined && fitsPrecision(unscaled, MAX_DECIMAL_PRECISION) ? unscaled : null;
}

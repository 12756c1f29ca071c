import type { ColumnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import { ok } from '../../../core/result.ts';
import { BIGINT } from '../../../core/types.ts';
import { NO_F64, type Accumulator, type StateArrays } from './accumulator.ts';
import type { AggregateFunction } from './aggregate-function.ts';

export const count: AggregateFunction = {
  name: 'COUNT',
  summary: 'How many rows have a value; with `*`, how many rows there are.',
  options: [],
  distinct: 'set',
  infer: () => ok({ type: BIGINT, nulls: 'never' }),
  create: () => new CountAccumulator(),
};

class CountAccumulator implements Accumulator {
  // A double counts exactly to 2^53, and faster than a BigInt64Array.
  readonly columns = [{ name: 'count', type: 'f64' }] as const;
  #counts = NO_F64 as Float64Array;

  bind(arrays: StateArrays): void {
    this.#counts = arrays.f64('count');
  }

  add(slots: Int32Array, _argument: Column, rows: Int32Array, from: number, to: number): void {
    const counts = this.#counts;
    for (let i = from; i < to; i++) counts[slots[rows[i]!]!]!++;
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    const counts = this.#counts;
    for (let i = 0; i < count; i++) counts[into[i]!]! += counts[from[i]!]!;
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) builder.appendValue(BigInt(this.#counts[slots[i]!]!));
  }
}

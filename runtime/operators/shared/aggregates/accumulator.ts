/** What an aggregate function keeps for each entry of a keyed table, and how it changes and is read: in loops over slots. */
import type { ColumnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import type { KeyedTable, StateColumnSpec } from '../../../core/state.ts';

export interface Accumulator {
  /** State columns, named uniquely within the aggregate. All zeros (and `undefined`) is the state of no value at all. */
  readonly columns: readonly StateColumnSpec[];
  /** Takes the arrays of its columns again: whenever the table may have made entries. */
  bind(arrays: StateArrays): void;
  /**
   * Adds the cells of `rows[from, to)`, none of them NULL, each to the entry `slots[row]`. Row `r` arrived as number
   * `arrival + r` of all rows the operator has seen: what FIRST_VALUE and its like go by. Column and arrays are not kept.
   */
  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number, arrival: number): void;
  /** Adds what entry `from[i]` holds to entry `into[i]`, for `i < count`; `from` stays as it is. */
  merge(from: Int32Array, into: Int32Array, count: number): void;
  /** Results of `slots[0, count)`. */
  append(slots: Int32Array, count: number, builder: ColumnBuilder): void;
}

/** The part of a table that aggregates use: operators may give them arrays from elsewhere. */
export type StateColumns = Pick<KeyedTable, 'f64' | 'i64' | 'i32' | 'objects'>;

/** The arrays of one aggregate in a table whose columns carry the aggregate's prefix. */
export class StateArrays {
  readonly #table: StateColumns;
  readonly #prefix: string;

  constructor(table: StateColumns, prefix: string) {
    this.#table = table;
    this.#prefix = prefix;
  }

  f64(name: string): Float64Array {
    return this.#table.f64(this.#prefix + name);
  }

  i64(name: string): BigInt64Array {
    return this.#table.i64(this.#prefix + name);
  }

  i32(name: string): Int32Array {
    return this.#table.i32(this.#prefix + name);
  }

  objects<T>(name: string): (T | undefined)[] {
    return this.#table.objects(this.#prefix + name) as (T | undefined)[];
  }
}

/** Stand-ins until the first `bind`. */
export const NO_F64 = new Float64Array(0);
export const NO_I64 = new BigInt64Array(0);
export const NO_I32 = new Int32Array(0);

/** Rows kept in a keyed table, a state column for each field: no object is made a row, but for texts and nested values. */
import { assert } from '../../../core/errors.ts';
import type { Batch, BatchBuilder } from '../../../core/batch.ts';
import type { Schema } from '../../../core/schema.ts';
import type { KeyedTable, StateColumnSpec } from '../../../core/state.ts';
import { NO_F64, NO_I32, StateArrays } from '../aggregates/accumulator.ts';
import { cellsOf, type Cells } from '../aggregates/cells.ts';

const BITS = 32;

interface StoredField {
  readonly prefix: string;
  readonly cells: Cells;
}

/** A slot's content is read only after `set` or `copy` has put a row there: zeros are no row. */
export class StoredRows {
  /** For the table that holds the rows. */
  readonly columns: readonly StateColumnSpec[];
  readonly #fields: readonly StoredField[];
  readonly #prefix: string;
  readonly #nullWords: number;
  #nulls: Int32Array[] = [];
  #times = NO_F64 as Float64Array;

  /** `prefix`: of its state columns, where a table holds more than one row an entry. */
  constructor(schema: Schema, prefix = '') {
    this.#prefix = prefix;
    this.#fields = schema.fields.map((field, i) => ({ prefix: `${prefix}field${i}.`, cells: cellsOf(field.type) }));
    this.#nullWords = Math.ceil(schema.fields.length / BITS);
    this.columns = [
      ...this.#fields.map(({ prefix: own, cells }) => ({ ...cells.column, name: own + cells.column.name })),
      ...Array.from({ length: this.#nullWords }, (_, i) => ({ name: `${prefix}nulls${i}`, type: 'i32' }) as const),
      { name: `${prefix}time`, type: 'f64' },
    ];
  }

  /** Takes the table's arrays again: after every call that may have made or fetched entries. */
  bind(table: KeyedTable): void {
    for (const { prefix, cells } of this.#fields) cells.bind(new StateArrays(table, prefix));
    this.#nulls = Array.from({ length: this.#nullWords }, (_, i) => table.i32(`${this.#prefix}nulls${i}`));
    this.#times = table.f64(`${this.#prefix}time`);
  }

  set(slot: number, batch: Batch, row: number): void {
    assert(batch.columns.length === this.#fields.length, 'the batch has other fields than the stored rows');
    for (const nulls of this.#nulls) nulls[slot] = 0;
    for (let i = 0; i < this.#fields.length; i++) {
      const column = batch.columns[i]!;
      if (column.isNull(row)) this.#nulls[i >> 5]![slot]! |= 1 << (i & 31);
      else this.#fields[i]!.cells.set(slot, column, row);
    }
    this.#times[slot] = batch.eventTimes === null ? NaN : batch.eventTimes[row]!;
  }

  copy(from: number, into: number): void {
    for (const nulls of this.#nulls) nulls[into] = nulls[from]!;
    for (const { cells } of this.#fields) cells.copy(from, into);
    this.#times[into] = this.#times[from]!;
  }

  /** Event time of a row; NaN where the stream has none. */
  eventTimeOf(slot: number): number {
    return this.#times[slot]!;
  }

  /** Puts the row's cells into `builder.columns`, from column `at` on; the caller ends the row. */
  append(slot: number, builder: BatchBuilder, at = 0): void {
    for (let i = 0; i < this.#fields.length; i++) {
      const column = builder.columns[at + i]!;
      if (((this.#nulls[i >> 5] ?? NO_I32)[slot]! >> (i & 31)) & 1) column.appendNull();
      else this.#fields[i]!.cells.append(slot, column);
    }
  }
}

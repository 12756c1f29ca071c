/** Rows beside what was found for them. */
import { Batch, BatchBuilder, MAX_BATCH_ROWS } from '../../core/batch.ts';
import { columnBuilder, type ColumnBuilder } from '../../core/column-builder.ts';
import type { Output } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import type { Matches } from './lookup-table.ts';

export class LookupOutput {
  readonly #output: Output;
  readonly #schema: Schema;
  readonly #keepsAll: boolean;
  readonly #added: readonly ColumnBuilder[];
  readonly #rows = new Int32Array(MAX_BATCH_ROWS);
  #count = 0;

  /** `out`: fields of the input, then `added` others. `keepsAll`: rows without a match come with NULLs. */
  constructor(output: Output, out: Schema, options: { readonly added: number; readonly keepsAll: boolean }) {
    this.#output = output;
    this.#schema = out;
    this.#keepsAll = options.keepsAll;
    this.#added = out.fields.slice(out.fields.length - options.added).map(({ type }) => columnBuilder(type));
  }

  /** What matches the next row of the batch, in order; a null is as no match. */
  add(batch: Batch, row: number, matches: Matches): void {
    if (matches.length === 0 && this.#keepsAll) {
      for (const column of this.#added) column.appendNull();
      this.#append(batch, row);
    }
    for (const values of matches) {
      for (let i = 0; i < this.#added.length; i++) this.#added[i]!.appendValue(values[i]!);
      this.#append(batch, row);
    }
  }

  /** Behind the last row of the batch. */
  finish(batch: Batch): void {
    if (this.#count > 0) this.#emit(batch);
  }

  #append(batch: Batch, row: number): void {
    this.#rows[this.#count++] = row;
    if (this.#count === MAX_BATCH_ROWS) this.#emit(batch);
  }

  #emit(batch: Batch): void {
    const left = this.#isWhole(batch) ? batch : this.#taken(batch);
    const columns = [...left.columns, ...this.#added.map((column) => column.finish())];
    this.#output.emit(new Batch(this.#schema, this.#count, columns, left.eventTimes, left.changeKinds));
    this.#count = 0;
  }

  /** Each row once. */
  #isWhole({ length }: Batch): boolean {
    if (this.#count !== length) return false;
    for (let i = 0; i < length; i++) if (this.#rows[i] !== i) return false;
    return true;
  }

  #taken(batch: Batch): Batch {
    const builder = new BatchBuilder(batch.schema, this.#count);
    builder.appendRows(batch, this.#rows, this.#count);
    return builder.finish();
  }
}

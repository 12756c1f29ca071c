import { BatchBuilder, INSERT, type Batch, type ChangeKind } from '../../core/batch.ts';
import type { Schema } from '../../core/schema.ts';
import type { StoredRows } from '../shared/rows/stored-rows.ts';

/** In place of a row: NULLs. */
export const NOBODY = -1;

/** Rows of one side's batch beside stored rows of the other side. Cells of the batch are copied many at a time, those of stored rows one by one. */
export class PairBuilder {
  readonly #builder: BatchBuilder;
  readonly #leftWidth: number;
  /** What is added comes from these. */
  #batch: Batch | null = null;
  #isRight = false;
  #stored: StoredRows | null = null;
  #rows = new Int32Array(64);
  #kinds = new Uint8Array(64);
  length = 0;

  /** `schema`: left's fields, then right's. */
  constructor(schema: Schema, leftWidth: number) {
    this.#builder = new BatchBuilder(schema);
    this.#leftWidth = leftWidth;
  }

  /** Rows of `batch`, an input's, beside the other side's stored rows. Nothing may be waiting. */
  begin(batch: Batch, isRight: boolean, stored: StoredRows): void {
    this.#batch = batch;
    this.#isRight = isRight;
    this.#stored = stored;
  }

  /** Either of row and slot may be NOBODY. The stored row is copied at once. */
  add(row: number, slot: number, kind: ChangeKind = INSERT): void {
    if (this.length === this.#rows.length) this.#grow();
    this.#rows[this.length] = row;
    this.#kinds[this.length++] = kind;
    const from = this.#isRight ? 0 : this.#leftWidth;
    if (slot !== NOBODY) {
      this.#stored!.append(slot, this.#builder, from);
      return;
    }
    const { columns } = this.#builder;
    const to = this.#isRight ? this.#leftWidth : columns.length;
    for (let i = from; i < to; i++) columns[i]!.appendNull();
  }

  finish(): Batch {
    const from = this.#isRight ? this.#leftWidth : 0;
    this.#batch!.columns.forEach((column, i) => {
      const builder = this.#builder.columns[from + i]!;
      for (let at = 0; at < this.length;) {
        const end = this.#endOfRun(at);
        if (this.#rows[at] === NOBODY) for (let n = at; n < end; n++) builder.appendNull();
        else builder.appendRows(column, this.#rows.subarray(at, end), end - at);
        at = end;
      }
    });
    for (let i = 0; i < this.length; i++) this.#builder.endRow(NaN, this.#kinds[i] as ChangeKind);
    this.length = 0;
    return this.#builder.finish();
  }

  /** Of rows from `at` on that are all NOBODY, or none. */
  #endOfRun(at: number): number {
    const isNobody = this.#rows[at] === NOBODY;
    let end = at + 1;
    while (end < this.length && (this.#rows[end] === NOBODY) === isNobody) end++;
    return end;
  }

  #grow(): void {
    const rows = new Int32Array(2 * this.length);
    const kinds = new Uint8Array(2 * this.length);
    rows.set(this.#rows);
    kinds.set(this.#kinds);
    this.#rows = rows;
    this.#kinds = kinds;
  }
}

/** Rows on their way between operators, as columns. */
import { columnBuilder, type ColumnBuilder } from './column-builder.ts';
import type { Column } from './column.ts';
import { assert } from './errors.ts';
import type { Schema } from './schema.ts';
import type { Value } from './types.ts';

/** Change kinds of a row, as Flink's RowKind: insert, update before, update after, delete. */
export const INSERT = 0;
export const UPDATE_BEFORE = 1;
export const UPDATE_AFTER = 2;
export const DELETE = 3;
export type ChangeKind = typeof INSERT | typeof UPDATE_BEFORE | typeof UPDATE_AFTER | typeof DELETE;
export const CHANGE_SIGNS = ['+I', '-U', '+U', '-D'] as const;

/** Most rows of a batch unless a setting says otherwise. */
export const MAX_BATCH_ROWS = 2048;

/** Rows of one schema. Immutable once emitted: operators share columns, nobody writes to one. */
export class Batch {
  readonly schema: Schema;
  readonly length: number;
  /** One per field, in order, each at least `length` long. */
  readonly columns: readonly Column[];
  /** Event time of each row, in ms since the epoch; null where the stream has none. */
  readonly eventTimes: Float64Array<ArrayBuffer> | null;
  /** Change kind of each row; null when all are inserts. */
  readonly changeKinds: Uint8Array<ArrayBuffer> | null;

  constructor(
    schema: Schema,
    length: number,
    columns: readonly Column[],
    eventTimes: Float64Array<ArrayBuffer> | null = null,
    changeKinds: Uint8Array<ArrayBuffer> | null = null,
  ) {
    assert(columns.length === schema.fields.length, `${columns.length} columns for ${schema.fields.length} fields`);
    this.schema = schema;
    this.length = length;
    this.columns = columns;
    this.eventTimes = eventTimes;
    this.changeKinds = changeKinds;
  }

  /** Same rows under another schema and columns (a projection). */
  withColumns(schema: Schema, columns: readonly Column[]): Batch {
    return new Batch(schema, this.length, columns, this.eventTimes, this.changeKinds);
  }

  withEventTimes(eventTimes: Float64Array<ArrayBuffer> | null): Batch {
    return new Batch(this.schema, this.length, this.columns, eventTimes, this.changeKinds);
  }

  /** Rows `indices[0, count)`, in that order; the batch itself when that is all of it. */
  take(indices: Int32Array, count: number): Batch {
    if (count === this.length && isIdentity(indices, count)) return this;
    const builder = new BatchBuilder(this.schema, count);
    builder.appendRows(this, indices, count);
    return builder.finish();
  }

  /** Row as values, in field order: for edges and tests. */
  row(index: number): Value[] {
    return this.columns.map((column) => column.value(index));
  }

  kind(index: number): ChangeKind {
    return this.changeKinds === null ? INSERT : (this.changeKinds[index] as ChangeKind);
  }
}

function isIdentity(indices: Int32Array, count: number): boolean {
  // Selections ascend, so the last one tells.
  return count === 0 || (indices[0] === 0 && indices[count - 1] === count - 1);
}

/** Gathers rows until there are enough for a batch. */
export class BatchBuilder {
  readonly schema: Schema;
  length = 0;
  readonly columns: readonly ColumnBuilder[];
  readonly #capacity: number;
  /** Made when the first row with one comes. */
  #eventTimes: Float64Array<ArrayBuffer> | null = null;
  #changeKinds: Uint8Array<ArrayBuffer> | null = null;

  constructor(schema: Schema, capacity = 64) {
    this.schema = schema;
    this.#capacity = Math.max(1, capacity);
    this.columns = schema.fields.map((f) => columnBuilder(f.type, this.#capacity));
  }

  /** Rows `indices[0, count)` of a batch of the same schema. */
  appendRows(batch: Batch, indices: Int32Array, count: number): void {
    for (let c = 0; c < this.columns.length; c++) this.columns[c]!.appendRows(batch.columns[c]!, indices, count);
    const at = this.length;
    const { eventTimes, changeKinds } = batch;
    if (eventTimes !== null) {
      const into = this.#eventTimesFor(at + count);
      for (let i = 0; i < count; i++) into[at + i] = eventTimes[indices[i]!]!;
    }
    if (changeKinds !== null) {
      const into = this.#changeKindsFor(at + count);
      for (let i = 0; i < count; i++) into[at + i] = changeKinds[indices[i]!]!;
    }
    this.length += count;
  }

  /** Rows `[start, end)` of a batch of the same schema. */
  appendRange(batch: Batch, start: number, end: number): void {
    for (let c = 0; c < this.columns.length; c++) this.columns[c]!.appendRange(batch.columns[c]!, start, end);
    const rows = this.length + end - start;
    const { eventTimes, changeKinds } = batch;
    if (eventTimes !== null) this.#eventTimesFor(rows).set(eventTimes.subarray(start, end), this.length);
    if (changeKinds !== null) this.#changeKindsFor(rows).set(changeKinds.subarray(start, end), this.length);
    this.length = rows;
  }

  /** One row of values in field order, NaN for no event time. For edges and tests. */
  appendRow(values: readonly Value[], eventTime: number = NaN, kind: ChangeKind = INSERT): void {
    for (let c = 0; c < this.columns.length; c++) this.columns[c]!.appendValue(values[c] ?? null);
    this.endRow(eventTime, kind);
  }

  /** Closes a row whose cells were appended to `columns` one by one. */
  endRow(eventTime: number = NaN, kind: ChangeKind = INSERT): void {
    if (!Number.isNaN(eventTime)) this.#eventTimesFor(this.length + 1)[this.length] = eventTime;
    if (kind !== INSERT) this.#changeKindsFor(this.length + 1)[this.length] = kind;
    this.length++;
  }

  finish(): Batch {
    const { length } = this;
    const batch = new Batch(
      this.schema,
      length,
      this.columns.map((builder) => builder.finish()),
      // The last rows may have none.
      this.#eventTimes === null ? null : this.#eventTimesFor(length),
      this.#changeKinds === null ? null : this.#changeKindsFor(length),
    );
    this.#eventTimes = null;
    this.#changeKinds = null;
    this.length = 0;
    return batch;
  }

  /** With room for `rows`; NaN where no row has put a time. */
  #eventTimesFor(rows: number): Float64Array<ArrayBuffer> {
    const old = this.#eventTimes;
    if (old !== null && old.length >= rows) return old;
    const grown = new Float64Array(Math.max(rows, old === null ? this.#capacity : old.length * 2)).fill(NaN);
    if (old !== null) grown.set(old);
    this.#eventTimes = grown;
    return grown;
  }

  /** With room for `rows`; INSERT where no row has put a kind. */
  #changeKindsFor(rows: number): Uint8Array<ArrayBuffer> {
    const old = this.#changeKinds;
    if (old !== null && old.length >= rows) return old;
    const grown = new Uint8Array(Math.max(rows, old === null ? this.#capacity : old.length * 2));
    if (old !== null) grown.set(old);
    this.#changeKinds = grown;
    return grown;
  }
}

/** A batch of rows of values: for edges and tests. */
export function batchOf(schema: Schema, rows: readonly (readonly Value[])[], eventTimes?: readonly number[]): Batch {
  const builder = new BatchBuilder(schema, rows.length);
  rows.forEach((row, i) => builder.appendRow(row, eventTimes?.[i]));
  return builder.finish();
}

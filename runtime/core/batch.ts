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
  #eventTimes: Float64Array<ArrayBuffer>;
  #hasEventTimes = false;
  #changeKinds: Uint8Array<ArrayBuffer>;
  #hasChangeKinds = false;

  constructor(schema: Schema, capacity = 64) {
    this.schema = schema;
    const rows = Math.max(1, capacity);
    this.columns = schema.fields.map((f) => columnBuilder(f.type, rows));
    this.#eventTimes = new Float64Array(rows);
    this.#changeKinds = new Uint8Array(rows);
  }

  /** Rows `indices[0, count)` of a batch of the same schema. */
  appendRows(batch: Batch, indices: Int32Array, count: number): void {
    this.#reserve(this.length + count);
    for (let c = 0; c < this.columns.length; c++) this.columns[c]!.appendRows(batch.columns[c]!, indices, count);
    const { eventTimes, changeKinds } = batch;
    if (eventTimes !== null) {
      this.#startEventTimes();
      for (let i = 0; i < count; i++) this.#eventTimes[this.length + i] = eventTimes[indices[i]!]!;
    } else if (this.#hasEventTimes) {
      this.#eventTimes.fill(NaN, this.length, this.length + count);
    }
    if (changeKinds !== null) {
      this.#hasChangeKinds = true;
      for (let i = 0; i < count; i++) this.#changeKinds[this.length + i] = changeKinds[indices[i]!]!;
    }
    this.length += count;
  }

  /** Rows `[start, end)` of a batch of the same schema. */
  appendRange(batch: Batch, start: number, end: number): void {
    this.#reserve(this.length + end - start);
    for (let c = 0; c < this.columns.length; c++) this.columns[c]!.appendRange(batch.columns[c]!, start, end);
    const { eventTimes, changeKinds } = batch;
    if (eventTimes !== null) {
      this.#startEventTimes();
      this.#eventTimes.set(eventTimes.subarray(start, end), this.length);
    } else if (this.#hasEventTimes) {
      this.#eventTimes.fill(NaN, this.length, this.length + end - start);
    }
    if (changeKinds !== null) {
      this.#hasChangeKinds = true;
      this.#changeKinds.set(changeKinds.subarray(start, end), this.length);
    }
    this.length += end - start;
  }

  /** One row of values in field order, NaN for no event time. For edges and tests. */
  appendRow(values: readonly Value[], eventTime: number = NaN, kind: ChangeKind = INSERT): void {
    for (let c = 0; c < this.columns.length; c++) this.columns[c]!.appendValue(values[c] ?? null);
    this.endRow(eventTime, kind);
  }

  /** Closes a row whose cells were appended to `columns` one by one. */
  endRow(eventTime: number = NaN, kind: ChangeKind = INSERT): void {
    this.#reserve(this.length + 1);
    if (!Number.isNaN(eventTime)) this.#startEventTimes();
    if (this.#hasEventTimes) this.#eventTimes[this.length] = eventTime;
    if (kind !== INSERT) this.#hasChangeKinds = true;
    this.#changeKinds[this.length] = kind;
    this.length++;
  }

  finish(): Batch {
    const batch = new Batch(
      this.schema,
      this.length,
      this.columns.map((builder) => builder.finish()),
      this.#hasEventTimes ? this.#eventTimes : null,
      this.#hasChangeKinds ? this.#changeKinds : null,
    );
    if (this.#hasEventTimes) this.#eventTimes = new Float64Array(this.#eventTimes.length);
    if (this.#hasChangeKinds) this.#changeKinds = new Uint8Array(this.#changeKinds.length);
    this.#hasEventTimes = false;
    this.#hasChangeKinds = false;
    this.length = 0;
    return batch;
  }

  /** Rows that came before the first with an event time have none. */
  #startEventTimes(): void {
    if (this.#hasEventTimes) return;
    this.#hasEventTimes = true;
    this.#eventTimes.fill(NaN, 0, this.length);
  }

  #reserve(rows: number): void {
    if (rows <= this.#eventTimes.length) return;
    const times = new Float64Array(Math.max(rows, this.#eventTimes.length * 2));
    times.set(this.#eventTimes);
    this.#eventTimes = times;
    const kinds = new Uint8Array(times.length);
    kinds.set(this.#changeKinds);
    this.#changeKinds = kinds;
  }
}

/** A batch of rows of values: for edges and tests. */
export function batchOf(schema: Schema, rows: readonly (readonly Value[])[], eventTimes?: readonly number[]): Batch {
  const builder = new BatchBuilder(schema, rows.length);
  rows.forEach((row, i) => builder.appendRow(row, eventTimes?.[i]));
  return builder.finish();
}

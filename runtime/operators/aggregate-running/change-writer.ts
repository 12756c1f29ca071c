import { Batch, BatchBuilder, INSERT, MAX_BATCH_ROWS, UPDATE_AFTER, type ChangeKind } from '../../core/batch.ts';
import type { Output } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import type { KeyedTable } from '../../core/state.ts';
import type { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { isSameCell } from '../shared/rows/same-cell.ts';

/** Gathers results as columns first; then, with `begin`, those that go out, each as often and as what kind of change it is wanted. */
export class ChangeWriter {
  readonly #schema: Schema;
  readonly #keyCount: number;
  readonly #output: Output;
  readonly #builder: BatchBuilder;
  #gathered = 0;
  #results: Batch;
  readonly #indices = new Int32Array(MAX_BATCH_ROWS);
  readonly #kinds = new Uint8Array(MAX_BATCH_ROWS);
  #count = 0;

  constructor(schema: Schema, keyCount: number, output: Output) {
    this.#schema = schema;
    this.#keyCount = keyCount;
    this.#output = output;
    this.#builder = new BatchBuilder(schema);
    this.#results = this.#builder.finish();
  }

  /** Results gathered, which is the index of the next one. */
  get length(): number {
    return this.#gathered;
  }

  appendResults(table: KeyedTable, group: AggregateGroup, slots: Int32Array): void {
    const { columns } = this.#builder;
    table.appendKeys(slots, slots.length, columns.slice(0, this.#keyCount));
    group.append(slots, slots.length, columns, this.#keyCount);
    this.#gathered += slots.length;
  }

  begin(): void {
    const columns = this.#builder.columns.map((builder) => builder.finish());
    this.#results = new Batch(this.#schema, this.#gathered, columns);
    this.#gathered = 0;
  }

  /** Whether two results of a group are the same. */
  isSame(a: number, b: number): boolean {
    const { columns } = this.#results;
    for (let i = this.#keyCount; i < columns.length; i++) if (!isSameCell(columns[i]!, a, b)) return false;
    return true;
  }

  add(result: number, kind: ChangeKind): void {
    // What is before and after an update stays in one batch: there is room for both.
    if (this.#count >= MAX_BATCH_ROWS - 1 && kind !== UPDATE_AFTER) this.flush();
    this.#indices[this.#count] = result;
    this.#kinds[this.#count++] = kind;
  }

  flush(): void {
    const count = this.#count;
    this.#count = 0;
    if (count === 0) return;
    const chosen = new BatchBuilder(this.#schema, count);
    chosen.appendRows(this.#results, this.#indices, count);
    const kinds = this.#kinds.slice(0, count);
    const isAppend = kinds.every((kind) => kind === INSERT);
    this.#output.emit(new Batch(this.#schema, count, chosen.finish().columns, null, isAppend ? null : kinds));
  }
}

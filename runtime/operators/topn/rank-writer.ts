import { BatchBuilder, MAX_BATCH_ROWS, UPDATE_AFTER, UPDATE_BEFORE, type ChangeKind } from '../../core/batch.ts';
import type { Output } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import type { RowValues } from '../shared/rows/row-values.ts';

/** Result rows: the fields of the input, then the rank if there is a field for it. */
export class RankWriter {
  readonly #builder: BatchBuilder;
  readonly #fieldCount: number;
  readonly #hasRank: boolean;
  readonly #output: Output;

  constructor(schema: Schema, fieldCount: number, output: Output) {
    this.#builder = new BatchBuilder(schema);
    this.#fieldCount = fieldCount;
    this.#hasRank = schema.fields.length > fieldCount;
    this.#output = output;
  }

  /** A row at place `at`, from 0. */
  append(row: RowValues, at: number, kind: ChangeKind, eventTime = row.eventTime): void {
    if (this.#builder.length >= MAX_BATCH_ROWS) this.flush();
    this.#put(row, at, kind, eventTime);
  }

  /** Another row comes to place `at`. Both leave in one batch. */
  replace(before: RowValues, after: RowValues, at: number): void {
    if (this.#builder.length > MAX_BATCH_ROWS - 2) this.flush();
    this.#put(before, at, UPDATE_BEFORE, before.eventTime);
    this.#put(after, at, UPDATE_AFTER, after.eventTime);
  }

  #put({ values }: RowValues, at: number, kind: ChangeKind, eventTime: number): void {
    const { columns } = this.#builder;
    for (let c = 0; c < this.#fieldCount; c++) columns[c]!.appendValue(values[c]!);
    if (this.#hasRank) columns[this.#fieldCount]!.appendValue(BigInt(at + 1));
    this.#builder.endRow(eventTime, kind);
  }

  flush(): void {
    if (this.#builder.length > 0) this.#output.emit(this.#builder.finish());
  }
}

import { BatchBuilder, MAX_BATCH_ROWS } from '../../core/batch.ts';
import { columnBuilder, type ColumnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import type { Output } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import type { RowValues } from '../shared/rows/row-values.ts';

/** Output rows: the fields of a row, then its aggregates. */
export class OverRows {
  readonly #schema: Schema;
  readonly #fieldCount: number;
  readonly #output: Output;
  readonly #builder: BatchBuilder;

  constructor(schema: Schema, fieldCount: number, output: Output) {
    this.#schema = schema;
    this.#fieldCount = fieldCount;
    this.#output = output;
    this.#builder = new BatchBuilder(schema);
  }

  /** For columns of results, one for each aggregate. */
  resultBuilders(): readonly ColumnBuilder[] {
    return this.#schema.fields.slice(this.#fieldCount).map((field) => columnBuilder(field.type));
  }

  /** A row with its results, which stand at `result` in the columns. */
  add({ values, eventTime }: RowValues, results: readonly Column[], result: number): void {
    const { columns } = this.#builder;
    values.forEach((value, i) => columns[i]!.appendValue(value));
    results.forEach((column, i) => columns[this.#fieldCount + i]!.appendRange(column, result, result + 1));
    this.#builder.endRow(eventTime);
    if (this.#builder.length === MAX_BATCH_ROWS) this.flush();
  }

  flush(): void {
    if (this.#builder.length > 0) this.#output.emit(this.#builder.finish());
  }
}

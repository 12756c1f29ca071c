import { BatchBuilder, type Batch } from '../../../core/batch.ts';
import type { OperatorContext, Output } from '../../../core/operator.ts';
import type { Schema } from '../../../core/schema.ts';

/** Sends late rows to port `late`, with NULLs in the fields of the other side; counts them when nothing is connected there. */
export class LateJoinRows {
  readonly #context: OperatorContext;
  readonly #output: Output;
  readonly #schema: Schema;

  constructor(schema: Schema, context: OperatorContext) {
    this.#context = context;
    this.#output = context.output('late');
    this.#schema = schema;
  }

  /** Rows `rows[0, count)` of a batch of one side. */
  drop(batch: Batch, rows: Int32Array, count: number, side: 'left' | 'right'): void {
    if (!this.#output.isConnected) {
      this.#context.countLate(count);
      return;
    }
    const builder = new BatchBuilder(this.#schema, count);
    const from = side === 'left' ? 0 : builder.columns.length - batch.columns.length;
    builder.columns.forEach((column, at) => {
      const cells = batch.columns[at - from];
      if (cells !== undefined) column.appendRows(cells, rows, count);
      else for (let i = 0; i < count; i++) column.appendNull();
    });
    for (let i = 0; i < count; i++) builder.endRow(batch.eventTimes![rows[i]!]!);
    this.#output.emit(builder.finish());
  }
}

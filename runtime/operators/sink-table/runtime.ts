import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory } from '../../core/operator.ts';
import type { SinkTableConfig } from './spec.ts';

export const createSinkTable: OperatorFactory<SinkTableConfig> = (plan, context) =>
  new SinkTableOperator(plan.config.rows, context);

class SinkTableOperator implements Operator {
  readonly #rows: number;
  readonly #context: OperatorContext;
  #latest = new Int32Array(0);

  constructor(rows: number, context: OperatorContext) {
    this.#rows = rows;
    this.#context = context;
  }

  processBatch(batch: Batch): void {
    // Rows that the table would push out at once need not travel.
    this.#context.publish(batch.length <= this.#rows ? batch : batch.take(this.#lastOf(batch.length), this.#rows));
  }

  #lastOf(length: number): Int32Array {
    if (this.#latest.length === 0) this.#latest = new Int32Array(this.#rows);
    for (let i = 0; i < this.#rows; i++) this.#latest[i] = length - this.#rows + i;
    return this.#latest;
  }
}

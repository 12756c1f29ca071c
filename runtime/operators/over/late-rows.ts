import type { Batch } from '../../core/batch.ts';
import type { OperatorContext, Output } from '../../core/operator.ts';

/** Sends late rows, as they came, to port `late`; counts them when nothing is connected there. */
export class LateRows {
  readonly #context: OperatorContext;
  readonly #output: Output;

  constructor(context: OperatorContext) {
    this.#context = context;
    this.#output = context.output('late');
  }

  /** Rows `rows[0, count)` of a batch, ascending. */
  drop(batch: Batch, rows: Int32Array, count: number): void {
    if (count === 0) return;
    if (this.#output.isConnected) this.#output.emit(batch.take(rows, count));
    else this.#context.countLate(count);
  }
}

import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan } from '../../core/operator.ts';
import { decodeUtf8 } from '../../core/utf8.ts';
import { createRowWriter, type RowWriter } from '../../formats/index.ts';
import type { SinkPrintConfig } from './spec.ts';

export const createSinkPrint: OperatorFactory<SinkPrintConfig> = (plan, context) =>
  new SinkPrintOperator(plan, context);

class SinkPrintOperator implements Operator {
  readonly #rows: RowWriter;
  readonly #prefix: string;
  readonly #context: OperatorContext;

  constructor(plan: OperatorPlan<SinkPrintConfig>, context: OperatorContext) {
    const { schema, changelog } = plan.inputs[0]!.shape;
    this.#rows = createRowWriter({ format: 'jsonl', schema, hasChanges: changelog === 'update' });
    this.#prefix = plan.config.label === null ? '' : `${plan.config.label}: `;
    this.#context = context;
  }

  processBatch(batch: Batch): void {
    const text = decodeUtf8(this.#rows.encode(batch));
    this.#context.print(this.#prefix === '' ? text : text.replace(/^(?=.)/gm, () => this.#prefix));
  }
}

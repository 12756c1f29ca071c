import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Output } from '../../core/operator.ts';
import type { StreamShape } from '../../core/schema.ts';
import type { UnionConfig } from './spec.ts';

export const createUnion: OperatorFactory<UnionConfig> = (plan, context) => new UnionOperator(plan, context);

class UnionOperator implements Operator {
  readonly #shape: StreamShape;
  readonly #out: Output;

  constructor(plan: OperatorPlan<UnionConfig>, context: OperatorContext) {
    this.#shape = plan.outputs.out!;
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    const merged = batch.withColumns(this.#shape.schema, batch.columns);
    // One input without event time leaves the output without: times on some rows only would mislead.
    this.#out.emit(this.#shape.eventTime ? merged : merged.withEventTimes(null));
  }
}

import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Output } from '../../core/operator.ts';
import { BOOLEAN } from '../../core/types.ts';
import { compilePredicate, type EvaluationContext, type Predicate } from '../../expression/index.ts';
import { evaluationContext, typedExpression } from '../shared/expressions.ts';
import type { FilterConfig } from './spec.ts';

export const createFilter: OperatorFactory<FilterConfig> = (plan, context) => new FilterOperator(plan, context);

class FilterOperator implements Operator {
  readonly #isTrue: Predicate;
  readonly #context: EvaluationContext;
  readonly #out: Output;
  #selection = new Int32Array(0);

  constructor(plan: OperatorPlan<FilterConfig>, context: OperatorContext) {
    const { schema } = plan.inputs[0]!.shape;
    this.#isTrue = compilePredicate(typedExpression(plan.config.condition, schema, BOOLEAN));
    this.#context = evaluationContext(context);
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    if (this.#selection.length < batch.length) this.#selection = new Int32Array(batch.length);
    const kept = this.#isTrue(batch.columns, batch.length, this.#context, this.#selection);
    if (kept > 0) this.#out.emit(batch.take(this.#selection, kept));
  }
}

import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Output } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import { compileKernel, type EvaluationContext, type Kernel } from '../../expression/index.ts';
import { evaluationContext, typedExpression } from '../shared/expressions.ts';
import type { ProjectConfig } from './spec.ts';

export const createProject: OperatorFactory<ProjectConfig> = (plan, context) => new ProjectOperator(plan, context);

class ProjectOperator implements Operator {
  readonly #schema: Schema;
  /** One per field of the output: computed, or the index of the input column that is handed on as it is. */
  readonly #sources: readonly (Kernel | number)[];
  readonly #context: EvaluationContext;
  readonly #out: Output;

  constructor(plan: OperatorPlan<ProjectConfig>, context: OperatorContext) {
    const input = plan.inputs[0]!.shape.schema;
    this.#schema = plan.outputs.out!.schema;
    const computed = new Map(plan.config.fields.map(({ as, expr }) => [as, expr]));
    this.#sources = this.#schema.fields.map(({ name }) => {
      const expr = computed.get(name);
      return expr === undefined ? input.fields.findIndex((f) => f.name === name) : sourceOf(expr, input);
    });
    this.#context = evaluationContext(context);
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    const columns = this.#sources.map((source) =>
      typeof source === 'number' ? batch.columns[source]! : source(batch.columns, batch.length, this.#context),
    );
    this.#out.emit(batch.withColumns(this.#schema, columns));
  }
}

function sourceOf(expr: string, input: Schema): Kernel | number {
  const expression = typedExpression(expr, input);
  return expression.node === 'column' ? expression.index : compileKernel(expression);
}

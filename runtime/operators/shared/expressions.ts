/** What runtimes need to compute the expressions of a config that `infer` has checked. */
import { assert } from '../../core/errors.ts';
import type { OperatorContext } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import type { DataType } from '../../core/types.ts';
import { checkExpression, scopeOf, type EvaluationContext, type TypedExpression } from '../../expression/index.ts';

export function typedExpression(text: string, schema: Schema, expected?: DataType): TypedExpression {
  const { expression } = checkExpression(text, scopeOf(schema), expected);
  assert(expression !== null, `an expression reached the runtime unchecked: ${text}`);
  return expression;
}

export function evaluationContext(context: OperatorContext): EvaluationContext {
  return { now: () => context.clock.now(), random: () => context.random() };
}

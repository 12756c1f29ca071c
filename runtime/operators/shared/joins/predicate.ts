import { assert } from '../../../core/errors.ts';
import type { Schema } from '../../../core/schema.ts';
import { BOOLEAN } from '../../../core/types.ts';
import { checkExpression, compilePredicate, type Predicate } from '../../../expression/index.ts';
import { joinScope } from './infer.ts';

/** Of a join's condition, over rows that are left's fields, then right's. */
export function joinPredicate(condition: string, left: Schema, right: Schema): Predicate {
  const { expression } = checkExpression(condition, joinScope(left, right), BOOLEAN);
  assert(expression !== null, `an expression reached the runtime unchecked: ${condition}`);
  return compilePredicate(expression);
}

/** Constant sub-expressions, computed ahead of the rows. */
import { evaluate } from './evaluate.ts';
import { functionNamed } from './functions/index.ts';
import { typedChildren, type TypedExpression } from './typed-expression.ts';

/** A constant sub-expression computed ahead; left alone when that throws, because its row may never come. */
export function folded(e: TypedExpression): TypedExpression {
  if (e.node === 'literal' || !isConstant(e)) return e;
  try {
    return { node: 'literal', value: evaluate(e, [], NO_CONTEXT), type: e.type, nullable: e.nullable };
  } catch {
    return e;
  }
}

const NO_CONTEXT = {
  now: (): number => {
    throw new Error('Millrace bug: the clock is no constant');
  },
  random: (): number => {
    throw new Error('Millrace bug: chance is no constant');
  },
};

function isConstant(e: TypedExpression): boolean {
  if (e.node === 'column' || e.node === 'unit') return false;
  if (e.node === 'call') {
    const spec = functionNamed(e.function);
    if (!spec.isDeterministic || spec.needsContext) return false;
  }
  return typedChildren(e).every((child) => child.node === 'unit' || isConstant(child));
}

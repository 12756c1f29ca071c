import { field, schemaOf } from '../../../runtime/core/schema.ts';
import type { InputStream } from '../../../runtime/core/operator.ts';
import { BIGINT } from '../../../runtime/core/types.ts';
import { inputScope, scopeOf } from '../../../runtime/expression/index.ts';
import type { ExpressionContext } from '../../code/editor-types.ts';
import type { FormOf } from './widget.ts';

const ROW_NUMBER = scopeOf(schemaOf([field('n', BIGINT, false)]));

export function expressionContextOf(form: FormOf<'expression'>, inputs: readonly InputStream[]): ExpressionContext {
  const { literals, rowNumber } = form;
  return { scope: rowNumber ? ROW_NUMBER : inputScope(inputs), literals };
}

/** Each input as a table of its port's name. */
export function tablesOf(inputs: readonly InputStream[]): ExpressionContext {
  return { scope: { inputs: inputs.map(({ port, shape }) => ({ name: port, schema: shape.schema })) }, literals: [] };
}

import { field, schemaOf } from '../../../runtime/core/schema.ts';
import type { InputStream } from '../../../runtime/core/operator.ts';
import { BIGINT } from '../../../runtime/core/types.ts';
import { scopeOf } from '../../../runtime/expression/index.ts';
import type { ExpressionContext } from '../../code/editor-types.ts';
import type { FormOf } from './widget.ts';

const ROW_NUMBER = scopeOf(schemaOf([field('n', BIGINT, false)]));

/** One input: its fields by name. Inputs of several ports: qualified by the port. */
export function expressionContextOf(form: FormOf<'expression'>, inputs: readonly InputStream[]): ExpressionContext {
  const { literals, rowNumber } = form;
  if (rowNumber) return { scope: ROW_NUMBER, literals };
  const byPort = new Map(inputs.map((input) => [input.port, input.shape.schema]));
  const isSingle = byPort.size < 2;
  return {
    scope: { inputs: [...byPort].map(([port, schema]) => ({ name: isSingle ? null : port, schema })) },
    literals,
  };
}

/** Each input as a table of its port's name. */
export function tablesOf(inputs: readonly InputStream[]): ExpressionContext {
  return { scope: { inputs: inputs.map(({ port, shape }) => ({ name: port, schema: shape.schema })) }, literals: [] };
}

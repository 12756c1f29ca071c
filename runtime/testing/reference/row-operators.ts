/** Operators that look at one row at a time, by the interpreter: the oracles of filter, project, route, unnest, union. */
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { DataType, Value } from '../../core/types.ts';
import { checkExpression, evaluate, scopeOf, type TypedExpression } from '../../expression/index.ts';
import type { ProjectConfig } from '../../operators/project/spec.ts';
import type { UnnestConfig } from '../../operators/unnest/spec.ts';
import { asBag, clockOfAll, mapRows, type ReferenceRow, type ReferenceStream } from './streams.ts';

/** For expressions that ask for no time and no random numbers. */
export const PURE = { now: () => 0, random: () => 0 };

/** Value of an expression on rows of a schema. */
export function rowFunction(text: string, schema: Schema): (values: readonly Value[]) => Value {
  const expression = typed(text, schema);
  return (values) => evaluate(expression, values, PURE);
}

export function typeOf(text: string, schema: Schema): DataType {
  return typed(text, schema).type;
}

function typed(text: string, schema: Schema): TypedExpression {
  return checkExpression(text, scopeOf(schema)).expression!;
}

export function filterRows(input: ReferenceStream, condition: string): ReferenceStream {
  const holds = rowFunction(condition, input.schema);
  return mapRows(input, input.schema, (row) => (holds(row.values) === true ? [row] : []));
}

export function projectRows(input: ReferenceStream, config: ProjectConfig, output: Schema): ReferenceStream {
  const cells = output.fields.map(({ name }) => {
    const computed = config.fields.find((field) => field.as === name);
    return computed === undefined
      ? (values: readonly Value[]) => values[fieldIndex(input.schema, name)]!
      : rowFunction(computed.expr, input.schema);
  });
  return mapRows(input, output, (row) => [{ ...row, values: cells.map((cell) => cell(row.values)) }]);
}

/** The rows for each port, `otherwise` among them. */
export function routeRows(
  input: ReferenceStream,
  cases: readonly { readonly port: string; readonly condition: string }[],
  port: string,
): ReferenceStream {
  const conditions = cases.map(({ condition }) => rowFunction(condition, input.schema));
  const portOf = (row: ReferenceRow): string =>
    cases.find((_, i) => conditions[i]!(row.values) === true)?.port ?? 'otherwise';
  return mapRows(input, input.schema, (row) => (portOf(row) === port ? [row] : []));
}

export function unnestRows(input: ReferenceStream, config: UnnestConfig, output: Schema): ReferenceStream {
  const array = rowFunction(config.expr, input.schema);
  return mapRows(input, output, (row) => {
    const elements = (array(row.values) as readonly Value[] | null) ?? [];
    const kept = elements.length === 0 && config.outer ? [null] : elements;
    return kept.map((element) => ({ ...row, values: [...row.values, element] }));
  });
}

/** Rows of all inputs; without event time where one has none. */
export function unionRows(inputs: readonly ReferenceStream[], output: Schema, hasEventTime: boolean): ReferenceStream {
  const streams = inputs.length === 1 ? inputs : inputs.map(asBag);
  const merged: ReferenceStream = {
    schema: output,
    events: streams.flatMap((stream) => stream.events),
    isOrdered: streams.length === 1 && streams[0]!.isOrdered,
    clock: streams.length === 1 ? streams[0]!.clock : clockOfAll(streams),
  };
  if (hasEventTime) return merged;
  return { ...mapRows(asBag(merged), output, (row) => [{ ...row, eventTime: NaN }]), clock: 'unknown' };
}

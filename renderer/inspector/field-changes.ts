/** What an operator does to the fields that it reads: what it adds, changes and drops. */
import type { AnalyzedNode } from '../../runtime/compiler/validate.ts';
import { sameType, type Field } from '../../runtime/core/types.ts';

export type FieldChange =
  { readonly kind: 'new' } | { readonly kind: 'dropped' } | { readonly kind: 'changed'; readonly before: Field };

/** `before`: the field of that name that came in. */
export function leavingChange(field: Field, before: Field | undefined): FieldChange | null {
  if (before === undefined) return { kind: 'new' };
  const isSame = sameType(field.type, before.type) && field.nullable === before.nullable;
  return isSame ? null : { kind: 'changed', before };
}

/** Names of the inputs' fields that no required output has; none while outputs are not known, or of a sink. */
export function droppedFields({ inputs, outputs, ports }: AnalyzedNode): ReadonlySet<string> {
  const main = ports.outputs.filter((port) => port.isOptional !== true);
  const shapes = main.map(({ name }) => outputs[name]);
  if (main.length === 0 || shapes.includes(undefined)) return new Set();
  const left = new Set(shapes.flatMap((shape) => shape!.schema.fields.map(({ name }) => name)));
  const came = inputs.flatMap(({ shape }) => shape.schema.fields.map(({ name }) => name));
  return new Set(came.filter((name) => !left.has(name)));
}

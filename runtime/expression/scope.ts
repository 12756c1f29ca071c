/** The fields an expression may name. */
import type { InputStream } from '../core/operator.ts';
import type { Schema } from '../core/schema.ts';
import type { Field } from '../core/types.ts';
import type { NamePart } from './syntax.ts';

export interface ScopeInput {
  /** A qualifier such as `left`; null = its fields are named without one. */
  readonly name: string | null;
  readonly schema: Schema;
}

/** Column index = position in the concatenation of all inputs' fields. */
export interface Scope {
  readonly inputs: readonly ScopeInput[];
}

/** The scope of an operator with one input. */
export function scopeOf(schema: Schema): Scope {
  return { inputs: [{ name: null, schema }] };
}

/** The scope of an operator with these inputs: fields are qualified by their port where there are several. */
export function inputScope(inputs: readonly InputStream[]): Scope {
  const byPort = new Map(inputs.map(({ port, shape }) => [port, shape.schema]));
  const isSingle = byPort.size < 2;
  return { inputs: [...byPort].map(([port, schema]) => ({ name: isSingle ? null : port, schema })) };
}

export interface ScopeField {
  readonly index: number;
  readonly field: Field;
  readonly input: string | null;
}

/** Every field that can be named, by column index. */
export function scopeFields(scope: Scope): readonly ScopeField[] {
  return scope.inputs
    .flatMap((input) => input.schema.fields.map((field) => ({ field, input: input.name })))
    .map((entry, index) => ({ ...entry, index }));
}

export type Resolution =
  /** `used` parts of the path name the column; the rest are fields of rows. */
  { readonly found: ScopeField; readonly used: 1 | 2 } | { readonly ambiguous: readonly string[] } | 'unknown';

/** SQL's order: an input's qualifier first, then a field of that name in any input. */
export function resolvePath(path: readonly NamePart[], scope: Scope): Resolution {
  const fields = scopeFields(scope);
  const [first, second] = path;
  if (first !== undefined && second !== undefined) {
    const found = fields.find((f) => f.input === first.text && f.field.name === second.text);
    if (found !== undefined) return { found, used: 2 };
  }
  const matches = fields.filter((f) => f.field.name === first?.text);
  if (matches.length > 1) return { ambiguous: matches.map((f) => f.input ?? '') };
  return matches[0] === undefined ? 'unknown' : { found: matches[0], used: 1 };
}

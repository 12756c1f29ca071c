/** Fields that a config may name: those of the node's inputs, as far as they are known. */
import type { InputStream } from '../../../runtime/core/operator.ts';
import { printDataType } from '../../../runtime/core/types.ts';
import type { Suggestion } from './Combobox.tsx';

/** Each name once: inputs of a union have the same fields. */
export function fieldSuggestions(inputs: readonly InputStream[]): readonly Suggestion[] {
  const types = new Map<string, string>();
  for (const { shape } of inputs) {
    for (const field of shape.schema.fields) {
      if (!types.has(field.name)) types.set(field.name, `${printDataType(field.type)}${field.nullable ? ' ?' : ''}`);
    }
  }
  return [...types].map(([value, detail]) => ({ value, detail }));
}

/** Fields under new names: at the inputs of a node, and in what its operator answers. */
import type { InputStream } from '../../core/operator.ts';
import { sameType } from '../../core/types.ts';
import type { Answer } from '../probe.ts';

/** New names by old ones. */
export type Names = ReadonlyMap<string, string>;

export function renameInputs(inputs: readonly InputStream[], names: readonly (Names | undefined)[]): InputStream[] {
  return inputs.map((input, i) => {
    const renamed = names[i];
    if (renamed === undefined) return input;
    const fields = input.shape.schema.fields.map((one) => ({ ...one, name: renamed.get(one.name) ?? one.name }));
    return { ...input, shape: { ...input.shape, schema: { fields } } };
  });
}

/** Per port, which fields have another name now; null: more than names has changed, or something is wrong that was not before. */
export function renamedOutputs(before: Answer, after: Answer): ReadonlyMap<string, Names> | null {
  if (after.errors.length > before.errors.length) return null;
  const ports = new Map<string, Names>();
  for (const [port, shape] of Object.entries(before.outputs)) {
    const old = shape.schema.fields;
    const now = after.outputs[port]?.schema.fields;
    if (now === undefined || now.length !== old.length) return null;
    if (!old.every(({ type }, i) => sameType(type, now[i]!.type))) return null;
    if (new Set(now.map(({ name }) => name)).size < now.length) return null;
    const changed = old.flatMap(({ name }, i) => (now[i]!.name === name ? [] : [[name, now[i]!.name] as const]));
    if (changed.length > 0) ports.set(port, new Map(changed));
  }
  return ports;
}

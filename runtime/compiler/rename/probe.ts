/** What a node would make of another config or other inputs: asked of its operator, so that no operator has to say how it hands fields on. */
import type { Diagnostic } from '../../core/diagnostics.ts';
import type { InputStream } from '../../core/operator.ts';
import type { StreamShape } from '../../core/schema.ts';
import { sameType } from '../../core/types.ts';
import type { PipelineDocument, PipelineNode, RawConfig } from '../../graph/index.ts';
import { checkNode, inferNode, type Specs } from '../node-analysis.ts';
import { mergeParameters, type Parameters } from '../parameters.ts';

/** New names by old ones. */
export type Names = ReadonlyMap<string, string>;
type Outputs = Readonly<Record<string, StreamShape>>;

export interface Answer {
  readonly outputs: Outputs;
  readonly errors: readonly Diagnostic[];
}

export class Probe {
  readonly #parameters: Parameters;
  readonly #specs: Specs;

  constructor({ settings }: PipelineDocument, specs: Specs) {
    this.#parameters = mergeParameters(settings.params);
    this.#specs = specs;
  }

  ask(node: PipelineNode, config: RawConfig, inputs: readonly InputStream[] | null): Answer {
    const checked = checkNode({ ...node, config }, this.#specs, this.#parameters);
    const inferred = inferNode(node, checked, inputs, this.#specs);
    const problems = [...checked.problems, ...inferred.problems];
    return { outputs: inferred.outputs, errors: problems.filter(({ severity }) => severity === 'error') };
  }
}

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

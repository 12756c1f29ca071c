/** What a node would make of another config or other inputs: asked of its operator, so that no operator has to say how it hands fields on. */
import type { Diagnostic } from '../core/diagnostics.ts';
import type { InputStream } from '../core/operator.ts';
import type { StreamShape } from '../core/schema.ts';
import type { PipelineNode, RawConfig } from '../graph/index.ts';
import { checkNode, inferNode, type Specs } from './node-analysis.ts';
import type { Parameters } from './parameters.ts';

type Outputs = Readonly<Record<string, StreamShape>>;

export interface Answer {
  readonly outputs: Outputs;
  readonly errors: readonly Diagnostic[];
}

export class Probe {
  readonly #parameters: Parameters;
  readonly #specs: Specs;

  constructor(parameters: Parameters, specs: Specs) {
    this.#parameters = parameters;
    this.#specs = specs;
  }

  ask(node: PipelineNode, config: RawConfig, inputs: readonly InputStream[] | null): Answer {
    const checked = checkNode({ ...node, config }, this.#specs, this.#parameters);
    const inferred = inferNode(node, checked, inputs, this.#specs);
    const problems = [...checked.problems, ...inferred.problems];
    return { outputs: inferred.outputs, errors: problems.filter(({ severity }) => severity === 'error') };
  }
}

/** A sound document as typed operators and edges: every config checked, every stream's shape known. What runs where is the planner's to say. */
import type { NodeId } from '../core/ids.ts';
import { assert } from '../core/errors.ts';
import type { Distribution, InputStream, Traits } from '../core/operator.ts';
import type { StreamShape } from '../core/schema.ts';
import type { PipelineDocument, PipelineNode, Settings } from '../graph/index.ts';
import type { AnalyzedNode, Validation } from './validator.ts';

export interface LogicalPlan {
  readonly name: string;
  readonly settings: Settings;
  /** In topological order. */
  readonly operators: readonly LogicalOperator[];
  /** By target, in topological order, then in input order. */
  readonly edges: readonly LogicalEdge[];
}

export interface LogicalOperator {
  readonly nodeId: NodeId;
  readonly type: string;
  readonly label: string;
  readonly config: unknown;
  readonly traits: Traits;
  readonly inputs: readonly InputStream[];
  readonly outputs: Readonly<Record<string, StreamShape>>;
  /** What the document asks for; null = the job's. */
  readonly parallelism: number | null;
}

export interface LogicalEdge {
  readonly from: NodeId;
  readonly fromPort: string;
  readonly to: NodeId;
  readonly toPort: string;
  /** Index into the inputs of `to`. */
  readonly input: number;
  readonly shape: StreamShape;
  /** What `to` asks of it. */
  readonly distribution: Distribution;
}

/** `validation` is that of `document`, and has no errors. */
export function toLogicalPlan(document: PipelineDocument, validation: Validation): LogicalPlan {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const sound = validation.order.map((id) => {
    const node = nodes.get(id);
    const analyzed = validation.nodes.get(id);
    assert(node !== undefined && analyzed !== undefined, `"${id}" is in the order but not in the document`);
    return { node, analyzed };
  });
  return {
    name: document.name,
    settings: document.settings,
    operators: sound.map(({ node, analyzed }) => toOperator(node, analyzed)),
    edges: sound.flatMap(({ analyzed }) => toEdges(analyzed)),
  };
}

function toOperator(node: PipelineNode, analyzed: AnalyzedNode): LogicalOperator {
  const { spec, traits, config, inputs, outputs } = analyzed;
  assert(spec !== null && traits !== null, `"${node.id}" has errors that were not reported`);
  return {
    nodeId: node.id,
    type: node.type,
    label: node.label ?? spec.label,
    config,
    traits,
    inputs,
    outputs,
    parallelism: node.parallelism ?? null,
  };
}

function toEdges({ spec, config, edges, inputs }: AnalyzedNode): LogicalEdge[] {
  return edges.map(({ from, fromPort, to, toPort }, input) => {
    const stream = inputs[input];
    assert(stream !== undefined, `an input of "${to}" is not known and was not reported`);
    const distribution = spec?.distribution?.(config, toPort) ?? { type: 'any' };
    return { from, fromPort, to, toPort, input, shape: stream.shape, distribution };
  });
}

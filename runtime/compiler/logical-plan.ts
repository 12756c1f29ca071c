/** A sound document as typed operators and edges: every config checked, every stream's shape known. What runs where is the planner's to say. */
import type { NodeId } from '../core/ids.ts';
import { assert } from '../core/errors.ts';
import { isComposite, type Distribution, type InputStream, type Traits } from '../core/operator.ts';
import type { StreamShape } from '../core/schema.ts';
import type { PipelineDocument, Settings } from '../graph/index.ts';
import { innerId } from './composite.ts';
import type { Composite, OperatorPort } from './physical-plan.ts';
import type { AnalyzedNode, Validation } from './validator.ts';

export interface LogicalPlan {
  readonly name: string;
  readonly settings: Settings;
  /** In topological order. */
  readonly operators: readonly LogicalOperator[];
  /** By target, in topological order, then in input order. */
  readonly edges: readonly LogicalEdge[];
  readonly composites: readonly Composite[];
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
  const writers = new Writers();
  const operators: LogicalOperator[] = [];
  const edges: LogicalEdge[] = [];
  const composites: Composite[] = [];
  for (const id of validation.order) {
    const node = nodes.get(id);
    const analyzed = validation.nodes.get(id);
    assert(node !== undefined && analyzed !== undefined, `"${id}" is in the order but not in the document`);
    const unit: Unit = {
      ...analyzed,
      id,
      type: node.type,
      label: node.label ?? analyzed.spec?.label ?? node.type,
      parallelism: node.parallelism ?? null,
    };
    const sources = analyzed.edges.map((edge) => writers.of(edge.from, edge.fromPort));
    const parts = flatten(unit, sources, writers);
    operators.push(...parts.operators);
    edges.push(...parts.edges);
    if (unit.expansion !== null) composites.push(toComposite(unit, parts, writers));
  }
  return { name: document.name, settings: document.settings, operators, edges, composites };
}

/** A node of the document, or one in a composite. */
type Unit = Pick<AnalyzedNode, 'spec' | 'traits' | 'config' | 'inputs' | 'outputs' | 'expansion'> & {
  readonly id: NodeId;
  readonly type: string;
  readonly label: string;
  readonly parallelism: number | null;
};

interface Parts {
  readonly operators: readonly LogicalOperator[];
  readonly edges: readonly LogicalEdge[];
  /** Of a composite: by input, the edges that carry it in. */
  readonly entries: readonly { readonly outerInput: number; readonly edge: LogicalEdge }[];
}

/** Which operator writes an output port: for a composite one of those it stands for. */
class Writers {
  readonly #ofComposites = new Map<NodeId, Readonly<Record<string, OperatorPort>>>();

  of(nodeId: NodeId, port: string): OperatorPort {
    const outputs = this.#ofComposites.get(nodeId);
    return outputs?.[port] ?? { nodeId, port };
  }

  setComposite(nodeId: NodeId, outputs: Readonly<Record<string, OperatorPort>>): void {
    this.#ofComposites.set(nodeId, outputs);
  }
}

function flatten(unit: Unit, sources: readonly OperatorPort[], writers: Writers): Parts {
  const { expansion } = unit;
  if (expansion === null) {
    const edges = toEdges(unit, sources);
    return { operators: [toOperator(unit)], edges, entries: edges.map((edge) => ({ outerInput: edge.input, edge })) };
  }
  const all = expansion.nodes.map((inner) => {
    const feeds = inner.feeds.map((feed) =>
      'outerInput' in feed ? sources[feed.outerInput]! : writers.of(innerId(unit.id, feed.name), feed.port),
    );
    const parts = flatten({ ...inner, parallelism: unit.parallelism ?? inner.parallelism }, feeds, writers);
    const entries = parts.entries.flatMap(({ outerInput, edge }) => {
      const feed = inner.feeds[outerInput]!;
      return 'outerInput' in feed ? [{ outerInput: feed.outerInput, edge }] : [];
    });
    return { ...parts, entries };
  });
  const outputs = Object.entries(expansion.expansion.outputs).map(([port, { node, port: inner }]) => [
    port,
    writers.of(innerId(unit.id, node), inner),
  ]);
  writers.setComposite(unit.id, Object.fromEntries(outputs) as Record<string, OperatorPort>);
  return {
    operators: all.flatMap(({ operators }) => operators),
    edges: all.flatMap(({ edges }) => edges),
    entries: all.flatMap(({ entries }) => entries),
  };
}

function toComposite({ id, label, inputs, expansion }: Unit, { entries }: Parts, writers: Writers): Composite {
  return {
    nodeId: id,
    label,
    inputs: entries.map(({ outerInput, edge: { to, toPort } }) => ({
      outerPort: inputs[outerInput]!.port,
      nodeId: to,
      port: toPort,
    })),
    outputs: Object.keys(expansion!.expansion.outputs).map((outerPort) => ({
      outerPort,
      ...writers.of(id, outerPort),
    })),
  };
}

function toOperator({ id, type, label, spec, traits, config, inputs, outputs, parallelism }: Unit): LogicalOperator {
  assert(spec !== null && traits !== null, `"${id}" has errors that were not reported`);
  return { nodeId: id, type, label, config, traits, inputs, outputs, parallelism };
}

function toEdges({ id, spec, config, inputs }: Unit, sources: readonly OperatorPort[]): LogicalEdge[] {
  return sources.map(({ nodeId: from, port: fromPort }, input) => {
    const stream = inputs[input];
    assert(stream !== undefined, `an input of "${id}" is not known and was not reported`);
    const { port: toPort, shape } = stream;
    const distribution = spec === null || isComposite(spec) ? undefined : spec.distribution?.(config, toPort);
    return { from, fromPort, to: id, toPort, input, shape, distribution: distribution ?? { type: 'any' } };
  });
}

/** A composite's expansion, checked and inferred as if its operators stood in the document; what is wrong with them is said of the composite. */
import type { Diagnostic } from '../core/diagnostics.ts';
import { placeInComposite, type ExpandedNode, type Expansion } from '../core/expansion.ts';
import { assert } from '../core/errors.ts';
import { nodeId, type NodeId } from '../core/ids.ts';
import type { AnyOperatorSpec, InputStream, Report, Traits } from '../core/operator.ts';
import { ROW_WISE } from '../core/operator.ts';
import { say } from '../core/say.ts';
import type { StreamShape } from '../core/schema.ts';
import type { PipelineNode } from '../graph/index.ts';
import type { CheckedNode, InferredNode } from './node-analysis.ts';

export interface AnalyzedExpansion {
  readonly expansion: Expansion;
  /** In the expansion's order. */
  readonly nodes: readonly InnerNode[];
}

/** An operator of an expansion, as `AnalyzedNode` is one of the document. */
export interface InnerNode {
  /** In the expansion. */
  readonly name: string;
  /** `composite/name`: the stable id of its state. */
  readonly id: NodeId;
  readonly label: string;
  readonly type: string;
  readonly spec: AnyOperatorSpec | null;
  readonly config: unknown;
  readonly traits: Traits | null;
  /** In input order, one for each of `feeds`. */
  readonly inputs: readonly InputStream[];
  readonly feeds: readonly Feed[];
  readonly outputs: Readonly<Record<string, StreamShape>>;
  /** What it asks for, where the composite does not. */
  readonly parallelism: number | null;
  /** Of a composite in the composite. */
  readonly expansion: AnalyzedExpansion | null;
}

/** Where an inner input comes from: an input of the composite, by position, or another inner node. */
export type Feed = { readonly outerInput: number } | { readonly name: string; readonly port: string };

/** How one node is looked at; handed in by who looks at nodes. */
export interface NodeChecks {
  check(node: PipelineNode): CheckedNode;
  infer(node: PipelineNode, checked: CheckedNode, inputs: readonly InputStream[]): InferredNode;
}

/** Problems go to `report`, which adds them to `problems`. Throws where the expansion does not hang together: that is a mistake of the composite. */
export function analyzeExpansion(
  { id, position }: PipelineNode,
  expansion: Expansion,
  inputs: readonly InputStream[],
  report: Report,
  { check, infer }: NodeChecks,
  problems: readonly Diagnostic[],
): InferredNode {
  const nodes: InnerNode[] = [];
  for (const expanded of expansion.nodes) {
    const { id: name, type, label, config } = expanded;
    const node: PipelineNode = { id: innerId(id, name), type, version: 1, position, config };
    const checked = check(node);
    const streams = streamsInto(expanded, expansion, inputs, nodes, checked);
    reportInner(checked.problems, expanded, report);
    const isKnown = streams.every(({ stream }) => stream !== null);
    const ready = isKnown ? streams.map(({ stream }) => stream!) : null;
    const inferred = ready === null ? null : infer(node, checked, ready);
    if (inferred !== null) reportInner([...inferred.problems, ...unfit(checked, ready!, inferred)], expanded, report);
    nodes.push({
      name,
      id: node.id,
      label,
      type,
      spec: checked.spec,
      config: checked.config,
      traits: inferred === null || inferred.expansion === null ? checked.traits : traitsOf(inferred.expansion),
      inputs: ready ?? [],
      feeds: streams.map(({ feed }) => feed),
      outputs: inferred?.outputs ?? {},
      parallelism: expanded.parallelism ?? null,
      expansion: inferred?.expansion ?? null,
    });
  }
  const analyzed = { expansion, nodes };
  const outputs = Object.entries(expansion.outputs).flatMap(
    ([port, { node, port: inner }]): [string, StreamShape][] => {
      const shape = nodeNamed(nodes, node).outputs[inner];
      return shape === undefined ? [] : [[port, shape]];
    },
  );
  return { outputs: Object.fromEntries(outputs), problems, expansion: analyzed };
}

/** What holds of a composite because it does of its operators. */
export function traitsOf({ nodes }: AnalyzedExpansion): Traits {
  const all = nodes.flatMap(({ traits }) => (traits === null ? [] : [traits]));
  return {
    ...ROW_WISE,
    isStateful: all.some((one) => one.isStateful),
    keepsOrder: all.every((one) => one.keepsOrder),
    needsEventTime: all.some((one) => one.needsEventTime),
    emitsBehindWatermark: all.some((one) => one.emitsBehindWatermark),
    runsUserCode: all.some((one) => one.runsUserCode === true),
  };
}

export function innerId(composite: NodeId, name: string): NodeId {
  return nodeId(`${composite}/${name}`);
}

/** The node of the document that an operator belongs to. */
export function outerId(id: NodeId): NodeId {
  return nodeId(id.split('/', 1)[0]!);
}

export function nodeNamed(nodes: readonly InnerNode[], name: string): InnerNode {
  const found = nodes.find((node) => node.name === name);
  assert(found !== undefined, `an expansion has no node "${name}", or has it behind one that reads from it`);
  return found;
}

/** In input order; `stream` null where the shape is not known. */
function streamsInto(
  { id }: ExpandedNode,
  expansion: Expansion,
  inputs: readonly InputStream[],
  before: readonly InnerNode[],
  { ports }: CheckedNode,
): readonly { readonly feed: Feed; readonly stream: InputStream | null }[] {
  const outer = inputs.flatMap(({ port, shape }, outerInput) =>
    (expansion.inputs[port] ?? [])
      .filter(({ node }) => node === id)
      .map((target) => ({ feed: { outerInput }, port: target.port, shape: shape as StreamShape | undefined })),
  );
  const inner = expansion.edges
    .filter(({ to }) => to === id)
    .map(({ from, fromPort, toPort }) => ({
      feed: { name: from, port: fromPort },
      port: toPort,
      shape: nodeNamed(before, from).outputs[fromPort],
    }));
  const order = ports.inputs.map(({ name }) => name);
  return [...outer, ...inner]
    .toSorted((a, b) => order.indexOf(a.port) - order.indexOf(b.port))
    .map(({ feed, port, shape }) => ({ feed, stream: shape === undefined ? null : { port, shape } }));
}

function reportInner(problems: readonly Diagnostic[], expanded: ExpandedNode, report: Report): void {
  const { context } = expanded;
  for (const { nodeId: _, edge: __, path = '', range, ...problem } of problems) {
    const message = context === undefined ? problem.message : `${context}: ${problem.message}`;
    report({ ...problem, message, ...placeInComposite(expanded, path, range) });
  }
}

/** As the validator says of a node in the document; the operator's own words come first. */
function unfit({ traits }: CheckedNode, inputs: readonly InputStream[], { problems }: InferredNode): Diagnostic[] {
  const isUntimed = traits?.needsEventTime === true && inputs.some(({ shape }) => !shape.eventTime);
  const isUpdated = traits?.acceptsUpdates === false && inputs.some(({ shape }) => shape.changelog === 'update');
  const found: Diagnostic[] = [];
  if (isUntimed && !problems.some(({ code }) => code === 'MR1501')) {
    found.push({ severity: 'error', code: 'MR1501', message: say`this needs event time, and its input has none` });
  }
  if (isUpdated) {
    const message = say`this cannot take a stream with updates, and its input has some`;
    found.push({ severity: 'error', code: 'MR1503', message });
  }
  return found;
}

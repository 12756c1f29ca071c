/** A part of a graph with one output: what reads from what, and where its rows come from and go. */
import type { NodeId } from '../core/ids.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { AnalyzedNode, ValidateOptions, Validation } from '../compiler/validate.ts';
import { downstreamOf, type PipelineDocument } from '../graph/index.ts';
import type { RegionProblem } from './region-problem.ts';
import { takeApart } from './take-apart.ts';

export interface RegionNode extends AnalyzedNode {
  readonly id: NodeId;
  readonly type: string;
  /** Of the document's node that it is, or is a part of. */
  readonly origin: NodeId;
}

export interface Region {
  /** With composites taken apart; each node after all it reads from. */
  readonly nodes: readonly RegionNode[];
  readonly validation: Validation;
  /** The node whose rows leave by its port `out`. */
  readonly output: NodeId;
}

const OUT = 'out';

/** Pure; the document stays as it is. */
export function regionOf(
  document: PipelineDocument,
  ids: readonly NodeId[],
  options: Pick<ValidateOptions, 'subPipelines'> = {},
): Result<Region, RegionProblem> {
  if (ids.length === 0) return fail({ reason: 'empty' });
  const apart = takeApart(document, ids, options);
  const { validation } = apart;
  const nodes: RegionNode[] = [];
  for (const id of validation.order) {
    const origin = apart.origins.get(id);
    const analyzed = validation.nodes.get(id);
    if (origin === undefined || analyzed === undefined) continue;
    const { spec, config, inputs, edges, ports, outputs } = analyzed;
    const isOpen = ports.inputs.some(({ name }) => !edges.some(({ toPort }) => toPort === name));
    const isUnknown = ports.outputs.some(({ name }) => name === OUT) && outputs[OUT] === undefined;
    if (spec === null || config === null || inputs.length !== edges.length || isOpen || isUnknown) {
      return fail({ reason: 'errors', node: origin });
    }
    nodes.push({ ...analyzed, id, type: spec.type, origin });
  }
  if (nodes.length < apart.origins.size) return fail({ reason: 'errors', node: ids[0]! });
  const broken = validation.diagnostics.find(
    ({ severity, nodeId, path }) => severity === 'error' && path !== undefined && nodes.some(({ id }) => id === nodeId),
  );
  if (broken !== undefined) return fail({ reason: 'errors', node: apart.origins.get(broken.nodeId as NodeId)! });
  const output = outputOf(apart.document, nodes);
  return output.ok ? ok({ nodes, validation, output: output.value }) : output;
}

/** The one node whose rows leave the region, or lead nowhere. */
function outputOf(document: PipelineDocument, nodes: readonly RegionNode[]): Result<NodeId, RegionProblem> {
  const inside = new Set(nodes.map(({ id }) => id));
  const leaving = document.edges.filter(({ from, to }) => inside.has(from) && !inside.has(to));
  const ends = nodes.filter(({ id }) => !document.edges.some(({ from, fromPort }) => from === id && fromPort === OUT));
  const outputs = new Set([...leaving.map(({ from }) => from), ...ends.map(({ id }) => id)]);
  const originOf = (id: NodeId): NodeId => nodes.find((node) => node.id === id)!.origin;
  const [output, other] = outputs;
  if (output === undefined) return fail({ reason: 'errors', node: nodes[0]!.origin });
  if (other !== undefined) return fail({ reason: 'outputs', nodes: [...outputs].map(originOf) });
  const side = document.edges.find(({ from, fromPort }) => inside.has(from) && fromPort !== OUT);
  if (side !== undefined) return fail({ reason: 'port', node: originOf(side.from), port: side.fromPort });
  const readers = leaving.map(({ to }) => to);
  const behind = new Set([...readers, ...downstreamOf(document, readers)]);
  const back = document.edges.find(({ from, to }) => inside.has(to) && !inside.has(from) && behind.has(from));
  return back === undefined ? ok(output) : fail({ reason: 'gap', node: back.from });
}

/** Puts one node in the place of several. */
import type { NodeId } from '../../core/ids.ts';
import type { PipelineDocument, PipelineEdge } from '../document.ts';
import { addNode, removeNodes, type NewNode } from './nodes.ts';

export interface Replacement {
  readonly node: NewNode;
  /** Who writes each input port of the node. */
  readonly inputs: readonly { readonly port: string; readonly from: NodeId; readonly fromPort: string }[];
  /** Whoever read from one of the nodes reads from this port. */
  readonly outPort: string;
}

/** The node stands in the groups that those it replaces stood in. */
export function replaceNodes(
  document: PipelineDocument,
  ids: readonly NodeId[],
  { node, inputs, outPort }: Replacement,
): { readonly document: PipelineDocument; readonly id: NodeId } {
  const gone = new Set(ids);
  const { document: added, id } = addNode(document, node);
  const outside = added.edges.flatMap((edge): PipelineEdge[] => {
    if (gone.has(edge.to)) return [];
    return [gone.has(edge.from) ? { ...edge, from: id, fromPort: outPort } : edge];
  });
  const into = inputs.map(({ port, from, fromPort }) => ({ from, fromPort, to: id, toPort: port }));
  const groups = added.groups.map((group) =>
    group.nodes.some((one) => gone.has(one)) ? { ...group, nodes: [...group.nodes, id] } : group,
  );
  return { document: removeNodes({ ...added, edges: [...outside, ...into], groups }, ids), id };
}

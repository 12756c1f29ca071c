/** Room for a node that was put into an edge. Pure. */
import type { NodeId } from '../../runtime/core/ids.ts';
import { downstreamOf, moveNodes, type PipelineDocument } from '../../runtime/graph/index.ts';

/**
 * Moves `id` to the right until it is `gap` behind what it reads from, and then all that comes behind it, as a whole, until nothing
 * it feeds lies nearer than `gap`. All nodes are `width` wide.
 */
export function makeRoom(document: PipelineDocument, id: NodeId, width: number, gap: number): PipelineDocument {
  const node = document.nodes.find((one) => one.id === id);
  if (node === undefined) return document;
  const xOf = (ids: readonly NodeId[]): number[] =>
    document.nodes.filter((one) => ids.includes(one.id)).map((one) => one.position.x);
  const sources = xOf(document.edges.filter((edge) => edge.to === id).map((edge) => edge.from));
  const readers = xOf(document.edges.filter((edge) => edge.from === id).map((edge) => edge.to));
  const x = Math.max(node.position.x, ...sources.map((left) => left + width + gap));
  const missing = Math.max(0, ...readers.map((left) => x + width + gap - left));
  const behind = missing === 0 ? new Set<NodeId>() : downstreamOf(document, [id]);
  const moved = document.nodes
    .filter((one) => behind.has(one.id))
    .map((one) => [one.id, { x: one.position.x + missing, y: one.position.y }] as const);
  if (moved.length === 0 && x === node.position.x) return document;
  return moveNodes(document, new Map([[id, { x, y: node.position.y }], ...moved]));
}

/** Changes to edges. */
import type { EdgeRef } from '../../core/diagnostics.ts';
import type { NodeId } from '../../core/ids.ts';
import { DEFAULT_INPUT, DEFAULT_OUTPUT, sameEdge, type PipelineDocument, type PipelineEdge } from '../document.ts';
import { addNode, type NewNode } from './nodes.ts';

export interface NewEdge {
  readonly from: NodeId;
  /** `out` where it is left out. */
  readonly fromPort?: string;
  readonly to: NodeId;
  /** `in` where it is left out. */
  readonly toPort?: string;
}

/** Adds an edge; nothing happens when it is there already. Whether it makes sense is the validator's to say. */
export function connect(document: PipelineDocument, edge: NewEdge): PipelineDocument {
  const added: PipelineEdge = { fromPort: DEFAULT_OUTPUT, toPort: DEFAULT_INPUT, ...edge };
  if (document.edges.some((other) => sameEdge(other, added))) return document;
  return { ...document, edges: [...document.edges, added] };
}

export function disconnect(document: PipelineDocument, gone: readonly EdgeRef[]): PipelineDocument {
  const edges = document.edges.filter((edge) => !gone.some((other) => sameEdge(edge, other)));
  return edges.length === document.edges.length ? document : { ...document, edges };
}

/** Joins other ports by an edge that is there; it keeps its place in the order, which decides the order of a union's inputs. */
export function moveEdge(document: PipelineDocument, from: EdgeRef, to: PipelineEdge): PipelineDocument {
  return { ...document, edges: document.edges.map((edge) => (sameEdge(edge, from) ? to : edge)) };
}

/**
 * Puts node `id` into an edge: source → node → target. The second half keeps the edge's place in the order, which decides
 * the order of a union's inputs.
 */
export function insertOnEdge(
  document: PipelineDocument,
  edge: EdgeRef,
  id: NodeId,
  ports: { readonly input?: string; readonly output?: string } = {},
): PipelineDocument {
  const at = document.edges.findIndex((other) => sameEdge(other, edge));
  const old = document.edges[at];
  if (old === undefined || old.from === id || old.to === id) return document;
  const before: PipelineEdge = { from: old.from, fromPort: old.fromPort, to: id, toPort: ports.input ?? DEFAULT_INPUT };
  const after: PipelineEdge = { from: id, fromPort: ports.output ?? DEFAULT_OUTPUT, to: old.to, toPort: old.toPort };
  return { ...document, edges: document.edges.toSpliced(at, 1, before, after) };
}

/** Puts a new node behind an output port: it reads the port, and all that read from it read from the node. Groups of the port's node have it too. */
export function insertBehind(
  document: PipelineDocument,
  { from, fromPort }: Pick<PipelineEdge, 'from' | 'fromPort'>,
  node: NewNode,
): { readonly document: PipelineDocument; readonly id: NodeId } {
  const { document: added, id } = addNode(document, node);
  const edges = added.edges.map((edge) =>
    edge.from === from && edge.fromPort === fromPort ? { ...edge, from: id, fromPort: DEFAULT_OUTPUT } : edge,
  );
  const groups = added.groups.map((group) =>
    group.nodes.includes(from) ? { ...group, nodes: [...group.nodes, id] } : group,
  );
  return { document: { ...connect({ ...added, edges }, { from, fromPort, to: id }), groups }, id };
}

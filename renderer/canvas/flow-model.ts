/** From the document to React Flow's nodes and edges, and back to edges' names. Pure. */
import type { Edge, Node } from '@xyflow/react';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import { sameEdge, type PipelineDocument, type PipelineEdge } from '../../runtime/graph/index.ts';
import { edgeKey } from '../stores/metrics-summary.ts';

/** A node's component takes everything else from the stores by its id, so that one node's change renders one node. */
export type OperatorFlowNode = Node<Record<string, never>, 'operator'>;
export type NoteFlowNode = Node<{ readonly text: string }, 'note'>;
export type FlowNode = OperatorFlowNode | NoteFlowNode;
export type FlowEdge = Edge<{ readonly ref: EdgeRef }, 'flow'>;

const NO_DATA: Record<string, never> = {};
const NOTE_PREFIX = 'note:';

/** Ids of notes and nodes may be equal in a document, on the canvas not. */
export function noteFlowId(id: string): string {
  return `${NOTE_PREFIX}${id}`;
}

export function noteIdOf(flowId: string): string | null {
  return flowId.startsWith(NOTE_PREFIX) ? flowId.slice(NOTE_PREFIX.length) : null;
}

/** The nodes to show; those that look as before keep their identity and what React Flow measured of them. The same list if all do. */
export function toFlowNodes(
  document: PipelineDocument,
  selected: ReadonlySet<string>,
  before: FlowNode[],
  labelOf: (id: NodeId) => string,
): FlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  const nodes = document.nodes.map(({ id, position }): FlowNode => {
    const next: OperatorFlowNode = {
      id,
      type: 'operator',
      position,
      data: NO_DATA,
      selected: selected.has(id),
      ariaLabel: labelOf(id),
    };
    return reused(known.get(id), next);
  });
  const notes = document.notes.map((note): FlowNode => {
    const id = noteFlowId(note.id);
    const next: NoteFlowNode = {
      id,
      type: 'note',
      position: note.position,
      data: { text: note.text },
      width: note.width,
      height: note.height,
      selected: selected.has(id),
      zIndex: -1,
    };
    return reused(known.get(id), next);
  });
  return sameOr(before, [...notes, ...nodes]);
}

function reused(before: FlowNode | undefined, next: FlowNode): FlowNode {
  if (before === undefined || before.type !== next.type) return next;
  const isSame =
    before.position.x === next.position.x &&
    before.position.y === next.position.y &&
    before.selected === next.selected &&
    before.ariaLabel === next.ariaLabel &&
    before.data['text'] === next.data['text'] &&
    before.width === next.width &&
    before.height === next.height;
  return isSame ? before : ({ ...before, ...next } as FlowNode);
}

export function toFlowEdges(edges: readonly PipelineEdge[], selected: EdgeRef | null, before: FlowEdge[]): FlowEdge[] {
  const known = new Map(before.map((edge) => [edge.id, edge]));
  const next = edges.map((edge): FlowEdge => {
    const id = edgeKey(edge);
    const isSelected = selected !== null && sameEdge(edge, selected);
    const old = known.get(id);
    if (old !== undefined && old.selected === isSelected) return old;
    return {
      id,
      type: 'flow',
      source: edge.from,
      sourceHandle: edge.fromPort,
      target: edge.to,
      targetHandle: edge.toPort,
      selected: isSelected,
      data: { ref: { from: edge.from, fromPort: edge.fromPort, to: edge.to, toPort: edge.toPort } },
    };
  });
  return sameOr(before, next);
}

function sameOr<T>(before: T[], next: T[]): T[] {
  return before.length === next.length && before.every((one, i) => one === next[i]) ? before : next;
}

/** A connection or edge of React Flow by our names; null while an end is open. */
export function refOfConnection(connection: {
  readonly source: string | null;
  readonly sourceHandle?: string | null;
  readonly target: string | null;
  readonly targetHandle?: string | null;
}): EdgeRef | null {
  const { source, sourceHandle, target, targetHandle } = connection;
  if (source === null || target === null || !sourceHandle || !targetHandle) return null;
  return { from: source, fromPort: sourceHandle, to: target, toPort: targetHandle };
}

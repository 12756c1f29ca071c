/** From the document to React Flow's nodes and edges, and back to edges' names. Pure. */
import { applyNodeChanges, type Edge, type Node, type NodeChange } from '@xyflow/react';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import { sameEdge, type PipelineDocument, type PipelineEdge } from '../../runtime/graph/index.ts';
import {
  groupFlowId,
  groupRects,
  groupsView,
  placeOf,
  portAt,
  type GroupsView,
  type GroupView,
  type Rect,
} from './groups/groups-view.ts';
import { drawnBox, NODE_HEIGHT, NODE_WIDTH } from './node-size.ts';
import type { GhostFlowNode } from '../diff/GhostNode.tsx';
import { edgeKey } from '../stores/metrics-summary.ts';

/** A node's component takes everything else from the stores by its id, so that one node's change renders one node. */
export type OperatorFlowNode = Node<Record<string, never>, 'operator'>;
export type NoteFlowNode = Node<{ readonly text: string }, 'note'>;
/** `key` tells whether two views say the same. */
export type GroupFlowNode = Node<{ readonly view: GroupView; readonly key: string }, 'group'>;
export type FlowNode = OperatorFlowNode | NoteFlowNode | GroupFlowNode | GhostFlowNode;
/** `ghost`: of an older version, and gone. */
export type FlowEdge = Edge<{ readonly ref: EdgeRef }, 'flow' | 'ghost'>;

const NO_GROUPS: GroupsView = { groups: [], hidden: new Map() };
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
  const known = byId(before);
  const groups = groupsView(document);
  const visible = groups.hidden.size === 0 ? document.nodes : document.nodes.filter(({ id }) => !groups.hidden.has(id));
  const nodes = visible.map(({ id, position }): FlowNode => {
    const next: OperatorFlowNode = {
      id,
      type: 'operator',
      position,
      data: NO_DATA,
      selected: selected.has(id),
      ariaLabel: labelOf(id),
    };
    const before = known.get(id);
    return before === undefined ? { ...next, ...drawnBox(document, id) } : reused(before, next);
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
  const frames = toGroupNodes(document, groups, selected, new Map([...known, ...byId(nodes)]), labelOf);
  return sameOr(before, [...frames, ...notes, ...nodes]);
}

function byId(nodes: readonly FlowNode[]): Map<string, FlowNode> {
  return new Map(nodes.map((node) => [node.id, node]));
}

/** Behind everything; those within others in front of these, also while they are selected, which lifts them. */
const FRAME_LAYER = -2000;

function toGroupNodes(
  document: PipelineDocument,
  groups: GroupsView,
  selected: ReadonlySet<string>,
  known: ReadonlyMap<string, FlowNode>,
  labelOf: (id: NodeId) => string,
): FlowNode[] {
  if (groups.groups.length === 0) return [];
  const positions = new Map(document.nodes.map((node) => [node.id, node.position]));
  const rects = groupRects(groups, (id) => {
    const position = positions.get(id);
    return position === undefined ? null : { ...position, ...sizeOf(known.get(id)) };
  });
  return groups.groups.map((view): FlowNode => {
    const id = groupFlowId(view.id);
    const { x, y, width, height } = rects.get(view.id) ?? { x: 0, y: 0, width: 0, height: 0 };
    const next: GroupFlowNode = {
      id,
      type: 'group',
      position: { x, y },
      data: { view, key: JSON.stringify(view) },
      selected: view.nodes.every((node) => selected.has(node)),
      ariaLabel: labelOf(id),
      ...(view.isCollapsed ? {} : { ...FRAME, width, height, zIndex: FRAME_LAYER + view.depth }),
    };
    return reused(known.get(id), next);
  });
}

/** A frame lets the pointer through to the canvas but for its head. */
const FRAME = { className: 'is-frame', style: { pointerEvents: 'none' } } as const;

function sizeOf(node: FlowNode | undefined): Pick<Rect, 'width' | 'height'> {
  return { width: node?.measured?.width ?? NODE_WIDTH, height: node?.measured?.height ?? NODE_HEIGHT };
}

/** While nodes are dragged: what is in a dragged frame goes with it, and frames go around what is in them. */
export function fitFrames(document: PipelineDocument, before: readonly FlowNode[], after: FlowNode[]): FlowNode[] {
  const groups = groupsView(document);
  if (groups.groups.length === 0) return after;
  const old = new Map(before.map((node) => [node.id, node]));
  const isMoved = (node: FlowNode): boolean => {
    const was = old.get(node.id)?.position;
    return was !== undefined && (was.x !== node.position.x || was.y !== node.position.y);
  };
  const moved = new Map(after.filter(isMoved).map((node) => [node.id, node]));
  const carriers = groups.groups.filter((group) => !group.isCollapsed && moved.has(groupFlowId(group.id)));
  const carried = after.map((node) => {
    const carrier = moved.has(node.id) ? undefined : carriers.find((group) => holds(group, node));
    if (carrier === undefined) return node;
    const id = groupFlowId(carrier.id);
    const [from, to] = [old.get(id)!.position, moved.get(id)!.position];
    return { ...node, position: { x: node.position.x + to.x - from.x, y: node.position.y + to.y - from.y } };
  });
  const byId = new Map(carried.map((node) => [node.id, node]));
  const boxOf = (id: string): Rect | null => {
    const node = byId.get(id);
    return node === undefined ? null : { ...node.position, ...sizeOf(node) };
  };
  const open = { ...groups, groups: groups.groups.filter((group) => !group.isCollapsed) };
  const rects = groupRects(open, (id) => {
    const group = groups.hidden.get(id);
    return boxOf(group === undefined ? id : groupFlowId(group));
  });
  return carried.map((node) => {
    const rect = node.type === 'group' ? rects.get(node.data.view.id) : undefined;
    if (rect === undefined) return node;
    const { x, y, width, height } = rect;
    const isSame = node.position.x === x && node.position.y === y && node.width === width && node.height === height;
    return isSame ? node : { ...node, position: { x, y }, width, height };
  });
}

function holds(group: GroupView, node: FlowNode): boolean {
  if (node.type === 'note' || node.type === 'ghost') return false;
  if (node.type === 'operator') return group.nodes.some((id) => id === node.id);
  return node.data.view.depth > group.depth && group.nodes.includes(node.data.view.nodes[0]!);
}

function reused(before: FlowNode | undefined, next: FlowNode): FlowNode {
  if (before === undefined || before.type !== next.type) return next;
  // A frame and a box have nothing of each other's size and style.
  if (before.type === 'group' && next.type === 'group' && before.data.view.isCollapsed !== next.data.view.isCollapsed) {
    return next;
  }
  const isSame =
    before.position.x === next.position.x &&
    before.position.y === next.position.y &&
    before.selected === next.selected &&
    before.ariaLabel === next.ariaLabel &&
    dataKey(before) === dataKey(next) &&
    before.width === next.width &&
    before.height === next.height;
  return isSame ? before : ({ ...asMeasured(before), ...next } as FlowNode);
}

/** Without where its ports were to be: what React Flow has measured since then counts. */
function asMeasured<N extends FlowNode>({ handles: _handles, ...node }: N): Omit<N, 'handles'> {
  return node;
}

/** Moved and measured nodes, the others as they are. */
export function withChanges(changes: NodeChange<FlowNode>[], before: FlowNode[]): FlowNode[] {
  const known = new Set(before);
  return applyNodeChanges(changes, before).map((node) => (known.has(node) ? node : (asMeasured(node) as FlowNode)));
}

function dataKey(node: FlowNode): string | undefined {
  return node.type === 'note' ? node.data.text : node.type === 'group' ? node.data.key : undefined;
}

/** Edges within a collapsed group are not shown; those across its border end at it. */
export function toFlowEdges(
  edges: readonly PipelineEdge[],
  selected: EdgeRef | null,
  before: FlowEdge[],
  groups: GroupsView = NO_GROUPS,
): FlowEdge[] {
  const known = new Map(before.map((edge) => [edge.id, edge]));
  const { hidden } = groups;
  const isInside = ({ from, to }: PipelineEdge): boolean => hidden.has(from) && hidden.get(from) === hidden.get(to);
  const shown = hidden.size === 0 ? edges : edges.filter((edge) => !isInside(edge));
  const next = shown.map((edge): FlowEdge => {
    const id = edgeKey(edge);
    const isSelected = selected !== null && sameEdge(edge, selected);
    const old = known.get(id);
    const source = placeOf(groups, { node: edge.from, port: edge.fromPort });
    const target = placeOf(groups, { node: edge.to, port: edge.toPort });
    const isSame = old?.source === source.id && old.target === target.id && old.selected === isSelected;
    if (old !== undefined && isSame) return old;
    return {
      id,
      type: 'flow',
      source: source.id,
      sourceHandle: source.handle,
      target: target.id,
      targetHandle: target.handle,
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
  const from = portAt(source, sourceHandle);
  const to = portAt(target, targetHandle);
  return { from: from.node, fromPort: from.port, to: to.node, toPort: to.port };
}

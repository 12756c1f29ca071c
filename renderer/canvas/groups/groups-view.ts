/** Which groups are on screen, and what a collapsed one stands for. Pure. */
import { nodeId, type NodeId } from '../../../runtime/core/ids.ts';
import type { ShownGraph } from '../walk.ts';
import { groupPath, nodesInGroup, type Group, type PipelineDocument } from '../../../runtime/graph/index.ts';

/** A port of a node inside, read or written from outside. */
export interface GroupPort {
  readonly node: NodeId;
  readonly port: string;
}

export interface GroupView {
  readonly id: string;
  readonly label: string;
  /** How many groups are around it. */
  readonly depth: number;
  readonly isCollapsed: boolean;
  /** With those of groups within. */
  readonly nodes: readonly NodeId[];
  /** Of a collapsed group: what edges from and to outside end at, each once, in the edges' order. */
  readonly inputs: readonly GroupPort[];
  readonly outputs: readonly GroupPort[];
}

export interface GroupsView {
  /** Those that are not in a collapsed one. */
  readonly groups: readonly GroupView[];
  /** Nodes in collapsed groups, with the outermost of these. */
  readonly hidden: ReadonlyMap<NodeId, string>;
}

const NO_GROUPS: GroupsView = { groups: [], hidden: new Map() };
const views = new WeakMap<PipelineDocument, GroupsView>();

/** Made once per document. */
export function groupsView(document: PipelineDocument): GroupsView {
  if (document.groups.length === 0) return NO_GROUPS;
  const view = views.get(document) ?? makeView(document);
  views.set(document, view);
  return view;
}

function makeView({ groups, nodes, edges }: PipelineDocument): GroupsView {
  const there = new Set(nodes.map((node) => node.id));
  const hidden = new Map<NodeId, string>();
  const shown: { readonly group: Group; readonly depth: number; readonly nodes: readonly NodeId[] }[] = [];
  for (const group of groups) {
    const around = groupPath(groups, group.id).slice(1);
    const inside = nodesInGroup(groups, group.id).filter((id) => there.has(id));
    if (inside.length === 0 || around.some((outer) => outer.collapsed === true)) continue;
    shown.push({ group, depth: around.length, nodes: inside });
    if (group.collapsed === true) for (const id of inside) hidden.set(id, group.id);
  }
  const crossing = edges.filter(({ from, to }) => hidden.get(from) !== hidden.get(to));
  return {
    hidden,
    groups: shown.map(({ group: { id, label, collapsed = false }, depth, nodes: inside }) => ({
      id,
      label,
      depth,
      isCollapsed: collapsed,
      nodes: inside,
      inputs: portsOnce(crossing.filter((e) => hidden.get(e.to) === id).map((e) => ({ node: e.to, port: e.toPort }))),
      outputs: portsOnce(
        crossing.filter((e) => hidden.get(e.from) === id).map((e) => ({ node: e.from, port: e.fromPort })),
      ),
    })),
  };
}

function portsOnce(ports: readonly GroupPort[]): GroupPort[] {
  return ports.filter((port, i) => ports.findIndex((one) => one.node === port.node && one.port === port.port) === i);
}

// Names on the canvas --------------------------------------------------------------------------------------------------

const GROUP_PREFIX = 'group:';

/** Of the frame or box of a group: no id of a node has a colon. */
export function groupFlowId(id: string): NodeId {
  return nodeId(`${GROUP_PREFIX}${id}`);
}

export function groupIdOf(flowId: string): string | null {
  return flowId.startsWith(GROUP_PREFIX) ? flowId.slice(GROUP_PREFIX.length) : null;
}

export interface Place {
  readonly id: NodeId;
  readonly handle: string;
}

/** Where on the canvas a port is: at its node, or at the collapsed group that the node is in. */
export function placeOf({ hidden }: GroupsView, { node, port }: GroupPort): Place {
  const group = hidden.get(node);
  return group === undefined ? { id: node, handle: port } : { id: groupFlowId(group), handle: `${node}\n${port}` };
}

/** The port at a place on the canvas. */
export function portAt(flowId: string, handle: string): GroupPort {
  const at = groupIdOf(flowId) === null ? -1 : handle.indexOf('\n');
  return at < 0
    ? { node: nodeId(flowId), port: handle }
    : { node: nodeId(handle.slice(0, at)), port: handle.slice(at + 1) };
}

/** What stands for a node on the canvas: itself, or the collapsed group it is in. */
export function shownAs(document: PipelineDocument, node: NodeId): NodeId {
  const group = groupsView(document).hidden.get(node);
  return group === undefined ? node : groupFlowId(group);
}

/** The graph with collapsed groups in the place of their nodes. */
export function shownGraph(document: PipelineDocument): ShownGraph {
  const view = groupsView(document);
  if (view.hidden.size === 0) return document;
  const corners = new Map(document.nodes.map((node) => [node.id, node.position]));
  const boxes = view.groups
    .filter((group) => group.isCollapsed)
    .map((group) => {
      const inside = group.nodes.flatMap((id) => corners.get(id) ?? []);
      const position = { x: Math.min(...inside.map((one) => one.x)), y: Math.min(...inside.map((one) => one.y)) };
      return { id: groupFlowId(group.id), position };
    });
  const edges = document.edges
    .map((edge) => ({ from: shownAs(document, edge.from), to: shownAs(document, edge.to) }))
    .filter(({ from, to }) => from !== to);
  return { nodes: [...document.nodes.filter(({ id }) => !view.hidden.has(id)), ...boxes], edges };
}

// Places ---------------------------------------------------------------------------------------------------------------

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Between a frame and what is in it; above there is its head. */
export const FRAME_PADDING = 24;
export const FRAME_HEAD = 40;

export function frameAround(inside: readonly Rect[]): Rect {
  const x = Math.min(...inside.map((one) => one.x)) - FRAME_PADDING;
  const y = Math.min(...inside.map((one) => one.y)) - FRAME_HEAD;
  const right = Math.max(...inside.map((one) => one.x + one.width)) + FRAME_PADDING;
  const bottom = Math.max(...inside.map((one) => one.y + one.height)) + FRAME_PADDING;
  return { x, y, width: right - x, height: bottom - y };
}

/** The rectangles of all groups on screen: those of groups within lie within. `boxOf`: of a node. */
export function groupRects(view: GroupsView, boxOf: (node: NodeId) => Rect | null): ReadonlyMap<string, Rect> {
  const rects = new Map<string, Rect>();
  for (const group of view.groups.toSorted((a, b) => b.depth - a.depth)) {
    const within = view.groups.filter((one) => one.depth === group.depth + 1 && group.nodes.includes(one.nodes[0]!));
    const held = new Set(within.flatMap((one) => one.nodes));
    const inside = [
      ...group.nodes.filter((id) => !held.has(id)).flatMap((id) => boxOf(id) ?? []),
      ...within.flatMap((one) => rects.get(one.id) ?? []),
    ];
    if (inside.length > 0) rects.set(group.id, frameAround(inside));
  }
  return rects;
}

/** Where nodes go when groups are dragged: all that is in one goes as far as it does. */
export function withMembers(
  document: PipelineDocument,
  rects: ReadonlyMap<string, Rect>,
  places: ReadonlyMap<string, { readonly x: number; readonly y: number }>,
): ReadonlyMap<NodeId, { readonly x: number; readonly y: number }> {
  const { groups } = groupsView(document);
  const positions = new Map(document.nodes.map((node) => [node.id, node.position]));
  const moved = new Map<NodeId, { readonly x: number; readonly y: number }>();
  for (const group of groups.toSorted((a, b) => a.depth - b.depth)) {
    const place = places.get(groupFlowId(group.id));
    const rect = rects.get(group.id);
    if (place === undefined || rect === undefined) continue;
    for (const id of group.nodes) {
      const position = positions.get(id);
      if (position === undefined || moved.has(id)) continue;
      moved.set(id, { x: position.x + place.x - rect.x, y: position.y + place.y - rect.y });
    }
  }
  for (const [id, place] of places) if (groupIdOf(id) === null) moved.set(nodeId(id), place);
  return moved;
}

/** The canvas on screen, for commands: where it looks, and how large nodes were drawn. */
import { getViewportForBounds, type Handle, type InternalNode, type ReactFlowInstance } from '@xyflow/react';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { PipelineDocument, Position } from '../../runtime/graph/index.ts';
import type { Box } from './arrange.ts';
import type { FlowEdge, FlowNode } from './flow-model.ts';
import { groupRects, groupsView, type Rect } from './groups/groups-view.ts';
import type { BoxPort, LayoutBox } from './layout/elk-graph.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './node-size.ts';

export { NODE_HEIGHT, NODE_WIDTH };

/** Nodes snap to this. */
export const GRID = 8;

const FIT_PADDING = 0.09;
/** A lone node is not blown up to fill the canvas. */
const FIT_MAX_ZOOM = 1.1;
export const MIN_ZOOM = 0.15;
export const MAX_ZOOM = 2;

let instance: ReactFlowInstance<FlowNode, FlowEdge> | null = null;
let container: HTMLElement | null = null;

/** Called by the canvas when it appears (and with nulls when it goes). */
export function setFlowInstance(flow: ReactFlowInstance<FlowNode, FlowEdge> | null, element: HTMLElement | null): void {
  instance = flow;
  container = element;
}

/** The middle of what is in sight, in canvas coordinates, on the grid. */
export function centreOfSight(): Position {
  const box = container?.getBoundingClientRect();
  if (instance === null || box === undefined) return { x: 0, y: 0 };
  const middle = instance.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  return snapped({ x: middle.x - NODE_WIDTH / 2, y: middle.y - NODE_HEIGHT / 2 });
}

export function toCanvas(screen: Position): Position {
  return instance?.screenToFlowPosition(screen) ?? screen;
}

export function snapped({ x, y }: Position): Position {
  return { x: Math.round(x / GRID) * GRID, y: Math.round(y / GRID) * GRID };
}

/** Sizes and ports as drawn, of all nodes or of those named. */
export function boxesOf(document: PipelineDocument, ids: ReadonlySet<NodeId> | null = null): LayoutBox[] {
  return document.nodes
    .filter((node) => ids === null || ids.has(node.id))
    .map(({ id, position }) => boxAs(id, position));
}

/** A box of what React Flow drew under an id, at a place. */
export function boxAs(id: NodeId, position: Position): LayoutBox {
  const drawn = instance?.getInternalNode(id);
  const width = drawn?.measured.width ?? NODE_WIDTH;
  const height = drawn?.measured.height ?? NODE_HEIGHT;
  return { id, position, width, height, ports: drawn === undefined ? [] : portsOfBox(drawn, width) };
}

/** Where the groups on screen are, by id; without what `except` says, as if those nodes were not there. */
export function groupRectsOf(
  document: PipelineDocument,
  except: ReadonlySet<NodeId> = new Set(),
): ReadonlyMap<string, Rect> {
  const boxes = new Map(boxesOf(document).map((box) => [box.id, box]));
  return groupRects(groupsView(document), (id) => {
    const box = except.has(id) ? undefined : boxes.get(id);
    return box === undefined ? null : { ...box.position, width: box.width, height: box.height };
  });
}

function portsOfBox(drawn: InternalNode, width: number): BoxPort[] {
  const { source, target } = drawn.internals.handleBounds ?? {};
  const toPort =
    (side: BoxPort['side'], x: number) =>
    (handle: Handle): BoxPort => ({
      side,
      name: handle.id ?? '',
      x,
      y: Math.round(handle.y + handle.height / 2),
    });
  return [...(target ?? []).map(toPort('input', 0)), ...(source ?? []).map(toPort('output', width))];
}

/** Reckons with nodes that are out of sight, and so were never drawn. Nothing happens before the canvas has a size. */
export function zoomToFit(boxes: readonly Box[], duration = 220): void {
  const sight = container?.getBoundingClientRect();
  if (instance === null || sight === undefined || sight.width === 0 || boxes.length === 0) return;
  const x = Math.min(...boxes.map((box) => box.position.x));
  const y = Math.min(...boxes.map((box) => box.position.y));
  const right = Math.max(...boxes.map((box) => box.position.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.position.y + box.height));
  const bounds = { x, y, width: right - x, height: bottom - y };
  const viewport = getViewportForBounds(bounds, sight.width, sight.height, MIN_ZOOM, FIT_MAX_ZOOM, FIT_PADDING);
  void instance.setViewport(viewport, { duration });
}

const OVERVIEW_ZOOM = 0.6;
const CORNER_MARGIN = 32;

/** The beginning of a graph that is too large to be read as a whole. */
export function showCorner(boxes: readonly Box[]): void {
  const x = Math.min(...boxes.map((box) => box.position.x));
  const y = Math.min(...boxes.map((box) => box.position.y));
  const zoom = OVERVIEW_ZOOM;
  void instance?.setViewport({ x: CORNER_MARGIN - x * zoom, y: CORNER_MARGIN - y * zoom, zoom });
}

export function zoomIn(): void {
  void instance?.zoomIn({ duration: 120 });
}

export function zoomOut(): void {
  void instance?.zoomOut({ duration: 120 });
}

/** Brings a node of the canvas (an operator, a note) into sight, without changing the zoom, if it is not there already. */
export function showNode(id: string): void {
  const node = instance?.getInternalNode(id);
  const box = container?.getBoundingClientRect();
  if (instance === null || node === undefined || box === undefined) return;
  const { x, y } = node.internals.positionAbsolute;
  const width = node.measured.width ?? NODE_WIDTH;
  const height = node.measured.height ?? NODE_HEIGHT;
  const corner = instance.flowToScreenPosition({ x, y });
  const zoom = instance.getZoom();
  const isInSight =
    corner.x >= box.left &&
    corner.y >= box.top &&
    corner.x + width * zoom <= box.right &&
    corner.y + height * zoom <= box.bottom;
  if (!isInSight) void instance.setCenter(x + width / 2, y + height / 2, { zoom, duration: 200 });
}

/** Moves the keyboard's focus to a node. */
export function focusNode(id: NodeId): void {
  container
    ?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
    ?.focus({ preventScroll: true });
}

export function focusCanvas(): void {
  container?.focus({ preventScroll: true });
}

/** Between the document and ELK's layered layout. Pure. */
import type { ElkNode, ElkPort } from 'elkjs/lib/elk-api.js';
import { nodeId, type NodeId } from '../../../runtime/core/ids.ts';
import type { PipelineEdge, Position } from '../../../runtime/graph/index.ts';
import type { Box } from '../arrange.ts';
import { FRAME_HEAD, FRAME_PADDING } from '../groups/groups-view.ts';

/** Where an edge may end on a box, from its top left corner. */
export interface BoxPort {
  readonly side: 'input' | 'output';
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

export interface LayoutBox extends Box {
  readonly ports: readonly BoxPort[];
}

const LAYOUT_OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.layered.spacing.nodeNodeBetweenLayers': '80',
  'elk.spacing.nodeNode': '40',
  'elk.spacing.componentComponent': '64',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
};
/** Ports stay where they are drawn, so that edges come out straight and cross as little as can be. */
const NODE_OPTIONS = { 'elk.portConstraints': 'FIXED_POS' };
/** What nothing flows into stands at the left edge, where a reader begins. */
const FIRST_LAYER = { 'elk.layered.layering.layerConstraint': 'FIRST' };

/** Boxes that stay together, with room for a frame around them. */
export interface LayoutFrame {
  readonly id: NodeId;
  /** The frame around it. */
  readonly parent: NodeId | null;
  /** Ids of boxes. */
  readonly boxes: readonly NodeId[];
}

const WHOLE_GRAPH = { 'elk.hierarchyHandling': 'INCLUDE_CHILDREN' };
const FRAME_OPTIONS = {
  ...LAYOUT_OPTIONS,
  'elk.padding': `[top=${FRAME_HEAD},left=${FRAME_PADDING},bottom=${FRAME_PADDING},right=${FRAME_PADDING}]`,
};

/** `edges` end at boxes. */
export function toElkGraph(
  edges: readonly PipelineEdge[],
  boxes: readonly LayoutBox[],
  frames: readonly LayoutFrame[] = [],
): ElkNode {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const hasPort = (id: NodeId, side: BoxPort['side'], name: string): boolean =>
    byId.get(id)?.ports.some((port) => port.side === side && port.name === name) ?? false;
  return {
    id: 'root',
    layoutOptions: frames.length === 0 ? LAYOUT_OPTIONS : { ...LAYOUT_OPTIONS, ...WHOLE_GRAPH },
    children: childrenOf(null, boxes, frames),
    edges: edges
      .filter((edge) => byId.has(edge.from) && byId.has(edge.to))
      .map((edge, index) => ({
        id: `e${index}`,
        sources: [hasPort(edge.from, 'output', edge.fromPort) ? portId(edge.from, 'output', edge.fromPort) : edge.from],
        targets: [hasPort(edge.to, 'input', edge.toPort) ? portId(edge.to, 'input', edge.toPort) : edge.to],
      })),
  };
}

function childrenOf(
  parent: LayoutFrame | null,
  boxes: readonly LayoutBox[],
  frames: readonly LayoutFrame[],
): ElkNode[] {
  const isHere = ({ id }: LayoutBox): boolean =>
    parent === null ? frames.every((frame) => !frame.boxes.includes(id)) : parent.boxes.includes(id);
  const inner = frames
    .filter((frame) => frame.parent === (parent?.id ?? null))
    .map((frame) => ({ id: frame.id, layoutOptions: FRAME_OPTIONS, children: childrenOf(frame, boxes, frames) }));
  const leaves = boxes.filter(isHere).map((box) => ({
    id: box.id,
    width: box.width,
    height: box.height,
    // A first layer is one of the whole graph: in a frame there may be none.
    layoutOptions: isSource(box) && frames.length === 0 ? { ...NODE_OPTIONS, ...FIRST_LAYER } : NODE_OPTIONS,
    ports: box.ports.map((port) => toElkPort(box.id, port)),
  }));
  return [...leaves, ...inner];
}

function isSource(box: LayoutBox): boolean {
  return box.ports.length > 0 && box.ports.every((port) => port.side === 'output');
}

function toElkPort(id: NodeId, { side, name, x, y }: BoxPort): ElkPort {
  const elkSide = side === 'input' ? 'WEST' : 'EAST';
  return { id: portId(id, side, name), x, y, width: 0, height: 0, layoutOptions: { 'elk.port.side': elkSide } };
}

function portId(node: string, side: BoxPort['side'], port: string): string {
  return `${node}\n${side}\n${port}`;
}

/** Positions of boxes on the grid; the top left corner of what was laid out stays where it was. */
export function fromElkGraph(laidOut: ElkNode, boxes: readonly Box[], grid: number): ReadonlyMap<NodeId, Position> {
  const placed = [...placesIn(laidOut, { x: 0, y: 0 })];
  if (placed.length === 0) return new Map();
  const corner = cornerOf(boxes.map((box) => box.position));
  const newCorner = cornerOf(placed.map(([, place]) => place));
  const snap = (n: number): number => Math.round(n / grid) * grid;
  return new Map(
    placed.map(([id, { x, y }]) => [id, { x: snap(x - newCorner.x + corner.x), y: snap(y - newCorner.y + corner.y) }]),
  );
}

/** Of boxes, by id: ELK gives places within the frame around. */
function* placesIn({ children = [] }: ElkNode, origin: Position): Generator<[NodeId, Position]> {
  for (const child of children) {
    const place = { x: origin.x + (child.x ?? 0), y: origin.y + (child.y ?? 0) };
    if (child.children === undefined) yield [nodeId(child.id), place];
    else yield* placesIn(child, place);
  }
}

function cornerOf(positions: readonly Position[]): Position {
  return { x: Math.min(...positions.map((p) => p.x)), y: Math.min(...positions.map((p) => p.y)) };
}

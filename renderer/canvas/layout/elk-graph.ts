/** Between the document and ELK's layered layout. Pure. */
import type { ElkNode, ElkPort } from 'elkjs/lib/elk-api.js';
import { nodeId, type NodeId } from '../../../runtime/core/ids.ts';
import type { PipelineDocument, Position } from '../../../runtime/graph/index.ts';
import type { Box } from '../arrange.ts';

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

export function toElkGraph(document: PipelineDocument, boxes: readonly LayoutBox[]): ElkNode {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const hasPort = (id: NodeId, side: BoxPort['side'], name: string): boolean =>
    byId.get(id)?.ports.some((port) => port.side === side && port.name === name) ?? false;
  return {
    id: 'root',
    layoutOptions: LAYOUT_OPTIONS,
    children: boxes.map((box) => ({
      id: box.id,
      width: box.width,
      height: box.height,
      layoutOptions: isSource(box) ? { ...NODE_OPTIONS, ...FIRST_LAYER } : NODE_OPTIONS,
      ports: box.ports.map((port) => toElkPort(box.id, port)),
    })),
    edges: document.edges
      .filter((edge) => byId.has(edge.from) && byId.has(edge.to))
      .map((edge, index) => ({
        id: `e${index}`,
        sources: [hasPort(edge.from, 'output', edge.fromPort) ? portId(edge.from, 'output', edge.fromPort) : edge.from],
        targets: [hasPort(edge.to, 'input', edge.toPort) ? portId(edge.to, 'input', edge.toPort) : edge.to],
      })),
  };
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

/** Positions on the grid; the top left corner of what was laid out stays where it was. */
export function fromElkGraph(laidOut: ElkNode, boxes: readonly Box[], grid: number): ReadonlyMap<NodeId, Position> {
  const children = laidOut.children ?? [];
  if (children.length === 0) return new Map();
  const corner = cornerOf(boxes.map((box) => box.position));
  const newCorner = cornerOf(children.map((child) => ({ x: child.x ?? 0, y: child.y ?? 0 })));
  const snap = (n: number): number => Math.round(n / grid) * grid;
  return new Map(
    children.map((child) => [
      nodeId(child.id),
      { x: snap((child.x ?? 0) - newCorner.x + corner.x), y: snap((child.y ?? 0) - newCorner.y + corner.y) },
    ]),
  );
}

function cornerOf(positions: readonly Position[]): Position {
  return { x: Math.min(...positions.map((p) => p.x)), y: Math.min(...positions.map((p) => p.y)) };
}

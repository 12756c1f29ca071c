/** Walking the graph with the arrow keys. Pure. */
import type { NodeId } from '../../runtime/core/ids.ts';
import type { PipelineEdge, PipelineNode, Position } from '../../runtime/graph/index.ts';

/** What is on screen: nodes, and collapsed groups in the place of theirs. */
export interface ShownGraph {
  readonly nodes: readonly ShownNode[];
  readonly edges: readonly Pick<PipelineEdge, 'from' | 'to'>[];
}

type ShownNode = Pick<PipelineNode, 'id' | 'position'>;

export type Direction = 'left' | 'right' | 'up' | 'down';

const STEPS: Readonly<Record<Direction, Position>> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

/** A node far to the side counts as this much farther than one straight ahead. */
const SIDEWAYS_COST = 2;

/**
 * The node to go to: right and left follow edges where there are any (nearest in height first), else and for up and down the
 * nearest node that way. Without a start: the leftmost. Null when there is nothing that way.
 */
export function nextNode(document: ShownGraph, from: NodeId | null, direction: Direction): NodeId | null {
  const start = document.nodes.find((node) => node.id === from);
  if (start === undefined) return leftmost(document.nodes)?.id ?? null;
  return (along(document, start, direction) ?? towards(document.nodes, start, direction))?.id ?? null;
}

function along(document: ShownGraph, start: ShownNode, direction: Direction): ShownNode | null {
  const ids =
    direction === 'right'
      ? document.edges.filter((edge) => edge.from === start.id).map((edge) => edge.to)
      : direction === 'left'
        ? document.edges.filter((edge) => edge.to === start.id).map((edge) => edge.from)
        : [];
  const neighbours = document.nodes.filter((node) => ids.includes(node.id));
  return least(neighbours, (node) => Math.abs(node.position.y - start.position.y));
}

function towards(nodes: readonly ShownNode[], start: ShownNode, direction: Direction): ShownNode | null {
  const step = STEPS[direction];
  const ahead = nodes.filter((node) => {
    const dx = node.position.x - start.position.x;
    const dy = node.position.y - start.position.y;
    return dx * step.x + dy * step.y > 0;
  });
  return least(ahead, (node) => {
    const dx = node.position.x - start.position.x;
    const dy = node.position.y - start.position.y;
    return Math.abs(dx * step.x + dy * step.y) + SIDEWAYS_COST * Math.abs(dx * step.y + dy * step.x);
  });
}

function leftmost(nodes: readonly ShownNode[]): ShownNode | null {
  return least(nodes, (node) => node.position.x);
}

function least<T>(items: readonly T[], cost: (item: T) => number): T | null {
  return items.reduce<T | null>((best, item) => (best === null || cost(item) < cost(best) ? item : best), null);
}

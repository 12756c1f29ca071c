/** Walks over a document's edges. Edges with an end that is not there are passed over. */
import type { NodeId } from '../core/ids.ts';
import type { PipelineDocument } from './document.ts';

type Graph = Pick<PipelineDocument, 'nodes' | 'edges'>;

export interface Order {
  /** Every node after all it reads from; without the nodes of `cycle` and what is behind it. The same graph always has the same order. */
  readonly order: readonly NodeId[];
  /** Nodes of one cycle, along its edges; empty when there is none. */
  readonly cycle: readonly NodeId[];
}

export function topologicalOrder(graph: Graph): Order {
  const targets = neighbours(graph, 'downstream');
  const waiting = new Map<NodeId, number>([...targets.keys()].map((id) => [id, 0]));
  for (const to of [...targets.values()].flat()) waiting.set(to, (waiting.get(to) ?? 0) + 1);

  const order: NodeId[] = [];
  const visit = (id: NodeId): void => {
    const ready = [id];
    for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
      order.push(next);
      for (const to of targets.get(next) ?? []) {
        const left = (waiting.get(to) ?? 0) - 1;
        waiting.set(to, left);
        if (left === 0) ready.push(to);
      }
    }
  };
  const roots = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  roots.forEach(visit);
  if (order.length === targets.size) return { order, cycle: [] };
  return { order, cycle: cycleAmong(graph, new Set(order)) };
}

/** Every node left over has a predecessor that is left over: walking backwards must meet a node twice. */
function cycleAmong(graph: Graph, done: ReadonlySet<NodeId>): NodeId[] {
  const sources = neighbours(graph, 'upstream');
  const path: NodeId[] = [];
  let at = graph.nodes.find((node) => !done.has(node.id))?.id;
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = sources.get(at)?.find((id) => !done.has(id));
  }
  return at === undefined ? [] : path.slice(path.indexOf(at)).reverse();
}

/** All nodes that rows of `from` come from, itself not included. */
export function upstreamOf(graph: Graph, from: Iterable<NodeId>): Set<NodeId> {
  return reach(graph, from, 'upstream');
}

/** All nodes that rows of `from` may come to, itself not included. */
export function downstreamOf(graph: Graph, from: Iterable<NodeId>): Set<NodeId> {
  return reach(graph, from, 'downstream');
}

type Direction = 'upstream' | 'downstream';

function reach(graph: Graph, from: Iterable<NodeId>, direction: Direction): Set<NodeId> {
  const next = neighbours(graph, direction);
  const found = new Set<NodeId>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const other of next.get(id) ?? []) {
      if (!found.has(other)) open.push(other);
      found.add(other);
    }
  }
  return found;
}

function neighbours(graph: Graph, direction: Direction): Map<NodeId, NodeId[]> {
  const map = new Map<NodeId, NodeId[]>(graph.nodes.map((node) => [node.id, []]));
  for (const { from, to } of graph.edges) {
    const [key, value] = direction === 'downstream' ? [from, to] : [to, from];
    if (map.has(value)) map.get(key)?.push(value);
  }
  return map;
}

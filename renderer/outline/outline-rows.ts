/**
 * The graph as a tree that follows the data: from each source on, what reads it. What follows in a line stays on one level; only where rows go
 * several ways does each way get a level of its own. A node that several others feed is listed where it is met first, and referred to elsewhere.
 */
import type { NodeId } from '../../runtime/core/ids.ts';
import { DEFAULT_OUTPUT, groupPath, topologicalOrder, type PipelineDocument } from '../../runtime/graph/index.ts';

export interface OutlineRow {
  /** Stable while the graph stays the same. */
  readonly key: string;
  readonly nodeId: NodeId;
  /** From 1. */
  readonly level: number;
  /** The node is listed elsewhere; here another feeds it. */
  readonly isReference: boolean;
  /** Reads from the row above it, on the same level. */
  readonly isNext: boolean;
  /** Has rows on the next level below it. */
  readonly isBranching: boolean;
  /** The port by which rows come here, where it is not the ordinary one. */
  readonly port: string | null;
  /** Labels of the groups around the node, from the outside in. */
  readonly groups: readonly string[];
}

export function outlineRows(document: PipelineDocument): readonly OutlineRow[] {
  const { order } = topologicalOrder(document);
  const readers = new Map<NodeId, { readonly to: NodeId; readonly port: string }[]>();
  const fed = new Set<NodeId>();
  const known = new Set(document.nodes.map(({ id }) => id));
  for (const { from, fromPort, to } of document.edges) {
    if (!known.has(from) || !known.has(to)) continue;
    fed.add(to);
    const list = readers.get(from) ?? [];
    if (!list.some((one) => one.to === to)) readers.set(from, [...list, { to, port: fromPort }]);
  }
  const groups = groupLabels(document);
  const rows: OutlineRow[] = [];
  const seen = new Set<NodeId>();
  const walk = (start: NodeId, startLevel: number, startPort: string | null, startKey: string): void => {
    const open = [{ nodeId: start, level: startLevel, port: startPort, key: startKey, isNext: false }];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const { nodeId, level, port, key, isNext } = at;
      const isReference = seen.has(nodeId);
      const next = isReference ? [] : (readers.get(nodeId) ?? []);
      const isBranching = next.length > 1;
      rows.push({ key, nodeId, level, isReference, isNext, isBranching, port, groups: groups.get(nodeId) ?? [] });
      seen.add(nodeId);
      const below = next.map((one) => ({
        nodeId: one.to,
        level: isBranching ? level + 1 : level,
        port: one.port === DEFAULT_OUTPUT ? null : one.port,
        key: `${nodeId} ${one.to}`,
        isNext: !isBranching,
      }));
      open.push(...below.reverse());
    }
  };
  for (const id of order) if (!fed.has(id)) walk(id, 1, null, id);
  // What is left over is in or behind a cycle.
  for (const { id } of document.nodes) if (!seen.has(id)) walk(id, 1, null, id);
  return rows;
}

function groupLabels({ groups }: PipelineDocument): ReadonlyMap<NodeId, readonly string[]> {
  return new Map(
    groups.flatMap((group) => {
      const labels = groupPath(groups, group.id)
        .map(({ label, id }) => label || id)
        .reverse();
      return group.nodes.map((node) => [node, labels] as const);
    }),
  );
}

/** Without what is below the rows that are closed. */
export function openRows(rows: readonly OutlineRow[], closed: ReadonlySet<string>): readonly OutlineRow[] {
  let hiddenBelow = Infinity;
  return rows.filter((row) => {
    if (row.level > hiddenBelow) return false;
    hiddenBelow = row.isBranching && closed.has(row.key) ? row.level : Infinity;
    return true;
  });
}

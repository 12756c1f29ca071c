/**
 * Merges two documents that began as one. What only one of them changed is taken from it, node by node and within a node value by value; where both
 * changed the same value differently, mine is kept and the place is named.
 */
import type { PipelineDocument, PipelineEdge } from './document.ts';

export interface Merged {
  readonly document: PipelineDocument;
  /** Places that both changed: `nodes.filter.config.condition`. */
  readonly conflicts: readonly string[];
}

/** What a side leaves out has been taken away. */
const GONE = Symbol('gone');

export function mergeDocuments(base: PipelineDocument, mine: PipelineDocument, theirs: PipelineDocument): Merged {
  const conflicts: string[] = [];
  const values = merge(keyed(base), keyed(mine), keyed(theirs), [], conflicts) as ReturnType<typeof keyed>;
  const order = [...mine.nodes, ...theirs.nodes].map(({ id }) => id);
  const nodes = [...new Set(order)].flatMap((id) => (Object.hasOwn(values.nodes, id) ? [values.nodes[id]!] : []));
  const known = new Set(nodes.map(({ id }) => id));
  const document: PipelineDocument = {
    ...values,
    nodes,
    // A node that one side took away takes along the edges that the other put to it.
    edges: Object.values(values.edges).filter(({ from, to }) => known.has(from) && known.has(to)),
    notes: Object.values(values.notes),
    groups: Object.values(values.groups).map((group) => ({
      ...group,
      nodes: group.nodes.filter((id) => known.has(id)),
    })),
  };
  return { document, conflicts };
}

/** Lists whose order means nothing by the ids of what is in them. */
function keyed({ nodes, edges, notes, groups, ...rest }: PipelineDocument) {
  return {
    ...rest,
    nodes: byKey(nodes, ({ id }) => id),
    edges: byKey(edges, edgeKey),
    notes: byKey(notes, ({ id }) => id),
    groups: byKey(groups, ({ id }) => id),
  };
}

function byKey<T>(list: readonly T[], keyOf: (one: T) => string): Record<string, T> {
  return Object.fromEntries(list.map((one) => [keyOf(one), one]));
}

function edgeKey({ from, fromPort, to, toPort }: PipelineEdge): string {
  return `${from}.${fromPort} → ${to}.${toPort}`;
}

function merge(base: unknown, mine: unknown, theirs: unknown, path: readonly string[], conflicts: string[]): unknown {
  if (isSame(mine, theirs) || isSame(base, theirs)) return mine;
  if (isSame(base, mine)) return theirs;
  if (isRecord(mine) && isRecord(theirs)) {
    const before = isRecord(base) ? base : {};
    const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
    const at = (record: Readonly<Record<string, unknown>>, key: string): unknown =>
      Object.hasOwn(record, key) ? record[key] : GONE;
    const merged = keys.map((key): [string, unknown] => [
      key,
      merge(at(before, key), at(mine, key), at(theirs, key), [...path, key], conflicts),
    ]);
    return Object.fromEntries(merged.filter(([, value]) => value !== GONE));
  }
  conflicts.push(path.join('.'));
  return mine;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a !== GONE && b !== GONE && JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
}

/** The order of keys means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]): [string, unknown] => [key, sorted(one)])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

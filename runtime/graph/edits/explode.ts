/** Takes a composite apart: what it stands for takes its place in the document. */
import type { Expansion } from '../../core/expansion.ts';
import { nodeId, type NodeId } from '../../core/ids.ts';
import type { PipelineDocument, PipelineEdge, PipelineNode, RawConfig } from '../document.ts';
import { freshId, takenIds } from './nodes.ts';

/** In pixels, from one node to the next. */
export interface Spacing {
  readonly x: number;
  readonly y: number;
}

const MAX_ID = 90;

/**
 * The document with the operators of `expansion` in place of the node `id`: in columns behind where it was, under ids that begin with its
 * own, and with its edges. What lay to the right of it moves out of the way. `versionOf`: newest config version of a type.
 */
export function explode(
  document: PipelineDocument,
  id: NodeId,
  expansion: Expansion,
  versionOf: (type: string) => number,
  spacing: Spacing,
): { readonly document: PipelineDocument; readonly ids: readonly NodeId[] } {
  const node = document.nodes.find((one) => one.id === id);
  if (node === undefined) return { document, ids: [] };
  const ids = namesOf(document, node, expansion);
  const columns = columnsOf(expansion);
  const width = Math.max(0, ...columns.values());
  const rows = new Map<number, number>();
  const parts = expansion.nodes.map((part): PipelineNode => {
    const column = columns.get(part.id)!;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    return {
      id: ids.get(part.id)!,
      type: part.type,
      version: versionOf(part.type),
      label: part.label,
      position: { x: node.position.x + column * spacing.x, y: node.position.y + row * spacing.y },
      ...(node.parallelism === undefined ? {} : { parallelism: node.parallelism }),
      config: escapeParameters(part.config) as RawConfig,
    };
  });
  const nodes = document.nodes.flatMap((one) => {
    if (one === node) return parts;
    if (one.position.x <= node.position.x) return [one];
    return [{ ...one, position: { ...one.position, x: one.position.x + width * spacing.x } }];
  });
  const partIds = [...ids.values()];
  const groups = document.groups.map((group) =>
    group.nodes.includes(id)
      ? { ...group, nodes: group.nodes.flatMap((one) => (one === id ? partIds : [one])) }
      : group,
  );
  return { document: { ...document, nodes, edges: edgesOf(document, id, expansion, ids), groups }, ids: partIds };
}

function namesOf(document: PipelineDocument, { id }: PipelineNode, expansion: Expansion): ReadonlyMap<string, NodeId> {
  const taken = takenIds(document);
  return new Map(
    expansion.nodes.map((part) => {
      const fresh = freshId(`${id}_${part.id}`.slice(0, MAX_ID), taken);
      taken.add(fresh);
      return [part.id, fresh];
    }),
  );
}

/** How many operators of the expansion stand before each, at most. */
function columnsOf({ nodes, edges }: Expansion): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  for (const { id } of nodes) {
    const before = edges.filter(({ to }) => to === id).map(({ from }) => columns.get(from)! + 1);
    columns.set(id, Math.max(0, ...before));
  }
  return columns;
}

function edgesOf(
  { edges }: PipelineDocument,
  id: NodeId,
  expansion: Expansion,
  ids: ReadonlyMap<string, NodeId>,
): readonly PipelineEdge[] {
  const inner = (name: string): NodeId => ids.get(name) ?? nodeId(name);
  const outside = edges.flatMap((edge): PipelineEdge[] => {
    const writer = edge.from === id ? expansion.outputs[edge.fromPort] : undefined;
    const from = writer === undefined ? edge : { ...edge, from: inner(writer.node), fromPort: writer.port };
    if (edge.to !== id) return edge.from === id && writer === undefined ? [] : [from];
    return (expansion.inputs[edge.toPort] ?? []).map(({ node, port }) => ({ ...from, to: inner(node), toPort: port }));
  });
  const inside = expansion.edges.map(({ from, fromPort, to, toPort }) => ({
    from: inner(from),
    fromPort,
    to: inner(to),
    toPort,
  }));
  return [...outside, ...inside];
}

/** Parameters are filled in already: what still looks like one is text. (As a replacement, `$$` alone would be one `$`.) */
export function escapeParameters(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(escapeParameters);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, escapeParameters(one)]));
}

/** Copy and paste. What lies on the clipboard is the text of a document, so that it also pastes into an editor or another window. */
import type { NodeId } from '../../core/ids.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { emptyDocument, type PipelineDocument, type Position } from '../document.ts';
import { groupsInside } from '../groups.ts';
import { parseDocument } from '../parse.ts';
import { printDocument } from '../print.ts';
import { freshId, takenIds } from './nodes.ts';

/** Nodes, the edges between them, and groups that lie wholly inside. */
export function copyNodes(document: PipelineDocument, ids: Iterable<NodeId>): string {
  const chosen = new Set(ids);
  return printDocument({
    ...emptyDocument(document.name),
    nodes: document.nodes.filter((node) => chosen.has(node.id)),
    edges: document.edges.filter((edge) => chosen.has(edge.from) && chosen.has(edge.to)),
    groups: groupsInside(document.groups, chosen),
  });
}

/**
 * Adds what `copyNodes` gave (or any document's nodes, edges, notes and groups), moved by `offset`, under fresh ids where an id is taken.
 * The error says why the text cannot be pasted.
 */
export function paste(
  document: PipelineDocument,
  text: string,
  offset: Position,
): Result<{ readonly document: PipelineDocument; readonly ids: readonly NodeId[] }> {
  const { document: fragment, diagnostics } = parseDocument(text);
  if (fragment === null) return fail(diagnostics[0]?.message ?? 'not a pipeline');

  const renamed = freshIds(
    fragment.nodes.map((node) => node.id),
    takenIds(document),
  );
  const to = (id: NodeId): NodeId => renamed.get(id) ?? id;
  const move = <T extends { readonly position: Position }>(one: T): T => ({
    ...one,
    position: { x: one.position.x + offset.x, y: one.position.y + offset.y },
  });
  const noteIds = freshIds(
    fragment.notes.map((note) => note.id),
    new Set(document.notes.map((note) => note.id)),
  );
  const groupIds = freshIds(
    fragment.groups.map((group) => group.id),
    new Set(document.groups.map((group) => group.id)),
  );

  const inside = fragment.edges.filter((edge) => renamed.has(edge.from) && renamed.has(edge.to));
  return ok({
    ids: [...renamed.values()],
    document: {
      ...document,
      nodes: [...document.nodes, ...fragment.nodes.map((node) => ({ ...move(node), id: to(node.id) }))],
      edges: [...document.edges, ...inside.map((edge) => ({ ...edge, from: to(edge.from), to: to(edge.to) }))],
      notes: [
        ...document.notes,
        ...fragment.notes.map((note) => ({ ...move(note), id: noteIds.get(note.id) ?? note.id })),
      ],
      groups: [
        ...document.groups,
        ...fragment.groups.map((group) => ({
          ...group,
          id: groupIds.get(group.id) ?? group.id,
          ...(group.parent === undefined ? {} : { parent: groupIds.get(group.parent) ?? group.parent }),
          nodes: group.nodes.filter((id) => renamed.has(id)).map(to),
        })),
      ],
    },
  });
}

/** A fresh id for each of `ids`, in order. */
function freshIds<Id extends string>(ids: readonly Id[], taken: ReadonlySet<string>): Map<Id, NodeId> {
  const all = new Set(taken);
  const map = new Map<Id, NodeId>();
  for (const id of ids) {
    const fresh = freshId(id, all);
    all.add(fresh);
    map.set(id, fresh);
  }
  return map;
}

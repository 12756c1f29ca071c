/**
 * What differs between two versions of a document, and the way back from each difference. Layout (places, sizes, what is collapsed, the order of
 * nodes and edges) does not count. Nodes are known by their ids; one that is gone and a new one of the same type with much of its config,
 * label and neighbours are the same node under another id. With that settled everything else is compared under the newer ids.
 */
import type { NodeId } from '../core/ids.ts';
import {
  sameEdge,
  type Group,
  type Note,
  type PipelineDocument,
  type PipelineEdge,
  type PipelineNode,
} from './document.ts';
import { changeId, removeNodes } from './edits/nodes.ts';
import { connect, disconnect } from './edits/edges.ts';
import { removeNotes } from './edits/canvas.ts';
import { setAt, type ConfigPath } from './edits/set-at.ts';

/** A value inside of something that is there in both. `undefined`: it is not there. */
export interface FieldChange {
  readonly path: ConfigPath;
  readonly before: unknown;
  readonly after: unknown;
}

type Versions<Element extends string, T> =
  | { readonly element: Element; readonly kind: 'added'; readonly after: T }
  | { readonly element: Element; readonly kind: 'removed'; readonly before: T }
  | { readonly element: Element; readonly kind: 'changed'; readonly after: T; readonly fields: readonly FieldChange[] };

export type Change =
  | Versions<'node', PipelineNode>
  /** The same node under another id. */
  | { readonly element: 'node'; readonly kind: 'renamed'; readonly before: NodeId; readonly after: PipelineNode }
  /** With the newer ids of its ends. */
  | Exclude<Versions<'edge', PipelineEdge>, { readonly kind: 'changed' }>
  | Versions<'note', Note>
  | Versions<'group', Group>
  /** Name, description, settings, test cases. */
  | { readonly element: 'document'; readonly kind: 'changed'; readonly fields: readonly FieldChange[] };

/** Empty iff the documents are equal but for layout. Nodes first, then edges, notes, groups and the rest, all under newer ids; other ids last. */
export function diffDocuments(before: PipelineDocument, after: PipelineDocument): readonly Change[] {
  const renames = renamedNodes(before, after);
  const aligned = [...renames].reduce((document, [old, id]) => {
    const changed = changeId(document, old, id);
    return changed.ok ? changed.value : document;
  }, before);
  const nodes = compare('node', aligned.nodes, after.nodes, ({ id: _id, position: _position, ...rest }) => rest);
  const documentFields = compareValues(wholeOf(aligned), wholeOf(after));
  return [
    ...nodes,
    ...aligned.edges
      .filter((edge) => !after.edges.some((other) => sameEdge(edge, other)))
      .map((edge): Change => ({ element: 'edge', kind: 'removed', before: edge })),
    ...after.edges
      .filter((edge) => !aligned.edges.some((other) => sameEdge(edge, other)))
      .map((edge): Change => ({ element: 'edge', kind: 'added', after: edge })),
    ...compare('note', aligned.notes, after.notes, ({ text }) => ({ text })),
    ...compare('group', aligned.groups, after.groups, ({ label, parent, nodes: held }) => ({
      label,
      parent,
      nodes: held.toSorted(),
    })),
    ...(documentFields.length === 0
      ? []
      : [{ element: 'document', kind: 'changed', fields: documentFields } satisfies Change]),
    ...[...renames].map(([old, id]): Change => ({
      element: 'node',
      kind: 'renamed',
      before: old,
      after: after.nodes.find((node) => node.id === id)!,
    })),
  ];
}

/** The document without one change, as far as what it was about is still there. */
export function revertChange(document: PipelineDocument, change: Change): PipelineDocument {
  switch (change.element) {
    case 'node':
      return revertNode(document, change);
    case 'edge':
      return change.kind === 'added' ? disconnect(document, [change.after]) : connectIfThere(document, change.before);
    case 'note': {
      if (change.kind === 'added') return removeNotes(document, [change.after.id]);
      return { ...document, notes: reverted(document.notes, change) };
    }
    case 'group':
      return { ...document, groups: reverted(document.groups, change) };
    case 'document':
      return withoutFields(document, change.fields);
  }
}

/** As `revertChange`, of one value. */
export function revertField(document: PipelineDocument, change: Change, field: FieldChange): PipelineDocument {
  return 'fields' in change ? revertChange(document, { ...change, fields: [field] }) : document;
}

function revertNode(document: PipelineDocument, change: Change & { readonly element: 'node' }): PipelineDocument {
  if (change.kind === 'added') return removeNodes(document, [change.after.id]);
  if (change.kind !== 'renamed') return { ...document, nodes: reverted(document.nodes, change) };
  const renamed = changeId(document, change.after.id, change.before);
  return renamed.ok ? renamed.value : document;
}

function connectIfThere(document: PipelineDocument, edge: PipelineEdge): PipelineDocument {
  const isThere = (id: NodeId): boolean => document.nodes.some((node) => node.id === id);
  return isThere(edge.from) && isThere(edge.to) ? connect(document, edge) : document;
}

interface Identified {
  readonly id: string;
}

function reverted<T extends Identified>(all: readonly T[], change: Versions<string, T>): readonly T[] {
  switch (change.kind) {
    case 'added':
      return all.filter(({ id }) => id !== change.after.id);
    case 'removed':
      return [...all.filter(({ id }) => id !== change.before.id), change.before];
    case 'changed': {
      const { after, fields } = change;
      // It may have gone with the nodes in it.
      const present = all.some(({ id }) => id === after.id) ? all : [...all, after];
      return present.map((one) => (one.id === after.id ? withoutFields(one, fields) : one));
    }
  }
}

function withoutFields<T>(value: T, fields: readonly FieldChange[]): T {
  return fields.reduce((result, { path, before }) => setAt(result, path, before) as T, value);
}

function wholeOf({ name, description, settings, tests, dashboard }: PipelineDocument): Record<string, unknown> {
  return { name, description, settings, tests, dashboard };
}

/** `view`: what of an element counts. */
function compare<Element extends 'node' | 'note' | 'group', T extends Identified>(
  element: Element,
  before: readonly T[],
  after: readonly T[],
  view: (one: T) => Record<string, unknown>,
): Change[] {
  const old = new Map(before.map((one) => [one.id, one]));
  const ids = new Set(after.map(({ id }) => id));
  const changes: Versions<Element, T>[] = [];
  for (const one of before) if (!ids.has(one.id)) changes.push({ element, kind: 'removed', before: one });
  for (const one of after) {
    const was = old.get(one.id);
    if (was === undefined) changes.push({ element, kind: 'added', after: one });
    else {
      const fields = compareValues(view(was), view(one));
      if (fields.length > 0) changes.push({ element, kind: 'changed', after: one, fields });
    }
  }
  return changes as unknown as Change[];
}

/** Lists of different lengths, and of ids, differ as a whole: which of their elements is which cannot be told. */
function compareValues(before: unknown, after: unknown, path: ConfigPath = []): readonly FieldChange[] {
  if (isList(before) && isList(after) && before.length === after.length && !before.every(isText)) {
    return before.flatMap((one, i) => compareValues(one, after[i], [...path, i]));
  }
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => compareValues(before[key], after[key], [...path, key]));
  }
  return sameValue(before, after) ? [] : [{ path, before, after }];
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Renames ----------------------------------------------------------------------------------------------------------

/** From here on two nodes are taken for one. */
const SIMILAR = 0.6;
const CONFIG_WEIGHT = 0.5;
const LABEL_WEIGHT = 0.2;
const NEIGHBOUR_WEIGHT = 0.3;

/** New ids by old ones: the most similar pairs first, each node once. */
function renamedNodes(before: PipelineDocument, after: PipelineDocument): ReadonlyMap<NodeId, NodeId> {
  const olds = new Set(before.nodes.map(({ id }) => id));
  const news = new Set(after.nodes.map(({ id }) => id));
  const gone = before.nodes.filter(({ id }) => !news.has(id));
  const added = after.nodes.filter(({ id }) => !olds.has(id));
  const pairs = gone
    .flatMap((old) => added.filter(({ type }) => type === old.type).map((node) => ({ old, node })))
    .map(({ old, node }) => ({ old: old.id, id: node.id, score: similarity(old, before, node, after) }))
    .filter(({ score }) => score >= SIMILAR)
    .toSorted((a, b) => b.score - a.score);
  const renames = new Map<NodeId, NodeId>();
  const taken = new Set<NodeId>();
  for (const { old, id } of pairs) {
    if (renames.has(old) || taken.has(id)) continue;
    renames.set(old, id);
    taken.add(id);
  }
  return renames;
}

/** 0 to 1, of nodes of one type. */
function similarity(old: PipelineNode, before: PipelineDocument, node: PipelineNode, after: PipelineDocument): number {
  return (
    CONFIG_WEIGHT * overlap(leavesOf(old.config), leavesOf(node.config)) +
    LABEL_WEIGHT * Number(old.label === node.label) +
    NEIGHBOUR_WEIGHT * overlap(neighboursOf(before, old.id), neighboursOf(after, node.id))
  );
}

/** What is in both, of what is in either. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const all = new Set([...a, ...b]);
  return all.size === 0 ? 1 : [...all].filter((one) => a.has(one) && b.has(one)).length / all.size;
}

function leavesOf(value: unknown, path = ''): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return new Set([`${path}=${JSON.stringify(value)}`]);
  return new Set(Object.entries(value).flatMap(([key, one]) => [...leavesOf(one, `${path}/${key}`)]));
}

function neighboursOf({ edges }: PipelineDocument, id: NodeId): ReadonlySet<string> {
  return new Set(
    edges.flatMap((edge) => [
      ...(edge.from === id ? [`${edge.fromPort} > ${edge.to} ${edge.toPort}`] : []),
      ...(edge.to === id ? [`${edge.from} ${edge.fromPort} > ${edge.toPort}`] : []),
    ]),
  );
}

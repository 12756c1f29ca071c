/** Finds what a pipeline holds by any text in it, and by what is true of its nodes (`invalid`, `late`, `back pressure`). Pure. */
import { configLeaves, printPath } from '../../runtime/core/config.ts';
import type { TextRange } from '../../runtime/core/diagnostics.ts';
import type { StreamShape } from '../../runtime/core/schema.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { AnalyzedNode } from '../../runtime/compiler/validate.ts';
import type { PipelineDocument, PipelineNode } from '../../runtime/graph/index.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';

/** What matched. `fact`: something that is true of the node, by one of its keywords. */
export type MatchKind =
  'name' | 'id' | 'type' | 'config' | 'field' | 'fact' | 'note' | 'group' | 'parameter' | 'test' | 'description';

export interface Match {
  readonly kind: MatchKind;
  /** Null: not in a node. */
  readonly nodeId: NodeId | null;
  /** Of a note or a group. */
  readonly id: string | null;
  /** Place in the node's config, or in the document; '' where it has none. */
  readonly path: string;
  /** The line that is shown. */
  readonly text: string;
  /** What matched of `text`; null: all of it. */
  readonly range: TextRange | null;
  /** What matched of the whole text at `path`. */
  readonly place: TextRange | null;
}

/** A statement that is true of a node now, and the words it is found by, in lower case. */
export interface Fact {
  readonly text: string;
  readonly words: readonly string[];
}

export interface Searched {
  readonly document: PipelineDocument;
  readonly nodes: ReadonlyMap<NodeId, AnalyzedNode>;
  readonly nameOf: (node: PipelineNode) => string;
  /** The operator's name, summary and further words. */
  readonly typeWords: (node: PipelineNode) => string;
  readonly factsOf: (node: PipelineNode) => readonly Fact[];
}

/** In the order of the nodes, then notes, groups and the rest. None for an empty query. Letter case does not matter. */
export function findInPipeline(query: string, searched: Searched): readonly Match[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const { document } = searched;
  const elsewhere = (kind: MatchKind, id: string | null, path: string, text: string): Match[] =>
    matchesIn(wanted, { kind, nodeId: null, id, path }, text);
  return [
    ...document.nodes.flatMap((node) => matchesOfNode(wanted, node, searched)),
    ...document.notes.flatMap(({ id, text }) => elsewhere('note', id, '', text)),
    ...document.groups.flatMap(({ id, label }) => elsewhere('group', id, '', label)),
    ...Object.entries(document.settings.params).flatMap(([name, value]) =>
      elsewhere('parameter', null, printPath(['settings', 'params', name]), `${name} = ${String(value)}`),
    ),
    ...document.tests.flatMap(({ name }, i) => elsewhere('test', null, `tests[${i}].name`, name)),
    ...elsewhere('description', null, 'description', document.description),
  ];
}

function matchesOfNode(wanted: string, node: PipelineNode, searched: Searched): readonly Match[] {
  const at = (kind: MatchKind, path = ''): Omit<Match, 'text' | 'range' | 'place'> => ({
    kind,
    nodeId: node.id,
    id: null,
    path,
  });
  const analyzed = searched.nodes.get(node.id);
  const form = (analyzed?.spec ?? findSpec(node.type))?.config.fields;
  const leaves = form === undefined ? [] : configLeaves(form, node.config);
  const named = (shapes: readonly StreamShape[]): string[] =>
    shapes.flatMap(({ schema }) => schema.fields.map(({ name }) => name));
  // Where it begins: all operators behind have the field as well.
  const came = new Set(named((analyzed?.inputs ?? []).map(({ shape }) => shape)));
  const names = new Set(named(Object.values(analyzed?.outputs ?? {})).filter((name) => !came.has(name)));
  const isType = [node.type, searched.typeWords(node)].some((text) => text.toLowerCase().includes(wanted));
  return [
    ...matchesIn(wanted, at('name'), searched.nameOf(node)),
    ...matchesIn(wanted, at('id'), node.id),
    ...(isType ? [{ ...at('type'), text: node.type, range: null, place: null }] : []),
    ...searched
      .factsOf(node)
      .filter(({ words }) => words.some((word) => word.startsWith(wanted)))
      .map(({ text }) => ({ ...at('fact'), text, range: null, place: null })),
    ...leaves.flatMap(({ path, value }) =>
      textsOf(value, path).flatMap((one) => matchesIn(wanted, at('config', one.path), one.text)),
    ),
    ...[...names].flatMap((name) => matchesIn(wanted, at('field'), name)),
  ];
}

/** Texts of a leaf: itself, or those in it. */
function textsOf(
  value: unknown,
  path: readonly (string | number)[],
): readonly { readonly path: string; readonly text: string }[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ path: printPath(path), text: String(value) }];
  return Array.isArray(value) ? value.flatMap((one, i) => textsOf(one, [...path, i])) : [];
}

/** One for each line that has it. */
function matchesIn(wanted: string, found: Omit<Match, 'text' | 'range' | 'place'>, text: string): Match[] {
  let offset = 0;
  return text.split('\n').flatMap((line): Match[] => {
    const start = line.toLowerCase().indexOf(wanted);
    const from = offset;
    offset += line.length + 1;
    if (start < 0) return [];
    const indent = line.length - line.trimStart().length;
    const range = { start: start - indent, end: start - indent + wanted.length };
    const place = { start: from + start, end: from + start + wanted.length };
    return [{ ...found, text: line.trim(), range: range.start < 0 ? null : range, place }];
  });
}

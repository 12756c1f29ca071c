/**
 * What it takes to rename a field everywhere. From the field's origins the new name is followed downstream, operator by operator: each is asked
 * what it makes of its inputs under new names, and what it hands on under a new name is followed in turn. Where it gives the field a
 * name of its own, or does not hand it on, the walk ends; an operator that cannot take the new name (a sub-pipeline, whose inputs
 * have the names that its own document gives them) gets the old one from a node in front of it. Where one takes the new name only if other inputs have it too (a union),
 * the origins of those are renamed as well, and the walk begins anew.
 */
import type { NodeId } from '../../core/ids.ts';
import { isComposite, type AnyOperatorSpec, type AnyPrimitiveSpec } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import { applyEdits } from '../../expression/index.ts';
import {
  addNode,
  insertBehind,
  insertOnEdge,
  renameInTestCases,
  setAt,
  type PipelineDocument,
  type PipelineEdge,
  type PipelineNode,
  type RawConfig,
  type RenamedFields,
} from '../../graph/index.ts';
import { catalog } from '../../operators/catalog.ts';
import { mergeParameters } from '../parameters.ts';
import { Probe } from '../probe.ts';
import type { AnalyzedNode, Validation } from '../validator.ts';
import { behindPort, originsOf, type FieldRef, type Graph, type Origin } from './origin.ts';
import { renameInputs, type Names } from './names.ts';
import { rewriteNode } from './rewrite-node.ts';
import type { TextChange } from './text-change.ts';

export type { FieldRef } from './origin.ts';

/**
 * `declaration`: the field has its new name from where it is declared. `source`: what data or code outside the document calls it stays, and a
 * node behind the declaration renames it. `here`: a node behind the port renames it.
 */
export type RenameFrom = 'declaration' | 'source' | 'here';

export interface RenamePlace extends TextChange {
  readonly nodeId: NodeId;
}

/** A node that hands on what leaves a port under another name. */
export interface RenameInsertion {
  readonly nodeId: NodeId;
  readonly port: string;
  readonly type: string;
  readonly version: number;
  readonly config: RawConfig;
}

/** A node in front of one that does not take the new name: it hands the rows on under the old one. */
export interface RenameAdapter {
  readonly edge: PipelineEdge;
  readonly type: string;
  readonly version: number;
  readonly config: RawConfig;
}

export interface RenamePlan {
  readonly from: RenameFrom;
  /** What else can be chosen, `from` included. */
  readonly choices: readonly RenameFrom[];
  /** In the order of the data flow. */
  readonly places: readonly RenamePlace[];
  readonly insertions: readonly RenameInsertion[];
  /** In front of nodes that have names of their own for what comes in, such as sub-pipelines with their declared inputs. */
  readonly adapters: readonly RenameAdapter[];
  /** Defaults that have to be written out before places in them change. */
  readonly defaults: ReadonlyMap<NodeId, RawConfig>;
  /** Ports, and sinks, whose rows have another field name then. */
  readonly renamed: readonly RenamedFields[];
  /** Nodes that do not take the new name and have to, because the field comes through them. */
  readonly refusedBy: readonly NodeId[];
  /** Sinks that write the new name. */
  readonly sinks: readonly NodeId[];
}

/** Distance between a node and one put behind it, in pixels of the canvas. */
const SPACING = 260;

/** `from` left out: the declaration, unless data or code outside the document uses the name. */
export function planRename(
  document: PipelineDocument,
  validation: Validation,
  ref: FieldRef,
  to: string,
  from?: RenameFrom,
): RenamePlan {
  const graph: Graph = {
    document,
    validation,
    probe: new Probe(mergeParameters(document.settings.params), validation.specs),
  };
  const first = findOrigins(graph, ref, to);
  const isDeclared = first.every(({ changes }) => changes !== null);
  const isGiven = !isDeclared || first.some((one) => one.isGiven);
  const isHere = first.length === 1 && first[0]!.nodeId === ref.nodeId;
  const choices: readonly RenameFrom[] = [
    ...(isDeclared ? (['declaration'] as const) : []),
    ...(isGiven ? (['source'] as const) : []),
    ...((isGiven && isHere) || !isRead(document, ref) ? [] : (['here'] as const)),
  ];
  const chosen = from !== undefined && choices.includes(from) ? from : isGiven ? 'source' : 'declaration';

  const origins = new Map<string, Origin>();
  const add = (wanted: FieldRef): void => {
    const found = chosen === 'here' ? [behindPort(wanted, to)] : findOrigins(graph, wanted, to);
    for (const one of found) {
      const kept = chosen === 'source' && one.isGiven ? behindPort(one, to) : one;
      origins.set(JSON.stringify([kept.nodeId, kept.port, kept.field]), kept);
    }
  };
  add(ref);
  for (;;) {
    const before = origins.size;
    const walk = spread(graph, [...origins.values()], upstreamOf(document, ref.nodeId));
    walk.wanted.forEach(add);
    if (origins.size > before) continue;
    return { from: chosen, choices, ...walk.plan };
  }
}

/** Looked for by a name that no field has: a name that is taken would hide where the field comes from. */
function findOrigins(graph: Graph, ref: FieldRef, to: string): readonly Origin[] {
  const shapes = [...graph.validation.nodes.values()].flatMap(({ outputs }) => Object.values(outputs));
  const taken = new Set(shapes.flatMap(({ schema }) => schema.fields.map(({ name }) => name)));
  let free = to;
  while (taken.has(free)) free += '_';
  const put = (text: string): string => text.replaceAll(free, to);
  const found = originsOf(graph, ref, free);
  if (free === to) return found;
  return found.map((one) => ({
    ...one,
    names: new Map(
      [...one.names].map(([port, names]) => [port, new Map([...names].map(([old, now]) => [old, put(now)]))]),
    ),
    changes:
      one.changes?.map((change) => ({
        ...change,
        edits: change.edits.map((edit) => ({ ...edit, text: put(edit.text) })),
      })) ?? null,
  }));
}

function isRead({ edges }: PipelineDocument, { nodeId, port }: FieldRef): boolean {
  return edges.some(({ from, fromPort }) => from === nodeId && fromPort === port);
}

interface Walk {
  readonly plan: Omit<RenamePlan, 'from' | 'choices'>;
  /** Fields of other inputs that have to be renamed as well. */
  readonly wanted: readonly FieldRef[];
}

/** The node, and all that rows come to it from. */
function upstreamOf({ edges }: PipelineDocument, id: NodeId): ReadonlySet<NodeId> {
  const found = new Set([id]);
  for (const one of found) for (const { from, to } of edges) if (to === one) found.add(from);
  return found;
}

/** Nodes of `way` have to take the new name; what is wrong at others is kept from them. */
function spread(graph: Graph, origins: readonly Origin[], way: ReadonlySet<NodeId>): Walk {
  const { document, validation, probe } = graph;
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const outputs = new Map<NodeId, ReadonlyMap<string, Names>>();
  const places: RenamePlace[] = [];
  const refusedBy: NodeId[] = [];
  const sinks: NodeId[] = [];
  const adapters: RenameAdapter[] = [];
  const wanted: FieldRef[] = [];
  const ports: RenamedFields[] = [];
  for (const id of validation.order) {
    const node = nodes.get(id)!;
    const analyzed = validation.nodes.get(id)!;
    const own = origins.filter(({ nodeId }) => nodeId === id);
    const changes = own.flatMap((one) => one.changes ?? []);
    let renamed = namesOf(own.filter((one) => one.changes !== null));
    const names = analyzed.edges.map(({ from, fromPort }) => outputs.get(from)?.get(fromPort));
    if (names.some((one) => one !== undefined)) {
      const rewritten = rewriteNode(probe, node, analyzed, names);
      const others = rewritten.outputs === null ? otherInputs(probe, node, analyzed, names) : [];
      wanted.push(...others);
      if (rewritten.outputs === null && others.length === 0) {
        const own = way.has(id) ? [] : adaptersFor(analyzed, names);
        adapters.push(...own);
        if (own.length > 0) continue;
        refusedBy.push(id);
      }
      changes.push(...rewritten.changes);
      if (analyzed.spec?.category === 'sink') {
        sinks.push(id);
        ports.push({ nodeId: id, port: null, names: new Map(names.flatMap((one) => [...(one ?? [])])) });
      }
      if (rewritten.outputs !== null) renamed = followed(rewritten.outputs, renamed);
    }
    places.push(...changes.map((change) => ({ ...change, nodeId: id })));
    ports.push(...[...renamed].map(([port, passed]) => ({ nodeId: id, port, names: passed })));
    renamed = followed(renamed, namesOf(own.filter((one) => one.changes === null)));
    if (renamed.size > 0) outputs.set(id, renamed);
  }
  const unnamed = origins.filter((one) => one.changes === null && isRead(document, one));
  const insertions = insertionsFor(graph, unnamed);
  const defaults = new Map(origins.map((one) => [one.nodeId, one.defaults]));
  return { plan: { places, insertions, adapters, defaults, renamed: ports, refusedBy, sinks }, wanted };
}

function namesOf(origins: readonly Origin[]): ReadonlyMap<string, Names> {
  return origins.reduce<ReadonlyMap<string, Names>>((all, { names }) => followed(all, names), new Map());
}

/** First what comes in under a new name, then what is renamed behind it. */
function followed(passed: ReadonlyMap<string, Names>, own: ReadonlyMap<string, Names>): ReadonlyMap<string, Names> {
  const all = new Map(passed);
  for (const [port, names] of own) all.set(port, new Map([...(passed.get(port) ?? []), ...names]));
  return all;
}

/** Inputs that have a field of the same name: those with which the node would take the new name. */
function otherInputs(
  probe: Probe,
  node: PipelineNode,
  analyzed: AnalyzedNode,
  names: readonly (Names | undefined)[],
): readonly FieldRef[] {
  const all = new Map(names.flatMap((one) => [...(one ?? [])]));
  const together = analyzed.inputs.map((_, i) => names[i] ?? all);
  if (rewriteNode(probe, node, analyzed, together).outputs === null) return [];
  return analyzed.edges.flatMap(({ from, fromPort }, i) =>
    names[i] !== undefined
      ? []
      : [...all.keys()]
          .filter((field) => analyzed.inputs[i]?.shape.schema.fields.some(({ name }) => name === field))
          .map((field) => ({ nodeId: from, port: fromPort, field })),
  );
}

/** What a node is that hands rows of the schema on under new names. */
function renaming(schema: Schema, names: Names): Pick<RenameInsertion, 'type' | 'version' | 'config'> | null {
  const spec = Object.values<AnyOperatorSpec>(catalog).find(
    (one): one is AnyPrimitiveSpec => !isComposite(one) && one.renames !== undefined,
  );
  return spec === undefined ? null : { type: spec.type, version: spec.version, config: spec.renames!(schema, names) };
}

/** One for each input under new names. */
function adaptersFor({ edges, inputs }: AnalyzedNode, names: readonly (Names | undefined)[]): readonly RenameAdapter[] {
  return renameInputs(inputs, names).flatMap(({ shape }, i) => {
    const back = new Map([...(names[i] ?? [])].map(([old, now]) => [now, old]));
    const added = back.size === 0 ? null : renaming(shape.schema, back);
    return added === null ? [] : [{ edge: edges[i]!, ...added }];
  });
}

/** One node for each port that is read. */
function insertionsFor({ validation }: Graph, origins: readonly Origin[]): readonly RenameInsertion[] {
  const byPort = new Map<string, Origin>();
  for (const one of origins) {
    const key = JSON.stringify([one.nodeId, one.port]);
    byPort.set(key, { ...one, names: followed(byPort.get(key)?.names ?? new Map(), one.names) });
  }
  return [...byPort.values()].flatMap(({ nodeId, port, names }) => {
    const schema = validation.nodes.get(nodeId)?.outputs[port]?.schema;
    const added = schema === undefined ? null : renaming(schema, names.get(port)!);
    return added === null ? [] : [{ nodeId, port, ...added }];
  });
}

/** Of new nodes: those that give rows the new name, and those that give it back. */
export interface RenameLabels {
  readonly inserted: string;
  readonly adapter: string;
}

/** The document with the field renamed at the `picked` places and by the plan's new nodes. */
export function applyRename(
  document: PipelineDocument,
  { defaults, insertions, adapters, renamed }: RenamePlan,
  picked: readonly RenamePlace[],
  labels: RenameLabels,
): PipelineDocument {
  const nodes = document.nodes.map((node) => {
    const own = picked.filter(({ nodeId }) => nodeId === node.id);
    if (own.length === 0) return node;
    const full: RawConfig = { ...node.config, ...defaults.get(node.id) };
    return { ...node, config: own.reduce((config, _, i) => applyAt(config, own, i), full) };
  });
  const isSame =
    nodes.every((node, i) => node === document.nodes[i]) && insertions.length === 0 && adapters.length === 0;
  if (isSame) return document;
  // First those in edges, which have other ends once a node is behind the port.
  const adapted = adapters.reduce<PipelineDocument>((changed, one) => adapt(changed, one, labels.adapter), {
    ...document,
    nodes,
  });
  const inserted = insertions.reduce((changed, one) => insert(changed, one, labels.inserted), adapted);
  return renameInTestCases(inserted, renamed);
}

/** All picked edits of one text are applied together, with the first place that has it. */
function applyAt(config: RawConfig, places: readonly RenamePlace[], at: number): RawConfig {
  const { path, text } = places[at]!;
  const key = JSON.stringify(path);
  const same = places.filter((one) => JSON.stringify(one.path) === key);
  if (same[0] !== places[at]) return config;
  return setAt(
    config,
    path,
    applyEdits(
      text,
      same.flatMap(({ edits }) => edits),
    ),
  ) as RawConfig;
}

/** What stands to the right makes room. */
function insert(
  document: PipelineDocument,
  { nodeId, port, ...added }: RenameInsertion,
  label: string,
): PipelineDocument {
  const before = document.nodes.find(({ id }) => id === nodeId);
  if (before === undefined) return document;
  const { x, y } = before.position;
  const node = { ...added, label, position: { x: x + SPACING, y } };
  return insertBehind(withRoom(document, x), { from: nodeId, fromPort: port }, node).document;
}

/** In front of the node that the edge leads to, in its groups. */
function adapt(document: PipelineDocument, { edge, ...added }: RenameAdapter, label: string): PipelineDocument {
  const behind = document.nodes.find(({ id }) => id === edge.to);
  if (behind === undefined) return document;
  const { position } = behind;
  const roomy = withRoom(document, position.x - 1);
  const { document: changed, id } = addNode(roomy, { ...added, label, position });
  const groups = changed.groups.map((group) =>
    group.nodes.includes(edge.to) ? { ...group, nodes: [...group.nodes, id] } : group,
  );
  return insertOnEdge({ ...changed, groups }, edge, id);
}

/** With all nodes to the right of `x` moved by the space for one more. */
function withRoom(document: PipelineDocument, x: number): PipelineDocument {
  const nodes = document.nodes.map((node) =>
    node.position.x <= x ? node : { ...node, position: { ...node.position, x: node.position.x + SPACING } },
  );
  return { ...document, nodes };
}

/** Changes to nodes. Every edit returns a new document that shares what did not change, or the same one when nothing did. */
import type { NodeId } from '../../core/ids.ts';
import { nodeId } from '../../core/ids.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { say } from '../../core/say.ts';
import type { Dashboard, TilePlace } from '../dashboard.ts';
import { ID_PATTERN, type PipelineDocument, type PipelineNode, type Position, type RawConfig } from '../document.ts';
import { withoutNodes } from '../groups.ts';
import { setAt, type ConfigPath } from './set-at.ts';
import { renameNodeInTests } from './test-cases.ts';

export interface NewNode {
  readonly type: string;
  readonly position: Position;
  readonly config?: RawConfig;
  /** Of the config: the operator's newest. */
  readonly version?: number;
  readonly label?: string;
  readonly parallelism?: number;
}

/** Adds a node under a fresh id made from its type: `filter`, `filter2`, …; `aggregate.window` gives `aggregateWindow`. */
export function addNode(document: PipelineDocument, node: NewNode): { document: PipelineDocument; id: NodeId } {
  const id = freshId(baseId(node.type), takenIds(document));
  const added: PipelineNode = { version: 1, config: {}, ...node, id };
  return { document: { ...document, nodes: [...document.nodes, added] }, id };
}

export function takenIds(document: PipelineDocument): Set<string> {
  return new Set(document.nodes.map((node) => node.id));
}

function baseId(type: string): string {
  const words = type.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('');
  return ID_PATTERN.test(joined) ? joined : 'node';
}

/** `base`, or the first of `base2`, `base3`, … that is not taken; digits at the end of `base` count on. */
export function freshId(base: string, taken: ReadonlySet<string>): NodeId {
  if (!taken.has(base)) return nodeId(base);
  const stem = base.replace(/\d+$/, '') || base;
  let number = 2;
  while (taken.has(`${stem}${number}`)) number++;
  return nodeId(`${stem}${number}`);
}

/** Removes nodes with their edges; groups lose them, and go when they are empty. */
export function removeNodes(document: PipelineDocument, ids: Iterable<NodeId>): PipelineDocument {
  const gone = new Set(ids);
  if (!document.nodes.some((node) => gone.has(node.id))) return document;
  return {
    ...document,
    nodes: document.nodes.filter((node) => !gone.has(node.id)),
    edges: document.edges.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to)),
    groups: withoutNodes(document.groups, gone),
    dashboard: changeTiles(document.dashboard, (tiles) => tiles.filter((tile) => !gone.has(tile.node))),
  };
}

/** Removes nodes; where one had a single input, what read from it reads from its source instead. */
export function removeAndReconnect(document: PipelineDocument, ids: Iterable<NodeId>): PipelineDocument {
  let result = document;
  for (const id of ids) {
    const [source, ...others] = result.edges.filter((edge) => edge.to === id);
    const readers = result.edges.filter((edge) => edge.from === id);
    result = removeNodes(result, [id]);
    if (source === undefined || others.length > 0) continue;
    const bridges = readers.map((edge) => ({ ...edge, from: source.from, fromPort: source.fromPort }));
    result = { ...result, edges: [...result.edges, ...bridges] };
  }
  return result;
}

export function moveNodes(document: PipelineDocument, positions: ReadonlyMap<NodeId, Position>): PipelineDocument {
  return changeNodes(document, (node) => {
    const position = positions.get(node.id);
    return position === undefined ? node : { ...node, position };
  });
}

/** Sets the value at a path of a node's config (`[]` = the whole); `undefined` takes the key away. */
export function setConfig(document: PipelineDocument, id: NodeId, path: ConfigPath, value: unknown): PipelineDocument {
  return changeNode(document, id, (node) => {
    const config = setAt(node.config, path, value) as RawConfig | undefined;
    return config === node.config ? node : { ...node, config: config ?? {} };
  });
}

/** Sets the value at a path of the node: `['parallelism']`, `['config', 'stateTtl']`. */
export function setInNode(document: PipelineDocument, id: NodeId, path: ConfigPath, value: unknown): PipelineDocument {
  return changeNode(document, id, (node) => setAt(node, path, value) as PipelineNode);
}

/** Empty text takes the label away. */
export function setLabel(document: PipelineDocument, id: NodeId, label: string): PipelineDocument {
  return changeNode(document, id, ({ label: _old, ...node }) => (label === '' ? node : { ...node, label }));
}

/** Null takes it away: the job's parallelism holds. */
export function setParallelism(document: PipelineDocument, id: NodeId, parallelism: number | null): PipelineDocument {
  return changeNode(document, id, ({ parallelism: _old, ...node }) =>
    parallelism === null ? node : { ...node, parallelism },
  );
}

/** Gives a node another id, in edges, groups and test cases as well. The error says why it cannot have that id. */
export function changeId(document: PipelineDocument, id: NodeId, text: string): Result<PipelineDocument> {
  if (text === id) return ok(document);
  if (!ID_PATTERN.test(text)) return fail(say`an id is letters, digits, "_" and "-", and starts with a letter or "_"`);
  if (takenIds(document).has(text)) return fail(say`there is a node "${text}" already`);
  const renamed = nodeId(text);
  const changed = (one: NodeId): NodeId => (one === id ? renamed : one);
  return ok({
    ...changeNode(document, id, (node) => ({ ...node, id: renamed })),
    edges: document.edges.map((edge) =>
      edge.from === id || edge.to === id ? { ...edge, from: changed(edge.from), to: changed(edge.to) } : edge,
    ),
    groups: document.groups.map((group) =>
      group.nodes.includes(id) ? { ...group, nodes: group.nodes.map(changed) } : group,
    ),
    tests: renameNodeInTests(document.tests, id, renamed),
    dashboard: changeTiles(document.dashboard, (tiles) =>
      tiles.map((tile) => (tile.node === id ? { ...tile, node: renamed } : tile)),
    ),
  });
}

function changeTiles(dashboard: Dashboard, change: (tiles: readonly TilePlace[]) => readonly TilePlace[]): Dashboard {
  const tiles = change(dashboard.tiles);
  const isSame = tiles.length === dashboard.tiles.length && tiles.every((tile, i) => tile === dashboard.tiles[i]);
  return isSame ? dashboard : { ...dashboard, tiles };
}

function changeNode(
  document: PipelineDocument,
  id: NodeId,
  change: (node: PipelineNode) => PipelineNode,
): PipelineDocument {
  return changeNodes(document, (node) => (node.id === id ? change(node) : node));
}

function changeNodes(document: PipelineDocument, change: (node: PipelineNode) => PipelineNode): PipelineDocument {
  const nodes = document.nodes.map(change);
  return nodes.every((node, i) => node === document.nodes[i]) ? document : { ...document, nodes };
}

/** What is kept of debugging each open document: read when it is opened, written when it changes, and following renamed nodes. */
import { create } from 'zustand';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import type { BreakpointRequest } from '../../runtime/protocol/debug.ts';
import { NO_DEBUG_MEMORY, type DebugMemory } from '../../runtime/protocol/debug-memory.ts';
import { host } from '../host/host.ts';
import { notifyError } from '../stores/notice-store.ts';
import { useDocumentStore, type OpenDocument } from '../stores/document-store.ts';
import { useValidationStore, type DocumentValidation } from '../stores/validation-store.ts';
import { rowsAt } from './breakpoint-scope.ts';
import { isRenamedConfig, renamedField, withRenamedFields, withRenamedNode, type FieldRename } from './breakpoints.ts';

interface DebugMemories {
  /** By path of the document. */
  readonly byPath: Readonly<Record<string, DebugMemory>>;
}

export const useDebugMemories = create<DebugMemories>(() => ({ byPath: {} }));

export function selectMemory({ byPath }: DebugMemories, path: string | null): DebugMemory {
  return (path === null ? undefined : byPath[path]) ?? NO_DEBUG_MEMORY;
}

export function memoryOf(path: string | null): DebugMemory {
  return selectMemory(useDebugMemories.getState(), path);
}

export function useBreakpoints(path: string | null): readonly BreakpointRequest[] {
  return useDebugMemories((state) => selectMemory(state, path).breakpoints);
}

/** The first that fits. */
export function useBreakpoint(
  path: string | null,
  fits: (breakpoint: BreakpointRequest) => boolean,
): BreakpointRequest | undefined {
  return useDebugMemories((state) => selectMemory(state, path).breakpoints.find(fits));
}

let lastSave: Promise<void> = Promise.resolve();

/** Takes effect at once, and is kept by the host. */
export function changeMemory(path: string, change: Partial<DebugMemory>): void {
  const memory = { ...memoryOf(path), ...change };
  put(path, memory);
  // One after the other: the last word stands.
  lastSave = lastSave
    .then(() => host().saveDebugMemory(path, memory))
    .catch((error: unknown) => void notifyError('debug:notKept', error));
}

function put(path: string, memory: DebugMemory): void {
  useDebugMemories.setState(({ byPath }) => ({ byPath: { ...byPath, [path]: memory } }));
}

async function load(path: string): Promise<void> {
  const memory = await host().debugMemory(path);
  // What was set meanwhile stands.
  if (useDebugMemories.getState().byPath[path] === undefined) put(path, memory);
}

/** Follows what is open. Returns the way to stop. */
export function followDebugMemories(): () => void {
  const asked = new Set<string>();
  const follow = (documents: readonly OpenDocument[], before: readonly OpenDocument[]): void => {
    for (const { path, document } of documents) {
      if (!asked.has(path)) {
        asked.add(path);
        load(path).catch((error: unknown) => notifyError('debug:notKept', error));
      }
      const old = before.find((one) => one.path === path)?.document;
      if (old !== undefined && old !== document) followRenames(path, old, document);
    }
  };
  follow(useDocumentStore.getState().documents, []);
  const unfollow = useDocumentStore.subscribe((state, before) => {
    if (state.documents !== before.documents) follow(state.documents, before.documents);
  });
  const unfollowFields = useValidationStore.subscribe(({ results }, { results: before }) => {
    for (const [path, result] of results) {
      const old = before.get(path);
      if (old !== undefined && old !== result) followFields(path, old, result);
    }
  });
  return () => {
    unfollow();
    unfollowFields();
  };
}

function followRenames(path: string, before: PipelineDocument, after: PipelineDocument): void {
  if (before.nodes === after.nodes) return;
  const memory = memoryOf(path);
  const changed = [...renamedNodes(before, after)].reduce(renameIn, memory);
  if (changed !== memory) changeMemory(path, changed);
}

/** Conditions and messages name fields: by what the compiler says of the rows at their places, whoever renamed these. */
function followFields(path: string, before: DocumentValidation, after: DocumentValidation): void {
  const { breakpoints } = memoryOf(path);
  const followed = breakpoints.map((one) => {
    const { nodeId } = one.place;
    const [old, now] = [before, after].map(({ nodes }) => (nodeId === null ? undefined : nodes.get(nodeId)));
    if (old === undefined || now === undefined || old === now) return one;
    const schema = rowsAt(one.place, old);
    const rename = renamedField(schema, rowsAt(one.place, now));
    if (rename === null || !isRename(before.document, after.document, rename)) return one;
    return withRenamedFields(one, (name) => (name === rename.from ? rename.to : undefined), schema);
  });
  if (followed.some((one, i) => one !== breakpoints[i])) changeMemory(path, { breakpoints: followed });
}

/** Not when rows come another way now, or a source is another one whose rows only look alike. */
function isRename(before: PipelineDocument, after: PipelineDocument, rename: FieldRename): boolean {
  if (JSON.stringify(before.edges) !== JSON.stringify(after.edges)) return false;
  const configs = new Map(before.nodes.map(({ id, config }) => [id, config]));
  const read = new Set(after.edges.map(({ to }) => to));
  return after.nodes.every(({ id, config }) => read.has(id) || isRenamedConfig(configs.get(id), config, rename));
}

function renameIn(memory: DebugMemory, [from, to]: readonly [NodeId, NodeId]): DebugMemory {
  const { [from]: recording, ...others } = memory.recordings;
  const breakpoints = withRenamedNode(memory.breakpoints, from, to);
  if (breakpoints === memory.breakpoints && recording === undefined) return memory;
  return { ...memory, breakpoints, recordings: recording === undefined ? others : { ...others, [to]: recording } };
}

/** Nodes that go by another id now: a rename, or its undoing, leaves a node in its place among the others. */
export function renamedNodes(before: PipelineDocument, after: PipelineDocument): ReadonlyMap<NodeId, NodeId> {
  if (before.nodes.length !== after.nodes.length) return new Map();
  const old = new Set(before.nodes.map(({ id }) => id));
  const now = new Set(after.nodes.map(({ id }) => id));
  return new Map(
    before.nodes.flatMap(({ id, type }, i) => {
      const other = after.nodes[i]!;
      return !now.has(id) && !old.has(other.id) && other.type === type ? [[id, other.id] as const] : [];
    }),
  );
}

/** Which version of a document it is compared with, and what differs. Nothing here is saved. */
import { create } from 'zustand';
import type { Revision } from '../../runtime/protocol/host.ts';
import { edgeKey } from '../stores/metrics-summary.ts';
import { diffDocuments, parseDocument, type Change, type PipelineDocument } from '../../runtime/graph/index.ts';
import { host } from '../host/host.ts';
import { selectActive, useDocumentStore, type OpenDocument } from '../stores/document-store.ts';
import { notifyError } from '../stores/notice-store.ts';

/** The file as it was read or written last, or a revision of it in git. */
export type Base = { readonly type: 'saved' } | { readonly type: 'revision'; readonly revision: Revision };

interface DiffState {
  /** Path of the document that is compared; null: none is. */
  readonly path: string | null;
  readonly base: Base;
  /** What the revision held. */
  readonly revisionDocument: PipelineDocument | null;
  /** Of the document at `path`, newest first. */
  readonly revisions: readonly Revision[];
}

export const useDiffStore = create<DiffState>(() => ({
  path: null,
  base: { type: 'saved' },
  revisionDocument: null,
  revisions: [],
}));

/** Compares the document on screen with its saved file, and asks which revisions there are. */
export async function startDiff(path: string): Promise<void> {
  useDiffStore.setState({ path, base: { type: 'saved' }, revisionDocument: null, revisions: [] });
  const revisions = await host()
    .listRevisions(path)
    .catch(() => []);
  if (useDiffStore.getState().path === path) useDiffStore.setState({ revisions });
}

export function stopDiff(): void {
  useDiffStore.setState({ path: null, revisionDocument: null });
}

/** Null: with the saved file. */
export async function compareWith(revision: Revision | null): Promise<void> {
  const { path } = useDiffStore.getState();
  if (path === null) return;
  if (revision === null) return useDiffStore.setState({ base: { type: 'saved' }, revisionDocument: null });
  try {
    const { document, diagnostics } = parseDocument(await host().readRevision(path, revision.hash));
    if (document === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
    useDiffStore.setState({ base: { type: 'revision', revision }, revisionDocument: document });
  } catch (error) {
    notifyError('diff:readFailed', error);
  }
}

/** How an element of the canvas stands to the older version. */
export type Mark = 'added' | 'changed' | 'removed';

export interface ShownDiff {
  readonly before: PipelineDocument;
  readonly changes: readonly Change[];
  /** By id of a node. */
  readonly nodes: ReadonlyMap<string, Mark>;
  /** By `edgeKey`. */
  readonly edges: ReadonlyMap<string, Mark>;
}

const diffs = new WeakMap<PipelineDocument, { readonly before: PipelineDocument; readonly diff: ShownDiff }>();

function diffOf(before: PipelineDocument, after: PipelineDocument): ShownDiff {
  const known = diffs.get(after);
  if (known?.before === before) return known.diff;
  const changes = diffDocuments(before, after);
  const nodes = new Map<string, Mark>();
  const edges = new Map<string, Mark>();
  for (const change of changes) {
    if (change.element === 'edge') {
      edges.set(edgeKey(change.kind === 'added' ? change.after : change.before), change.kind);
    } else if (change.element === 'node') {
      if (change.kind === 'removed') nodes.set(change.before.id, 'removed');
      else nodes.set(change.after.id, change.kind === 'added' ? 'added' : 'changed');
    }
  }
  const diff = { before, changes, nodes, edges };
  diffs.set(after, { before, diff });
  return diff;
}

function shown(open: OpenDocument | null, { path, base, revisionDocument }: DiffState): ShownDiff | null {
  if (open === null || path !== open.path) return null;
  const before = base.type === 'saved' ? open.savedDocument : revisionDocument;
  return before === null ? null : diffOf(before, open.document);
}

/** Of the document on screen, while it is compared. */
export function useShownDiff(): ShownDiff | null {
  const open = useDocumentStore(selectActive);
  return shown(open, useDiffStore());
}

/** Of one node; only a change of it renders anew. */
export function useNodeMark(id: string): Mark | null {
  const state = useDiffStore();
  return useDocumentStore((documents) => shown(selectActive(documents), state)?.nodes.get(id) ?? null);
}

export function useEdgeMark(key: string): Mark | null {
  const state = useDiffStore();
  return useDocumentStore((documents) => shown(selectActive(documents), state)?.edges.get(key) ?? null);
}

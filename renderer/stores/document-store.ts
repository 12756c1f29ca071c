/** The open documents (tabs), each with its history. Edits are pure functions on the document; nothing else changes one. */
import { create } from 'zustand';
import type { NodeId } from '../../runtime/core/ids.ts';
import {
  mergeDocuments,
  parseDocument,
  printDocument,
  record,
  redo as redoStep,
  seal,
  startHistory,
  undo as undoStep,
  type History,
  type PipelineDocument,
  type PipelineNode,
} from '../../runtime/graph/index.ts';

export interface OpenDocument {
  /** Relative to the workspace. */
  readonly path: string;
  /** As on screen: `history.present`. */
  readonly document: PipelineDocument;
  readonly history: History<PipelineDocument>;
  /** Text of the file as it was last read or written. */
  readonly savedText: string;
  /** What the file held then; same object as `document` while nothing is changed. */
  readonly savedDocument: PipelineDocument;
  /** Revision of the file; null for one that does not exist any more. */
  readonly revision: string | null;
  /** The file was changed outside while there were unsaved changes: saving will ask. */
  readonly isChangedOutside: boolean;
}

export interface DocumentState {
  /** In tab order. */
  readonly documents: readonly OpenDocument[];
  readonly activePath: string | null;
}

export const useDocumentStore = create<DocumentState>(() => ({ documents: [], activePath: null }));

const texts = new WeakMap<PipelineDocument, string>();
const indexes = new WeakMap<PipelineDocument, ReadonlyMap<NodeId, PipelineNode>>();

/** `printDocument`, computed once per document. */
export function printedText(document: PipelineDocument): string {
  const text = texts.get(document) ?? printDocument(document);
  texts.set(document, text);
  return text;
}

/** The document's nodes by id, made once per document. */
export function nodeIndex(document: PipelineDocument): ReadonlyMap<NodeId, PipelineNode> {
  const index = indexes.get(document) ?? new Map(document.nodes.map((node) => [node.id, node]));
  indexes.set(document, index);
  return index;
}

/** Whether what is on screen differs from the file. */
export function hasUnsavedChanges(open: OpenDocument): boolean {
  return (
    open.revision === null ||
    (open.document !== open.savedDocument && printedText(open.document) !== printedText(open.savedDocument))
  );
}

// Reading ------------------------------------------------------------------------------------------------------------

export function selectActive(state: DocumentState): OpenDocument | null {
  return state.documents.find((open) => open.path === state.activePath) ?? null;
}

function selectActiveDocument(state: DocumentState): PipelineDocument | null {
  return selectActive(state)?.document ?? null;
}

/** The document of the tab in front, with its path and history; null when no tab is open. */
export function useActiveDocument(): OpenDocument | null {
  return useDocumentStore(selectActive);
}

/** Only what is edited: does not change when the document is saved. */
export function usePipeline(): PipelineDocument | null {
  return useDocumentStore(selectActiveDocument);
}

/** A node of the active document; null when it is not there. Re-renders only when this node changes. */
export function useNode(nodeId: NodeId | null): PipelineNode | null {
  return useDocumentStore((state) => {
    const document = selectActiveDocument(state);
    return document === null || nodeId === null ? null : (nodeIndex(document).get(nodeId) ?? null);
  });
}

/** As `useActiveDocument`, outside React. */
export function activeDocument(): OpenDocument | null {
  return selectActive(useDocumentStore.getState());
}

export function findOpen(path: string): OpenDocument | null {
  return useDocumentStore.getState().documents.find((open) => open.path === path) ?? null;
}

// Editing ------------------------------------------------------------------------------------------------------------

/**
 * Changes the active document in one undoable step. `label` is shown with Undo. Edits in a row with the same `coalesceKey`
 * (typing in one field) are one step. Returning the same document is no step.
 */
export function edit(
  label: string,
  change: (document: PipelineDocument) => PipelineDocument,
  coalesceKey: string | null = null,
): void {
  const { activePath } = useDocumentStore.getState();
  if (activePath !== null) changeHistory(activePath, (h) => record(h, change(h.present), label, coalesceKey));
}

/** Ends coalescing: a field lost focus. */
export function sealStep(): void {
  const { activePath } = useDocumentStore.getState();
  if (activePath !== null) changeHistory(activePath, seal);
}

export function undo(): void {
  const { activePath } = useDocumentStore.getState();
  if (activePath !== null) changeHistory(activePath, undoStep);
}

export function redo(): void {
  const { activePath } = useDocumentStore.getState();
  if (activePath !== null) changeHistory(activePath, redoStep);
}

function changeHistory(path: string, change: (history: History<PipelineDocument>) => History<PipelineDocument>): void {
  changeOpen(path, (open) => {
    const history = change(open.history);
    return history === open.history ? open : { ...open, history, document: history.present };
  });
}

function changeOpen(path: string, change: (open: OpenDocument) => OpenDocument): void {
  useDocumentStore.setState((state) => {
    const documents = state.documents.map((open) => (open.path === path ? change(open) : open));
    return documents.every((open, i) => open === state.documents[i]) ? state : { documents };
  });
}

// Tabs and files: what the file actions (files/document-files.ts) call -------------------------------------------------

/** Adds a tab in front, or brings the one of that path to the front as it is. `unsaved` is put on top as an undoable step. */
export function addOpenDocument(
  file: { readonly path: string; readonly text: string; readonly revision: string },
  document: PipelineDocument,
  unsaved: { readonly document: PipelineDocument; readonly label: string } | null = null,
): void {
  const opened: OpenDocument = {
    path: file.path,
    document,
    history: startHistory(document),
    savedText: file.text,
    savedDocument: document,
    revision: file.revision,
    isChangedOutside: false,
  };
  useDocumentStore.setState(({ documents }) => ({
    documents: documents.some((open) => open.path === file.path) ? documents : [...documents, opened],
    activePath: file.path,
  }));
  if (unsaved !== null) changeHistory(file.path, (h) => record(h, unsaved.document, unsaved.label));
}

/** `document` (what was on screen when saving began) is now the file's content. */
export function markSaved(path: string, document: PipelineDocument, text: string, revision: string): void {
  changeOpen(path, (open) => ({
    ...open,
    savedText: text,
    savedDocument: document,
    revision,
    isChangedOutside: false,
  }));
}

/** The file holds something else now. Without unsaved changes the screen follows, as an undoable step named `label`. */
export function takeOutsideChange(
  path: string,
  file: { readonly text: string; readonly revision: string },
  label: string,
  mode: 'ask' | 'replace' = 'ask',
): void {
  const { document: read } = parseDocument(file.text);
  changeOpen(path, (open) => {
    if (read === null || (mode === 'ask' && hasUnsavedChanges(open))) return { ...open, isChangedOutside: true };
    const history = record(open.history, read, label);
    const { text: savedText, revision } = file;
    return { ...open, history, document: read, savedText, savedDocument: read, revision, isChangedOutside: false };
  });
}

/** What is on screen with what the file holds now merged into it, as an undoable step; it is still to be saved. */
export function takeMerge(
  path: string,
  file: { readonly text: string; readonly revision: string },
  theirs: PipelineDocument,
  label: string,
): void {
  changeOpen(path, (open) => {
    const { document } = mergeDocuments(open.savedDocument, open.document, theirs);
    const history = record(open.history, document, label);
    const { text: savedText, revision } = file;
    return { ...open, history, document, savedText, savedDocument: theirs, revision, isChangedOutside: false };
  });
}

/** Closes a tab, saved or not; the neighbour comes to the front. */
export function removeOpenDocument(path: string): void {
  useDocumentStore.setState(({ documents, activePath }) => {
    const at = documents.findIndex((open) => open.path === path);
    if (at < 0) return {};
    const left = documents.toSpliced(at, 1);
    const neighbour = left[Math.min(at, left.length - 1)]?.path ?? null;
    return { documents: left, activePath: activePath === path ? neighbour : activePath };
  });
}

export function activate(path: string): void {
  useDocumentStore.setState(({ documents }) =>
    documents.some((open) => open.path === path) ? { activePath: path } : {},
  );
}

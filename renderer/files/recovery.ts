/** Keeps an unsaved copy of every changed document with the host, so that a crash loses nothing. */
import { host } from '../host/host.ts';
import { hasUnsavedChanges, printedText, useDocumentStore, type OpenDocument } from '../stores/document-store.ts';

/** Long enough that typing is not a write per key, short enough that a crash costs a sentence. */
const DELAY_MS = 800;

/** Returns the way to stop. */
export function keepRecoveryCopies(): () => void {
  /** Text of the copy that the host holds, by path. */
  const kept = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  function keep(open: OpenDocument): void {
    const text = hasUnsavedChanges(open) ? printedText(open.document) : null;
    if (text === (kept.get(open.path) ?? null)) return;
    if (text === null) kept.delete(open.path);
    else kept.set(open.path, text);
    // Tried again with the next change.
    host()
      .saveRecovery(open.path, text)
      .catch(() => kept.delete(open.path));
  }

  const unsubscribe = useDocumentStore.subscribe((state, before) => {
    if (state.documents === before.documents) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      const { documents } = useDocumentStore.getState();
      for (const path of kept.keys()) if (!documents.some((open) => open.path === path)) kept.delete(path);
      documents.forEach(keep);
    }, DELAY_MS);
  });
  return () => {
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
}

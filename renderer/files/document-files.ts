/** Opening, saving and closing documents: what tabs, commands and the Pipelines view do with the host's files. */
import { said } from '../app/i18n/said.ts';
import { t } from '../app/i18n/index.ts';
import { host } from '../host/host.ts';
import { emptyDocument, parseDocument, printDocument, type PipelineDocument } from '../../runtime/graph/index.ts';
import { ask, askAboutOutsideChange, type Origin, type OutsideAnswer } from '../stores/dialog-store.ts';
import {
  activate,
  activeDocument,
  addOpenDocument,
  findOpen,
  hasUnsavedChanges,
  markSaved,
  printedText,
  removeOpenDocument,
  takeMerge,
  takeOutsideChange,
  useDocumentStore,
} from '../stores/document-store.ts';
import { notify, notifyError } from '../stores/notice-store.ts';
import { adopt } from '../stores/run-store.ts';
import { clearSelection, setCentreMode } from '../stores/view-store.ts';
import { refreshFiles } from './file-list.ts';

export const PIPELINE_SUFFIX = '.pipeline.json';

/** Brings a document to the front, reading it if it is not open; offers an unsaved copy that a crash left. */
export async function openDocument(path: string): Promise<void> {
  if (findOpen(path) !== null) return showDocument(path);
  try {
    const file = await host().openDocument(path);
    const { document, diagnostics } = parseDocument(file.text);
    if (document === null) {
      const detail = diagnostics.map((one) => `${one.code} ${said(one.message)}`).join('\n');
      notify('files:unreadable', { tone: 'error', values: { path }, detail });
      return;
    }
    const recovered = file.recovery === null ? null : await offerRecovery(path, file.recovery);
    addOpenDocument(
      file,
      document,
      recovered === null ? null : { document: recovered, label: t('files:steps.recover') },
    );
    clearSelection();
    setCentreMode('graph');
    void refreshFiles();
    // Without it the pipeline can be edited all the same.
    void adopt(path).catch(() => undefined);
  } catch (error) {
    notifyError('files:openFailed', error, { path });
  }
}

/** The unsaved copy if the user wants it back; otherwise it is dropped. */
async function offerRecovery(path: string, text: string): Promise<PipelineDocument | null> {
  const { document } = parseDocument(text);
  if (document === null) return null;
  const choice = await ask({
    titleKey: 'files:recovery.title',
    textKey: 'files:recovery.text',
    values: { path },
    choices: [
      { id: 'discard', labelKey: 'files:recovery.discard' },
      { id: 'restore', labelKey: 'files:recovery.restore', tone: 'primary' },
    ],
  });
  if (choice === 'discard') await host().saveRecovery(path, null);
  return choice === 'restore' ? document : null;
}

/** Brings an open document to the front. */
export function showDocument(path: string): void {
  if (useDocumentStore.getState().activePath === path) return;
  activate(path);
  clearSelection();
}

/** Writes the document of a tab (the active one) to its file. True when it is saved now. */
export async function saveDocument(path = activeDocument()?.path ?? null): Promise<boolean> {
  const open = path === null ? null : findOpen(path);
  if (open === null) return false;
  if (!hasUnsavedChanges(open)) return true;
  const { document } = open;
  const text = printedText(document);
  try {
    const result = await host().saveDocument(open.path, text, open.revision);
    if (result.status === 'conflict') return await settleConflict(open.path, document, result);
    markSaved(open.path, document, text, result.revision);
    void refreshFiles();
    return true;
  } catch (error) {
    notifyError('files:saveFailed', error, { path: open.path });
    return false;
  }
}

export async function saveAll(): Promise<void> {
  for (const { path } of useDocumentStore.getState().documents) await saveDocument(path);
}

async function settleConflict(
  path: string,
  document: PipelineDocument,
  file: { readonly text: string; readonly revision: string },
): Promise<boolean> {
  const choice = await decideOutsideChange(path, file);
  if (choice !== 'mine') return false;
  const text = printedText(document);
  const result = await host().saveDocument(path, text, file.revision);
  if (result.status === 'conflict') return settleConflict(path, document, result);
  markSaved(path, document, text, result.revision);
  return true;
}

/** Asks what should stay, and takes it unless it is mine. */
async function decideOutsideChange(
  path: string,
  file: { readonly text: string; readonly revision: string },
): Promise<OutsideAnswer | null> {
  const choice = await askAboutOutsideChange({ path, text: file.text });
  if (choice === 'theirs') takeOutsideChange(path, file, t('files:steps.reload'), 'replace');
  const { document: theirs } = parseDocument(file.text);
  if (choice === 'merge' && theirs !== null) takeMerge(path, file, theirs, t('files:steps.merge'));
  return choice;
}

/** Closes a tab; asks first when there are unsaved changes. */
export async function closeDocument(path = activeDocument()?.path ?? null): Promise<void> {
  const open = path === null ? null : findOpen(path);
  if (open === null) return;
  if (hasUnsavedChanges(open)) {
    const choice = await ask({
      titleKey: 'files:close.title',
      textKey: 'files:close.text',
      values: { name: documentName(open.path) },
      choices: [
        { id: 'cancel', labelKey: 'ui:cancel' },
        { id: 'discard', labelKey: 'files:close.discard', tone: 'danger' },
        { id: 'save', labelKey: 'files:close.save', tone: 'primary' },
      ],
    });
    if (choice === null || choice === 'cancel') return;
    if (choice === 'save' && !(await saveDocument(open.path))) return;
    if (choice === 'discard') await host().saveRecovery(open.path, null);
  }
  removeOpenDocument(open.path);
  clearSelection();
}

/** Makes the file of a pipeline, empty or a copy of `from` beside it, and opens it. `name` becomes the file's name, made safe. Rejects when the file exists. */
export async function createDocument(name: string, from?: Origin): Promise<void> {
  const path = pathForName(name, from?.path);
  const document = from?.document ?? emptyDocument('');
  await host().saveDocument(path, printDocument({ ...document, name: name.trim() }), null);
  await openDocument(path);
}

/** Gives a pipeline's file another name in its folder; what is open is saved under it. Rejects when there is such a file, and while its job runs. */
export async function renameDocument(path: string, name: string): Promise<void> {
  const to = pathForName(name, path);
  if (to === path || !(await isSavedAsOpen(path))) return;
  await host().moveDocument(path, to);
  await reopen(path, to);
}

/** Takes a pipeline's file away, and offers to bring it back. */
export async function deleteDocument(path: string): Promise<void> {
  const name = documentName(path);
  const choice = await ask({
    titleKey: 'files:delete.title',
    textKey: 'files:delete.text',
    values: { name },
    choices: [
      { id: 'cancel', labelKey: 'ui:cancel' },
      { id: 'delete', labelKey: 'files:delete.delete', tone: 'danger' },
    ],
  });
  if (choice !== 'delete' || !(await isSavedAsOpen(path))) return;
  const wasOpen = findOpen(path) !== null;
  try {
    const kept = await host().deleteDocument(path);
    await reopen(path, null);
    const restore = async (): Promise<void> => {
      await host().moveDocument(kept, path);
      if (wasOpen) await openDocument(path);
      void refreshFiles();
    };
    notify('files:delete.done', {
      values: { name },
      action: {
        labelKey: 'files:delete.restore',
        run: () => void restore().catch((error: unknown) => notifyError('files:delete.restoreFailed', error, { name })),
      },
    });
  } catch (error) {
    notifyError('files:delete.failed', error, { name });
  }
}

/** Whether the file holds what is on screen, now or before. */
async function isSavedAsOpen(path: string): Promise<boolean> {
  return findOpen(path) === null || saveDocument(path);
}

/** Shows what moved where it is now; null: nowhere. */
async function reopen(path: string, to: string | null): Promise<void> {
  const isInFront = useDocumentStore.getState().activePath === path;
  const wasOpen = findOpen(path) !== null;
  removeOpenDocument(path);
  if (isInFront) clearSelection();
  if (wasOpen && to !== null) await openDocument(to);
  void refreshFiles();
}

export async function createFromTemplate(name: string): Promise<void> {
  try {
    await openDocument(await host().createFromTemplate(name));
  } catch (error) {
    notifyError('files:templateFailed', error, { name });
  }
}

/** `Clicks per minute` → `clicks-per-minute.pipeline.json`, in the folder of `beside`; letters and digits of any script stay. */
export function pathForName(name: string, beside = ''): string {
  const words = name
    .trim()
    .toLowerCase()
    .match(/[\p{Letter}\p{Number}]+/gu) ?? ['pipeline'];
  // Relative paths in it are from its folder.
  const folder = beside.slice(0, beside.lastIndexOf('/') + 1);
  return `${folder}${words.join('-')}${PIPELINE_SUFFIX}`;
}

/** What a tab shows: the file's name without folder and suffix. */
export function documentName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.pipeline\.json$|\.json$/, '');
}

/** Follows files that other programs change. */
export async function followOutsideChanges(): Promise<void> {
  await host().onFilesChanged((paths) => {
    void refreshFiles();
    for (const path of paths) void readOutsideChange(path);
  });
}

async function readOutsideChange(path: string): Promise<void> {
  const open = findOpen(path);
  if (open === null) return;
  try {
    const file = await host().openDocument(path);
    const now = findOpen(path);
    if (now === null || file.revision === now.revision || file.text === now.savedText) return;
    takeOutsideChange(path, file, t('files:steps.reload'));
    const isAsked = findOpen(path)?.isChangedOutside === true;
    notify(isAsked ? 'files:changedOutside' : 'files:reloaded', {
      tone: isAsked ? 'warning' : 'info',
      values: { name: documentName(path) },
      action: isAsked ? { labelKey: 'files:compare', run: () => void saveDocument(path) } : null,
    });
  } catch {
    // The file is gone: what is on screen is all there is, and saving writes it again.
  }
}

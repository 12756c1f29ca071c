import { beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { parseDocument, printDocument, setLabel, type PipelineDocument } from '../../runtime/graph/index.ts';
import type { FakeHost } from '../host/fake.ts';
import { answerOutsideChange, answerQuestion, closeDialog, useDialogStore } from '../stores/dialog-store.ts';
import { activeDocument, edit, hasUnsavedChanges, undo } from '../stores/document-store.ts';
import { useNoticeStore } from '../stores/notice-store.ts';
import { sketch, startTest } from '../testing/app.tsx';
import {
  closeDocument,
  createDocument,
  deleteDocument,
  documentName,
  followOutsideChanges,
  openDocument,
  pathForName,
  renameDocument,
  saveDocument,
} from './document-files.ts';

const PATH = 'clicks.pipeline.json';
const original = sketch({ a: { type: 'filter' } });

function labelled(label: string): PipelineDocument {
  return setLabel(original, nodeId('a'), label);
}

function labelOnScreen(): string | undefined {
  return activeDocument()?.document.nodes[0]?.label;
}

function labelInFile(host: FakeHost): string | undefined {
  return parseDocument(host.fileText(PATH) ?? '').document?.nodes[0]?.label;
}

function rename(label: string): void {
  edit('label', (d) => setLabel(d, nodeId('a'), label));
}

/** Waits for the question to be asked and answers it. */
async function answer(choice: string): Promise<void> {
  for (let i = 0; i < 20 && useDialogStore.getState().dialog === null; i++) await Promise.resolve();
  if (useDialogStore.getState().dialog?.type === 'question') answerQuestion(choice);
  else if (choice === 'cancel') closeDialog();
  else answerOutsideChange(choice as 'mine');
}

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

describe('files of documents', () => {
  let host: FakeHost;
  beforeEach(() => {
    host = startTest({ files: { [PATH]: printDocument(original), 'broken.pipeline.json': '{ "format": 1 ' } });
  });

  it('makes a copy beside the file, under its own name', async () => {
    startTest({ files: { 'jobs/clicks.pipeline.json': printDocument(original) } });
    await openDocument('jobs/clicks.pipeline.json');
    await createDocument('Clicks, too', activeDocument()!);
    const { nodes } = original;
    expect(activeDocument()).toMatchObject({
      path: 'jobs/clicks-too.pipeline.json',
      document: { name: 'Clicks, too', nodes },
    });
  });

  it('renames a file with what is not saved in it yet, and never over another', async () => {
    await openDocument(PATH);
    rename('Mine');
    await renameDocument(PATH, 'Visits');
    expect(activeDocument()?.path).toBe('visits.pipeline.json');
    expect(labelOnScreen()).toBe('Mine');
    expect(host.fileText(PATH)).toBeNull();
    await expect(renameDocument('visits.pipeline.json', 'Broken')).rejects.toThrow('already');
    expect(activeDocument()?.path).toBe('visits.pipeline.json');
  });

  it('deletes a file when that was meant, and brings it back as it was on screen', async () => {
    await openDocument(PATH);
    rename('Mine');
    const kept = deleteDocument(PATH);
    await answer('cancel');
    await kept;
    expect(activeDocument()?.path).toBe(PATH);
    const deleted = deleteDocument(PATH);
    await answer('delete');
    await deleted;
    expect(activeDocument()).toBeNull();
    expect(host.fileText(PATH)).toBeNull();
    useNoticeStore.getState().notices.at(-1)!.action!.run();
    await settled();
    expect(labelOnScreen()).toBe('Mine');
    expect(labelInFile(host)).toBe('Mine');
  });

  it('opens a document once', async () => {
    await openDocument(PATH);
    rename('Mine');
    await openDocument(PATH);
    expect(labelOnScreen()).toBe('Mine');
  });

  it('says what is wrong with a file that is no pipeline', async () => {
    await openDocument('broken.pipeline.json');
    expect(activeDocument()).toBeNull();
    expect(useNoticeStore.getState().notices[0]).toMatchObject({
      tone: 'error',
      detail: expect.stringContaining('MR1001'),
    });
  });

  it('saves what is on screen', async () => {
    await openDocument(PATH);
    rename('Mine');
    expect(await saveDocument()).toBe(true);
    expect([labelInFile(host), hasUnsavedChanges(activeDocument()!)]).toEqual(['Mine', false]);
  });

  it.each([
    ['mine', 'Mine', 'Mine', true],
    ['theirs', 'Theirs', 'Theirs', false],
    ['cancel', 'Theirs', 'Mine', false],
  ])('asks when the file was changed outside: %s', async (choice, inFile, onScreen, isSaved) => {
    await openDocument(PATH);
    rename('Mine');
    host.changeOutside(PATH, printDocument(labelled('Theirs')));
    const saving = saveDocument();
    await answer(choice);
    expect(await saving).toBe(isSaved);
    expect([labelInFile(host), labelOnScreen()]).toEqual([inFile, onScreen]);
  });

  it('merges what was changed outside with what is on screen', async () => {
    await openDocument(PATH);
    rename('Mine');
    const theirs = { ...original, name: 'Their name' };
    host.changeOutside(PATH, printDocument(theirs));
    const saving = saveDocument();
    await answer('merge');
    expect(await saving).toBe(false);
    expect([activeDocument()!.document.name, labelOnScreen()]).toEqual(['Their name', 'Mine']);
    expect(await saveDocument()).toBe(true);
    undo();
    expect([activeDocument()!.document.name, labelOnScreen()]).toEqual([original.name, 'Mine']);
  });

  it('can undo having taken the version of the file', async () => {
    await openDocument(PATH);
    rename('Mine');
    host.changeOutside(PATH, printDocument(labelled('Theirs')));
    const saving = saveDocument();
    await answer('theirs');
    await saving;
    undo();
    expect(labelOnScreen()).toBe('Mine');
  });

  it('follows a file that changes outside, and asks where there are unsaved changes', async () => {
    await followOutsideChanges();
    await openDocument(PATH);
    host.changeOutside(PATH, printDocument(labelled('Theirs')));
    await settled();
    expect([labelOnScreen(), activeDocument()?.isChangedOutside]).toEqual(['Theirs', false]);
    rename('Mine');
    host.changeOutside(PATH, printDocument(labelled('Again')));
    await settled();
    expect([labelOnScreen(), activeDocument()?.isChangedOutside]).toEqual(['Mine', true]);
  });

  it('offers what a crash left, as a step that can be undone', async () => {
    host = startTest({
      files: { [PATH]: printDocument(original) },
      recoveries: { [PATH]: printDocument(labelled('Lost')) },
    });
    const opening = openDocument(PATH);
    await answer('restore');
    await opening;
    expect([labelOnScreen(), hasUnsavedChanges(activeDocument()!)]).toEqual(['Lost', true]);
    undo();
    expect(labelOnScreen()).toBeUndefined();
  });

  it('drops what a crash left when it is not wanted', async () => {
    host = startTest({
      files: { [PATH]: printDocument(original) },
      recoveries: { [PATH]: printDocument(labelled('Lost')) },
    });
    const opening = openDocument(PATH);
    await answer('discard');
    await opening;
    expect([labelOnScreen(), host.recoveryText(PATH)]).toEqual([undefined, null]);
  });

  it.each([
    ['cancel', true, undefined],
    ['discard', false, undefined],
    ['save', false, 'Mine'],
  ])('asks before unsaved changes are closed: %s', async (choice, isOpen, inFile) => {
    await openDocument(PATH);
    rename('Mine');
    const closing = closeDocument();
    await answer(choice);
    await closing;
    expect([activeDocument() !== null, labelInFile(host)]).toEqual([isOpen, inFile]);
  });

  it('makes a new document under a safe name, and never over another', async () => {
    await createDocument('Clicks per Minute!');
    expect(activeDocument()?.path).toBe('clicks-per-minute.pipeline.json');
    expect(activeDocument()?.document.name).toBe('Clicks per Minute!');
    await expect(createDocument('clicks per minute')).rejects.toThrow('already');
  });

  it('makes file names of any script, and tab names of paths', () => {
    expect([pathForName('每分钟 点击'), pathForName('../../etc')]).toEqual([
      '每分钟-点击.pipeline.json',
      'etc.pipeline.json',
    ]);
    expect(documentName('a/b/clicks.pipeline.json')).toBe('clicks');
  });
});

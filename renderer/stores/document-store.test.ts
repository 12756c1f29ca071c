import { beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { addNode, moveNodes, printDocument, setLabel } from '../../runtime/graph/index.ts';
import { openPipeline, sketch, startTest } from '../testing/app.tsx';
import {
  activate,
  activeDocument,
  addOpenDocument,
  edit,
  hasUnsavedChanges,
  markSaved,
  nodeIndex,
  printedText,
  redo,
  removeOpenDocument,
  sealStep,
  takeOutsideChange,
  undo,
  useDocumentStore,
} from './document-store.ts';

const document = sketch({ a: { type: 'filter' }, b: { type: 'filter' } }, ['a -> b']);

function active() {
  const open = activeDocument();
  if (open === null) throw new Error('no document is open');
  return open;
}

describe('open documents', () => {
  beforeEach(() => {
    startTest();
    openPipeline(document);
  });

  it('undoes and redoes an edit', () => {
    edit('label', (d) => setLabel(d, nodeId('a'), 'First'));
    expect(nodeIndex(active().document).get(nodeId('a'))?.label).toBe('First');
    undo();
    expect(active().document).toBe(document);
    redo();
    expect(nodeIndex(active().document).get(nodeId('a'))?.label).toBe('First');
  });

  it('joins edits with the same key until the step is sealed', () => {
    for (const label of ['F', 'Fi', 'Fir']) edit('label', (d) => setLabel(d, nodeId('a'), label), 'a.label');
    sealStep();
    edit('label', (d) => setLabel(d, nodeId('a'), 'First'), 'a.label');
    expect(active().history.past).toHaveLength(2);
    undo();
    undo();
    expect(active().document).toBe(document);
  });

  it('makes no step of an edit that changes nothing', () => {
    const before = useDocumentStore.getState();
    edit('nothing', (d) => d);
    expect(useDocumentStore.getState()).toBe(before);
  });

  it('is changed by an edit, and not any more when it is undone or made back by hand', () => {
    const to = (x: number) => edit('move', (d) => moveNodes(d, new Map([[nodeId('a'), { x, y: 0 }]])));
    expect(hasUnsavedChanges(active())).toBe(false);
    to(40);
    expect(hasUnsavedChanges(active())).toBe(true);
    to(0);
    expect(hasUnsavedChanges(active())).toBe(false);
  });

  it('stays changed when it was edited while it was being saved', () => {
    const saving = active().document;
    edit('add', (d) => addNode(d, { type: 'filter', position: { x: 0, y: 200 } }).document);
    markSaved(active().path, saving, printedText(saving), '2');
    expect([hasUnsavedChanges(active()), active().revision]).toEqual([true, '2']);
  });

  it('follows a change of the file as a step that can be undone', () => {
    const changed = setLabel(document, nodeId('a'), 'Outside');
    takeOutsideChange(active().path, { text: printDocument(changed), revision: '2' }, 'reload');
    expect(nodeIndex(active().document).get(nodeId('a'))?.label).toBe('Outside');
    expect(hasUnsavedChanges(active())).toBe(false);
    undo();
    expect(active().document).toBe(document);
  });

  it('keeps unsaved changes when the file changes, and says so', () => {
    edit('label', (d) => setLabel(d, nodeId('a'), 'Mine'));
    takeOutsideChange(
      active().path,
      { text: printDocument(setLabel(document, nodeId('a'), 'Theirs')), revision: '2' },
      'reload',
    );
    expect(active().isChangedOutside).toBe(true);
    expect(nodeIndex(active().document).get(nodeId('a'))?.label).toBe('Mine');
  });

  it('brings a document that is open already to the front as it is', () => {
    edit('label', (d) => setLabel(d, nodeId('a'), 'Mine'));
    openPipeline(document, 'other.pipeline.json');
    addOpenDocument({ path: 'test.pipeline.json', text: '', revision: '9' }, document);
    expect(nodeIndex(active().document).get(nodeId('a'))?.label).toBe('Mine');
  });

  it('shows the neighbour when the tab in front is closed', () => {
    openPipeline(document, 'second.pipeline.json');
    openPipeline(document, 'third.pipeline.json');
    activate('second.pipeline.json');
    removeOpenDocument('second.pipeline.json');
    expect(active().path).toBe('third.pipeline.json');
    removeOpenDocument('third.pipeline.json');
    expect(active().path).toBe('test.pipeline.json');
    removeOpenDocument('test.pipeline.json');
    expect(activeDocument()).toBeNull();
  });

  it('keeps what is known of a closed document out of a later one', () => {
    edit('label', (d) => setLabel(d, nodeId('a'), 'Mine'));
    removeOpenDocument('test.pipeline.json');
    openPipeline(document);
    expect(active().history.past).toEqual([]);
  });
});

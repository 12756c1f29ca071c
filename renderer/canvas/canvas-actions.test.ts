import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import { activeDocument, edit, undo } from '../stores/document-store.ts';
import { useNoticeStore } from '../stores/notice-store.ts';
import { selectEdge, selectNodes, useViewStore } from '../stores/view-store.ts';
import { openPipeline, sketch, sourceNode, startTest } from '../testing/app.tsx';
import {
  addOperator,
  addOperatorBehindSelection,
  alignSelection,
  autoLayout,
  commitMove,
  connectPorts,
  connectSelected,
  copySelection,
  cutSelection,
  deleteAndReconnect,
  deleteSelection,
  duplicateSelection,
  insertNode,
  insertOperator,
  nudge,
  pasteClipboard,
  pasteText,
  selectAll,
  walk,
} from './canvas-actions.ts';

const document = sketch(
  {
    in: sourceNode(['user STRING', 'n INT']),
    keep: { type: 'filter', config: { condition: 'n > 1' } },
    out: { type: 'sink.table' },
  },
  ['in -> keep', 'keep -> out'],
);

function ids(): readonly string[] {
  return activeDocument()?.document.nodes.map((node) => node.id) ?? [];
}

function edges(): readonly string[] {
  return activeDocument()?.document.edges.map((edge) => `${edge.from} -> ${edge.to}`) ?? [];
}

function selected(): readonly NodeId[] {
  return useViewStore.getState().selectedNodeIds;
}

function select(...names: readonly string[]): void {
  selectNodes(names.map(nodeId));
}

/** One step back is the document as it was: whatever was done was one step. */
function expectOneStep(): void {
  expect(activeDocument()?.history.past).toHaveLength(1);
  undo();
  expect(activeDocument()?.document).toBe(document);
}

describe('actions on the graph', () => {
  beforeEach(() => {
    startTest();
    openPipeline(document);
  });

  it('add an operator where there is room, and select it', () => {
    addOperator('filter', { x: 0, y: 0 });
    addOperator('filter');
    addOperator('filter');
    const places = activeDocument()!
      .document.nodes.slice(-2)
      .map((node) => `${node.position.x} ${node.position.y}`);
    expect(new Set(places).size).toBe(2);
    expect(selected()).toEqual(['filter3']);
  });

  it('add an operator behind the selected node, joined to it', () => {
    select('in');
    addOperatorBehindSelection('filter');
    expect(edges()).toContain('in -> filter');
    expectOneStep();
  });

  it('add a source on its own, whatever is selected', () => {
    select('in');
    addOperatorBehindSelection('source.file');
    expect(edges()).toEqual(['in -> keep', 'keep -> out']);
  });

  it('put an operator into an edge with room around it', () => {
    const edge = { from: 'in', fromPort: 'out', to: 'keep', toPort: 'in' };
    addOperator('filter', { x: 200, y: 0 }, { type: 'on-edge', edge });
    expect(edges()).toEqual(['in -> filter', 'filter -> keep', 'keep -> out']);
    const x = (id: string) => activeDocument()!.document.nodes.find((node) => node.id === id)!.position.x;
    expect(x('keep')).toBeGreaterThanOrEqual(x('filter') + 208);
    expectOneStep();
  });

  it('put the operator that mends a problem into its edge', () => {
    const edge = { from: 'keep', fromPort: 'out', to: 'out', toPort: 'in' };
    insertOperator({ edge, type: 'changelog', config: { rows: 'upserts' } });
    expect(edges()).toEqual(['in -> keep', 'keep -> changelog', 'changelog -> out']);
    expect(activeDocument()?.document.nodes.at(-1)).toMatchObject({ type: 'changelog', config: { rows: 'upserts' } });
    expectOneStep();
  });

  it('put a node that is there already into an edge', () => {
    addOperator('filter', { x: 200, y: 0 });
    insertNode(nodeId('filter'), { from: 'keep', fromPort: 'out', to: 'out', toPort: 'in' }, { x: 500, y: 8 });
    expect(edges()).toEqual(['in -> keep', 'keep -> filter', 'filter -> out']);
    expect(activeDocument()?.document.nodes.at(-1)?.position).toEqual({ x: 572, y: 8 });
    undo();
    expect(edges()).toEqual(['in -> keep', 'keep -> out']);
  });

  it('delete nodes, or nodes with their edges mended, or an edge', () => {
    select('keep');
    deleteSelection();
    expect([ids(), edges(), selected()]).toEqual([['in', 'out'], [], []]);
    undo();
    select('keep');
    deleteAndReconnect();
    expect([ids(), edges()]).toEqual([['in', 'out'], ['in -> out']]);
    undo();
    selectEdge({ from: 'in', fromPort: 'out', to: 'keep', toPort: 'in' });
    deleteSelection();
    expect([ids(), edges()]).toEqual([['in', 'keep', 'out'], ['keep -> out']]);
    expectOneStep();
  });

  it('refuse an edge with the reason', () => {
    connectPorts({ from: 'in', fromPort: 'out', to: 'out', toPort: 'in' });
    expect(edges()).toEqual(['in -> keep', 'keep -> out']);
    expect(useNoticeStore.getState().notices[0]).toMatchObject({
      tone: 'warning',
      detail: expect.stringContaining('one edge'),
    });
  });

  it('connect what is selected from left to right', () => {
    addOperator('filter', { x: 2000, y: 0 });
    select('filter', 'keep');
    connectSelected();
    expect(edges()).toContain('keep -> filter');
  });

  it('move what is selected by the keyboard, as one step', () => {
    select('keep');
    nudge(1, 0);
    nudge(1, 0);
    expect(activeDocument()?.document.nodes[1]?.position).toEqual({ x: 316, y: 0 });
    expectOneStep();
  });

  it('make no step of a drag that ends where it began', () => {
    commitMove(new Map([[nodeId('in'), { x: 0, y: 0 }]]));
    expect(activeDocument()?.history.past).toEqual([]);
  });

  it('move notes along with nodes', () => {
    const note = { id: 'why', text: 'Why', position: { x: 0, y: 0 }, width: 100, height: 50 };
    edit('note', (d) => ({ ...d, notes: [note] }));
    commitMove(new Map([[nodeId('in'), { x: 8, y: 0 }]]), new Map([['why', { x: 8, y: 8 }]]));
    expect(activeDocument()?.document.notes[0]?.position).toEqual({ x: 8, y: 8 });
    undo();
    expect(activeDocument()?.document.nodes[0]?.position).toEqual({ x: 0, y: 0 });
  });

  it('lay out and align as one step each', async () => {
    await autoLayout();
    expectOneStep();
    select('in', 'keep');
    alignSelection('left');
    expect(activeDocument()?.document.nodes[1]?.position.x).toBe(0);
  });

  it('select all, and walk', () => {
    selectAll();
    expect(selected()).toEqual(['in', 'keep', 'out']);
    select('in');
    walk('right');
    walk('right');
    expect(selected()).toEqual(['out']);
    walk('right');
    expect(selected()).toEqual(['out']);
  });
});

describe('the clipboard', () => {
  let clipboard = '';
  beforeEach(() => {
    startTest();
    openPipeline(document);
    clipboard = '';
    vi.stubGlobal('navigator', {
      clipboard: {
        writeText: async (text: string) => void (clipboard = text),
        readText: async () => clipboard,
      },
    });
  });

  it('takes nodes with the edges between them, as the text of a document', async () => {
    select('keep', 'out');
    await copySelection();
    expect(JSON.parse(clipboard)).toMatchObject({
      format: 'millrace/pipeline',
      nodes: [{ id: 'keep' }, { id: 'out' }],
    });
    await pasteClipboard();
    expect([ids(), selected()]).toEqual([
      ['in', 'keep', 'out', 'keep2', 'out2'],
      ['keep2', 'out2'],
    ]);
    expect(edges()).toContain('keep2 -> out2');
    expectOneStep();
  });

  it('pastes the same again a little further on', () => {
    select('keep');
    duplicateSelection();
    select('keep');
    duplicateSelection();
    const [, keep, , first, second] = activeDocument()!.document.nodes.map((node) => node.position.x);
    expect([first! - keep!, second! - first!]).toEqual([24, 24]);
  });

  it('cuts', async () => {
    select('out');
    await cutSelection();
    expect([ids(), clipboard.includes('sink.table')]).toEqual([['in', 'keep'], true]);
  });

  it('says why something else cannot be pasted', () => {
    pasteText('SELECT 1');
    expect(ids()).toHaveLength(3);
    expect(useNoticeStore.getState().notices[0]).toMatchObject({ tone: 'warning', messageKey: 'canvas:notPasted' });
  });
});

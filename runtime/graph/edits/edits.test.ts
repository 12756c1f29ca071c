import { describe, expect, it } from 'vitest';
import { nodeId } from '../../core/ids.ts';
import { emptyDocument, type PipelineDocument } from '../document.ts';
import { parseDocument } from '../parse.ts';
import { addNote, changeNote, removeNotes, setSettings } from './canvas.ts';
import { copyNodes, paste } from './clipboard.ts';
import { connect, disconnect, insertOnEdge } from './edges.ts';
import { groupNodes, ungroup } from './groups.ts';
import {
  addNode,
  changeId,
  moveNodes,
  removeAndReconnect,
  removeNodes,
  setConfig,
  setLabel,
  setParallelism,
} from './nodes.ts';
import { setAt } from './set-at.ts';

const a = nodeId('a');
const b = nodeId('b');
const c = nodeId('c');
const d = nodeId('d');

/** a → b → c */
function chain(): PipelineDocument {
  const node = (id: typeof a, x: number) => ({ id, type: 't', version: 1, position: { x, y: 0 }, config: { n: 1 } });
  const nodes = [node(a, 0), node(b, 10), node(c, 20)];
  return connect(connect({ ...emptyDocument('p'), nodes }, { from: a, to: b }), { from: b, to: c });
}

function edgesOf(document: PipelineDocument): string[] {
  return document.edges.map((edge) => `${edge.from}.${edge.fromPort}>${edge.to}.${edge.toPort}`);
}

describe('nodes', () => {
  it('are added under a readable id', () => {
    const node = { type: 'aggregate.window', position: { x: 0, y: 0 } };
    const first = addNode(emptyDocument('p'), node);
    const second = addNode(first.document, node);
    expect([first.id, second.id]).toEqual(['aggregateWindow', 'aggregateWindow2']);
    expect(addNode(emptyDocument('p'), { ...node, type: '1?' }).id).toBe('node');
  });

  it('are removed with their edges and their place in groups', () => {
    const grouped = groupNodes(groupNodes(chain(), [a, b], 'g').document, [c], 'h').document;
    const left = removeNodes(grouped, [b, c]);
    expect([left.nodes.map((node) => node.id), edgesOf(left), left.groups.map((group) => group.nodes)]).toEqual([
      [a],
      [],
      [[a]],
    ]);
    expect(removeNodes(left, [d])).toBe(left);
  });

  it('are removed with their neighbours joined', () => {
    expect(edgesOf(removeAndReconnect(chain(), [b]))).toEqual(['a.out>c.in']);
    expect(edgesOf(removeAndReconnect(chain(), [a]))).toEqual(['b.out>c.in']);
    const longer = connect(addNode(chain(), { type: 'd', position: { x: 0, y: 0 } }).document, { from: c, to: d });
    expect(edgesOf(removeAndReconnect(longer, [c, b]))).toEqual(['a.out>d.in']);
  });

  it('share what an edit did not change', () => {
    const before = chain();
    const after = setConfig(before, b, ['n'], 2);
    expect(after.nodes[1]?.config).toEqual({ n: 2 });
    expect([after.nodes[0] === before.nodes[0], after.edges === before.edges]).toEqual([true, true]);
    expect(setConfig(before, b, ['n'], 1)).toBe(before);
    expect(moveNodes(before, new Map())).toBe(before);
    expect(moveNodes(before, new Map([[b, { x: 5, y: 6 }]])).nodes[1]?.position).toEqual({ x: 5, y: 6 });
  });

  it('have a label and a parallelism, or not', () => {
    const set = setParallelism(setLabel(chain(), a, 'First'), a, 2);
    expect(set.nodes[0]).toMatchObject({ label: 'First', parallelism: 2 });
    const plain = setParallelism(setLabel(set, a, ''), a, null);
    expect(plain.nodes[0]).toEqual(chain().nodes[0]);
  });

  it('change their id everywhere', () => {
    const changed = changeId(groupNodes(chain(), [b], 'g').document, b, 'z');
    expect(changed).toMatchObject({ ok: true, value: { groups: [{ nodes: ['z'] }] } });
    expect(changed.ok && edgesOf(changed.value)).toEqual(['a.out>z.in', 'z.out>c.in']);
    expect([changeId(chain(), b, 'c').ok, changeId(chain(), b, '').ok]).toEqual([false, false]);
  });
});

describe('edges', () => {
  it('are there once', () => {
    const document = chain();
    expect(connect(document, { from: a, to: b })).toBe(document);
    expect(edgesOf(disconnect(document, [document.edges[0]!]))).toEqual(['b.out>c.in']);
    expect(disconnect(document, [])).toBe(document);
  });

  it('take a node in, and keep their place', () => {
    const document = chain();
    const added = addNode(document, { type: 'd', position: { x: 0, y: 0 } });
    expect(edgesOf(insertOnEdge(added.document, document.edges[0]!, added.id, { output: 'x' }))).toEqual([
      'a.out>d.in',
      'd.x>b.in',
      'b.out>c.in',
    ]);
    expect(insertOnEdge(document, document.edges[0]!, a)).toBe(document);
  });
});

describe('copy and paste', () => {
  it('gives fresh ids, and edges between what was copied', () => {
    const text = copyNodes(groupNodes(chain(), [a, b], 'g').document, [a, b]);
    expect(parseDocument(text).diagnostics).toEqual([]);
    const once = paste(chain(), text, { x: 1, y: 2 });
    expect(once).toMatchObject({ ok: true, value: { ids: ['a2', 'b2'] } });
    const twice = once.ok ? paste(once.value.document, text, { x: 2, y: 4 }) : once;
    expect(twice).toMatchObject({ ok: true, value: { ids: ['a3', 'b3'] } });
    if (!twice.ok) return;
    const { document } = twice.value;
    expect(edgesOf(document)).toEqual(['a.out>b.in', 'b.out>c.in', 'a2.out>b2.in', 'a3.out>b3.in']);
    expect(document.nodes[4]?.position).toEqual({ x: 11, y: 2 });
    expect(document.groups.map((group) => group.nodes)).toEqual([
      ['a2', 'b2'],
      ['a3', 'b3'],
    ]);
  });

  it('refuses other text', () => {
    expect(paste(chain(), 'hello', { x: 0, y: 0 }).ok).toBe(false);
  });
});

describe('canvas', () => {
  it('keeps notes', () => {
    const { document, id } = addNote(chain(), { text: 'x', position: { x: 0, y: 0 }, width: 10, height: 10 });
    expect(changeNote(document, id, { text: 'y' }).notes).toMatchObject([{ id: 'note', text: 'y' }]);
    expect(removeNotes(document, [id]).notes).toEqual([]);
  });

  it('has a node in one group only', () => {
    const first = groupNodes(chain(), [a, b], 'g');
    const second = groupNodes(first.document, [b], 'h');
    expect(second.document.groups.map((group) => [group.id, group.nodes])).toEqual([
      ['group', [a]],
      ['group2', [b]],
    ]);
    expect(ungroup(second.document, 'group').groups.map((group) => group.id)).toEqual(['group2']);
  });

  it('sets settings', () => {
    expect(setSettings(chain(), { parallelism: 4 }).settings).toMatchObject({ parallelism: 4, batchRows: 2048 });
  });
});

describe('setAt', () => {
  it.each([
    [{}, ['a', 0, 'b'], 1, { a: [{ b: 1 }] }],
    [{ a: [1, 2] }, ['a', 0], undefined, { a: [2] }],
    [{ a: 1, b: 2 }, ['a'], undefined, { b: 2 }],
    [{ a: [1] }, ['a', 9], 2, { a: [1, 2] }],
    [{ a: 1 }, [], { b: 1 }, { b: 1 }],
  ])('of %j at %j', (value, path, replacement, expected) => {
    expect(setAt(value, path, replacement)).toEqual(expected);
  });

  it('gives the same value back when nothing changes', () => {
    const value = { a: [{ b: 1 }] };
    expect(setAt(value, ['a', 0, 'b'], 1)).toBe(value);
    expect(setAt(value, ['x', 'y'], undefined)).toBe(value);
  });
});

import { describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { moveNodes } from '../../runtime/graph/index.ts';
import { sketch } from '../testing/app.tsx';
import { noteIdOf, refOfConnection, toFlowEdges, toFlowNodes } from './flow-model.ts';

const document = sketch({ a: { type: 'filter' }, b: { type: 'filter' } }, ['a -> b']);
const nothing = new Set<string>();
const labelOf = (id: string): string => id;

describe('nodes of the canvas', () => {
  it('keep their identity while they look the same', () => {
    const before = toFlowNodes(document, nothing, [], labelOf);
    const moved = moveNodes(document, new Map([[nodeId('b'), { x: 8, y: 8 }]]));
    const after = toFlowNodes(moved, nothing, before, labelOf);
    expect(after[0]).toBe(before[0]);
    expect(after[1]?.position).toEqual({ x: 8, y: 8 });
  });

  it('keep what was measured of them', () => {
    const before = toFlowNodes(document, nothing, [], labelOf).map((node) => ({
      ...node,
      measured: { width: 9, height: 9 },
    }));
    const after = toFlowNodes(document, new Set(['a']), before, labelOf);
    expect(after.map((node) => [node.selected, node.measured?.width])).toEqual([
      [true, 9],
      [false, 9],
    ]);
  });

  it('do not take a note for a node of the same id', () => {
    const note = { id: 'a', text: 'Why', position: { x: 0, y: 0 }, width: 10, height: 10 };
    const nodes = toFlowNodes({ ...document, notes: [note] }, nothing, [], labelOf);
    expect(nodes.map((node) => [node.id, noteIdOf(node.id)])).toEqual([
      ['note:a', 'a'],
      ['a', null],
      ['b', null],
    ]);
  });
});

describe('edges of the canvas', () => {
  it('keep their identity, but for the one whose selection changes', () => {
    const before = toFlowEdges(document.edges, null, []);
    expect(toFlowEdges(document.edges, null, before)[0]).toBe(before[0]);
    expect(toFlowEdges(document.edges, document.edges[0] ?? null, before)[0]?.selected).toBe(true);
  });

  it('are known by their ends once both are there', () => {
    const ends = { source: 'a', sourceHandle: 'out', target: 'b', targetHandle: 'in' };
    expect(refOfConnection(ends)).toEqual({ from: 'a', fromPort: 'out', to: 'b', toPort: 'in' });
    expect(refOfConnection({ ...ends, target: null })).toBeNull();
  });
});

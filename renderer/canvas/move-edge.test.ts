import { beforeEach, describe, expect, it } from 'vitest';
import { activeDocument, undo } from '../stores/document-store.ts';
import { openPipeline, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { setMovedEdge } from './canvas-store.ts';
import { dropMovedEdge } from './move-edge.ts';

const edge = (from: string, to: string) => ({ from, fromPort: 'out', to, toPort: 'in' });
const document = sketch(
  {
    a: sourceNode(['n INT']),
    b: sourceNode(['n INT']),
    c: sourceNode(['n INT']),
    both: { type: 'union' },
    out: { type: 'sink.table' },
  },
  ['a -> both', 'b -> both', 'both -> out'],
);

function edges(): readonly string[] {
  return activeDocument()!.document.edges.map(({ from, to }) => `${from} -> ${to}`);
}

describe('an end of an edge that is dragged', () => {
  beforeEach(() => {
    startTest();
    openPipeline(document);
    setMovedEdge(edge('a', 'both'));
  });

  it('joins the port it is dropped on, in one step, at its place among those of the union', () => {
    dropMovedEdge(edge('c', 'both'));
    expect(edges()).toEqual(['c -> both', 'b -> both', 'both -> out']);
    undo();
    expect(activeDocument()!.document).toBe(document);
  });

  it('may take the one place that it holds itself, and no other', () => {
    setMovedEdge(edge('both', 'out'));
    dropMovedEdge(edge('c', 'out'));
    expect(edges()).toEqual(['a -> both', 'b -> both', 'c -> out']);
    undo();
    setMovedEdge(edge('a', 'both'));
    dropMovedEdge(edge('a', 'out'));
    expect(activeDocument()!.document).toBe(document);
  });

  it('stays where it is when it is dropped there, or nowhere', () => {
    dropMovedEdge(edge('a', 'both'));
    dropMovedEdge(null);
    expect(activeDocument()!.document).toBe(document);
  });
});

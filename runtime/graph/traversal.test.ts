import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import type { PipelineDocument } from './document.ts';
import { downstreamOf, topologicalOrder, upstreamOf } from './traversal.ts';

/** `graph('a b c', 'a>b b>c')` */
function graph(nodes: string, edges: string): Pick<PipelineDocument, 'nodes' | 'edges'> {
  return {
    nodes: words(nodes).map((id) => ({ id: nodeId(id), type: 't', version: 1, position: { x: 0, y: 0 }, config: {} })),
    edges: words(edges).map((edge) => {
      const [from = '', to = ''] = edge.split('>');
      return { from: nodeId(from), fromPort: 'out', to: nodeId(to), toPort: 'in' };
    }),
  };
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

describe('topologicalOrder', () => {
  it('puts each node after all it reads from', () => {
    expect(topologicalOrder(graph('d b c a', 'a>b a>c b>d c>d')).order).toEqual(['a', 'b', 'c', 'd']);
  });

  it('passes over edges that lead nowhere', () => {
    expect(topologicalOrder(graph('a b', 'a>x y>b'))).toEqual({ order: ['a', 'b'], cycle: [] });
  });

  it('names a cycle along its edges and leaves out what is behind it', () => {
    expect(topologicalOrder(graph('s a b c t', 's>a a>b b>c c>a c>t'))).toEqual({
      order: ['s'],
      cycle: ['b', 'c', 'a'],
    });
    expect(topologicalOrder(graph('a', 'a>a'))).toEqual({ order: [], cycle: ['a'] });
  });

  it('holds for any graph', () => {
    const edge = fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 })).map(([from, to]) => `n${from}>n${to}`);
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), (edges) => {
        const nodes = Array.from({ length: 8 }, (_, i) => `n${i}`).join(' ');
        const all = graph(nodes, edges.join(' '));
        const { order, cycle } = topologicalOrder(all);
        expect(new Set(order).size).toBe(order.length);
        expect(order.length === all.nodes.length).toBe(cycle.length === 0);
        for (const { from, to } of all.edges) {
          if (order.includes(to)) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to));
        }
        cycle.forEach((from, i) => {
          const to = cycle[(i + 1) % cycle.length];
          expect(all.edges.some((one) => one.from === from && one.to === to)).toBe(true);
        });
      }),
    );
  });
});

describe('reach', () => {
  it('follows edges up and down', () => {
    const all = graph('a b c d', 'a>b b>c d>c');
    expect([...upstreamOf(all, [nodeId('c')])].sort()).toEqual(['a', 'b', 'd']);
    expect([...downstreamOf(all, [nodeId('a')])].sort()).toEqual(['b', 'c']);
  });
});

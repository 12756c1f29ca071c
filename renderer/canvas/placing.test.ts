import { describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { sketch, sourceNode } from '../testing/app.tsx';
import { align, distribute, type Box } from './arrange.ts';
import { fullness, thickness } from './FlowEdge.tsx';
import { fromElkGraph, toElkGraph, type LayoutBox } from './layout/elk-graph.ts';
import { runElk } from './layout/elk.ts';
import { makeRoom } from './make-room.ts';
import { danglingPorts, placePorts } from './ports.ts';
import { nextNode } from './walk.ts';

function box(id: string, x: number, y: number): Box {
  return { id: nodeId(id), position: { x, y }, width: 200, height: 100 };
}

describe('walking by keyboard', () => {
  const graph = sketch(
    {
      a: { type: 'union', x: 0, y: 0 },
      up: { type: 'union', x: 300, y: -100 },
      near: { type: 'union', x: 300, y: 20 },
      lone: { type: 'union', x: 310, y: 300 },
    },
    ['a -> up', 'a -> near'],
  );
  const go = (from: string | null, direction: Parameters<typeof nextNode>[2]) =>
    nextNode(graph, from === null ? null : nodeId(from), direction);

  it('begins at the left', () => expect(go(null, 'down')).toBe('a'));
  it('follows the nearest edge', () => expect([go('a', 'right'), go('near', 'left')]).toEqual(['near', 'a']));
  it('goes to the nearest node where there is no edge', () => {
    expect([go('up', 'down'), go('near', 'down'), go('lone', 'left')]).toEqual(['near', 'lone', 'near']);
  });
  it('stays where there is nothing that way', () =>
    expect([go('lone', 'down'), go('a', 'left')]).toEqual([null, null]));
});

describe('aligning and distributing', () => {
  const boxes = [box('a', 0, 10), box('b', 500, 30), box('c', 250, 90)];

  it('lines up edges and middles', () => {
    expect(align(boxes, 'top').get(nodeId('c'))).toEqual({ x: 250, y: 10 });
    expect(align(boxes, 'right').get(nodeId('a'))).toEqual({ x: 500, y: 10 });
    expect(align(boxes, 'middle').get(nodeId('a'))).toEqual({ x: 0, y: 50 });
  });

  it('makes gaps equal and leaves the outermost alone', () => {
    const uneven = [box('a', 0, 0), box('b', 900, 0), box('c', 210, 0)];
    expect([...distribute(uneven, 'x')]).toEqual([
      ['a', { x: 0, y: 0 }],
      ['c', { x: 450, y: 0 }],
      ['b', { x: 900, y: 0 }],
    ]);
    expect(distribute(uneven.slice(1), 'x').size).toBe(0);
  });
});

describe('room for an inserted node', () => {
  const graph = sketch(
    {
      a: { type: 'union', x: 0 },
      new: { type: 'union', x: 150 },
      b: { type: 'union', x: 300 },
      c: { type: 'union', x: 600 },
    },
    ['a -> new', 'new -> b', 'b -> c'],
  );

  it('moves the node off its source, and all that comes behind as a whole', () => {
    expect(makeRoom(graph, nodeId('new'), 200, 50).nodes.map((node) => node.position.x)).toEqual([0, 250, 500, 800]);
  });
  it('moves nothing where there is room', () => expect(makeRoom(graph, nodeId('a'), 100, 20)).toBe(graph));
});

describe('auto layout', () => {
  const ports = (hasInput: boolean): LayoutBox['ports'] => [
    ...(hasInput ? [{ side: 'input' as const, name: 'in', x: 0, y: 24 }] : []),
    { side: 'output', name: 'out', x: 200, y: 24 },
  ];
  const graph = sketch({ b: { type: 'union' }, a: { type: 'union' }, c: { type: 'union' }, late: { type: 'union' } }, [
    'a -> b',
    'b -> c',
    'late -> c',
  ]);
  const boxes: LayoutBox[] = ['b', 'a', 'c', 'late'].map((id, i) => ({
    ...box(id, i * 13 + 5, 40 - i * 7),
    ports: ports(id === 'b' || id === 'c'),
  }));

  it('puts readers to the right of what they read, sources at the left, all on the grid, and the corner where it was', async () => {
    const laidOut = fromElkGraph(await runElk(toElkGraph(graph.edges, boxes)), boxes, 8);
    const at = (id: string) => laidOut.get(nodeId(id))!;
    expect(at('a').x).toBeLessThan(at('b').x);
    expect(at('b').x).toBeLessThan(at('c').x);
    expect(at('late').x).toBe(at('a').x);
    expect(at('a').y).toBe(at('b').y);
    expect([...laidOut.values()].every(({ x, y }) => x % 8 === 0 && y % 8 === 0)).toBe(true);
    const corner = {
      x: Math.min(...[...laidOut.values()].map((p) => p.x)),
      y: Math.min(...[...laidOut.values()].map((p) => p.y)),
    };
    expect(corner).toEqual({ x: 8, y: 16 });
  });

  it('lays out what is chosen only, with edges that lead out of it left aside', async () => {
    const chosen = boxes.slice(0, 2);
    const laidOut = fromElkGraph(await runElk(toElkGraph(graph.edges, chosen)), chosen, 8);
    expect([...laidOut.keys()].sort()).toEqual(['a', 'b']);
  });
});

describe('ports on a node', () => {
  const port = (name: string, isOptional = false) => ({ name, label: name, isOptional });

  it('put a single port beside the label and the optional ones below', () => {
    const places = placePorts({ inputs: [port('in')], outputs: [port('out'), port('late', true)] });
    expect(places.head.map((one) => one.name)).toEqual(['in', 'out']);
    expect(places.rows.map((row) => [row.input?.name ?? null, row.output?.name ?? null])).toEqual([[null, 'late']]);
  });

  it('put several that are needed below, side by side', () => {
    const places = placePorts({ inputs: [port('left'), port('right')], outputs: [port('out')] });
    expect(places.head.map((one) => one.name)).toEqual(['out']);
    expect(places.rows.map((row) => row.input?.name)).toEqual(['left', 'right']);
  });

  it('show a port that only an edge knows', () => {
    const graph = sketch({ a: sourceNode(['x INT']), b: { type: 'filter' } }, ['a.gone -> b']);
    const known = { inputs: [], outputs: [port('out')] };
    const dangling = danglingPorts(graph, nodeId('a'), known);
    expect(dangling).toEqual({ inputs: [], outputs: ['gone'] });
    expect(placePorts(known, dangling).rows[0]?.output).toMatchObject({ name: 'gone', isMissing: true });
  });
});

describe('edges while a job runs', () => {
  it('grow with the order of magnitude, up to a limit', () => {
    const widths = [0, 10, 1000, 100_000, 1e12].map(thickness);
    expect(widths).toEqual(widths.toSorted((a, b) => a - b));
    expect([widths[0], widths[4]]).toEqual([1.6, 6]);
  });

  it.each([
    [0, 0, 'still'],
    [0.3, 5, 'flowing'],
    [0.6, 5, 'busy'],
    [0.85, 0, 'full'],
  ])('queue %d at %d rows/s is %s', (queueUsage, recordsPerSecond, expected) =>
    expect(fullness({ queueUsage, recordsPerSecond })).toBe(expected),
  );
});

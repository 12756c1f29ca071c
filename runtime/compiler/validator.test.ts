import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../core/diagnostics.ts';
import { nodeId } from '../core/ids.ts';
import { connect, moveNodes, setConfig, setSettings, type PipelineDocument } from '../graph/index.ts';
import { findFakePrimitive, findFakeSpec, sketch } from './fake-catalog.ts';
import { createValidator } from './validator.ts';

function validate(document: PipelineDocument, params?: Record<string, string>) {
  return createValidator({ findSpec: findFakeSpec, params }).validate(document);
}

/** `MR1108 c`, `MR1103 a.out>x.in edges[0].to`. */
function brief({ code, nodeId: node, edge, path }: Diagnostic): string {
  const ends = edge === undefined ? [] : [`${edge.from}.${edge.fromPort}>${edge.to}.${edge.toPort}`];
  return [code, ...(node === undefined ? [] : [node]), ...ends, ...(path === undefined ? [] : [path])].join(' ');
}

function problems(document: PipelineDocument, params?: Record<string, string>): string[] {
  return validate(document, params).diagnostics.map(brief);
}

const count = ['count', { key: 'user' }] as const;

describe('validate', () => {
  it('infers what flows where', () => {
    const { diagnostics, nodes, order } = validate(sketch({ k: 'sink', c: count, s: 'source' }, ['s > c', 'c > k']));
    expect([diagnostics, order]).toEqual([[], ['s', 'c', 'k']]);
    expect(nodes.get(nodeId('c'))).toMatchObject({
      config: { key: 'user' },
      inputs: [{ port: 'in', shape: { eventTime: true } }],
      outputs: { out: { schema: { fields: [{ name: 'user' }, { name: 'count' }] } } },
    });
    expect([...nodes.keys()]).toEqual(['k', 'c', 's']);
  });

  it('orders inputs by port, then by edge', () => {
    const document = sketch({ a: 'source', b: 'source', j: 'join', m: 'merge', k: 'sink' }, [
      'a > j.right',
      'b > j.left',
      'b > m',
      'a > m',
      'j > m',
      'm > k',
    ]);
    const { nodes, diagnostics } = validate(document);
    expect(diagnostics).toEqual([]);
    expect(nodes.get(nodeId('j'))?.edges.map((edge) => edge.from)).toEqual(['b', 'a']);
    expect(nodes.get(nodeId('m'))?.edges.map((edge) => edge.from)).toEqual(['b', 'a', 'j']);
  });

  const nodes = { s: 'source', p: 'pass', k: 'sink' } as const;
  it.each<[string, PipelineDocument, string[]]>([
    ['an empty document', sketch({}, []), ['MR1110', 'MR1111']],
    ['an unknown type', sketch({ s: 'source', x: 'nope', k: 'sink' }, ['s > x', 'x.any > k']), ['MR1102 x']],
    [
      'a config of a newer version',
      sketch({ s: 'source', p: ['pass', {}, { version: 2 }], k: 'sink' }, ['s > p', 'p > k']),
      ['MR1003 p'],
    ],
    [
      'edges to nowhere',
      sketch(nodes, ['s > p', 'p > k', 'p > x', 'y > k']),
      ['MR1103 p.out>x.in edges[2].to', 'MR1103 y.out>k.in edges[3].from', 'MR1107 y.out>k.in edges[3].toPort'],
    ],
    [
      'ports that are not there',
      sketch(nodes, ['s.late > p', 'p > k.left']),
      ['MR1109 s', 'MR1108 k', 'MR1104 s.late>p.in edges[0].fromPort', 'MR1104 p.out>k.left edges[1].toPort'],
    ],
    ['an edge that is there twice', sketch(nodes, ['s > p', 'p > k', 's > p']), ['MR1106 s.out>p.in edges[2]']],
    ['an input taken twice', sketch(nodes, ['s > p', 'p > k', 's > k']), ['MR1107 s.out>k.in edges[2].toPort']],
    ['a cycle', sketch({ ...nodes, m: 'merge' }, ['s > m', 'm > p', 'p > m', 'p > k']), ['MR1105 p.out>m.in edges[2]']],
    ['a cycle of one', sketch({ ...nodes, m: 'merge' }, ['s > p', 'p > k', 'm > m']), ['MR1105 m.out>m.in edges[2]']],
    [
      'ends that hang',
      sketch({ ...nodes, j: 'join' }, ['s > p', 's > j.left']),
      ['MR1109 p', 'MR1108 k', 'MR1108 j', 'MR1109 j'],
    ],
    [
      'config errors',
      sketch({ s: ['source', { rows: -1, colour: 1 }], c: ['count', {}], k: 'sink' }, ['s > c', 'c > k']),
      ['MR1203 s rows', 'MR1202 s colour', 'MR1201 c key'],
    ],
    [
      'a field that is not there, blaming nobody behind it',
      sketch({ s: 'source', c: ['count', { key: 'x' }], d: ['count', { key: 'y' }], k: 'sink' }, [
        's > c',
        'c > d',
        'd > k',
      ]),
      ['MR1403 c key'],
    ],
    [
      'no event time',
      sketch({ s: ['source', { time: 'none' }], p: 'pass', c: count, k: 'sink' }, ['s > p', 'p > c', 'c > k']),
      ['MR1501 c'],
    ],
    [
      'updates where none are taken',
      sketch({ s: 'source', l: ['latest', { key: 'user' }], c: count, k: 'sink' }, ['s > l', 'l > c', 'c > k']),
      ['MR1503 c'],
    ],
    ['an output that stays unknown', sketch({ s: 'source', m: 'mute', k: 'sink' }, ['s > m', 'm > k']), ['MR1406 m']],
    ['too many subtasks', sketch({ s: 'source', k: ['single-sink', {}, { parallelism: 2 }] }, ['s > k']), ['MR1112 k']],
    [
      'parameters',
      sketch({ s: ['source', { rows: '${n}' }], p: ['pass', { note: 'a ${b' }], k: 'sink' }, ['s > p', 'p > k']),
      ['MR1601 s rows', 'MR1602 p note'],
    ],
  ])('finds %s', (_what, document, expected) => {
    expect(problems(document)).toEqual(expected);
  });

  it('finds ids that are there twice', () => {
    const document = sketch(nodes, ['s > p', 'p > k']);
    const [first] = document.nodes;
    expect(problems({ ...document, nodes: [...document.nodes, first!] })).toEqual(['MR1101 s']);
  });

  it('names who makes the updates that an operator cannot take', () => {
    const document = sketch({ s: 'source', l: ['latest', { key: 'user' }], p: 'pass', c: count, k: 'sink' }, [
      's > l',
      'l > p',
      'p > c',
      'c > k',
    ]);
    expect(validate(document).diagnostics[0]?.message).toMatch(/which "c" .* cannot take: "l" \(.*\) changes results/);
  });

  it('names the source that has no event time', () => {
    const document = sketch({ s: ['source', { time: 'none' }], c: count, k: 'sink' }, ['s > c', 'c > k']);
    expect(validate(document).diagnostics[0]?.message).toContain('"s"');
  });

  it('fills in parameters, those given before those of the document', () => {
    const document = sketch({ s: ['source', { rows: '${n}' }], k: 'sink' }, ['s > k'], { params: { n: 5 } });
    expect(validate(document).nodes.get(nodeId('s'))?.config).toMatchObject({ rows: 5 });
    expect(validate(document, { n: '7' }).nodes.get(nodeId('s'))?.config).toMatchObject({ rows: 7 });
    expect(problems(document, { n: 'x' })).toEqual(['MR1603 settings.params.n']);
  });

  it('places the range of a problem in the text as written', () => {
    const document = sketch({ s: 'source', c: ['count', { key: '${k}!' }], k: 'sink' }, ['s > c', 'c > k'], {
      params: { k: 'field' },
    });
    expect(validate(document).diagnostics).toMatchObject([
      { code: 'MR1403', path: 'key', range: { start: 0, end: 5 } },
    ]);
  });
});

describe('a validator', () => {
  const document = sketch({ s: 'source', p: 'pass', c: count, k: 'sink' }, ['s > p', 'p > c', 'c > k']);
  const s = nodeId('s');
  const p = nodeId('p');
  const c = nodeId('c');

  it('gives the same analysis of nodes that an edit does not concern', () => {
    const { validate: again } = createValidator({ findSpec: findFakeSpec });
    const before = again(document).nodes;
    const moved = again(moveNodes(document, new Map([[p, { x: 9, y: 9 }]]))).nodes;
    expect([...moved].every(([id, node]) => node === before.get(id))).toBe(true);

    const noted = again(setConfig(document, p, ['note'], 'x')).nodes;
    expect([s, p, c].map((id) => noted.get(id) === before.get(id))).toEqual([true, false, true]);

    const untimed = again(setConfig(document, s, ['time'], 'none')).nodes;
    expect([s, p, c].map((id) => untimed.get(id) === before.get(id))).toEqual([false, false, false]);
  });

  it('gives the same answer as one that remembers nothing', () => {
    const { validate: again } = createValidator({ findSpec: findFakeSpec });
    const edits: readonly PipelineDocument[] = [
      document,
      setConfig(document, s, ['time'], 'none'),
      setConfig(document, c, ['key'], '${k}'),
      setSettings(setConfig(document, c, ['key'], '${k}'), { params: { k: 'ts' } }),
      connect(document, { from: p, to: nodeId('k') }),
      { ...document, edges: document.edges.slice(1) },
      document,
    ];
    for (const edit of edits) expect(again(edit)).toEqual(validate(edit));
  });

  it('looks at a large document only where it changed', () => {
    const size = 500;
    const ids = Array.from({ length: size }, (_, i) => `n${i}`);
    const large = sketch(
      Object.fromEntries(ids.map((id, i) => [id, i === 0 ? 'source' : i === size - 1 ? 'sink' : 'pass'])),
      ids.slice(1).map((id, i) => `n${i} > ${id}`),
    );
    let inferences = 0;
    const { validate: again } = createValidator({
      findSpec: (type) => {
        const spec = findFakePrimitive(type);
        return spec && { ...spec, infer: (...args) => (inferences++, spec.infer(...args)) };
      },
    });
    expect(again(large).diagnostics).toEqual([]);
    expect(inferences).toBe(size);
    again(setConfig(large, nodeId('n250'), ['note'], 'x'));
    expect(inferences).toBe(size + 1);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument, setAt, type PipelineDocument, type RawConfig } from '../graph/index.ts';
import { validateDocument, type SubPipelineTexts } from './validate.ts';

const NUMBERS = {
  id: 'numbers',
  type: 'source.generator',
  config: {
    fields: ['a', 'b', 'c'].map((name) => ({ name, type: 'BIGINT', expr: 'n' })),
  },
};
const SHOWN = { id: 'shown', type: 'sink.table', config: {} };

function project(id: string, ...fields: readonly (readonly [string, string])[]): object {
  return { id, type: 'project', config: { fields: fields.map(([as, expr]) => ({ as, expr })) } };
}

function documentOf(nodes: readonly object[], edges: readonly string[], more: object = {}): PipelineDocument {
  const { document, diagnostics } = parseDocument(
    JSON.stringify({
      format: 'millrace/pipeline',
      version: 1,
      name: 'test',
      nodes,
      edges: edges.map((edge) => {
        const [from, to] = edge.split(' -> ').map((end) => end.split('.'));
        return { from: from![0], fromPort: from![1], to: to![0], toPort: to![1] };
      }),
      ...more,
    }),
  );
  expect(diagnostics).toEqual([]);
  return document!;
}

/** `numbers.c`: of each field that is said to be unused; nothing may be wrong else. */
function unused(document: PipelineDocument, subPipelines?: SubPipelineTexts): readonly string[] {
  const { diagnostics } = validateDocument(document, { subPipelines });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return diagnostics.flatMap(({ code, nodeId, removal }) => (code === 'MR1407' ? [`${nodeId}.${removal!.name}`] : []));
}

describe('unused fields', () => {
  it('are those that nothing reads, however far they are carried', () => {
    const keep = { id: 'some', type: 'filter', config: { condition: 'a > 1' } };
    const nodes = [
      NUMBERS,
      keep,
      project('sum', ['total', 'a + b'], ['spare', 'a']),
      project('last', ['x', 'total']),
      SHOWN,
    ];
    expect(unused(documentOf(nodes, ['numbers -> some', 'some -> sum', 'sum -> last', 'last -> shown']))).toEqual([
      'numbers.c',
      'sum.spare',
    ]);
  });

  it('are none where a sink, code of users, a star, a test or nobody yet reads them', () => {
    const code = 'export const onRow = (row, out) => out.emit({ x: row.a });';
    const script = { id: 'code', type: 'process.js', config: { outputSchema: [{ name: 'x', type: 'BIGINT' }], code } };
    const last = project('last', ['x', 'a']);
    const ends = ['numbers -> last', 'last -> shown'];
    expect(unused(documentOf([NUMBERS, SHOWN], ['numbers -> shown']))).toEqual([]);
    expect(unused(documentOf([NUMBERS], []))).toEqual([]);
    expect(unused(documentOf([NUMBERS, script, SHOWN], ['numbers -> code', 'code -> shown']))).toEqual([]);
    const star = { id: 'star', type: 'sql', config: { query: 'SELECT DISTINCT * FROM input' } };
    expect(
      unused(documentOf([NUMBERS, star, last, SHOWN], ['numbers -> star.input', 'star -> last', 'last -> shown'])),
    ).toEqual([]);
    const rows = [{ a: 1, b: 2, c: 3 }];
    const tests = [{ name: 'one', steps: [{ node: 'numbers', rows }], expect: [{ node: 'shown', rows: [{ x: 1 }] }] }];
    expect(unused(documentOf([NUMBERS, last, SHOWN], ends, { tests }))).toEqual([]);
    expect(unused(documentOf([NUMBERS, last, SHOWN], ends))).toEqual(['numbers.b', 'numbers.c']);
  });

  it('go from all inputs of a union', () => {
    const more = { ...NUMBERS, id: 'more' };
    const nodes = [NUMBERS, more, { id: 'all', type: 'union', config: {} }, project('last', ['x', 'a + c']), SHOWN];
    expect(unused(documentOf(nodes, ['numbers -> all', 'more -> all', 'all -> last', 'last -> shown']))).toEqual([
      'numbers.b',
      'more.b',
    ]);
  });
});

describe('in every template', () => {
  const TEMPLATES = readdirSync('templates', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(
      ({ name }) =>
        [name, parseDocument(readFileSync(`templates/${name}/${name}.pipeline.json`, 'utf8')).document!] as const,
    );

  it.each(TEMPLATES)('what is unused in %s can go', (_name, document) => {
    const before = validateDocument(document);
    const found = before.diagnostics.filter(({ code }) => code === 'MR1407');
    const nodes = document.nodes.map((node) => {
      // From the end, so that places stay.
      const gone = found.filter(({ nodeId }) => nodeId === node.id).toReversed();
      const config = gone.reduce((left, { removal }) => {
        const [, list, index] = /^(\w+)\[(\d+)\]$/.exec(removal!.path)!;
        return setAt(left, [list!, Number(index)], undefined) as RawConfig;
      }, node.config);
      return { ...node, config };
    });
    const after = validateDocument({ ...document, nodes });
    expect(after.diagnostics.filter(({ code }) => code !== 'MR1407')).toEqual(
      before.diagnostics.filter(({ code }) => code !== 'MR1407'),
    );
    expect(found.map(({ message }) => message)).toEqual([]);
  });
});

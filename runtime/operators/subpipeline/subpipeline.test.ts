import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../core/config.ts';
import { nodeId } from '../../core/ids.ts';
import { compileDocument, explain, readSubPipelines, validateDocument } from '../../compiler/index.ts';
import { parseDocument, type PipelineDocument } from '../../graph/index.ts';
import { createJob, node, TestFolder } from '../../testing/whole-job.ts';

const folder = new TestFolder();

function document(nodes: readonly object[], edges: readonly string[], params: object = {}): object {
  return {
    format: 'millrace/pipeline',
    version: 1,
    name: 'test',
    settings: { params },
    nodes,
    edges: edges.map((text) => {
      const [from, to, toPort = 'in'] = text.split(' > ');
      return { from, to, toPort };
    }),
  };
}

const input = (port: string, config: object = {}): object =>
  node(port, 'subpipeline.input', { port, schema: [{ name: 'v', type: 'BIGINT' }], ...config });

/** Each value from a limit on once, in a folder of its own, by way of another pipeline. */
const texts = new Map(
  Object.entries({
    'lib/distinct.pipeline.json': document(
      [
        input('rows'),
        node('large', 'subpipeline', { path: 'parts/large.pipeline.json', params: { least: '${least}' } }),
        node('first', 'dedup', { keys: ['v'] }),
        node('out', 'subpipeline.output', { schema: [{ name: 'v', type: 'BIGINT' }] }),
      ],
      ['rows > large', 'large > first', 'first > out'],
      { least: 3 },
    ),
    'lib/parts/large.pipeline.json': document(
      [input('in'), node('some', 'filter', { condition: 'v >= ${least}' }), node('out', 'subpipeline.output', {})],
      ['in > some', 'some > out'],
      { least: 0 },
    ),
  }).map(([path, one]) => [path, JSON.stringify(one)]),
);

const caller = (params: object, sink = node('to', 'sink.print', {})): object =>
  document(
    [
      node('numbers', 'source.generator', {
        rows: 5,
        fields: [
          { name: 'v', type: 'BIGINT', expr: 'n' },
          { name: 'other', type: 'STRING', expr: "'x'" },
        ],
      }),
      node('part', 'subpipeline', { path: 'lib/distinct.pipeline.json', params }),
      sink,
    ],
    ['numbers > part > rows', 'part > to'],
  );

function parsed(raw: object): PipelineDocument {
  return parseDocument(JSON.stringify(raw)).document!;
}

function problems(raw: object): readonly { readonly code: string; readonly path: string | undefined }[] {
  return validateDocument(parsed(raw), { subPipelines: texts }).diagnostics.map(({ code, path }) => ({ code, path }));
}

describe('a sub-pipeline', () => {
  it('is planned as its operators, under ids that keep, with the fields it declares and its values', () => {
    const { plan } = compileDocument(parsed(caller({ least: 4 })), { baseFolder: '/', subPipelines: texts });
    expect(
      explain(plan!)
        .match(/^ +\S+: [a-z.]+ “.*$/gm)
        ?.map((line) => line.trim()),
    ).toEqual([
      'numbers: source.generator “Generator”',
      'part/rows: project “rows” ← out',
      'part/large/in: project “in” ← out',
      'part/large/some: filter “some” ← out',
      'part/first: dedup “first” ← out',
      'part/out: project “out” ← out',
      'to: sink.print “Print” ← out',
    ]);
    const some = plan!.operators.find((one) => one.nodeId === 'part/large/some');
    expect([some?.config, some?.inputs[0]?.shape.schema.fields.map(({ name }) => name)]).toEqual([
      { condition: 'v >= 4' },
      ['v'],
    ]);
  });

  it('has a form and ports by what its document declares', () => {
    const { nodes } = validateDocument(parsed(caller({})), { subPipelines: texts });
    const { spec, ports } = nodes.get(nodeId('part'))!;
    expect([ports.inputs.map(({ name }) => name), ports.outputs.map(({ name }) => name)]).toEqual([['rows'], ['out']]);
    expect(spec!.config.fields['params']).toMatchObject({ fields: { least: { widget: 'number', defaultValue: 3 } } });
    expect(checkConfig(spec!.config, { path: 'x' }).value).toEqual({ path: 'x', params: { least: 3 } });
  });

  it('refuses rows that are not as declared, and says so at the caller', () => {
    const other = caller({}) as { nodes: { config: { fields: { type: string; name: string }[] } }[] };
    other.nodes[0]!.config.fields[0]!.type = 'DOUBLE';
    expect(problems(other).map(({ code }) => code)).toEqual(['MR1405']);
    other.nodes[0]!.config.fields[0]!.name = 'w';
    expect(problems(other).map(({ code }) => code)).toEqual(['MR1403']);
  });

  it('has no other ports than those', () => {
    const wrong = document((caller({}) as { nodes: object[] }).nodes, ['numbers > part > in', 'part > to']);
    expect(problems(wrong).map(({ code }) => code)).toEqual(['MR1108', 'MR1104']);
  });

  it('is checked with the values of the caller, whose place is told', () => {
    expect(problems(caller({ least: '' }))).toEqual([{ code: 'MR1201', path: 'params.least' }]);
    expect(problems(caller({ more: 1 }))).toEqual([{ code: 'MR1202', path: 'params.more' }]);
  });

  it('is read with all that it stands on, each once', async () => {
    const asked: string[] = [];
    const read = await readSubPipelines(parsed(caller({})), async (path) => {
      asked.push(path);
      return texts.get(path) ?? null;
    });
    expect([asked, read]).toEqual([[...texts.keys()], texts]);
  });

  it('runs', async () => {
    const raw = caller({ least: 2 }, node('to', 'sink.file', { path: 'out.jsonl', format: 'jsonl' }));
    const { job, events } = createJob(folder.path, raw, { subPipelines: texts });
    await job.start();
    await job.ended;
    expect(events.find((event) => event.type === 'state' && event.error !== null)).toBeUndefined();
    const lines = readFileSync(folder.within('out.jsonl'), 'utf8').split('\n').filter(Boolean);
    expect(lines.sort()).toEqual(['{"v":2}', '{"v":3}', '{"v":4}']);
  });
});

import { describe, expect, it } from 'vitest';
import { readDocument, type PipelineDocument } from '../graph/index.ts';
import { exportDocument } from './export-document.ts';
import { printLosses } from './loss-report.ts';
import type { Target } from './target.ts';
import { findTarget, targets } from './targets.ts';

function pipeline(nodes: readonly object[], edges: readonly object[]): PipelineDocument {
  const document = { format: 'millrace/pipeline', version: 1, name: 'Über Pages!', nodes, edges };
  return readDocument(document).document!;
}

const CLICKS = {
  id: 'clicks',
  type: 'source.file',
  config: {
    path: '${folder}/../clicks.jsonl',
    format: 'jsonl',
    schema: [
      { name: 'user', type: 'STRING' },
      { name: 'ts', type: 'TIMESTAMP' },
    ],
    eventTime: { field: 'ts', maxOutOfOrdernessMs: 5000, perRow: true },
  },
};
const SQL = {
  id: 'few',
  type: 'sql',
  config: { inputs: [{ name: 'c' }], query: "SELECT user, ts FROM c WHERE user LIKE 'a%' OR user = 'bob'" },
};
const OUT = { id: 'out', type: 'sink.file', config: { path: 'out', format: 'jsonl' } };
const ALL = pipeline(
  [CLICKS, SQL, OUT],
  [
    { from: 'clicks', to: 'few', toPort: 'c' },
    { from: 'few', to: 'out' },
  ],
);
const OPTIONS = { baseFolder: '/data/job', params: { folder: 'in' } };

describe('exporting a document', () => {
  it.each(targets)('gives job, README and manifest: $id', (target) => {
    const { report, files, diagnostics } = exportDocument(ALL, target, OPTIONS);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(files.map(({ path }) => path).slice(-2)).toEqual(['README.md', 'manifest.json']);
    expect(files[0]!.path).toMatch(/^ber-pages\./);
    expect(report!.nodes.map(({ node }) => node)).toEqual(['clicks', 'few', 'out']);
    const manifest = JSON.parse(files.at(-1)!.text) as { nodes: { id: string; part?: string }[] };
    expect(new Set(manifest.nodes.map(({ id }) => id))).toEqual(new Set(['clicks', 'few', 'out']));
    // What a composite stands for is told as parts of it.
    expect(manifest.nodes.filter(({ part }) => part !== undefined).every(({ id }) => id === 'few')).toBe(true);
  });

  it('resolves paths and fills in parameters', () => {
    const [sql] = exportDocument(ALL, findTarget('flink-sql')!, OPTIONS).files;
    expect(sql!.text).toContain("'path' = 'file:///data/job/clicks.jsonl'");
  });

  it('is the same every time', () => {
    const run = (): unknown => exportDocument(ALL, findTarget('flink-sql')!, OPTIONS);
    expect(run()).toEqual(run());
  });

  it('gives nothing but the reasons where an operator has no place, by the node of the document', () => {
    const timed = { id: 'timed', type: 'watermark', config: { eventTime: { field: 'ts' } } };
    const document = pipeline(
      [CLICKS, timed, OUT],
      [
        { from: 'clicks', to: 'timed' },
        { from: 'timed', to: 'out' },
      ],
    );
    const { report, files, diagnostics } = exportDocument(document, findTarget('flink-sql')!, OPTIONS);
    expect(files).toEqual([]);
    expect(report!.fidelity).toBe('impossible');
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'MR2401', severity: 'error', nodeId: 'timed' })]);
  });

  it('refuses what has errors, or nothing to give', () => {
    const { report, diagnostics } = exportDocument(pipeline([CLICKS], []), findTarget('json')!, OPTIONS);
    expect(report).toBeNull();
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'MR1111', severity: 'error' }));
  });

  it('counts a loss of a part once, as one of the composite', () => {
    const target: Target = {
      id: 't',
      label: 'T',
      version: null,
      export: ({ nodes }) => ({
        losses: nodes.map(({ id }) => ({ node: id, losses: [{ fidelity: 'note', text: 'a | b' }] })),
        remarks: [{ fidelity: 'approximate', text: 'roughly' }],
        files: [],
        dependencies: [],
        commands: [],
        names: new Map(),
      }),
    };
    const { report } = exportDocument(ALL, target, OPTIONS);
    expect(report!.fidelity).toBe('approximate');
    expect(printLosses(report!).split('\n')).toEqual([
      '| what | how near | why |',
      '| --- | --- | --- |',
      '| the job | approximate | roughly |',
      '| File source (`clicks`), `few`, File sink (`out`) | exact, with a note | a \\| b |',
      '',
    ]);
  });
});

describe('lists of operators', () => {
  it('say what a target has no place for, whatever the config', () => {
    const [flink, spark, storm] = [findTarget('flink-sql')!, findTarget('spark')!, findTarget('storm')!];
    expect(flink.refuses!('process.js')).toContain('runs code');
    expect(flink.refuses!('sink.http')).toContain('no connector');
    expect(flink.refuses!('source.file')).toBeNull();
    expect(flink.refuses!('filter')).toBeNull();
    expect(spark.refuses!('source.http')).toContain('a source that Spark has not');
    expect(spark.refuses!('sink.http')).toContain('no sink of Spark');
    expect(storm.refuses!('pattern')).toContain('Storm has nothing for');
    expect(['source.file', 'sink.file', 'sample'].map((type) => storm.refuses!(type))).toEqual([null, null, null]);
    expect(['source.file', 'sink.file', 'filter'].map((type) => spark.refuses!(type))).toEqual([null, null, null]);
  });
});

/** The oracle of jobs against results worked out by hand: what it gets wrong, no simulation would find. */
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../../compiler/index.ts';
import { nodeId } from '../../core/ids.ts';
import { readDocument } from '../../graph/index.ts';
import { MemoryFiles } from '../memory-files.ts';
import { referenceJob, type ReferenceJob } from './pipeline.ts';
import { printLine } from './sink-lines.ts';
import { isTimely, rowsOf } from './streams.ts';

const SCHEMA = [
  { name: 'k', type: 'STRING' },
  { name: 'v', type: 'INT' },
  { name: 'ts', type: 'TIMESTAMP' },
];

interface Options {
  readonly bound: number;
  readonly perRow?: boolean;
  readonly parallelism?: number;
  readonly runtimeMode?: 'streaming' | 'batch';
  readonly nodes?: readonly object[];
  readonly edges: readonly object[];
}

function reference(lines: readonly string[], options: Options): ReferenceJob {
  const { bound, perRow = true, parallelism = 1, nodes = [], edges } = options;
  const files = new MemoryFiles();
  files.write('/job/in.csv', ['k,v,ts', ...lines, ''].join('\n'));
  const eventTime = { field: 'ts', maxOutOfOrdernessMs: bound, perRow };
  const { document } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'by hand',
    settings: { runtimeMode: options.runtimeMode ?? 'streaming' },
    nodes: [
      {
        id: 'in',
        type: 'source.file',
        config: { path: 'in.csv', format: 'csv', schema: SCHEMA, onError: 'reject', eventTime },
      },
      ...nodes,
      { id: 'out', type: 'sink.file', config: { path: 'out', format: 'jsonl' } },
    ],
    edges,
  });
  const { plan, diagnostics } = compileDocument(document!, { baseFolder: '/job' });
  expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
  return referenceJob(plan!, files, () => parallelism);
}

function linesInto(job: ReferenceJob, id: string): readonly string[] | null {
  const stream = job.inputs.get(nodeId(id))![0]!;
  return stream === null ? null : rowsOf(stream).map((row) => printLine('jsonl', stream.schema, row.values));
}

const WINDOW = {
  id: 'window',
  type: 'aggregate.window',
  config: {
    groupBy: ['k'],
    window: { type: 'tumbling', size: '1 second' },
    aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }],
  },
};
const THROUGH_WINDOW = [
  { from: 'in', to: 'window' },
  { from: 'window', to: 'out' },
];

describe('the reference of a pipeline', () => {
  it('gives late rows where the order is known', () => {
    // 1500 fires [0, 1000): the second row of it is late.
    const job = reference(['a,1,100', 'a,2,1500', 'a,3,200'], { bound: 500, nodes: [WINDOW], edges: THROUGH_WINDOW });
    expect(linesInto(job, 'out')).toEqual([
      '{"k":"a","window_start":"1970-01-01T00:00:00.000Z","window_end":"1970-01-01T00:00:01.000Z","n":1}',
      '{"k":"a","window_start":"1970-01-01T00:00:01.000Z","window_end":"1970-01-01T00:00:02.000Z","n":1}',
    ]);
  });

  it('gives only totals where what is late depends on the interleaving', () => {
    const job = reference(['a,1,100', 'a,2,1500', 'a,3,200'], {
      bound: 500,
      parallelism: 2,
      nodes: [WINDOW],
      edges: THROUGH_WINDOW,
    });
    expect(linesInto(job, 'out')).toBeNull();
    expect(job.conservations.get(nodeId('window'))).toMatchObject({ windowsPerRow: 1, mayBeLate: true });
  });

  it('counts in batch mode what would be late, in any order', () => {
    const job = reference(['a,1,100', 'a,2,1500', 'a,3,200'], {
      bound: 500,
      parallelism: 2,
      runtimeMode: 'batch',
      nodes: [WINDOW],
      edges: THROUGH_WINDOW,
    });
    expect(linesInto(job, 'out')).toEqual([
      '{"k":"a","window_start":"1970-01-01T00:00:00.000Z","window_end":"1970-01-01T00:00:01.000Z","n":2}',
      '{"k":"a","window_start":"1970-01-01T00:00:01.000Z","window_end":"1970-01-01T00:00:02.000Z","n":1}',
    ]);
  });

  it('knows all results where no row can be late', () => {
    const job = reference(['a,1,100', 'a,2,1500', 'a,3,1200'], {
      bound: 500,
      perRow: false,
      parallelism: 2,
      nodes: [WINDOW],
      edges: THROUGH_WINDOW,
    });
    expect(isTimely(job.inputs.get(nodeId('window'))![0]!)).toBe(true);
    expect(linesInto(job, 'out')).toHaveLength(2);
  });

  it('does not say what becomes of a row at the very end of a session', () => {
    const session = { ...WINDOW, config: { ...WINDOW.config, window: { type: 'session', gap: '1 second' } } };
    const sessions = (lines: readonly string[], perRow: boolean): readonly string[] | null =>
      linesInto(reference(lines, { bound: 1, perRow, nodes: [session], edges: THROUGH_WINDOW }), 'out');
    expect(sessions(['a,1,0', 'a,1,1000'], false)).toBeNull();
    expect(sessions(['a,1,0', 'a,1,999'], false)).toHaveLength(1);
    expect(sessions(['a,1,0', 'a,1,1000'], true)).toHaveLength(1);
    // The row of b brings the watermark to 999.
    expect(sessions(['a,1,0', 'b,1,1000', 'a,1,1000'], true)).toHaveLength(3);
  });

  it('filters, routes, projects and unnests row by row', () => {
    const job = reference(['a,1,1', 'b,,2', ',7,3', 'a,9,4'], {
      bound: 10,
      nodes: [
        { id: 'keep', type: 'filter', config: { condition: 'v < 8 OR v IS NULL' } },
        { id: 'split', type: 'route', config: { cases: [{ port: 'odd', condition: 'MOD(v, 2) = 1' }] } },
        { id: 'twice', type: 'project', config: { fields: [{ as: 'v', expr: 'v * 2' }], keepAll: true } },
        { id: 'each', type: 'unnest', config: { expr: "SPLIT(k, '-')", as: 'part', outer: true } },
      ],
      edges: [
        { from: 'in', to: 'keep' },
        { from: 'keep', to: 'split' },
        { from: 'split', fromPort: 'odd', to: 'twice' },
        { from: 'twice', to: 'each' },
        { from: 'each', to: 'out' },
      ],
    });
    expect(linesInto(job, 'out')).toEqual([
      '{"k":"a","v":2,"ts":"1970-01-01T00:00:00.001Z","part":"a"}',
      '{"k":null,"v":14,"ts":"1970-01-01T00:00:00.003Z","part":null}',
    ]);
  });

  it('tells which lines are no rows', () => {
    const job = reference(['a,x,1', 'a,1,2', 'a,1,'], {
      bound: 0,
      edges: [{ from: 'in', fromPort: 'rejected', to: 'out' }],
    });
    expect(linesInto(job, 'out')).toEqual([
      '{"file":"in.csv","line":2,"reason":null,"raw":"a,x,1"}',
      '{"file":"in.csv","line":4,"reason":null,"raw":"a,1,"}',
    ]);
  });
});

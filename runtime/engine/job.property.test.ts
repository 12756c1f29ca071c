/**
 * Law 12: a job's result does not depend on interleaving, parallelism, batch size, crashes and restores. Random pipelines over random,
 * disordered files run under the deterministic scheduler, are killed at random steps, and give what the naive model gives.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../compiler/index.ts';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { BOOLEAN, INT, type Value } from '../core/types.ts';
import { readDocument } from '../graph/index.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { ReferenceWindowAggregate, type ReferenceWindow } from '../testing/reference/window-aggregate.ts';
import { DeterministicScheduler } from './deterministic-scheduler.ts';

interface Row {
  readonly k: string;
  readonly v: number;
  readonly ts: number;
}

interface Pipeline {
  readonly files: readonly (readonly Row[])[];
  readonly keep: number;
  readonly window: ReferenceWindow;
  readonly parallelism: number;
  readonly batchRows: number;
  /** Between the file and the window: a change of parallelism. */
  readonly middleParallelism: number;
  readonly checkpoint: object;
}

const START = Date.UTC(2026, 0, 1);
/** No row is further behind than this, so none is late. */
const DISORDER_MS = 60_000;

const anyRow = fc.record({
  k: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  v: fc.integer({ min: -9, max: 9 }),
  ts: fc.integer({ min: 0, max: DISORDER_MS }).map((ms) => START + ms),
});

const anyWindow: fc.Arbitrary<ReferenceWindow> = fc.oneof(
  fc.record({
    type: fc.constant('tumbling' as const),
    size: fc.constantFrom(1000, 7000),
    offset: fc.constantFrom(0, 300),
  }),
  fc.record({
    type: fc.constant('hopping' as const),
    size: fc.constant(6000),
    slide: fc.constantFrom(2000, 3000),
    offset: fc.constant(0),
  }),
  fc.record({
    type: fc.constant('cumulative' as const),
    size: fc.constant(8000),
    step: fc.constant(2000),
    offset: fc.constant(0),
  }),
  fc.record({ type: fc.constant('session' as const), gap: fc.constantFrom(500, 4000) }),
);

const anyPipeline: fc.Arbitrary<Pipeline> = fc.record({
  files: fc.array(fc.array(anyRow, { maxLength: 40 }), { minLength: 1, maxLength: 4 }),
  keep: fc.integer({ min: -9, max: 5 }),
  window: anyWindow,
  parallelism: fc.integer({ min: 1, max: 3 }),
  batchRows: fc.constantFrom(1, 3, 2048),
  middleParallelism: fc.integer({ min: 1, max: 3 }),
  checkpoint: fc.constantFrom(
    {},
    { alignment: 'unaligned' },
    { alignment: 'unaligned' },
    { alignment: 'unaligned', alignedTimeoutMs: 5 },
  ),
});

function windowConfig(window: ReferenceWindow): object {
  return Object.fromEntries(
    Object.entries(window).map(([key, value]) => [
      key,
      typeof value === 'number' ? `${value} milliseconds` : (value as string),
    ]),
  );
}

function plan(pipeline: Pipeline): PhysicalPlan {
  const node = (id: string, type: string, config: object, more: object = {}): object => ({
    id,
    type,
    position: { x: 0, y: 0 },
    config,
    ...more,
  });
  const { document } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'random',
    settings: {
      parallelism: pipeline.parallelism,
      batchRows: pipeline.batchRows,
      checkpoint: pipeline.checkpoint,
    },
    nodes: [
      node('in', 'source.file', {
        path: 'in/*.csv',
        format: 'csv',
        schema: [
          { name: 'k', type: 'STRING' },
          { name: 'v', type: 'INT' },
          { name: 'ts', type: 'TIMESTAMP' },
        ],
        eventTime: { field: 'ts', maxOutOfOrdernessMs: DISORDER_MS },
      }),
      node('keep', 'filter', { condition: `v > ${pipeline.keep}` }, { parallelism: pipeline.middleParallelism }),
      node('window', 'aggregate.window', {
        groupBy: ['k'],
        window: windowConfig(pipeline.window),
        aggregates: [
          { as: 'n', fn: 'COUNT', expr: '*' },
          { as: 'total', fn: 'SUM', expr: 'v' },
          { as: 'least', fn: 'MIN', expr: 'v' },
        ],
        allowedLateness: '0 seconds',
      }),
      node('out', 'sink.file', { path: 'out', format: 'jsonl' }),
    ],
    edges: [
      { from: 'in', to: 'keep' },
      { from: 'keep', to: 'window' },
      { from: 'window', to: 'out' },
    ],
    notes: [],
    groups: [],
  });
  const compiled = compileDocument(document!, { baseFolder: '/data-folder' });
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return compiled.plan!;
}

function inputFiles(pipeline: Pipeline): MemoryFiles {
  const files = new MemoryFiles();
  pipeline.files.forEach((rows, i) => {
    files.write(`/data-folder/in/${i}.csv`, ['k,v,ts', ...rows.map((r) => `${r.k},${r.v},${r.ts}`), ''].join('\n'));
  });
  return files;
}

function results(files: MemoryFiles): string[] {
  return files
    .list('/data-folder/out')
    .flatMap((path) => files.text(path).split('\n').filter(Boolean))
    .sort();
}

const PLAIN = { distinct: false, filter: null, percentile: null, separator: null };

function expectedResults({ files, keep, window }: Pipeline): string[] {
  const reference = new ReferenceWindowAggregate(
    window,
    [0],
    [
      { ...PLAIN, fn: 'COUNT', type: BOOLEAN, field: null },
      { ...PLAIN, fn: 'SUM', type: INT, field: 1 },
      { ...PLAIN, fn: 'MIN', type: INT, field: 1 },
    ],
    0,
  );
  for (const row of files.flat()) if (row.v > keep) reference.row([row.k, row.v, row.ts], row.ts);
  return reference
    .watermark(Infinity)
    .map(({ values }) => toJsonLine(values))
    .sort();
}

function toJsonLine([k, start, end, n, total, least]: readonly Value[]): string {
  const iso = (value: Value | undefined): string => new Date(value as number).toISOString();
  return JSON.stringify({ k, window_start: iso(start), window_end: iso(end), n: Number(n), total, least });
}

describe('a job under the deterministic scheduler', () => {
  it('gives what the naive model gives, whatever the interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(anyPipeline, fc.nat(), async (pipeline, seed) => {
        const files = inputFiles(pipeline);
        const scheduler = new DeterministicScheduler(plan(pipeline), { seed, files });
        await scheduler.open();
        await scheduler.run(10);
        scheduler.close();
        expect(results(files)).toEqual(expectedResults(pipeline));
      }),
      propertyRuns(150),
    );
  });

  it('gives each result once when it is killed anywhere, and restored at another parallelism', async () => {
    const anyKills = fc.array(fc.record({ afterSteps: fc.nat(250), parallelism: fc.integer({ min: 1, max: 3 }) }), {
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(anyPipeline, anyKills, fc.nat(), async (pipeline, kills, seed) => {
        const files = inputFiles(pipeline);
        let restoreFrom = null;
        let parallelism = pipeline.parallelism;
        let attempt = 0;
        for (const kill of kills) {
          const scheduler: DeterministicScheduler = new DeterministicScheduler(plan({ ...pipeline, parallelism }), {
            seed: seed + attempt++,
            files,
            restoreFrom,
          });
          await scheduler.open();
          for (let i = 0; i < kill.afterSteps && !scheduler.isFinished; i++) {
            scheduler.step();
            // Time goes by, so that some barriers overtake that began aligned.
            if (i % 3 === 0) scheduler.elapse(1);
            if (i % 7 === 3) scheduler.triggerCheckpoint();
          }
          restoreFrom = scheduler.latest;
          parallelism = kill.parallelism;
        }
        const last = new DeterministicScheduler(plan({ ...pipeline, parallelism }), {
          seed: seed + attempt,
          files,
          restoreFrom,
        });
        await last.open();
        await last.run(10);
        last.close();
        expect(results(files)).toEqual(expectedResults(pipeline));
      }),
      propertyRuns(150),
    );
  });
});

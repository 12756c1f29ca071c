/** Operators with requests under way, in whole jobs under a virtual clock. The probe fails when a mark or a barrier comes past a request. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyOperatorFactory } from '../../core/operator.ts';
import { findSpec } from '../../operators/catalog.ts';
import { runtimes } from '../../operators/runtimes.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import {
  generator,
  metricsOf,
  simulatedNode,
  simulateJob,
  type SimulatedJob,
  type SimulatedNode,
} from '../../testing/simulated-job.ts';
import { asynchronousSpec, createAsynchronous } from '../failures/asynchronous.ts';
import type { KeptCheckpoint } from '../deterministic-scheduler.ts';

(runtimes as Record<string, AnyOperatorFactory>)[asynchronousSpec.type] = createAsynchronous;
const withProbe = { findSpec: (type: string) => (type === asynchronousSpec.type ? asynchronousSpec : findSpec(type)) };

const probe = (id: string, config: object = {}, parallelism?: number): SimulatedNode =>
  simulatedNode(id, asynchronousSpec.type, config, parallelism);

const ROWS = 200;
const BATCH_ROWS = 8;

/** Event times up to 700 ms out of order. */
const source = generator(
  'in',
  [
    ['n', 'BIGINT', 'n'],
    ['ts', 'TIMESTAMP', 'TO_TIMESTAMP_LTZ(n * 100 + n * 37 % 8 * 100, 3)'],
  ],
  { rows: ROWS, eventTime: { field: 'ts', maxOutOfOrdernessMs: 700 } },
);

const count = simulatedNode('count', 'aggregate.window', {
  groupBy: [],
  window: { type: 'tumbling', size: '1 second' },
  aggregates: [
    { as: 'rows', fn: 'COUNT', expr: '*' },
    { as: 'total', fn: 'SUM', expr: 'n' },
  ],
  allowedLateness: '0 seconds',
});

function chain(nodes: readonly SimulatedNode[], settings: object = {}): object {
  return {
    settings: { batchRows: BATCH_ROWS, ...settings },
    nodes,
    edges: nodes.slice(1).map(({ id }, i) => ({ from: nodes[i]!.id, to: id })),
  };
}

const toFile = simulatedNode('out', 'sink.file', { path: 'out', format: 'jsonl' });

function linesOf(files: MemoryFiles): string[] {
  return files
    .list('/job/out')
    .flatMap((path) => files.text(path).split('\n').filter(Boolean))
    .sort();
}

interface Kill {
  readonly afterSteps: number;
}

/** Runs to the end, killed on the way, with a checkpoint every few steps: the lines of the result. */
async function run(raw: object, kills: readonly Kill[], seed: number): Promise<string[]> {
  const files = new MemoryFiles();
  let restoreFrom: KeptCheckpoint | null = null;
  for (const [attempt, { afterSteps }] of [...kills, { afterSteps: Infinity }].entries()) {
    const { scheduler } = await simulateJob(raw, { ...withProbe, seed: seed + attempt, files, restoreFrom });
    for (let i = 0; i < afterSteps && !scheduler.isFinished; i++) {
      if (scheduler.step() === 'outside') await scheduler.outside();
      if (i % 3 === 0) scheduler.elapse(1);
      if (i % 11 === 5) scheduler.triggerCheckpoint();
    }
    if (scheduler.isFinished) scheduler.close();
    restoreFrom = scheduler.latest;
  }
  return linesOf(files);
}

describe('a job with requests under way', () => {
  const plain = run(chain([source, count, toFile]), [], 1);
  const anyProbe = fc.record({ capacity: fc.integer({ min: 1, max: 4 }), maxMs: fc.nat(30), holdsBack: fc.boolean() });
  const anyParallelism = fc.integer({ min: 1, max: 3 });

  it('gives what it gives without them: chained or not, killed anywhere, whatever barriers overtake', async () => {
    const anyCase = fc.record({
      probes: fc.array(fc.tuple(anyProbe, anyParallelism), { minLength: 1, maxLength: 3 }),
      marks: fc.boolean(),
      bufferTimeoutMs: fc.constantFrom(0, 100),
      checkpoint: fc.constantFrom({}, { alignment: 'unaligned' }, { alignment: 'unaligned', alignedTimeoutMs: 5 }),
      kills: fc.array(fc.record({ afterSteps: fc.nat(400) }), { maxLength: 2 }),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ probes, marks, bufferTimeoutMs, checkpoint, kills, seed }) => {
        // Marks that are made in the chain come with rows behind them, which are in no other order than at the source.
        const nodes = probes.map(([config, parallelism], i) =>
          probe(`probe${i}`, config, marks && i === 0 ? 1 : parallelism),
        );
        const eventTime = { field: 'ts', maxOutOfOrdernessMs: 700, perRow: true };
        if (marks) nodes.splice(1, 0, simulatedNode('marks', 'watermark', { eventTime }));
        const raw = chain([source, ...nodes, count, toFile], { bufferTimeoutMs, checkpoint });
        expect(await run(raw, kills, seed)).toEqual(await plain);
      }),
      propertyRuns(60),
    );
  });

  it('drops the same rows as late', async () => {
    const late = generator(
      'in',
      [
        ['n', 'BIGINT', 'n'],
        ['ts', 'TIMESTAMP', 'TO_TIMESTAMP_LTZ(n * 100 + n * 37 % 8 * 500, 3)'],
      ],
      { rows: ROWS, eventTime: { field: 'ts', maxOutOfOrdernessMs: 500 } },
    );
    const expected = await run(chain([late, count, toFile]), [], 1);
    const all = expected.reduce((sum, line) => sum + (JSON.parse(line) as { rows: number }).rows, 0);
    expect(all).toBeLessThan(ROWS);
    for (let seed = 1; seed <= 5; seed++) {
      expect(await run(chain([late, probe('a'), probe('b', { holdsBack: true }), count, toFile]), [], seed)).toEqual(
        expected,
      );
    }
  });

  it('drops the same rows as late where marks are made in the chain, with rows behind them', async () => {
    const plainSource = generator(
      'in',
      [
        ['n', 'BIGINT', 'n'],
        ['ts', 'TIMESTAMP', 'TO_TIMESTAMP_LTZ(n * 100 + n * 37 % 8 * 500, 3)'],
      ],
      { rows: ROWS },
    );
    const eventTime = { field: 'ts', maxOutOfOrdernessMs: 500, perRow: true };
    const marks = simulatedNode('marks', 'watermark', { eventTime });
    const expected = await run(chain([plainSource, marks, count, toFile]), [], 1);
    for (let seed = 1; seed <= 5; seed++) {
      const nodes = [plainSource, probe('a'), marks, probe('b', { capacity: 2 }), count, toFile];
      expect(await run(chain(nodes), [], seed)).toEqual(expected);
    }
  });

  it('gives the same in batch mode, where no timer comes due', async () => {
    const raw = chain([source, probe('a'), count, toFile], { runtimeMode: 'batch' });
    expect(await run(raw, [], 1)).toEqual(await plain);
  });

  it('is the same in every run of a seed', async () => {
    const steps = async (): Promise<string[]> => {
      const job = await simulateJob(chain([source, probe('a'), count, toFile]), { ...withProbe, seed: 7 });
      const outcomes: string[] = [];
      while (!job.scheduler.isFinished) {
        const outcome = job.scheduler.step();
        outcomes.push(`${outcome} ${job.scheduler.now}`);
        if (outcome === 'outside') await job.scheduler.outside();
      }
      return outcomes;
    };
    expect(await steps()).toEqual(await steps());
  });
});

/** A request that no test waits for. */
const HOURS = 1e7;

/** Steps until nothing moves but the clock. */
async function untilStill({ scheduler }: SimulatedJob): Promise<void> {
  while (scheduler.step() !== 'outside');
  await scheduler.outside();
}

describe('a task whose operator is full', () => {
  const slow = (config: object = {}): Promise<SimulatedJob> =>
    simulateJob(
      chain([
        generator('in', [['n', 'BIGINT', 'n']], { rows: 100_000 }),
        probe('slow', { capacity: 3, maxMs: HOURS, ...config }),
        simulatedNode('out', 'sink.print', {}),
      ]),
      withProbe,
    );

  it('takes no more rows, counts as busy, and goes on when one is back', async () => {
    const job = await slow();
    await untilStill(job);
    const rowsIn = (): number => metricsOf(job.readMetrics(), 'slow')[0]!.numRecordsIn;
    expect(rowsIn()).toBe(3 * BATCH_ROWS);
    for (let i = 0; i < 20; i++) {
      job.scheduler.elapse(100);
      job.scheduler.tasks[0]!.step(job.scheduler.now);
    }
    expect(metricsOf(job.readMetrics(), 'slow')[0]!).toMatchObject({
      numRecordsIn: 3 * BATCH_ROWS,
      busyTimeMsPerSecond: 1000,
      backPressuredTimeMsPerSecond: 0,
    });
    while (rowsIn() === 3 * BATCH_ROWS) if (job.scheduler.step() === 'outside') await job.scheduler.outside();
    expect(rowsIn()).toBe(4 * BATCH_ROWS);
    expect(job.printed.length).toBeLessThanOrEqual(2 * BATCH_ROWS);
  });

  it('still runs commands and timers', async () => {
    const job = await slow({ timerMs: 500 });
    await untilStill(job);
    job.scheduler.elapse(1000);
    for (const task of job.scheduler.tasks) task.completeCheckpoint(77);
    await untilStill(job);
    expect(job.printed).toEqual(expect.arrayContaining(['timer, 3 under way', 'complete 77']));
    expect(metricsOf(job.readMetrics(), 'slow')[0]!.numRecordsIn).toBe(3 * BATCH_ROWS);
  });

  it('lets a barrier wait, and takes no more rows before it', async () => {
    const job = await slow({ maxMs: 1000 });
    await untilStill(job);
    job.scheduler.triggerCheckpoint();
    while (job.scheduler.latest === null) if (job.scheduler.step() === 'outside') await job.scheduler.outside();
    expect(job.printed).toContain(`barrier 1 behind ${3 * BATCH_ROWS} rows`);
  });

  it('is abandoned when the job is closed', async () => {
    const job = await slow({ maxMs: 10 });
    await untilStill(job);
    job.scheduler.close();
    await job.scheduler.outside();
    expect(job.printed).toEqual([]);
  });
});

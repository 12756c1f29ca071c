/** What unaligned checkpoints are for: one completes however slowly the rows in front of its barriers are worked off. */
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../../compiler/index.ts';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { readDocument } from '../../graph/index.ts';
import type { CheckpointReport } from '../../protocol/job.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { DeterministicScheduler, type KeptCheckpoint } from '../deterministic-scheduler.ts';

const ROWS = 2000;
/** The sink gets a turn only every so many. */
const SINK_TURN = 100;
/** Of virtual time, that a turn takes. */
const STEP_MS = 0.5;

function plan(checkpoint: object, sinkParallelism: number): PhysicalPlan {
  const { document } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'slow sink',
    settings: { parallelism: 2, batchRows: 4, bufferTimeoutMs: 1, latencyTargetMs: 0, checkpoint },
    nodes: [
      {
        id: 'in',
        type: 'source.generator',
        config: { rows: ROWS, fields: [{ name: 'n', type: 'BIGINT', expr: 'n' }] },
      },
      { id: 'out', type: 'sink.file', parallelism: sinkParallelism, config: { path: 'out', format: 'jsonl' } },
    ],
    edges: [{ from: 'in', to: 'out' }],
  });
  const compiled = compileDocument(document!, { baseFolder: '/job' });
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return compiled.plan!;
}

interface Outcome {
  /** Null when it was not complete in a second. */
  readonly report: CheckpointReport | null;
  readonly kept: KeptCheckpoint | null;
  readonly files: MemoryFiles;
}

/** Lets the queues to the sink fill, then gives a checkpoint a second. */
async function checkpointBehindSlowSink(checkpoint: object): Promise<Outcome> {
  const files = new MemoryFiles();
  let turn = 0;
  let done: { kept: KeptCheckpoint; report: CheckpointReport } | null = null;
  const scheduler = new DeterministicScheduler(plan(checkpoint, 1), {
    seed: 1,
    files,
    mayStep: (task) => task.id !== 'out' || turn % SINK_TURN === 0,
    onCheckpoint: (kept, report) => (done = { kept, report }),
  });
  await scheduler.open();
  const run = (turns: number): void => {
    for (const until = turn + turns; turn < until && done === null; turn++) {
      scheduler.step();
      scheduler.elapse(STEP_MS);
    }
  };
  run(500);
  expect(scheduler.triggerCheckpoint()).toBe(true);
  run(1000 / STEP_MS);
  const { report = null, kept = null } = (done ?? {}) as Partial<{ kept: KeptCheckpoint; report: CheckpointReport }>;
  // The machine dies here.
  return { report, kept, files };
}

function rowsOf(files: MemoryFiles): number[] {
  return files
    .list('/job/out')
    .flatMap((path) => files.text(path).split('\n').filter(Boolean))
    .map((line) => Number((JSON.parse(line) as { n: number }).n))
    .sort((a, b) => a - b);
}

const ALL = Array.from({ length: ROWS }, (_, n) => n);

describe('a sink at a hundredth of its pace', () => {
  it('holds an aligned checkpoint up', async () => {
    const { report } = await checkpointBehindSlowSink({});
    expect(report).toBeNull();
  });

  it.each([
    ['at once', {}],
    ['after 100 ms', { alignedTimeoutMs: 100 }],
  ])('does not hold an unaligned one up that may overtake %s', async (_when, settings) => {
    const { report } = await checkpointBehindSlowSink({ alignment: 'unaligned', ...settings });
    expect(report?.durationMs).toBeLessThan(1000);
    const sink = report!.details.find((detail) => detail.nodeId === 'out')!;
    expect(sink.isUnaligned).toBe(true);
    expect(sink.persistedBytes).toBeGreaterThan(0);
    expect(sink.sizeBytes).toBeGreaterThan(sink.persistedBytes);
  });

  it.each([1, 2, 3])('gives each row once from that checkpoint, with %i sinks', async (sinks) => {
    const settings = { alignment: 'unaligned' };
    const { kept, files } = await checkpointBehindSlowSink(settings);
    const restored = new DeterministicScheduler(plan(settings, sinks), { seed: 2, files, restoreFrom: kept });
    await restored.open();
    await restored.run();
    restored.close();
    expect(rowsOf(files)).toEqual(ALL);
  });
});

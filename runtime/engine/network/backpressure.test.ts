import { describe, expect, it } from 'vitest';
import { generator, metricsOf, simulatedNode, simulateJob, type SimulatedJob } from '../../testing/simulated-job.ts';
import { CREDITS } from './channel.ts';
import type { Task } from '../task/task.ts';

const BATCH_ROWS = 256;

/** Rows 0, 1, 2, … through a filter to a sink that the sources are not chained to. */
function numbers(rows: number, settings: object): object {
  return {
    settings: { batchRows: BATCH_ROWS, ...settings },
    nodes: [
      generator('in', [['n', 'BIGINT', 'n']], { rows }),
      simulatedNode('all', 'filter', { condition: 'n >= 0' }, 2),
      simulatedNode('out', 'sink.print', {}),
    ],
    edges: [
      { from: 'in', to: 'all' },
      { from: 'all', to: 'out' },
    ],
  };
}

function rowsOut(job: SimulatedJob): number {
  return metricsOf(job.readMetrics(), 'in').reduce((sum, { numRecordsOut }) => sum + numRecordsOut.out!, 0);
}

/** Lets the sink have `rowsPerSecond`, as a slow device would. */
async function withSlowSink(raw: object, rowsPerSecond: number): Promise<SimulatedJob> {
  const job: SimulatedJob = await simulateJob(raw, {
    mayStep: (task: Task) => task.id !== 'out' || job.printed.length <= (job.scheduler.now * rowsPerSecond) / 1000,
  });
  return job;
}

/** Ten ms go by whenever all others wait for the sink. */
function run(job: SimulatedJob, untilMs: number): void {
  job.runUntil(untilMs, (outcome) => {
    if (outcome === 'held') job.scheduler.elapse(10);
  });
}

describe('backpressure', () => {
  it('stops the source of a sink that stands still within the credits of the channels between', async () => {
    let isStill = true;
    const rows = 100_000;
    const job = await simulateJob(numbers(rows, {}), { mayStep: (task) => !isStill || task.id !== 'out' });
    for (let held = 0; held < 100;) held = job.scheduler.step() === 'held' ? held + 1 : 0;
    // Two channels to the filter and two from it. Beside its credits a channel has a batch that is being filled, and
    // what its task made of one element and could not send.
    expect(rowsOut(job)).toBeLessThanOrEqual(4 * (CREDITS + 2) * BATCH_ROWS);
    expect(job.printed).toEqual([]);
    isStill = false;
    run(job, Infinity);
    expect(job.printed).toHaveLength(rows);
  });

  it('shrinks batches until the latency comes down to its target, and changes no result', async () => {
    const rows = 120_000;
    const slow = await withSlowSink(numbers(rows, { latencyTargetMs: 1000, batchRows: 2048 }), 2000);
    const p99 = (): number => metricsOf(slow.readMetrics(), 'out')[0]!.latency!.p99;
    const seen: number[] = [];
    for (let second = 1; second <= 58; second++) {
      run(slow, second * 1000);
      if (metricsOf(slow.readMetrics(), 'out')[0]!.latency !== null) seen.push(p99());
    }
    // Two exchanges one behind the other, each with its own target.
    expect(Math.max(...seen)).toBeGreaterThan(10_000);
    expect(seen.at(-1)).toBeLessThan(3000);
    run(slow, Infinity);
    const fast = await simulateJob(numbers(rows, { latencyTargetMs: 0 }));
    fast.runUntil(Infinity);
    expect(slow.printed.toSorted().join('\n') === fast.printed.toSorted().join('\n')).toBe(true);
  });

  it('leaves batches alone without a target', async () => {
    const slow = await withSlowSink(numbers(100_000, { latencyTargetMs: 0, batchRows: 2048 }), 2000);
    const seen: number[] = [];
    for (let second = 1; second <= 45; second++) {
      run(slow, second * 1000);
      const { latency } = metricsOf(slow.readMetrics(), 'out')[0]!;
      if (latency !== null) seen.push(latency.p99);
    }
    expect(seen.at(-1)).toBeGreaterThan(10_000);
  });
});

describe('the buffer time-out', () => {
  it.each([
    [0, false],
    [10, true],
  ])('of %d ms: rows wait for their batch: %s', async (bufferTimeoutMs, waits) => {
    const job = await simulateJob({
      settings: { bufferTimeoutMs },
      nodes: [
        generator('in', [['n', 'BIGINT', 'n']], { rows: 5, rowsPerSecond: 1 }),
        simulatedNode('out', 'sink.print', {}, 2),
      ],
      edges: [{ from: 'in', to: 'out' }],
    });
    const outcomes = new Set<string>();
    job.runUntil(Infinity, (outcome) => outcomes.add(outcome));
    expect(job.printed).toHaveLength(5);
    expect(outcomes.has('flushed')).toBe(waits);
  });
});

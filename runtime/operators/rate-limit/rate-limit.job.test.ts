/** The operator in whole jobs under a virtual clock. */
import { describe, expect, it } from 'vitest';
import { generator, simulatedNode, simulateJob, type SimulatedJob } from '../../testing/simulated-job.ts';

const ROWS = 200;
const ROWS_PER_SECOND = 100;

const job = (settings: object = {}, parallelism = 1): Promise<SimulatedJob> =>
  simulateJob({
    settings: { batchRows: 50, ...settings },
    nodes: [
      generator('in', [['n', 'BIGINT', 'n']], { rows: ROWS }),
      simulatedNode('limit', 'rateLimit', { rowsPerSecond: ROWS_PER_SECOND }, parallelism),
      simulatedNode('out', 'sink.print', {}),
    ],
    edges: [
      { from: 'in', to: 'limit' },
      { from: 'limit', to: 'out' },
    ],
  });

/** Steps to the end; the clock moves when nothing else does. */
async function run({ scheduler }: SimulatedJob, onStep: () => void = () => {}): Promise<void> {
  while (!scheduler.isFinished) {
    if (scheduler.step() === 'outside') await scheduler.outside();
    onStep();
  }
}

describe('rateLimit in a job', () => {
  it.each([1, 2])('lets no more rows through than it may, and loses none, in %d subtasks', async (parallelism) => {
    const limited = await job({}, parallelism);
    const started = limited.scheduler.now;
    await run(limited, () => {
      const rowMs = (limited.printed.length - parallelism) * 1000;
      expect(rowMs).toBeLessThanOrEqual(ROWS_PER_SECOND * (limited.scheduler.now - started));
    });
    expect(new Set(limited.printed).size).toBe(ROWS);
    expect(limited.scheduler.now - started).toBeGreaterThanOrEqual(((ROWS - parallelism) / ROWS_PER_SECOND) * 1000);
  });

  it('holds rows back in batch mode', async () => {
    const limited = await job({ runtimeMode: 'batch' });
    await run(limited);
    expect(limited.printed.length).toBe(ROWS);
    expect(limited.scheduler.now).toBeGreaterThan(1900);
  });

  it('lets a barrier through behind the rows that it holds', async () => {
    const limited = await job();
    const { scheduler } = limited;
    while (limited.printed.length < 10) if (scheduler.step() === 'outside') await scheduler.outside();
    scheduler.triggerCheckpoint();
    while (scheduler.latest === null) if (scheduler.step() === 'outside') await scheduler.outside();
    // What the source had read by then has gone, in whole batches.
    expect(limited.printed.length % 50).toBe(0);
    expect(limited.printed.length).toBeLessThan(ROWS);
  });
});

/** Requests under way in real threads, with checkpoints: failures, a kill and a start from the checkpoint, and how a thread waits. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnyOperatorFactory } from '../../core/operator.ts';
import { runtimes } from '../../operators/runtimes.ts';
import { findSpec } from '../../operators/catalog.ts';
import { expected, failingJob, prepareFaultyWorker, restartsOf, resultIn } from '../../testing/failing-job.ts';
import { generator, simulatedNode, simulateJob } from '../../testing/simulated-job.ts';
import { isCompleted, TestFolder } from '../../testing/whole-job.ts';
import { preciseNow } from '../job/system-timers.ts';
import { WakeSignals } from '../network/wake-signals.ts';
import { ThreadedScheduler } from '../worker/threaded-scheduler.ts';
import { asynchronousSpec, createAsynchronous } from './asynchronous.ts';
import type { Fault } from './fault.ts';

const folder = new TestFolder();
beforeAll(prepareFaultyWorker, 60_000);

const fault = (node: string, method: Fault['method'], change: Partial<Fault> = {}): Fault => ({
  node,
  method,
  call: 5,
  how: 'throw',
  times: 1,
  ...change,
});

const asks = { capacity: 3, maxMs: 10, holdsBack: true };

describe('requests under way in threads', () => {
  it.each([
    ['onWake', 'throw'],
    ['onWake', 'exit'],
    ['flush', 'throw'],
    ['snapshot', 'throw'],
  ] as const)('survive a failure in %s (%s), with checkpoints that wait for them', async (method, how) => {
    const started = failingJob(folder.path, [fault('ask', method, { how, call: 2 })], { asks });
    await started.job.start();
    expect(await started.job.ended).toEqual({ state: 'FINISHED', error: null });
    expect(restartsOf(started)).toBe(1);
    expect(resultIn(folder.path)).toEqual(expected);
  });

  it.each([{}, { alignment: 'unaligned' }])(
    'are asked again after a kill, from the checkpoint: %j',
    async (checkpoint) => {
      const deadly = fault('ask', 'onWake', {
        how: 'exit',
        call: 6,
        after: { node: 'out', method: 'checkpointComplete' },
      });
      // Strikes nothing, but says that something was committed.
      const committed = fault('out', 'checkpointComplete', { call: 1, how: 'none' });
      const first = failingJob(folder.path, [committed, deadly], { asks, checkpoint, restart: { strategy: 'none' } });
      await first.job.start();
      expect((await first.job.ended).state).toBe('FAILED');
      expect(first.events.some(isCompleted)).toBe(true);
      const second = failingJob(folder.path, [], {
        asks,
        checkpoint,
        again: true,
        fast: true,
        resume: true,
        parallelism: 3,
      });
      await second.job.start();
      expect((await second.job.ended).state).toBe('FINISHED');
      expect(resultIn(folder.path)).toEqual(expected);
    },
  );
});

describe('a thread that waits for a request', () => {
  it('sleeps, and shows that it is alive', async () => {
    (runtimes as Record<string, AnyOperatorFactory>)[asynchronousSpec.type] = createAsynchronous;
    const nodes = [
      generator('in', [['n', 'BIGINT', 'n']], { rows: 100 }),
      simulatedNode('slow', asynchronousSpec.type, { capacity: 1 }),
      simulatedNode('out', 'sink.print', {}),
    ];
    const edges = [
      { from: 'in', to: 'slow' },
      { from: 'slow', to: 'out' },
    ];
    // Nobody lets its clock go on: the request does not come back.
    const { scheduler: owner } = await simulateJob(
      { settings: { batchRows: 10 }, nodes, edges },
      { findSpec: (type) => (type === asynchronousSpec.type ? asynchronousSpec : findSpec(type)) },
    );
    let steps = 0;
    const slices: number[] = [];
    const scheduler: ThreadedScheduler = new ThreadedScheduler(
      owner.tasks,
      { worker: 0, signals: WakeSignals.forWorkers(1), now: preciseNow, bufferTimeoutMs: 100 },
      {
        onStep: () => steps++,
        onSlice: (now) => {
          slices.push(now);
          if (slices.length === 5) scheduler.stop();
        },
        onFailure: (error) => {
          throw error;
        },
      },
    );
    await scheduler.run();
    // Four sleeps of 250 ms, of which each begins with a look or two.
    expect(slices[4]! - slices[0]!).toBeGreaterThan(800);
    expect(steps).toBeLessThan(40);
  });
});

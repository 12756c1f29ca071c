/** Failures in operators and threads: each ends in the correct result, or in FAILED with its first cause. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { isCompleted, TestFolder } from '../../testing/whole-job.ts';
import {
  expected,
  failingJob,
  prepareFaultyWorker,
  RESTARTS,
  restartsOf,
  resultIn,
  ROWS,
} from '../../testing/failing-job.ts';
import { STRUCK_FOLDER, type Fault, type FaultyMethod } from './fault.ts';

const folder = new TestFolder();
beforeAll(prepareFaultyWorker, 60_000);

const ALWAYS = 1000;

function fault(node: string, method: FaultyMethod, change: Partial<Fault> = {}): Fault {
  return { node, method, call: 1, how: 'throw', times: 1, ...change };
}

/** A fault that strikes once: where, and the error that the restart names. */
const ONCE: readonly (readonly [Fault, string])[] = [
  [fault('in', 'poll', { call: 5 }), 'planted in in.poll'],
  [fault('odd', 'processBatch', { call: 5 }), 'planted in odd.processBatch'],
  [fault('odd', 'processBatch', { call: 5, how: 'exit' }), 'ended by itself (exit code 3)'],
  [fault('odd', 'processBatch', { call: 5, how: 'uncaught' }), 'planted in odd.processBatch'],
  [fault('odd', 'processBatch', { call: 5, how: 'rejection' }), 'planted in odd.processBatch'],
  [fault('count', 'onWatermark', { call: 3 }), 'planted in count.onWatermark'],
  [fault('odd', 'onTimer'), 'planted in odd.onTimer'],
  [fault('count', 'onEnd'), 'planted in count.onEnd'],
  [fault('in', 'snapshot', { call: 2 }), 'planted in in.snapshot'],
  [fault('count', 'snapshot', { call: 2 }), 'planted in count.snapshot'],
  [fault('out', 'snapshot', { call: 2 }), 'planted in out.snapshot'],
  [fault('out', 'checkpointComplete', { call: 2 }), 'planted in out.checkpointComplete'],
  [fault('out', 'checkpointComplete', { call: 2, how: 'exit' }), 'ended by itself (exit code 3)'],
];

describe('a fault that strikes once', () => {
  it.each(ONCE.map(([one, message]) => [`${one.node}.${one.method}`, one.how, one, message] as const))(
    'in %s (%s): restart, correct result',
    async (_where, _how, one, message) => {
      const started = failingJob(folder.path, [one]);
      await started.job.start();
      expect(await started.job.ended).toEqual({ state: 'FINISHED', error: null });
      expect(restartsOf(started)).toBe(1);
      expect(started.events).toContainEqual(
        expect.objectContaining({
          state: 'RESTARTING',
          error: expect.objectContaining({ message: expect.stringContaining(message) as string }) as object,
        }),
      );
      expect(resultIn(folder.path)).toEqual(expected);
    },
  );

  it('in out.checkpointComplete of the final checkpoint: committed at the restart, correct result', async () => {
    const started = failingJob(folder.path, [fault('out', 'checkpointComplete')], {
      fast: true,
      checkpoint: { intervalMs: 0 },
    });
    await started.job.start();
    expect((await started.job.ended).state).toBe('FINISHED');
    expect(restartsOf(started)).toBe(1);
    expect(resultIn(folder.path)).toEqual(expected);
  });

  it('in open at a restart: another restart, correct result', async () => {
    const first = fault('odd', 'processBatch', { call: 5 });
    const started = failingJob(folder.path, [first, fault('count', 'open', { after: first })]);
    await started.job.start();
    expect((await started.job.ended).state).toBe('FINISHED');
    expect(restartsOf(started)).toBe(2);
    expect(resultIn(folder.path)).toEqual(expected);
  });

  it('before the first checkpoint of a job that started from a savepoint: back to the savepoint, correct result', async () => {
    const first = failingJob(folder.path, []);
    await first.job.start();
    await first.waitFor(isCompleted);
    const fromSavepoint = await first.job.stop({ savepoint: folder.path });
    const second = failingJob(folder.path, [fault('odd', 'processBatch')], {
      again: true,
      fromSavepoint,
      checkpoint: { intervalMs: 0 },
    });
    await second.job.start();
    expect((await second.job.ended).state).toBe('FINISHED');
    expect(restartsOf(second)).toBe(1);
    expect(resultIn(folder.path)).toEqual(expected);
  });

  it('after a savepoint and before the next checkpoint: back to the savepoint, correct result, also from it', async () => {
    const afterwards = { node: 'test', method: 'snapshot' } as const;
    const started = failingJob(folder.path, [fault('odd', 'processBatch', { after: afterwards })], {
      checkpoint: { intervalMs: 0 },
    });
    await started.job.start();
    const savepoint = await started.job.savepoint(folder.path);
    mkdirSync(folder.within(STRUCK_FOLDER), { recursive: true });
    writeFileSync(folder.within(STRUCK_FOLDER, 'test-snapshot-0'), '');
    expect((await started.job.ended).state).toBe('FINISHED');
    expect(restartsOf(started)).toBe(1);
    const message = `Goes on from savepoint 1 in ${savepoint}.`;
    expect(started.events).toContainEqual(
      expect.objectContaining({ type: 'log', record: expect.objectContaining({ message }) as object }),
    );
    expect(resultIn(folder.path)).toEqual(expected);
    const again = failingJob(folder.path, [], { again: true, fast: true, fromSavepoint: savepoint });
    await again.job.start();
    expect((await again.job.ended).state).toBe('FINISHED');
    expect(resultIn(folder.path)).toEqual(expected);
  });

  it('that no restart can help: FAILED at once', async () => {
    const started = failingJob(folder.path, [fault('odd', 'processBatch', { call: 5, how: 'bug' })]);
    await started.job.start();
    expect(await started.job.ended).toMatchObject({
      state: 'FAILED',
      error: { code: 'MR2001', nodeId: 'odd', message: 'planted in odd.processBatch' },
    });
    expect(restartsOf(started)).toBe(0);
  });

  it('in open at the start: FAILED', async () => {
    const { job } = failingJob(folder.path, [fault('count', 'open')]);
    await expect(job.start()).rejects.toMatchObject({ nodeId: 'count', message: 'planted in count.open' });
    expect((await job.ended).state).toBe('FAILED');
  });

  it('in close: the job is FINISHED all the same', async () => {
    const { job } = failingJob(folder.path, [fault('count', 'close')], { fast: true });
    await job.start();
    expect((await job.ended).state).toBe('FINISHED');
    expect(resultIn(folder.path)).toEqual(expected);
  });
});

const ALWAYS_STRIKING: readonly Fault[] = [
  fault('odd', 'processBatch', { call: 5 }),
  fault('out', 'snapshot', { call: 2 }),
  fault('out', 'checkpointComplete', { call: 2 }),
];

describe('a fault that strikes always', () => {
  it.each(ALWAYS_STRIKING.map((one) => [`${one.node}.${one.method}`, one] as const))(
    'in %s: FAILED with the cause; correct result once it is mended and run again',
    async (where, one) => {
      const started = failingJob(folder.path, [{ ...one, times: ALWAYS }]);
      await started.job.start();
      expect(await started.job.ended).toMatchObject({
        state: 'FAILED',
        error: { nodeId: one.node, message: `planted in ${where}` },
      });
      expect(restartsOf(started)).toBe(RESTARTS);
      const resume = started.events.some(isCompleted);
      const mended = failingJob(folder.path, [], { resume, again: true, fast: true });
      await mended.job.start();
      expect((await mended.job.ended).state).toBe('FINISHED');
      expect(resultIn(folder.path)).toEqual(expected);
    },
  );

  it('gives up at the failure too many within the interval of a failure rate', async () => {
    const started = failingJob(folder.path, [fault('odd', 'processBatch', { times: ALWAYS })], {
      restart: { strategy: 'failure-rate', delayMs: 1, maxFailures: 2, intervalMs: 600_000 },
    });
    await started.job.start();
    expect((await started.job.ended).state).toBe('FAILED');
    expect(restartsOf(started)).toBe(2);
  });
});

it('counts every row that was read', () => {
  expect(expected.reduce((sum, line) => sum + Number(line.split(' ')[2]), 0)).toBe(ROWS / 2);
});

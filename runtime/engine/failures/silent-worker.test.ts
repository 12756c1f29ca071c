/** Workers that do not answer: a thread that blocks for ever, while the job runs, starts or ends. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { TestFolder } from '../../testing/whole-job.ts';
import { systemTimers, type SystemTimers } from '../job/system-timers.ts';
import { expected, failingJob, prepareFaultyWorker, restartsOf, resultIn } from '../../testing/failing-job.ts';
import { STRUCK_FOLDER, type Fault } from './fault.ts';

const folder = new TestFolder();
beforeAll(prepareFaultyWorker, 60_000);

/** The watchdog's looks and the limits of an end come so much faster, once the fault has struck; whatever is shorter stays as it is. */
function timersFaster(by: number): SystemTimers {
  const hasStruck = (): boolean => existsSync(path.join(folder.path, STRUCK_FOLDER));
  return {
    after: (ms, action) => systemTimers.after(ms >= 5000 ? ms / by : ms, action),
    every: (ms, action) =>
      ms >= 5000
        ? systemTimers.every(ms / by, () => {
            if (hasStruck()) action();
          })
        : systemTimers.every(ms, action),
  };
}
/** A worker may be held up for 3 s by a machine that has other things to do. */
const timers = timersFaster(20);

const hang = (node: string, method: Fault['method'], call: number): Fault => ({
  node,
  method,
  call,
  how: 'hang',
  times: 1,
});

describe('a worker that does not answer', () => {
  it.each([
    ['in', 'poll'],
    ['count', 'onWatermark'],
  ] as const)('because %s hangs in %s: restart that names the operator, correct result', async (node, method) => {
    const started = failingJob(folder.path, [hang(node, method, 3)], { timers });
    await started.job.start();
    expect((await started.job.ended).state).toBe('FINISHED');
    expect(restartsOf(started)).toBe(1);
    expect(started.events).toContainEqual(
      expect.objectContaining({
        state: 'RESTARTING',
        error: expect.objectContaining({
          code: 'MR2009',
          nodeId: node,
          message: expect.stringContaining(`has not answered for 60 s; it is in "${node}"`) as string,
        }) as object,
      }),
    );
    expect(resultIn(folder.path)).toEqual(expected);
  });

  it('because an operator hangs in open: FAILED, naming it', async () => {
    const { job } = failingJob(folder.path, [hang('count', 'open', 1)], { timers: timersFaster(200) });
    await expect(job.start()).rejects.toMatchObject({ code: 'MR2009', nodeId: 'count' });
    expect((await job.ended).state).toBe('FAILED');
  });

  it('because an operator hangs in close: the job is FINISHED all the same', async () => {
    const { job } = failingJob(folder.path, [hang('count', 'close', 1)], { timers, fast: true });
    await job.start();
    expect((await job.ended).state).toBe('FINISHED');
    expect(resultIn(folder.path)).toEqual(expected);
  });
});

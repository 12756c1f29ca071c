/** Disks that are full: a small tmpfs where this process may mount one, else a folder that is none. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobEvent } from '../../protocol/job.ts';
import { TestFolder } from '../../testing/whole-job.ts';
import { expected, failingJob, prepareFaultyWorker, restartsOf, resultIn } from '../../testing/failing-job.ts';

const mounted: string[] = [];
const folder = new TestFolder();
// Before the folder is removed: what was registered last runs first.
afterEach(() => {
  for (const disk of mounted.splice(0)) execFileSync('umount', ['--lazy', disk]);
});
beforeAll(prepareFaultyWorker, 60_000);

/** A disk that can be filled and freed. */
class SmallDisk {
  readonly #place: string;
  readonly #isMounted: boolean;

  constructor(place: string) {
    this.#place = place;
    mkdirSync(place, { recursive: true });
    this.#isMounted = mount(place);
  }

  fill(): void {
    if (!this.#isMounted) {
      // Without the right to mount: nothing can be written below a file either.
      rmSync(this.#place, { recursive: true });
      writeFileSync(this.#place, '');
      return;
    }
    const file = openSync(path.join(this.#place, 'ballast'), 'a');
    const block = new Uint8Array(4096);
    try {
      while (writeSync(file, block) === block.length);
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    if (this.#isMounted) rmSync(path.join(this.#place, 'ballast'));
    else rmSync(this.#place);
  }
}

function mount(place: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', place], { stdio: 'ignore' });
    mounted.push(place);
    return true;
  } catch {
    return false;
  }
}

const isFailedCheckpoint = (event: JobEvent): boolean =>
  event.type === 'checkpoint' && event.checkpoint.status === 'failed';
const isRestart = (event: JobEvent): boolean => event.type === 'state' && event.state === 'RESTARTING';

describe('a full disk', () => {
  it('of checkpoints, for a while: they fail, the job goes on, correct result', async () => {
    const disk = new SmallDisk(folder.within('state'));
    const started = failingJob(folder.path, []);
    await started.job.start();
    disk.fill();
    const failed = await started.waitFor(isFailedCheckpoint);
    expect(failed).toMatchObject({
      checkpoint: { failure: expect.stringContaining('could not be written') as string },
    });
    disk.free();
    expect((await started.job.ended).state).toBe('FINISHED');
    expect(restartsOf(started)).toBe(0);
    expect(resultIn(folder.path)).toEqual(expected);
  });

  it('of checkpoints, for good: FAILED past what is tolerated, with the cause', async () => {
    const disk = new SmallDisk(folder.within('state'));
    const started = failingJob(folder.path, [], {
      checkpoint: { intervalMs: 20, tolerableFailures: 2 },
      restart: { strategy: 'none' },
    });
    await started.job.start();
    disk.fill();
    expect(await started.job.ended).toMatchObject({
      state: 'FAILED',
      error: {
        code: 'MR2207',
        message: expect.stringMatching(/^3 checkpoints failed in a row, .* could not be written/) as string,
      },
    });
  });

  it('of the output, for a while: restart, correct result', async () => {
    const disk = new SmallDisk(folder.within('out'));
    const started = failingJob(folder.path, [], {
      restart: { strategy: 'fixed-delay', delayMs: 1, maxAttempts: 1000 },
    });
    disk.fill();
    await started.job.start().catch(() => undefined);
    await started.waitFor(isRestart).catch(() => undefined);
    disk.free();
    const { state, error } = await started.job.ended;
    // A disk that is full when the sink opens is found before the job has started.
    if (state === 'FAILED') {
      expect(error).toMatchObject({ code: 'MR2102', nodeId: 'out' });
      const again = failingJob(folder.path, [], { again: true, fast: true });
      await again.job.start();
      await again.job.ended;
    } else expect(restartsOf(started)).toBeGreaterThan(0);
    expect(resultIn(folder.path)).toEqual(expected);
  });

  it('from the start: refused', async () => {
    new SmallDisk(folder.within('state')).fill();
    const { job } = failingJob(folder.path, []);
    await expect(job.start()).rejects.toMatchObject({ code: /^MR220[16]$/ });
    expect((await job.ended).state).toBe('FAILED');
  });
});

/** Whole jobs with their state in RocksDB. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../protocol/job.ts';
import {
  bundledWorker,
  countPerMinute,
  createJob as createWholeJob,
  expectedCounts,
  isCompleted,
  readCounts,
  TestFolder,
  writeInput,
  type Started,
  type WholeJobOptions,
} from '../testing/whole-job.ts';
import { CheckpointStorage } from './checkpoint/storage.ts';

const ROWS = 2000;
const folder = new TestFolder();
const createJob = (raw: object, options: WholeJobOptions = {}) => createWholeJob(folder.path, raw, options);

type Options = NonNullable<Parameters<typeof countPerMinute>[0]>;

/** As little memory as there can be. */
function counting(stateBackend: 'memory' | 'rocksdb', options: Options = {}): object {
  const document = countPerMinute(options) as { readonly settings: object };
  return { ...document, settings: { ...document.settings, stateBackend, managedMemoryMb: 16 } };
}

/** So that several checkpoints fit in, also where other things run. */
const SLOW = { slow: 400, checkpointMs: 30 };

async function finish({ job }: Started): Promise<void> {
  await job.start();
  expect(await job.ended).toEqual({ state: 'FINISHED', error: null });
}

async function stoppedWithSavepoint(backend: 'memory' | 'rocksdb', options: WholeJobOptions = {}): Promise<string> {
  const started = createJob(counting(backend, SLOW), options);
  await started.job.start();
  await started.waitFor(isCompleted);
  const location = await started.job.stop({ savepoint: folder.within('saved') });
  expect((await started.job.ended).state).toBe('STOPPED');
  return location!;
}

/** Cancelled after some checkpoints; what is left is in them. */
async function cancelled(options: WholeJobOptions = {}): Promise<void> {
  const started = createJob(counting('rocksdb', { ...SLOW, checkpoint: { intervalMs: 30, retain: 3 } }), options);
  let completed = 0;
  await started.job.start();
  await started.waitFor((event) => isCompleted(event) && ++completed === 3);
  await started.job.cancel();
}

const messages = (events: readonly JobEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'log' ? [event.record.message] : []));

describe('a job with state in RocksDB', () => {
  it('runs to the end, and leaves nothing behind but its checkpoint', async () => {
    writeInput(folder.path, ROWS);
    await finish(createJob(counting('rocksdb', { checkpointMs: 20 })));
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
    expect(existsSync(folder.within('state', 'spill'))).toBe(false);
  });

  it('goes on from its own checkpoints at 1, 2 and 3 subtasks', async () => {
    writeInput(folder.path, ROWS, 5);
    await cancelled({ parallelism: 1 });
    await cancelled({ parallelism: 2, resume: true });
    await cancelled({ parallelism: 2, resume: true });
    await finish(createJob(counting('rocksdb'), { parallelism: 3, resume: true }));
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
  });

  it('takes over savepoints of jobs with state in memory, and gives them back', async () => {
    writeInput(folder.path, ROWS, 5);
    let fromSavepoint = await stoppedWithSavepoint('memory', { parallelism: 1 });
    fromSavepoint = await stoppedWithSavepoint('rocksdb', { parallelism: 2, fromSavepoint });
    fromSavepoint = await stoppedWithSavepoint('rocksdb', { parallelism: 3, fromSavepoint });
    await finish(createJob(counting('memory'), { parallelism: 2, fromSavepoint }));
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
  });

  it('does not let the memory backend read its checkpoints', async () => {
    writeInput(folder.path, ROWS);
    await cancelled();
    const { job } = createJob(counting('memory'), { resume: true });
    await job.start().catch(() => undefined);
    expect(await job.ended).toMatchObject({ state: 'FAILED', error: { code: 'MR2210' } });
  });

  it.each([
    ['cut off', (file: string) => truncateSync(file, 10)],
    ['lost', (file: string) => rmSync(file)],
  ])('passes over a checkpoint one of whose shared files is %s', async (_how, damage) => {
    writeInput(folder.path, ROWS);
    await cancelled();
    const storage = new CheckpointStorage(folder.within('state'));
    const [newest] = await storage.list();
    const own = readdirSync(folder.within('state', 'shared')).filter((name) => name.startsWith(`${newest}-`));
    expect(own.length).toBeGreaterThan(0);
    damage(folder.within('state', 'shared', own[0]!));
    const second = createJob(counting('rocksdb'), { resume: true });
    await finish(second);
    expect(messages(second.events)).toContainEqual(expect.stringContaining('The one before it is used'));
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
  });

  it('starts again when a worker dies with its database open', async () => {
    writeInput(folder.path, ROWS);
    const marker = folder.within('dies-once');
    writeFileSync(marker, '');
    writeFileSync(
      folder.within('dying-worker.cjs'),
      `const { existsSync } = require('node:fs');
      if (existsSync(${JSON.stringify(marker)})) {
        const timer = setInterval(() => {
          if (!existsSync(${JSON.stringify(marker)})) process.exit(3);
        }, 1);
        timer.unref();
      }
      require(${JSON.stringify(bundledWorker)});`,
    );
    const stateThread = path.resolve(path.dirname(bundledWorker), 'state-thread.cjs');
    writeFileSync(folder.within('state-thread.cjs'), `require(${JSON.stringify(stateThread)});`);
    const restart = { strategy: 'fixed-delay', delayMs: 1, maxAttempts: 3 };
    const { job, events, waitFor } = createJob(counting('rocksdb', { ...SLOW, slow: 2000, restart }), {
      workerFile: folder.within('dying-worker.cjs'),
    });
    await job.start();
    await waitFor(isCompleted);
    rmSync(marker);
    expect(await job.ended).toEqual({ state: 'FINISHED', error: null });
    expect(events).toContainEqual(expect.objectContaining({ type: 'state', state: 'RESTARTING' }));
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
  });

  it('starts again after kill -9 with what the last checkpoint has', async () => {
    writeInput(folder.path, ROWS);
    const file = folder.within('count.pipeline.json');
    const document = {
      format: 'millrace/pipeline',
      version: 1,
      name: 'test',
      notes: [],
      groups: [],
      ...counting('rocksdb', SLOW),
    };
    writeFileSync(file, JSON.stringify(document));
    const cli = path.resolve(path.dirname(bundledWorker), '../cli/millrace.cjs');
    const child = spawn(process.execPath, [cli, 'run', file, '--state-dir', folder.within('state'), '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    let text = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      text += chunk as string;
      if (text.split('"status":"completed"').length > 3) break;
    }
    child.kill('SIGKILL');
    await exit;
    await finish(createJob(counting('rocksdb'), { resume: true, parallelism: 2 }));
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
    expect(existsSync(folder.within('state', 'spill'))).toBe(false);
  });
});

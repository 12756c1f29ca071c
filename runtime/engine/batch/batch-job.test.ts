/** Whole jobs in batch mode, in real worker threads, over real files. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileDocument } from '../../compiler/index.ts';
import { jobId } from '../../core/ids.ts';
import { readDocument } from '../../graph/index.ts';
import type { JobEvent } from '../../protocol/job.ts';
import { JobManager, type JobOptions } from '../job/job-manager.ts';

const bundledWorker = path.resolve(import.meta.dirname, '../../../dist/engine/worker.cjs');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-batch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const KEYS = 120_000;

interface Options {
  readonly rowsPerSecond?: number;
  readonly managedMemoryMb?: number;
}

/** Counts per key, each key twice. */
function createJob({ rowsPerSecond, managedMemoryMb = 16 }: Options = {}, options: Partial<JobOptions> = {}) {
  const node = (id: string, type: string, config: object): object => ({ id, type, config });
  const { document } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'batch',
    settings: {
      runtimeMode: 'batch',
      parallelism: 2,
      managedMemoryMb,
      checkpoint: { intervalMs: 10 },
      restart: { strategy: 'fixed-delay', delayMs: 1, maxAttempts: 2 },
    },
    nodes: [
      node('in', 'source.generator', {
        rows: 2 * KEYS,
        ...(rowsPerSecond === undefined ? {} : { rowsPerSecond }),
        fields: [
          { name: 'k', type: 'BIGINT', expr: `n % ${KEYS}` },
          { name: 'v', type: 'BIGINT', expr: 'n' },
          { name: 'ts', type: 'TIMESTAMP', expr: "TIMESTAMP '2026-01-01 00:00:00'" },
        ],
        eventTime: { field: 'ts' },
      }),
      node('count', 'aggregate.window', {
        groupBy: ['k'],
        window: { type: 'tumbling', size: '1 day' },
        aggregates: [
          { as: 'n', fn: 'COUNT', expr: '*' },
          { as: 'total', fn: 'SUM', expr: 'v' },
        ],
      }),
      node('only', 'project', {
        fields: [
          { as: 'k', expr: 'k' },
          { as: 'n', expr: 'n' },
          { as: 'total', expr: 'total' },
        ],
      }),
      node('out', 'sink.file', { path: 'out', format: 'csv' }),
    ],
    edges: [
      { from: 'in', to: 'count' },
      { from: 'count', to: 'only' },
      { from: 'only', to: 'out' },
    ],
  });
  const { plan, diagnostics } = compileDocument(document!, { baseFolder: folder });
  expect(diagnostics).toEqual([]);
  const events: JobEvent[] = [];
  const job = new JobManager(
    plan!,
    {
      jobId: jobId('batch'),
      stateFolder: path.join(folder, 'state'),
      resume: false,
      printTo: 'events',
      workerFile: bundledWorker,
      ...options,
    },
    (event) => events.push(event),
  );
  return { job, events };
}

const spillFolder = (): string => path.join(folder, 'state', 'spill');

function published(): string[] {
  const out = path.join(folder, 'out');
  if (!existsSync(out)) return [];
  return readdirSync(out)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => readFileSync(path.join(out, name), 'utf8').split('\n').slice(1, -1));
}

/** Order is not part of the result; thousands of lines in a message help nobody. */
function expectAllOnce(lines: readonly string[]): void {
  const expected = new Set(Array.from({ length: KEYS }, (_, k) => `${k},2,${2 * k + KEYS}`));
  expect(lines.length).toBe(KEYS);
  expect(lines.filter((line) => !expected.delete(line)).slice(0, 3)).toEqual([]);
}

/** The real worker, but its subtask 0 dies once, as soon as there are spill files. */
function dyingWorker(): string {
  const file = path.join(folder, 'dying-worker.cjs');
  writeFileSync(
    file,
    `
    const { existsSync, readdirSync, writeFileSync } = require('node:fs');
    const { workerData } = require('node:worker_threads');
    const died = ${JSON.stringify(path.join(folder, 'died'))};
    const spill = ${JSON.stringify(spillFolder())};
    if (workerData.index === 0 && !existsSync(died)) {
      setInterval(() => {
        if (!existsSync(spill)) return;
        writeFileSync(died, readdirSync(spill).join());
        process.exit(3);
      }, 1);
    }
    require(${JSON.stringify(bundledWorker)});`,
  );
  return file;
}

describe('a job in batch mode', () => {
  it('spills state that is more than its share of the memory, and leaves nothing behind', async () => {
    const { job, events } = createJob();
    await job.start();
    expect(await job.ended).toEqual({ state: 'FINISHED', error: null });
    expectAllOnce(published());
    expect(existsSync(spillFolder())).toBe(false);
    const checkpoints = events.flatMap((e) => (e.type === 'checkpoint' ? [e.checkpoint.id] : []));
    expect(new Set(checkpoints).size).toBe(1);
  });

  it('starts from the beginning when a worker dies, and gives each result once', async () => {
    const { job, events } = createJob({}, { workerFile: dyingWorker() });
    await job.start();
    expect((await job.ended).state).toBe('FINISHED');
    expect(readFileSync(path.join(folder, 'died'), 'utf8')).toMatch(/\.rows/);
    expect(events).toContainEqual(expect.objectContaining({ type: 'state', state: 'RESTARTING' }));
    expectAllOnce(published());
    expect(existsSync(spillFolder())).toBe(false);
  });

  it('has no savepoints, and no result when it is stopped', async () => {
    const { job } = createJob({ rowsPerSecond: 1000 });
    await job.start();
    await expect(job.savepoint(path.join(folder, 'savepoint'))).rejects.toMatchObject({ code: 'MR2005' });
    await job.stop();
    expect((await job.ended).state).toBe('STOPPED');
    expect(published()).toEqual([]);
    expect(existsSync(spillFolder())).toBe(false);
  });

  it('clears away what a killed process has left before it runs again', async () => {
    const { job } = createJob({ managedMemoryMb: 2048 });
    const left = path.join(spillFolder(), '1-0.rows');
    mkdirSync(spillFolder(), { recursive: true });
    writeFileSync(left, 'rows of a run before');
    await job.start();
    expect((await job.ended).state).toBe('FINISHED');
    expect(existsSync(left)).toBe(false);
    expectAllOnce(published());
  });
});

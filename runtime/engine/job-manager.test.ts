/** Whole jobs in real worker threads, over real files. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileDocument } from '../compiler/index.ts';
import { jobId, nodeId } from '../core/ids.ts';
import { readDocument } from '../graph/index.ts';
import type { JobEvent, RowSample } from '../protocol/job.ts';
import { JobManager, type JobOptions } from './job-manager.ts';
import { CheckpointStorage } from './checkpoint/storage.ts';

const workerFile = path.resolve(import.meta.dirname, '../../dist/engine/worker.cjs');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-job-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  readonly job: JobManager;
  readonly events: JobEvent[];
  /** Settles with the first event that fits, seen or to come. */
  waitFor(fits: (event: JobEvent) => boolean): Promise<JobEvent>;
}

function createJob(raw: object, options: Partial<JobOptions> = {}, parallelism = 2): Started {
  const { document, diagnostics } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'test',
    notes: [],
    groups: [],
    ...raw,
  });
  expect(diagnostics).toEqual([]);
  const compiled = compileDocument(document!, { baseFolder: folder, parallelism });
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const events: JobEvent[] = [];
  const waiting: { fits: (event: JobEvent) => boolean; resolve: (event: JobEvent) => void }[] = [];
  const job = new JobManager(
    compiled.plan!,
    {
      jobId: jobId('test'),
      stateFolder: path.join(folder, 'state'),
      resume: false,
      printTo: 'events',
      workerFile,
      ...options,
    },
    (event) => {
      events.push(event);
      for (const { fits, resolve } of waiting) if (fits(event)) resolve(event);
    },
  );
  const waitFor: Started['waitFor'] = (fits) =>
    new Promise((resolve) => {
      const seen = events.find(fits);
      if (seen !== undefined) resolve(seen);
      else waiting.push({ fits, resolve });
    });
  return { job, events, waitFor };
}

function node(id: string, type: string, config: object): object {
  return { id, type, position: { x: 0, y: 0 }, config };
}

const schema = [
  { name: 'k', type: 'STRING' },
  { name: 'v', type: 'BIGINT' },
  { name: 'ts', type: 'TIMESTAMP' },
];

/** Counts of `rows` rows with 7 keys, one a second, per key and minute; `slow`: rows a second. */
function countPerMinute(options: { slow?: number; checkpointMs?: number; restart?: object } = {}): object {
  return {
    settings: {
      checkpoint: { intervalMs: options.checkpointMs ?? 0 },
      ...(options.restart === undefined ? {} : { restart: options.restart }),
    },
    nodes: [
      node('in', 'source.file', {
        path: 'in/*.csv',
        format: 'csv',
        schema,
        eventTime: { field: 'ts' },
        ...(options.slow === undefined ? {} : { rowsPerSecond: options.slow }),
      }),
      node('odd', 'filter', { condition: 'v % 2 = 1' }),
      node('count', 'aggregate.window', {
        groupBy: ['k'],
        window: { type: 'tumbling', size: '1 minute' },
        aggregates: [
          { as: 'rows', fn: 'COUNT', expr: '*' },
          { as: 'total', fn: 'SUM', expr: 'v' },
        ],
        allowedLateness: '0 seconds',
      }),
      node('out', 'sink.file', { path: 'out', format: 'jsonl' }),
    ],
    edges: [
      { from: 'in', to: 'odd' },
      { from: 'odd', to: 'count' },
      { from: 'count', to: 'out' },
    ],
  };
}

function writeInput(rows: number, files = 2): void {
  mkdirSync(path.join(folder, 'in'));
  for (let f = 0; f < files; f++) {
    const lines = Array.from({ length: rows }, (_, i) => i)
      .filter((i) => i % files === f)
      .map((i) => `key-${i % 7},${i},${new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString()}`);
    writeFileSync(path.join(folder, 'in', `${f}.csv`), ['k,v,ts', ...lines, ''].join('\n'));
  }
}

interface Count {
  readonly k: string;
  readonly window_start: string;
  readonly rows: number;
  readonly total: number;
}

function expectedCounts(rows: number): string[] {
  const counts = new Map<string, { rows: number; total: number }>();
  for (let i = 1; i < rows; i += 2) {
    const key = `key-${i % 7} ${Math.floor(i / 60)}`;
    const entry = counts.get(key) ?? { rows: 0, total: 0 };
    counts.set(key, { rows: entry.rows + 1, total: entry.total + i });
  }
  return [...counts].map(([key, { rows: n, total }]) => `${key} ${n} ${total}`).sort();
}

function readCounts(): string[] {
  const files = readdirSync(path.join(folder, 'out')).filter((name) => !name.startsWith('.'));
  return files
    .flatMap((name) =>
      readFileSync(path.join(folder, 'out', name), 'utf8')
        .split('\n')
        .filter(Boolean),
    )
    .map((line) => JSON.parse(line) as Count)
    .map((row) => `${row.k} ${(Date.parse(row.window_start) - Date.UTC(2026, 0, 1)) / 60_000} ${row.rows} ${row.total}`)
    .sort();
}

/** The real worker, but its subtask 0 dies as `death` says, once `marker` is gone. */
function dyingWorker(marker: string, death: string): string {
  const file = path.join(folder, 'dying-worker.cjs');
  const watch = `
    const { existsSync, writeFileSync } = require('node:fs');
    const { workerData } = require('node:worker_threads');
    const died = ${JSON.stringify(path.join(folder, 'died'))};
    if (workerData.index === 0 && !existsSync(died)) {
      const timer = setInterval(() => {
        if (existsSync(${JSON.stringify(marker)})) return;
        clearInterval(timer);
        writeFileSync(died, '');
        ${death};
      }, 1);
    }
    require(${JSON.stringify(workerFile)});`;
  writeFileSync(file, watch);
  return file;
}

const isCompleted = (event: JobEvent): boolean =>
  event.type === 'checkpoint' && event.checkpoint.status === 'completed';

describe('a job', () => {
  it.each([1, 2, 3])('runs to the end of its input at parallelism %d', async (parallelism) => {
    writeInput(2000);
    const { job, events } = createJob(countPerMinute(), {}, parallelism);
    await job.start();
    expect(await job.ended).toEqual({ state: 'FINISHED', error: null });
    expect(readCounts()).toEqual(expectedCounts(2000));
    const metrics = events.findLast((e) => e.type === 'metrics');
    const counted =
      metrics?.type === 'metrics' ? metrics.metrics.operators.find((o) => o.nodeId === 'count') : undefined;
    expect(counted?.subtasks.reduce((sum, s) => sum + s.numRecordsIn, 0)).toBe(1000);
    expect(counted?.subtasks.every((s) => s.currentInputWatermark === 'end')).toBe(true);
  });

  it('stops with a final checkpoint and goes on from it', async () => {
    writeInput(2000);
    const first = createJob(countPerMinute({ slow: 1000, checkpointMs: 50 }));
    await first.job.start();
    await first.waitFor(isCompleted);
    await first.job.stop();
    expect((await first.job.ended).state).toBe('STOPPED');
    const second = createJob(countPerMinute(), { resume: true }, 3);
    await second.job.start();
    expect((await second.job.ended).state).toBe('FINISHED');
    expect(readCounts()).toEqual(expectedCounts(2000));
  });

  it('passes over a damaged checkpoint and says so', async () => {
    writeInput(2000);
    const first = createJob(countPerMinute({ slow: 1000, checkpointMs: 20 }));
    await first.job.start();
    await first.waitFor(
      (event) => event.type === 'checkpoint' && event.checkpoint.status === 'completed' && event.checkpoint.id >= 2,
    );
    await first.job.cancel();
    const storage = new CheckpointStorage(path.join(folder, 'state'));
    const damaged = storage.locationOf((await storage.list())[0]!);
    const file = readdirSync(damaged).find((name) => name.endsWith('.state'))!;
    const bytes = readFileSync(path.join(damaged, file));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path.join(damaged, file), bytes);
    const second = createJob(countPerMinute(), { resume: true });
    await second.job.start();
    expect((await second.job.ended).state).toBe('FINISHED');
    expect(second.events).toContainEqual(
      expect.objectContaining({
        type: 'log',
        record: expect.objectContaining({ message: expect.stringContaining('was changed or cut off') }),
      }),
    );
    expect(readCounts()).toEqual(expectedCounts(2000));
  });

  it('fails at once with node, place and remedy when a row cannot be read', async () => {
    writeInput(20, 1);
    writeFileSync(path.join(folder, 'in', '1.csv'), 'k,v,ts\na,not a number,2026-01-01T00:00:00Z\n');
    const { job, events } = createJob(countPerMinute());
    await job.start();
    const { state, error } = await job.ended;
    expect(state).toBe('FAILED');
    expect(error).toMatchObject({ code: 'MR2103', nodeId: 'in', message: expect.stringContaining('1.csv:2') });
    expect(events.some((e) => e.type === 'state' && e.state === 'RESTARTING')).toBe(false);
  });

  it.each(['process.exit(3)', "setImmediate(() => { throw new Error('planted') })"])(
    'starts again from the last checkpoint when a worker dies: %s',
    async (death) => {
      writeInput(2000);
      const marker = path.join(folder, 'dies-once');
      writeFileSync(marker, '');
      const { job, events, waitFor } = createJob(
        countPerMinute({
          slow: 4000,
          checkpointMs: 30,
          restart: { strategy: 'fixed-delay', delayMs: 1, maxAttempts: 2 },
        }),
        { workerFile: dyingWorker(marker, death) },
      );
      await job.start();
      await waitFor(isCompleted);
      rmSync(marker);
      expect((await job.ended).state).toBe('FINISHED');
      expect(events).toContainEqual(expect.objectContaining({ type: 'state', state: 'RESTARTING' }));
      const last = new Map(
        events.flatMap((e) => (e.type === 'checkpoint' ? [[e.checkpoint.id, e.checkpoint.status]] : [])),
      );
      expect([...last.values()]).not.toContain('running');
      expect(readCounts()).toEqual(expectedCounts(2000));
    },
  );

  it('tries again, as its restart strategy says, while its checkpoints cannot be read', async () => {
    writeInput(2000);
    const marker = path.join(folder, 'dies-once');
    writeFileSync(marker, '');
    const { job, waitFor } = createJob(
      countPerMinute({
        slow: 4000,
        checkpointMs: 30,
        restart: { strategy: 'fixed-delay', delayMs: 1, maxAttempts: 3 },
      }),
      { workerFile: dyingWorker(marker, 'process.exit(3)') },
    );
    const isRestartAfter = (code: string) => (event: JobEvent) =>
      event.type === 'state' && event.state === 'RESTARTING' && event.error?.code === code;
    const state = path.join(folder, 'state');
    await job.start();
    await waitFor(isCompleted);
    rmSync(marker);
    await waitFor(isRestartAfter('MR2002'));
    renameSync(state, path.join(folder, 'aside'));
    writeFileSync(state, 'no folder');
    await waitFor(isRestartAfter('MR2206'));
    rmSync(state);
    renameSync(path.join(folder, 'aside'), state);
    expect((await job.ended).state).toBe('FINISHED');
    expect(readCounts()).toEqual(expectedCounts(2000));
  });

  it('fails with the first cause when it dies more often than its restart strategy allows', async () => {
    writeInput(20);
    const marker = path.join(folder, 'dies-once');
    writeFileSync(marker, '');
    const { job } = createJob(countPerMinute({ slow: 1, restart: { strategy: 'none' } }), {
      workerFile: dyingWorker(marker, 'process.exit(3)'),
    });
    await job.start();
    rmSync(marker);
    expect(await job.ended).toMatchObject({
      state: 'FAILED',
      error: { code: 'MR2002', message: 'Worker 0 ended by itself (exit code 3).' },
    });
  });

  it('refuses to start without its input', async () => {
    const { job } = createJob(countPerMinute());
    await expect(job.start()).rejects.toMatchObject({ code: 'MR2101', nodeId: 'in' });
    expect((await job.ended).state).toBe('FAILED');
  });

  it('refuses to resume where there is no checkpoint', async () => {
    writeInput(10);
    const { job } = createJob(countPerMinute(), { resume: true });
    await expect(job.start()).rejects.toMatchObject({ code: 'MR2203' });
  });

  it('shows the latest rows of a watched port', async () => {
    writeInput(2000);
    const { job, waitFor } = createJob(countPerMinute({ slow: 2000 }));
    job.watch([{ nodeId: nodeId('odd'), port: 'out' }]);
    await job.start();
    const event = await waitFor((e) => e.type === 'rows');
    const sample = (event as { sample: RowSample }).sample;
    expect(sample).toMatchObject({ nodeId: 'odd', port: 'out', fields: ['k', 'v', 'ts'] });
    expect(sample.rows.length).toBeGreaterThan(0);
    expect(sample.rows.every((row) => row.eventTime !== null && (row.values[1] as number) % 2 === 1)).toBe(true);
    await job.cancel();
  });
});

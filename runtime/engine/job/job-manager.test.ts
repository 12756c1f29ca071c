/** Whole jobs in real worker threads, over real files. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeId } from '../../core/ids.ts';
import type { JobEvent, RowSample } from '../../protocol/job.ts';
import {
  bundledWorker,
  countPerMinute,
  createJob as createWholeJob,
  expectedCounts,
  isCompleted,
  node,
  readCounts,
  TestFolder,
  writeInput,
  type WholeJobOptions,
} from '../../testing/whole-job.ts';
import { CheckpointStorage } from '../checkpoint/storage.ts';

const folder = new TestFolder();
const createJob = (raw: object, options: WholeJobOptions = {}) => createWholeJob(folder.path, raw, options);

/** The real worker, but its subtask 0 dies as `death` says, once `marker` is gone. */
function dyingWorker(marker: string, death: string): string {
  const file = folder.within('dying-worker.cjs');
  const watch = `
    const { existsSync, writeFileSync } = require('node:fs');
    const { workerData } = require('node:worker_threads');
    const died = ${JSON.stringify(folder.within('died'))};
    if (workerData.index === 0 && !existsSync(died)) {
      const timer = setInterval(() => {
        if (existsSync(${JSON.stringify(marker)})) return;
        clearInterval(timer);
        writeFileSync(died, '');
        ${death};
      }, 1);
    }
    require(${JSON.stringify(bundledWorker)});`;
  writeFileSync(file, watch);
  return file;
}

describe('a job', () => {
  it.each([1, 2, 3])('runs to the end of its input at parallelism %d', async (parallelism) => {
    writeInput(folder.path, 2000);
    const { job, events } = createJob(countPerMinute(), { parallelism });
    await job.start();
    expect(await job.ended).toEqual({ state: 'FINISHED', error: null });
    expect(readCounts(folder.path)).toEqual(expectedCounts(2000));
    const metrics = events.findLast((e) => e.type === 'metrics');
    const counted =
      metrics?.type === 'metrics' ? metrics.metrics.operators.find((o) => o.nodeId === 'count') : undefined;
    expect(counted?.subtasks.reduce((sum, s) => sum + s.numRecordsIn, 0)).toBe(1000);
    expect(counted?.subtasks.every((s) => s.currentInputWatermark === 'end')).toBe(true);
  });

  it('stops with a final checkpoint and goes on from it', async () => {
    writeInput(folder.path, 2000);
    const first = createJob(countPerMinute({ slow: 1000, checkpointMs: 50 }));
    await first.job.start();
    await first.waitFor(isCompleted);
    await first.job.stop();
    expect((await first.job.ended).state).toBe('STOPPED');
    const second = createJob(countPerMinute(), { resume: true, parallelism: 3 });
    await second.job.start();
    expect((await second.job.ended).state).toBe('FINISHED');
    expect(readCounts(folder.path)).toEqual(expectedCounts(2000));
  });

  it('passes over a damaged checkpoint and says so', async () => {
    writeInput(folder.path, 2000);
    const first = createJob(countPerMinute({ slow: 1000, checkpointMs: 20 }));
    await first.job.start();
    await first.waitFor(
      (event) => event.type === 'checkpoint' && event.checkpoint.status === 'completed' && event.checkpoint.id >= 2,
    );
    await first.job.cancel();
    const storage = new CheckpointStorage(folder.within('state'));
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
    expect(readCounts(folder.path)).toEqual(expectedCounts(2000));
  });

  it('fails at once with node, place and remedy when a row cannot be read', async () => {
    writeInput(folder.path, 20, 1);
    writeFileSync(folder.within('in', '1.csv'), 'k,v,ts\na,not a number,2026-01-01T00:00:00Z\n');
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
      writeInput(folder.path, 2000);
      const marker = folder.within('dies-once');
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
      expect(readCounts(folder.path)).toEqual(expectedCounts(2000));
    },
  );

  it('tries again, as its restart strategy says, while its checkpoints cannot be read', async () => {
    writeInput(folder.path, 2000);
    const marker = folder.within('dies-once');
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
    const state = folder.within('state');
    await job.start();
    await waitFor(isCompleted);
    rmSync(marker);
    await waitFor(isRestartAfter('MR2002'));
    renameSync(state, folder.within('aside'));
    writeFileSync(state, 'no folder');
    await waitFor(isRestartAfter('MR2206'));
    rmSync(state);
    renameSync(folder.within('aside'), state);
    expect((await job.ended).state).toBe('FINISHED');
    expect(readCounts(folder.path)).toEqual(expectedCounts(2000));
  });

  it('fails with the first cause when it dies more often than its restart strategy allows', async () => {
    writeInput(folder.path, 20);
    const marker = folder.within('dies-once');
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
    writeInput(folder.path, 10);
    const { job } = createJob(countPerMinute(), { resume: true });
    await expect(job.start()).rejects.toMatchObject({ code: 'MR2203' });
  });

  it('shows the latest rows of a watched port', async () => {
    writeInput(folder.path, 2000);
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

  it('shows what a watched sink keeps, whole, up to its last row, and at the end the rows that were kept of others', async () => {
    writeInput(folder.path, 300);
    const { nodes, edges, ...rest } = countPerMinute() as { nodes: object[]; edges: object[] };
    const view = { kind: 'table', key: ['v'] };
    const tile = { id: 'tile', type: 'sink.dashboard', config: { view, history: 1000 } };
    const document = { ...rest, nodes: [...nodes, tile], edges: [...edges, { from: 'odd', to: 'tile' }] };
    const { job, events } = createJob(document, { keeps: [{ nodeId: nodeId('odd'), port: 'out' }] });
    job.watch([{ nodeId: nodeId('tile'), port: 'in' }]);
    await job.start();
    await job.ended;
    const samples = (node: string): RowSample[] =>
      events.flatMap((event) => (event.type === 'rows' && event.sample.nodeId === node ? [event.sample] : []));
    const odd = Array.from({ length: 150 }, (_, i) => 2 * i + 1);
    const valuesOf = (node: string): number[] =>
      samples(node)
        .at(-1)!
        .rows.map((row) => row.values[1] as number);
    expect(valuesOf('tile').sort((a, b) => a - b)).toEqual(odd);
    // One subtask reads the file, and keeps the newest.
    expect([valuesOf('odd'), samples('odd').map(({ seen }) => seen)]).toEqual([odd.slice(-100), [150]]);
  });
});

describe('rows that were rejected', () => {
  const document = {
    settings: { checkpoint: { intervalMs: 50 }, restart: { strategy: 'fixed-delay', maxAttempts: 3, delayMs: 1 } },
    nodes: [
      node('in', 'source.file', {
        path: 'in.csv',
        format: 'csv',
        schema: [{ name: 'v', type: 'BIGINT' }],
        onError: 'reject',
        follow: true,
      }),
      node('out', 'sink.file', { path: 'out', format: 'jsonl' }),
    ],
    edges: [{ from: 'in', to: 'out' }],
  };
  const keeps =
    (...raws: string[]) =>
    (event: JobEvent) =>
      event.type === 'dead-letters' && event.report.kept.map(({ raw }) => raw).join() === raws.join();
  const mend = (line: number, raw: string, text: string) => ({
    nodeId: nodeId('in'),
    origin: 'in.csv',
    line,
    raw,
    text,
    again: 0,
  });

  it('are mended exactly once, whatever dies, and wait for a mend over a stop and a start', async () => {
    writeFileSync(folder.within('in.csv'), 'v\n1\nx\ny\n');
    const marker = folder.within('marker');
    writeFileSync(marker, '');
    // One subtask: each reports what it keeps.
    const one = { parallelism: 1 };
    const first = createJob(document, { ...one, workerFile: dyingWorker(marker, 'process.exit(7)') });
    await first.job.start();
    await first.waitFor(keeps('x', 'y'));
    first.job.mend([mend(3, 'x', '2')]);
    await first.waitFor(keeps('y'));
    rmSync(marker);
    await first.waitFor((event) => event.type === 'state' && event.state === 'RUNNING' && event.attempt === 2);
    await first.job.stop();

    const second = createJob(document, { ...one, resume: true, mends: [mend(3, 'x', '2')] });
    await second.job.start();
    await second.waitFor(keeps('y'));
    second.job.mend([mend(3, 'x', '2'), mend(4, 'y', '3')]);
    await second.waitFor(keeps());
    await second.job.stop();
    const files = readdirSync(folder.within('out')).filter((name) => !name.startsWith('.'));
    const lines = files.flatMap((name) => readFileSync(folder.within(path.join('out', name)), 'utf8').split('\n'));
    expect(lines.filter(Boolean).sort()).toEqual(['{"v":1}', '{"v":2}', '{"v":3}']);
  });
});

/** Whole jobs in real worker threads, over real files, for tests: how they are built and watched, and one whose result is known. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { compileDocument, type CompileOptions } from '../compiler/index.ts';
import { jobId } from '../core/ids.ts';
import { JobManager, type JobOptions } from '../engine/job/job-manager.ts';
import { readDocument } from '../graph/index.ts';
import { isTerminal, type JobEvent } from '../protocol/job.ts';

export const bundledWorker = path.resolve(import.meta.dirname, '../../dist/engine/worker.cjs');

export interface Started {
  readonly job: JobManager;
  readonly events: JobEvent[];
  /** Settles with the first event that fits, seen or to come; rejects when the job ends without one. */
  waitFor(fits: (event: JobEvent) => boolean): Promise<JobEvent>;
}

export interface WholeJobOptions extends Partial<JobOptions>, Pick<CompileOptions, 'findSpec' | 'subPipelines'> {
  readonly parallelism?: number;
}

/** A folder for each test of the file, gone after it. */
export class TestFolder {
  path = '';

  constructor() {
    beforeEach(() => {
      this.path = mkdtempSync(path.join(tmpdir(), 'millrace-job-'));
    });
    afterEach(() => rmSync(this.path, { recursive: true, force: true }));
  }

  within(...names: string[]): string {
    return path.join(this.path, ...names);
  }
}

/** A job of the document that `raw` completes, two subtasks each unless told otherwise; its state is in `state`. */
export function createJob(folder: string, raw: object, options: WholeJobOptions = {}): Started {
  const { parallelism = 2, findSpec, subPipelines, ...jobOptions } = options;
  const { document, diagnostics } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'test',
    notes: [],
    groups: [],
    ...raw,
  });
  expect(diagnostics).toEqual([]);
  const compiled = compileDocument(document!, {
    baseFolder: folder,
    parallelism,
    subPipelines,
    ...(findSpec === undefined ? {} : { findSpec }),
  });
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const events: JobEvent[] = [];
  const waiting: {
    fits: (event: JobEvent) => boolean;
    resolve: (event: JobEvent) => void;
    reject: (error: Error) => void;
  }[] = [];
  const job = new JobManager(
    compiled.plan!,
    {
      jobId: jobId('test'),
      stateFolder: path.join(folder, 'state'),
      resume: false,
      printTo: 'events',
      workerFile: bundledWorker,
      ...jobOptions,
    },
    (event) => {
      events.push(event);
      for (const { fits, resolve } of waiting) if (fits(event)) resolve(event);
      if (event.type !== 'state' || !isTerminal(event.state)) return;
      const why = event.error === null ? '' : `: ${event.error.message}`;
      for (const { reject } of waiting) reject(new Error(`The job is ${event.state} without what is waited for${why}`));
    },
  );
  const waitFor: Started['waitFor'] = (fits) =>
    new Promise((resolve, reject) => {
      const seen = events.find(fits);
      if (seen !== undefined) resolve(seen);
      else waiting.push({ fits, resolve, reject });
    });
  return { job, events, waitFor };
}

export const isCompleted = (event: JobEvent): boolean =>
  event.type === 'checkpoint' && event.checkpoint.status === 'completed';

export function node(id: string, type: string, config: object): object {
  return { id, type, position: { x: 0, y: 0 }, config };
}

const schema = [
  { name: 'k', type: 'STRING' },
  { name: 'v', type: 'BIGINT' },
  { name: 'ts', type: 'TIMESTAMP' },
];

/** Counts what `writeInput` wrote, of odd `v`, per key and minute; `slow`: rows a second. */
export function countPerMinute(
  options: { slow?: number; batchRows?: number; checkpointMs?: number; checkpoint?: object; restart?: object } = {},
): object {
  return {
    settings: {
      checkpoint: { intervalMs: options.checkpointMs ?? 0, ...options.checkpoint },
      ...(options.batchRows === undefined ? {} : { batchRows: options.batchRows }),
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

/** Rows with 7 keys, one a second of event time, dealt out over the files. */
export function writeInput(folder: string, rows: number, files = 2): void {
  mkdirSync(path.join(folder, 'in'));
  for (let f = 0; f < files; f++) {
    const lines = Array.from({ length: rows }, (_, i) => i)
      .filter((i) => i % files === f)
      .map((i) => `key-${i % 7},${i},${new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString()}`);
    writeFileSync(path.join(folder, 'in', `${f}.csv`), ['k,v,ts', ...lines, ''].join('\n'));
  }
}

/** What `countPerMinute` writes. */
interface Count {
  readonly k: string;
  readonly window_start: string;
  readonly rows: number;
  readonly total: number;
}

export function expectedCounts(rows: number): string[] {
  const counts = new Map<string, { rows: number; total: number }>();
  for (let i = 1; i < rows; i += 2) {
    const key = `key-${i % 7} ${Math.floor(i / 60)}`;
    const entry = counts.get(key) ?? { rows: 0, total: 0 };
    counts.set(key, { rows: entry.rows + 1, total: entry.total + i });
  }
  return [...counts].map(([key, { rows: n, total }]) => `${key} ${n} ${total}`).sort();
}

export function readCounts(folder: string): string[] {
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

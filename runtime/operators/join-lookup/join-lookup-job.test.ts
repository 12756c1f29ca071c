/** Whole jobs in real threads: a database that changes hands with a kill, and a file that changes while the job runs. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import sqlite from 'node-sqlite3-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { FAULTS_FILE, type Fault } from '../../engine/failures/fault.ts';
import { faultyWorker, prepareFaultyWorker } from '../../testing/failing-job.ts';
import { createJob, isCompleted, node, TestFolder, writeInput, type WholeJobOptions } from '../../testing/whole-job.ts';

const folder = new TestFolder();
beforeAll(prepareFaultyWorker, 60_000);

const SCHEMA = [
  { name: 'id', type: 'STRING' },
  { name: 'name', type: 'STRING' },
];

function enriched(table: object, source: object, config: object = {}): object {
  return {
    settings: { checkpoint: { intervalMs: 30 }, batchRows: 20, restart: { strategy: 'none' } },
    nodes: [
      node('in', 'source.file', {
        path: 'in/*.csv',
        format: 'csv',
        schema: [
          { name: 'k', type: 'STRING' },
          { name: 'v', type: 'BIGINT' },
          { name: 'ts', type: 'TIMESTAMP' },
        ],
        eventTime: { field: 'ts' },
        ...source,
      }),
      node('enrich', 'join.lookup', {
        table: { ...table, schema: SCHEMA },
        on: [{ left: 'k', right: 'id' }],
        kind: 'left',
        ...config,
      }),
      node('out', 'sink.file', { path: 'out', format: 'jsonl' }),
    ],
    edges: [
      { from: 'in', to: 'enrich' },
      { from: 'enrich', to: 'out' },
    ],
  };
}

/** `v` and what was found, of each row in the finished files. */
function results(): { readonly v: number; readonly name: string | null }[] {
  return readdirSync(folder.within('out'))
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => readFileSync(folder.within('out', name), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as { v: number; name: string | null })
    .map(({ v, name }) => ({ v, name }))
    .sort((a, b) => a.v - b.v);
}

describe('join.lookup in threads', () => {
  it('looks up in SQLite what comes again after a kill, each row once', async () => {
    const rows = 1000;
    writeInput(folder.path, rows);
    const database = new sqlite.Database(folder.within('shop.db'));
    database.exec('CREATE TABLE names (id TEXT PRIMARY KEY, name TEXT)');
    for (let key = 0; key < 6; key++) database.run('INSERT INTO names VALUES (?, ?)', [`key-${key}`, `name ${key}`]);
    database.close();
    // Slow at first: the kill has to come before the end of the rows, on any machine.
    const start = (faults: readonly Fault[], options: WholeJobOptions) => {
      writeFileSync(folder.within(FAULTS_FILE), JSON.stringify(faults));
      const table = { type: 'sqlite', path: 'shop.db', query: 'names' };
      const raw = enriched(table, { rowsPerSecond: options.resume === true ? 1e6 : 100 }, { cacheTtl: '0 seconds' });
      return createJob(folder.path, raw, { workerFile: faultyWorker, ...options });
    };
    const committed: Fault = { node: 'out', method: 'checkpointComplete', call: 1, how: 'none', times: 1 };
    const deadly: Fault = { node: 'enrich', method: 'processBatch', call: 5, how: 'exit', times: 1, after: committed };
    const first = start([committed, deadly], {});
    await first.job.start();
    expect((await first.job.ended).state).toBe('FAILED');
    expect(first.events.some(isCompleted)).toBe(true);
    const second = start([], { resume: true, parallelism: 3 });
    await second.job.start();
    expect(await second.job.ended).toEqual({ state: 'FINISHED', error: null });
    const expected = Array.from({ length: rows }, (_, v) => ({ v, name: v % 7 < 6 ? `name ${v % 7}` : null }));
    expect(results()).toEqual(expected);
  });

  it('sees that a file has been replaced', async () => {
    mkdirSync(folder.within('in'));
    writeFileSync(folder.within('in', '0.csv'), 'k,v,ts\n');
    writeFileSync(folder.within('names.csv'), 'id,name\na,old\n');
    let rows = 0;
    const append = (): void =>
      writeFileSync(folder.within('in', '0.csv'), `a,${rows++},2026-01-01T00:00:00Z\n`, { flag: 'a' });
    append();
    const table = { type: 'file', path: 'names.csv' };
    const { job, events, waitFor } = createJob(folder.path, enriched(table, { follow: true }));
    await job.start();
    const untilFound = async (name: string): Promise<void> => {
      while (!results().some((row) => row.name === name)) {
        const seen = events.length;
        await waitFor((event) => isCompleted(event) && events.indexOf(event) >= seen);
        append();
      }
    };
    mkdirSync(folder.within('out'), { recursive: true });
    await untilFound('old');
    writeFileSync(folder.within('new.csv'), 'id,name\na,new\n');
    renameSync(folder.within('new.csv'), folder.within('names.csv'));
    await untilFound('new');
    await job.stop();
    expect((await job.ended).state).toBe('STOPPED');
    const names = results().map(({ name }) => name);
    expect(names).toEqual([...names].sort().reverse());
  });

  it('fails at the start, naming the table, when the database lacks it', async () => {
    writeInput(folder.path, 1);
    new sqlite.Database(folder.within('shop.db')).close();
    const { job } = createJob(folder.path, enriched({ type: 'sqlite', path: 'shop.db', query: 'names' }, {}));
    await expect(job.start()).rejects.toMatchObject({ code: 'MR2105', nodeId: 'enrich' });
    expect((await job.ended).state).toBe('FAILED');
  });
});

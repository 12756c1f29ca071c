/** Savepoints of whole jobs: taken, started from, at another parallelism, and of a pipeline that has changed. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../../protocol/job.ts';
import {
  countPerMinute,
  createJob as createWholeJob,
  expectedCounts,
  isCompleted,
  node,
  readCounts,
  TestFolder,
  writeInput,
  type Started,
  type WholeJobOptions,
} from '../../testing/whole-job.ts';
import { readManifest } from '../checkpoint/checkpoint-folder.ts';
import { CheckpointStorage } from '../checkpoint/storage.ts';

const ROWS = 2000;
/** Checkpoints come while a good part of the input is still to be read. */
const SLOW = { slow: 2000, checkpointMs: 30 };

const folder = new TestFolder();
const createJob = (raw: object, options: WholeJobOptions = {}) => createWholeJob(folder.path, raw, options);

interface Document {
  readonly nodes: readonly { readonly id: string; readonly config: object }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** The counting job with some nodes replaced, or left out (null). */
function changed(nodes: Readonly<Record<string, object | null>>, edges?: Document['edges']): object {
  const document = countPerMinute() as Document;
  return {
    ...document,
    nodes: document.nodes.flatMap((one) => {
      const other = nodes[one.id];
      return other === undefined ? [one] : other === null ? [] : [other];
    }),
    ...(edges === undefined ? {} : { edges }),
  };
}

async function finish({ job }: Started): Promise<void> {
  await job.start();
  expect(await job.ended).toEqual({ state: 'FINISHED', error: null });
}

/** A job stopped on its way with a savepoint; where that is. */
async function stoppedWithSavepoint(options: WholeJobOptions = {}): Promise<string> {
  const started = createJob(countPerMinute(SLOW), options);
  await started.job.start();
  await started.waitFor(isCompleted);
  const location = await started.job.stop({ savepoint: folder.within('saved') });
  expect((await started.job.ended).state).toBe('STOPPED');
  expect(path.dirname(location!)).toBe(folder.within('saved'));
  return location!;
}

const warnings = (events: readonly JobEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'log' && event.record.level === 'warn' ? [event.record.message] : []));

describe('a savepoint', () => {
  it('carries windows, files half read and output from 1 subtask to 2 to 3', async () => {
    writeInput(folder.path, ROWS, 5);
    let fromSavepoint = await stoppedWithSavepoint({ parallelism: 1 });
    fromSavepoint = await stoppedWithSavepoint({ parallelism: 2, fromSavepoint });
    expect(await readManifest(fromSavepoint)).toMatchObject({
      kind: 'savepoint',
      operators: { count: { type: 'aggregate.window', parallelism: 2 } },
    });
    await finish(createJob(countPerMinute(), { parallelism: 3, fromSavepoint }));
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
  });

  it('is taken while the job goes on, and stays; a job can start from it more than once', async () => {
    writeInput(folder.path, ROWS);
    const first = createJob(countPerMinute({ slow: 2000, checkpoint: { intervalMs: 30, retain: 1 } }));
    await first.job.start();
    await first.waitFor(isCompleted);
    const [one, two] = await Promise.all([first.job.savepoint(folder.path), first.job.savepoint(folder.path)]);
    expect((await first.job.ended).state).toBe('FINISHED');
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
    expect((await readManifest(two)).id).toBeGreaterThan((await readManifest(one)).id);
    for (const stateFolder of [folder.within('a'), folder.within('b')]) {
      await finish(createJob(countPerMinute(), { fromSavepoint: one, stateFolder, parallelism: 3 }));
      expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
    }
    await readManifest(one);
  });

  it('that cannot be written says why, and the job goes on', async () => {
    writeInput(folder.path, ROWS);
    writeFileSync(folder.within('file'), '');
    const { job } = createJob(countPerMinute({ slow: 2000 }));
    await job.start();
    const place = folder.within('file');
    await expect(job.savepoint(place)).rejects.toMatchObject({
      code: 'MR2208',
      message: expect.stringMatching(/not taken: .*file.* could not be written/) as string,
    });
    await expect(job.stop({ savepoint: place })).rejects.toMatchObject({ code: 'MR2201' });
    expect((await job.ended).state).toBe('FINISHED');
    await expect(job.savepoint(folder.path)).rejects.toMatchObject({ code: 'MR2005' });
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
  });
});

describe('a start from a savepoint', () => {
  it('takes any checkpoint of the state folder, and leaves it there', async () => {
    writeInput(folder.path, ROWS);
    const first = createJob(countPerMinute(SLOW));
    await first.job.start();
    await first.waitFor((e) => e.type === 'checkpoint' && e.checkpoint.status === 'completed' && e.checkpoint.id >= 2);
    await first.job.cancel();
    const storage = new CheckpointStorage(folder.within('state'));
    const [newest, older] = await storage.list();
    const second = countPerMinute({ slow: 4000, checkpoint: { intervalMs: 20, retain: 1 } });
    await finish(createJob(second, { fromSavepoint: storage.locationOf(older!) }));
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
    const left = await storage.list();
    expect(left).toHaveLength(2);
    expect(left[1]).toBe(older);
    expect(left[0]).toBeGreaterThan(newest!);
  });

  it('says when there is none', async () => {
    writeInput(folder.path, ROWS);
    const start = (fromSavepoint: string): Promise<void> => createJob(countPerMinute(), { fromSavepoint }).job.start();
    await expect(start(folder.within('nothing'))).rejects.toMatchObject({ code: 'MR2203' });
    await finish(createJob(countPerMinute()));
    const [newest] = await new CheckpointStorage(folder.within('state')).list();
    await expect(start(folder.within('state'))).rejects.toMatchObject({
      code: 'MR2203',
      remedy: expect.stringContaining(folder.within('state', `chk-${newest}`)) as string,
    });
  });
});

/** Changes to the pipeline that leave state without a place: what the error names. */
const CHANGES: readonly (readonly [string, object, string, string])[] = [
  [
    'an operator that is gone',
    changed({ count: null }, [
      { from: 'in', to: 'odd' },
      { from: 'odd', to: 'out' },
    ]),
    'MR2204',
    '"count" (aggregate.window) is not in the pipeline',
  ],
  [
    'an operator of another type',
    changed({ count: node('count', 'filter', { condition: 'v > 0' }) }),
    'MR2204',
    '"count" was aggregate.window and is filter now',
  ],
  [
    'another key and other aggregates',
    changed({
      count: node('count', 'aggregate.window', {
        groupBy: ['v'],
        window: { type: 'tumbling', size: '1 minute' },
        aggregates: [{ as: 'n', fn: 'MAX', expr: 'k' }],
        allowedLateness: '0 seconds',
      }),
    }),
    'MR2205',
    'table',
  ],
];

describe('a pipeline that was changed to', () => {
  it.each(CHANGES)('%s: its state is refused, or dropped when allowed', async (_what, document, code, names) => {
    writeInput(folder.path, ROWS);
    const fromSavepoint = await stoppedWithSavepoint();
    const resumes: WholeJobOptions[] = [{ fromSavepoint }, { resume: true }];
    for (const options of resumes) {
      const { job } = createJob(document, options);
      await expect(job.start()).rejects.toMatchObject({
        code,
        nodeId: 'count',
        message: expect.stringContaining(names) as string,
        remedy: expect.stringContaining('--allow-non-restored-state') as string,
      });
      expect((await job.ended).state).toBe('FAILED');
    }
    const allowed = createJob(document, { fromSavepoint, allowNonRestoredState: true });
    await finish(allowed);
    expect(warnings(allowed.events).join('\n')).toMatch(/[Ss]tate is dropped/);
    expect(existsSync(fromSavepoint)).toBe(true);
  });

  it('other nodes without state: nothing is refused', async () => {
    writeInput(folder.path, ROWS);
    const fromSavepoint = await stoppedWithSavepoint();
    const document = changed({ odd: node('odds', 'filter', { condition: 'v % 2 = 1' }) }, [
      { from: 'in', to: 'odds' },
      { from: 'odds', to: 'count' },
      { from: 'count', to: 'out' },
    ]);
    await finish(createJob(document, { fromSavepoint }));
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
    rmSync(fromSavepoint, { recursive: true });
  });
});

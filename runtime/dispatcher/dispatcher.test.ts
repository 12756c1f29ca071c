import { describe, expect, it } from 'vitest';
import type { JobId } from '../core/ids.ts';
import type { Mend } from '../core/dead-letters.ts';
import type { JobEvent, Watch } from '../protocol/job.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { fakeEngines, handingOn } from '../testing/fake-engines.ts';
import { MemoryNetwork } from '../testing/memory-network.ts';
import { createDispatcher, type JobOptions } from './dispatcher.ts';

const EMPTY = JSON.stringify({ format: 'millrace/pipeline', version: 1, name: 'Nothing', nodes: [], edges: [] });
const NODES = [
  { id: 'numbers', type: 'source.generator', config: { rows: 1, fields: [{ name: 'a', type: 'BIGINT', expr: 'n' }] } },
  { id: 'out', type: 'sink.print', config: {} },
];
const CODE = 'export function onRow(row, ctx) { ctx.emit(row); }';
const EDGES = [{ from: 'numbers', to: 'out' }];

function withFakeJob() {
  const calls: string[] = [];
  let end: () => void = () => {};
  let emit: (event: JobEvent) => void = () => {};
  const options: JobOptions[] = [];
  const engine = createDispatcher({
    clock: () => 0,
    createJob(_plan, jobOptions, onEvent) {
      options.push(jobOptions);
      emit = onEvent;
      const ended = new Promise<void>((resolve) => (end = resolve));
      return {
        ended,
        start: async () => void calls.push('start'),
        stop: async ({ savepoint }) => {
          calls.push('stop');
          end();
          return savepoint;
        },
        savepoint: async (folder) => `${folder}/one`,
        cancel: async () => end(),
        watch: (watches: readonly Watch[]) => void calls.push(`watch ${watches.length}`),
        sampleKeys: (nodeIds) => void calls.push(`keys of ${nodeIds.join()}`),
        mend: (mends: readonly Mend[]) => void calls.push(`mend ${mends.length}`),
      };
    },
    newJobId: () => 'job-1',
    outside: { files: new MemoryFiles(), network: new MemoryNetwork(), now: () => 0, later: () => () => {} },
    now: () => 0,
    engines: fakeEngines(handingOn((rows) => rows)).engines,
    workerFile: '',
    schedule: (callback) => {
      callback();
      return () => {};
    },
  });
  return { engine, calls, options, end: () => end(), emit: (event: JobEvent) => emit(event) };
}

const request = (text: string) => ({
  text,
  folder: '/tmp',
  options: {
    stateFolder: null,
    resume: false,
    fromSavepoint: null,
    allowNonRestoredState: false,
    allowsUserCode: true,
    mends: [],
    printTo: 'events' as const,
  },
});

describe('the dispatcher', () => {
  it('refuses a document with errors, with its diagnostics', async () => {
    const { engine, calls } = withFakeJob();
    await expect(engine.start(request('{'), () => {})).rejects.toMatchObject({
      code: 'MR1001',
      diagnostics: [{ severity: 'error', code: 'MR1001' }],
    });
    await expect(engine.start(request(EMPTY), () => {})).rejects.toMatchObject({ code: 'MR1110' });
    expect(calls).toEqual([]);
  });

  it('runs code of the document only where that is allowed', async () => {
    const { engine, calls, end } = withFakeJob();
    const own = {
      id: 'own',
      type: 'process.js',
      config: { code: CODE, outputSchema: [{ name: 'a', type: 'BIGINT' }] },
    };
    const edges = [
      { from: 'numbers', to: 'own' },
      { from: 'own', to: 'out' },
    ];
    const document = { ...(JSON.parse(EMPTY) as object), nodes: [...NODES, own], edges };
    const { options, ...rest } = request(JSON.stringify(document));
    await expect(
      engine.start({ ...rest, options: { ...options, allowsUserCode: false } }, () => {}),
    ).rejects.toMatchObject({ code: 'MR2305', diagnostics: [{ code: 'MR2305', nodeId: 'own' }] });
    expect(calls).toEqual([]);
    await engine.start({ ...rest, options }, () => {});
    expect(calls).toEqual(['start']);
    end();
  });

  it('keeps checkpoints where the settings say', async () => {
    const place = async (checkpoint: object, more: object = {}): Promise<string | null> => {
      const { engine, options, end } = withFakeJob();
      const document = { ...(JSON.parse(EMPTY) as object), settings: { checkpoint }, nodes: NODES, edges: EDGES };
      const { text, folder, options: rest } = request(JSON.stringify(document));
      await engine.start({ text, folder, options: { ...rest, stateFolder: '/default', ...more } }, () => {});
      end();
      return options[0]!.stateFolder;
    };
    expect(await place({})).toBe('/default');
    expect(await place({ path: 'state' })).toBe('/tmp/state');
    const url = 'webhdfs://namenode:9870/state';
    expect(await place({ storage: 'webhdfs', path: url })).toBe(url);
    // The next run would go on from a preview's, past rows that were not written.
    expect(await place({ path: 'state' }, { preview: { writes: [] } })).toBe(null);
  });

  it('passes on where to start from, and where savepoints go', async () => {
    const { engine, options } = withFakeJob();
    const document = JSON.stringify({ ...(JSON.parse(EMPTY) as object), nodes: NODES, edges: EDGES });
    const start = { ...request(document).options, fromSavepoint: '/kept/a', allowNonRestoredState: true };
    const { jobId } = await engine.start({ ...request(document), options: start }, () => {});
    expect(options[0]).toMatchObject({ fromSavepoint: '/kept/a', allowNonRestoredState: true });
    expect(await engine.savepoint(jobId, '/kept')).toBe('/kept/one');
    expect(await engine.stop(jobId, '/kept')).toBe('/kept');
  });

  it('says when there is no such job', async () => {
    const { engine } = withFakeJob();
    const gone = 'gone' as JobId;
    for (const call of [() => engine.stop(gone, null), () => engine.savepoint(gone, '/s'), () => engine.cancel(gone)]) {
      await expect(call()).rejects.toMatchObject({ code: 'MR2005' });
    }
    await expect(engine.watch('gone' as JobId, [])).rejects.toMatchObject({ code: 'MR2005' });
  });
});

import { mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { HostApi } from '../../runtime/protocol/host.ts';
import type { JobEvent } from '../../runtime/protocol/job.ts';
import { connect, type Connection } from '../../runtime/protocol/remote.ts';
import { nodePort } from '../../runtime/protocol/transport.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { EngineHost } from './engine-host.ts';
import { HostService } from './host-service.ts';
import { Templates } from './templates.ts';
import { UserData } from './user-data.ts';
import { Workspace } from './workspace.ts';

async function connected() {
  const folder = await temporaryFolder();
  const root = path.join(folder, 'workspace');
  await mkdir(root);
  const engine = new FakeEngine();
  const service = new HostService({
    workspace: new Workspace(root),
    userData: new UserData(path.join(folder, 'user-data')),
    templates: new Templates(folder),
    engine: new EngineHost(engine.launch),
    describe: () => ({ kind: 'web', version: '1.2.3', systemTheme: null }),
    unseenLimitMs: 20,
  });
  await service.open();
  const pages: Connection<HostApi>[] = [];
  const connectPage = (): Connection<HostApi> => {
    const { port1, port2 } = new MessageChannel();
    service.serve(nodePort(port1));
    pages.push(connect<HostApi>(nodePort(port2)));
    return pages.at(-1)!;
  };
  const page = connectPage();
  onTestFinished(async () => {
    for (const one of pages) one.dispose();
    await service.close();
  });
  return { host: page.api, page, engine, root, connect: () => connectPage().api, connectPage };
}

async function writeCheckpoint(folder: string, kind: 'checkpoint' | 'savepoint', id: number): Promise<void> {
  const manifest = { format: 'millrace/checkpoint', version: 2, kind, id, name: 'A', createdAt: id };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, '_metadata'), JSON.stringify({ ...manifest, tasks: [], operators: {}, edges: [] }));
}

const RUN = {
  path: 'a.pipeline.json',
  text: '{}',
  options: { resume: false, fromSavepoint: null, allowNonRestoredState: false },
};

describe('the host service', () => {
  it('moves a document with its checkpoints, never over another, and brings back what was deleted', async () => {
    const { host, root } = await connected();
    await host.saveDocument('a.pipeline.json', '{}', null);
    await host.saveDocument('b.pipeline.json', '{}', null);
    await writeCheckpoint(path.join(root, '.millrace/a.pipeline.json/chk-7'), 'checkpoint', 7);
    await expect(host.moveDocument('a.pipeline.json', 'b.pipeline.json')).rejects.toMatchObject({ code: 'MR2102' });
    await expect(host.moveDocument('a.pipeline.json', '../c.pipeline.json')).rejects.toMatchObject({ code: 'MR2102' });
    await host.moveDocument('a.pipeline.json', 'deep/c.pipeline.json');
    expect((await host.listRestorePoints('deep/c.pipeline.json')).map(({ id }) => id)).toEqual([7]);
    const kept = await host.deleteDocument('deep/c.pipeline.json');
    expect((await host.listFiles()).map((one) => one.path)).toEqual(['b.pipeline.json']);
    await host.moveDocument(kept, 'a.pipeline.json');
    expect((await host.openDocument('a.pipeline.json')).text).toBe('{}');
    expect((await host.listRestorePoints('a.pipeline.json')).map(({ id }) => id)).toEqual([7]);
  });

  it('does not move a document whose job runs', async () => {
    const { host } = await connected();
    await host.saveDocument(RUN.path, RUN.text, null);
    await host.startJob(RUN, () => undefined);
    await expect(host.deleteDocument(RUN.path)).rejects.toMatchObject({ code: 'MR2005' });
    expect((await host.openDocument(RUN.path)).text).toBe(RUN.text);
  });

  it('opens what was saved, with the unsaved copy of a session that ended badly', async () => {
    const { host } = await connected();
    await host.saveDocument('a.pipeline.json', 'one', null);
    expect(await host.openDocument('a.pipeline.json')).toMatchObject({ text: 'one', recovery: null });
    await host.saveRecovery('a.pipeline.json', 'two');
    const { recovery, revision } = await host.openDocument('a.pipeline.json');
    expect(recovery).toBe('two');
    await host.saveDocument('a.pipeline.json', 'two', revision);
    expect(await host.openDocument('a.pipeline.json')).toMatchObject({ text: 'two', recovery: null });
    expect(await host.recentDocuments()).toEqual(['a.pipeline.json']);
  });

  it('keeps a document to one job, and its checkpoints under the workspace', async () => {
    const { host, engine, root } = await connected();
    const { jobId } = await host.startJob(RUN, () => {});
    expect(engine.requests[0]).toMatchObject({
      folder: root,
      options: { stateFolder: path.join(root, '.millrace/a.pipeline.json'), resume: false, printTo: 'events' },
    });
    await expect(host.startJob(RUN, () => {})).rejects.toMatchObject({ code: 'MR2005' });
    expect(await host.stopJob(jobId, false)).toBeNull();
    await host.startJob(RUN, () => {});
  });

  it('keeps the mends of a document for its running job and for the next one', async () => {
    const { host, engine, root } = await connected();
    const mend = { nodeId: nodeId('in'), origin: 'in.csv', line: 2, raw: 'x', text: '1', again: 0 };
    const { jobId } = await host.startJob(RUN, () => {});
    expect(await host.listMends(RUN.path)).toEqual([]);
    await host.saveMends(RUN.path, [mend]);
    expect(engine.mends).toEqual([mend]);
    await host.stopJob(jobId, false);
    await host.saveMends('other.pipeline.json', []);
    await host.startJob(RUN, () => {});
    expect(engine.requests[1]!.options.mends).toEqual([mend]);
    expect(await readdir(path.join(root, '.millrace/a.pipeline.json'))).toEqual(['mends.json']);
  });

  it('lets documents run code of their own once the workspace is trusted, and keeps that outside of it', async () => {
    const { host, engine, root } = await connected();
    const allowed = async (): Promise<boolean> => {
      const { jobId } = await host.startJob(RUN, () => {});
      await host.stopJob(jobId, false);
      return engine.requests.at(-1)!.options.allowsUserCode;
    };
    expect([(await host.info()).isTrusted, await allowed()]).toEqual([false, false]);
    await host.setTrusted(true);
    expect([(await host.info()).isTrusted, await allowed()]).toEqual([true, true]);
    expect((await readdir(root)).filter((name) => name !== '.millrace')).toEqual([]);
    await host.setTrusted(false);
    expect([(await host.info()).isTrusted, await allowed()]).toEqual([false, false]);
  });

  it('lists what runs and what ran', async () => {
    const { host, engine } = await connected();
    const options = { ...RUN.options, params: { speed: '1' }, runtimeMode: 'batch' as const };
    const { jobId } = await host.startJob({ ...RUN, options }, () => {});
    await engine.emit('RUNNING');
    const started = { path: RUN.path, kind: 'run', params: { speed: '1' }, runtimeMode: 'batch', parallelism: null };
    expect(await host.listRuns()).toMatchObject([{ ...started, state: 'RUNNING', attempt: 2, endedAt: null }]);
    await host.stopJob(jobId, false);
    const stopped = { ...started, state: 'STOPPED', endedAt: expect.any(Number) };
    await vi.waitFor(async () => expect(await host.listRuns()).toMatchObject([stopped]));
    await host.startJob({ ...RUN, options: { ...RUN.options, preview: { writes: [] } } }, () => {});
    expect(await host.listRuns()).toMatchObject([{ kind: 'preview', state: 'CREATED' }, stopped]);
  });

  it('keeps savepoints beside the checkpoints, and lists both', async () => {
    const { host, root } = await connected();
    const folder = path.join(root, '.millrace/a.pipeline.json');
    await host.saveDocument(RUN.path, RUN.text, null);
    expect(await host.listRestorePoints(RUN.path)).toEqual([]);
    const { jobId } = await host.startJob(RUN, () => {});
    expect(await host.takeSavepoint(jobId)).toBe(path.join(folder, 'savepoints/one'));
    expect(await host.stopJob(jobId, true)).toBe(path.join(folder, 'savepoints/last'));
    await writeCheckpoint(path.join(folder, 'chk-7'), 'checkpoint', 7);
    await writeCheckpoint(path.join(folder, 'savepoints/savepoint-one'), 'savepoint', 8);
    await mkdir(path.join(folder, 'savepoints/savepoint-broken'));
    const points = await host.listRestorePoints(RUN.path);
    expect(points.map(({ kind, id }) => [kind, id])).toEqual([
      ['savepoint', 8],
      ['checkpoint', 7],
    ]);
    const start = (fromSavepoint: string) =>
      host.startJob({ ...RUN, options: { ...RUN.options, fromSavepoint } }, () => {});
    await expect(start(path.join(root, '../elsewhere'))).rejects.toMatchObject({ code: 'MR2101' });
    await start(points[0]!.location);
  });

  it('lets go of the page’s callback when the job has ended', async () => {
    const { host, page, engine } = await connected();
    const ports = page.openPorts;
    await host.startJob(RUN, () => {});
    expect(page.openPorts).toBe(ports + 1);
    await engine.emit('FINISHED');
    await vi.waitFor(() => expect(page.openPorts).toBe(ports));
  });

  it('stops a job that no page sees any more', async () => {
    const { host, page, engine } = await connected();
    await host.startJob(RUN, () => {});
    page.dispose();
    await vi.waitFor(() => expect(engine.stopped).toEqual(['job-1']));
  });

  it('keeps the job of a page that has gone while another follows it, until a page takes it over or none is left', async () => {
    const { host, page, engine, connectPage } = await connected();
    const wall = connectPage();
    const seenByWall: JobEvent[] = [];
    await wall.api.followJobs(RUN.path, [], (events) => void seenByWall.push(...events));
    const { jobId } = await host.startJob(RUN, () => {});
    await engine.emit('RUNNING');
    expect(await wall.api.adoptJob(RUN.path, () => {})).toBeNull();
    page.dispose();

    const editor = connectPage();
    const seen: JobEvent[] = [];
    await vi.waitFor(async () =>
      expect(await editor.api.adoptJob(RUN.path, (events) => void seen.push(...events))).toMatchObject({ jobId }),
    );
    expect(seen).toMatchObject([{ state: 'RUNNING' }]);
    await engine.emit('RESTARTING');
    expect(seen.at(-1)).toMatchObject({ state: 'RESTARTING' });
    await vi.waitFor(() => expect(seenByWall.at(-1)).toMatchObject({ state: 'RESTARTING' }));

    // A job that nobody follows is stopped when its time has come; this one goes on.
    const { jobId: unseen } = await editor.api.startJob({ ...RUN, path: 'b.pipeline.json' }, () => {});
    editor.dispose();
    await vi.waitFor(() => expect(engine.stopped).toEqual([unseen]));
    expect(await wall.api.runningJob(RUN.path)).toMatchObject({ jobId });
    wall.dispose();
    await vi.waitFor(() => expect(engine.stopped).toContain(jobId));
  });

  it('tells of changes from outside, not of its own', async () => {
    const { host, root } = await connected();
    const changes: string[] = [];
    await host.onFilesChanged((paths) => void changes.push(...paths));
    await host.saveDocument('own.pipeline.json', 'one', null);
    await writeFile(path.join(root, 'foreign.csv'), 'a');
    await vi.waitFor(() => expect(changes).toContain('foreign.csv'), { timeout: 10_000 });
    expect(changes).not.toContain('own.pipeline.json');
  });

  it('refuses arguments that do not fit, and paths that lead out', async () => {
    const { host, engine, root } = await connected();
    const anything = host as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    for (const call of [
      () => anything['openDocument']!(7),
      () => anything['openDocument']!(),
      () => anything['saveSettings']!({ theme: 'purple' }),
      () => anything['startJob']!({ ...RUN, folder: '/' }, () => {}),
      () => anything['startJob']!(RUN, 'not a function'),
      () => anything['watchRows']!('job', [{ nodeId: 'a' }]),
      () => anything['end']!(),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'MR2005' });
    }
    for (const call of [
      () => host.openDocument('../secret'),
      () => host.saveRecovery('../secret', 'x'),
      () => host.readSample('/etc/passwd', 10),
      () => host.startJob({ ...RUN, path: '../a.pipeline.json' }, () => {}),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'MR2101' });
    }
    const debugged = { path: 'sub/a.pipeline.json', text: '{}', options: {} };
    const recordings = { [nodeId('a')]: '../../secret' };
    await expect(host.startDebug({ ...debugged, options: { recordings } }, () => {})).rejects.toThrow('outside');
    await host.startDebug(debugged, () => {});
    for (const file of ['../../secret', '/etc/passwd']) {
      await expect(host.debug('record', [nodeId('a'), file])).rejects.toMatchObject({ code: 'MR2101' });
    }
    await host.debug('record', [nodeId('a'), '../kept.jsonl']);
    // What was looked at is what is written to.
    expect(engine.debugged.at(-1)).toBe(`record a ${path.join(await realpath(root), 'kept.jsonl')}`);
    await expect(host.saveDocument('../secret', 'x', null)).rejects.toMatchObject({ code: /^MR210[12]$/ });
  });

  it('lets other pages follow the jobs of a document, each with the rows it wants', async () => {
    const { host, engine, connect: another } = await connected();
    const wall = another();
    const seenByWall: JobEvent[] = [];
    const seenByStarter: JobEvent[] = [];
    const rowsOf = (events: readonly JobEvent[]) =>
      events.flatMap((event) => (event.type === 'rows' ? event.sample.rows.map((row) => row.values[0]) : []));
    const watch = (node: string) => ({ nodeId: nodeId(node), port: 'in' });
    await wall.followJobs(RUN.path, [watch('tile')], (events) => void seenByWall.push(...events));
    const { jobId } = await host.startJob(RUN, (events) => void seenByStarter.push(...events));
    await host.watchRows(jobId, [watch('other')]);
    expect(new Set(engine.watched)).toEqual(new Set(['tile', 'other']));
    await engine.emit('RUNNING');
    await engine.emitRow('tile', 1);
    await engine.emitRow('other', 2);
    await vi.waitFor(() => expect(rowsOf(seenByWall)).toEqual([1]));
    expect(seenByWall[0]).toMatchObject({ type: 'state', state: 'RUNNING' });
    expect(rowsOf(seenByStarter)).toEqual([2]);

    // What stands there when somebody comes late, also behind the end of the job.
    await host.watchRows(jobId, [watch('tile')]);
    expect(rowsOf(seenByStarter)).toEqual([2, 1]);
    await host.stopJob(jobId, false);
    const late: JobEvent[] = [];
    await another().followJobs(RUN.path, [watch('tile')], (events) => void late.push(...events));
    await vi.waitFor(() => expect(rowsOf(late)).toEqual([1]));
    expect(late[0]).toMatchObject({ state: 'STOPPED' });
  });
});

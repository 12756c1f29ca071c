/**
 * Checkpoints in a real HDFS. Where Java, Maven or a way to fetch Hadoop is missing, these tests are not run and say so, unless
 * CI is set: then they fail.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fakeIo, fakeServices } from '../../cli/fake-io.ts';
import { runCli } from '../../cli/run-cli.ts';
import { ToolMissing } from '../../comparison/cache.ts';
import { parseWebHdfsLocation } from '../../core/webhdfs-location.ts';
import type { JobEvent } from '../../protocol/job.ts';
import { fileStoreContract } from '../../testing/file-store-contract.ts';
import { findHadoop } from '../../testing/hdfs/hadoop.ts';
import { MiniHdfs, type HdfsCommand } from '../../testing/hdfs/mini-hdfs.ts';
import { startRun, type CliRun } from '../../testing/run-cli-process.ts';
import { systemTimers, type SystemTimers } from '../job/system-timers.ts';
import { childLocation } from './location.ts';
import { CheckpointStorage } from './storage.ts';
import { WebHdfsClient } from './webhdfs-client.ts';
import { WebHdfsStore } from './webhdfs-store.ts';

const hadoop = await findHadoop().catch((error: unknown) => {
  if (!(error instanceof ToolMissing) || ![undefined, '', '0', 'false'].includes(process.env.CI)) throw error;
  console.warn(`The tests with HDFS are not run. ${error.message}`);
  return error;
});
const isMissing = hadoop instanceof ToolMissing;

describe.skipIf(isMissing)(`an HDFS${isMissing ? ` (not run: ${hadoop.message})` : ''}`, () => {
  let scratch = '';
  let hdfs: MiniHdfs | undefined;
  beforeAll(async () => {
    if (isMissing) return;
    scratch = mkdtempSync(path.join(tmpdir(), 'millrace-webhdfs-'));
    hdfs = await MiniHdfs.start(hadoop);
  });
  afterAll(async () => {
    await hdfs?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  /** URL of a folder in the home of a user who has one. */
  const locationOf = (folder: string, user?: string): string => hdfs!.location(`/user/millrace/${folder}`, user);
  /** `onPause`: before each pause. */
  function storeAt(location: string, onPause: () => Promise<void> = () => Promise.resolve()): WebHdfsStore {
    const parsed = parseWebHdfsLocation(location)!;
    const timers: SystemTimers = {
      ...systemTimers,
      after(ms, action) {
        void onPause().then(() => systemTimers.after(ms, action));
        return () => {};
      },
    };
    return new WebHdfsStore(parsed, new WebHdfsClient(parsed, timers));
  }

  describe('as a store of files', () => {
    fileStoreContract((name) => storeAt(locationOf(`contract/${name}`)));

    it.each<[string, HdfsCommand, HdfsCommand]>([
      ['a NameNode in safe mode', 'enter-safe-mode', 'leave-safe-mode'],
      ['a DataNode that starts again', 'stop-datanode', 'start-datanode'],
      ['a NameNode that starts again', 'stop-namenode', 'start-namenode'],
    ])('waits for %s', async (_, before, during) => {
      await hdfs!.obey(before);
      let pauses = 0;
      const files = storeAt(locationOf('waits'), async () => {
        if (pauses++ === 0) await hdfs!.obey(during);
      });
      await files.write('a.part', new Uint8Array([1, 2, 3]));
      await files.rename('a.part', 'a');
      expect([await files.read('a'), pauses > 0]).toEqual([Buffer.from([1, 2, 3]), true]);
    });

    it.each([10, 10_000_000])('says so when the user may not write %d bytes there', async (size) => {
      await expect(storeAt(locationOf('eve', 'eve')).write('a', new Uint8Array(size))).rejects.toMatchObject({
        message: expect.stringMatching(
          /^CREATE at http.*AccessControlException: Permission denied: user=eve/,
        ) as string,
        remedy: expect.stringContaining('user.name=') as string,
      });
    });
  });

  describe('for the checkpoints of a job', () => {
    const template = path.resolve(import.meta.dirname, '../../../templates/clicks');
    const expected = outputsIn(path.join(template, 'expected'));
    const isCompleted = (event: JobEvent): boolean =>
      event.type === 'checkpoint' && event.checkpoint.status === 'completed' && event.checkpoint.id >= 2;

    /** The third one is refused at the latest: one that comes after has seen it end, or puts an end to it. */
    const isRefused = (event: JobEvent): boolean => event.type === 'checkpoint' && event.checkpoint.id >= 4;
    const runs: CliRun[] = [];
    afterEach(() => runs.splice(0).forEach((run) => run.process.kill('SIGKILL')));
    function start(...[file, args]: Parameters<typeof startRun>): CliRun {
      const run = startRun(file, args);
      runs.push(run);
      return run;
    }

    /** The template, with its checkpoints in `location`. */
    function documentFor(name: string, location: string): string {
      const document = JSON.parse(readFileSync(path.join(template, 'clicks.pipeline.json'), 'utf8')) as {
        settings: object;
      };
      const checkpoint = { intervalMs: 200, storage: 'webhdfs', path: location };
      const file = path.join(scratch, name, 'clicks.pipeline.json');
      mkdirSync(path.dirname(file));
      writeFileSync(file, JSON.stringify({ ...document, settings: { ...document.settings, checkpoint } }));
      return file;
    }

    it('gives each row once when the job is killed and restored from there, at another parallelism', async () => {
      const location = locationOf('killed');
      const file = documentFor('killed', location);
      const first = start(file, ['--param', 'speed=4000']);
      await first.waitFor(isCompleted);
      first.process.kill('SIGKILL');
      expect(await first.exitCode).toBeNull();

      const [newest] = await new CheckpointStorage(location).list();
      const inspected = await inspect(location);
      expect(inspected).toMatchObject({ code: 0, out: expect.stringMatching(/^chk-\d+: "Click sessions"/) as string });
      expect(await inspect(new CheckpointStorage(location).locationOf(newest!))).toMatchObject({
        code: 0,
        out: expect.stringContaining('perMinute: aggregate.window × 2') as string,
      });

      const args = ['--resume', '--state-dir', location, '--parallelism', '3', '--param', 'speed=1000000'];
      const second = start(file, args);
      expect(await second.exitCode, second.stderr()).toBe(0);
      expect(outputsIn(path.join(scratch, 'killed/out'))).toEqual(expected);
      expect((await new CheckpointStorage(location).list())[0]).toBeGreaterThan(newest!);
    });

    it('gives each row once when the job is stopped with a savepoint there, and started from it', async () => {
      const saved = locationOf('saved');
      const file = documentFor('saved', locationOf('stopped'));
      const first = start(file, ['--param', 'speed=4000', '--savepoint-dir', saved]);
      await first.waitFor(isCompleted);
      first.process.kill('SIGINT');
      expect(await first.exitCode, first.stderr()).toBe(0);
      const [savepoint] = await storeAt(saved).list('');
      const location = childLocation(saved, savepoint!);
      expect(first.stderr()).toContain(`savepoint in ${location}\n`);
      expect(await inspect(location)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^savepoint \d+: /) as string,
      });
      const second = start(file, ['--from-savepoint', location, '--parallelism', '3', '--param', 'speed=1000000']);
      expect(await second.exitCode, second.stderr()).toBe(0);
      expect(outputsIn(path.join(scratch, 'saved/out'))).toEqual(expected);
    });

    it('rides out a NameNode that refuses to write for a while', async () => {
      const file = documentFor('rides', locationOf('rides'));
      const run = start(file, ['--param', 'speed=8000']);
      await run.waitFor(isCompleted);
      await hdfs!.obey('enter-safe-mode');
      await run.waitFor(isRefused);
      await hdfs!.obey('leave-safe-mode');
      expect(await run.exitCode, run.stderr()).toBe(0);
      expect(outputsIn(path.join(scratch, 'rides/out'))).toEqual(expected);
    });

    it('does not start a job that may not write there', async () => {
      const run = start(documentFor('refused', locationOf('refused', 'eve')), []);
      expect(await run.exitCode).toBe(1);
      expect(run.stderr()).toMatch(/MR2201.*Permission denied: user=eve.*user\.name=/s);
    });

    it('passes over a checkpoint that was changed', async () => {
      const location = locationOf('changed');
      const file = documentFor('changed', location);
      const first = start(file, ['--param', 'speed=4000']);
      await first.waitFor(isCompleted);
      first.process.kill('SIGKILL');
      await first.exitCode;
      const [newest] = await new CheckpointStorage(location).list();
      const files = storeAt(new CheckpointStorage(location).locationOf(newest!));
      const state = (await files.list('')).find((name) => name.endsWith('.state'))!;
      const bytes = (await files.read(state))!;
      bytes[bytes.length - 1]! ^= 1;
      await files.write(state, bytes);
      expect(await inspect(new CheckpointStorage(location).locationOf(newest!))).toMatchObject({
        code: 1,
        err: expect.stringMatching(/MR2202.*was changed or cut off/s) as string,
      });
      const second = start(file, ['--resume', '--param', 'speed=1000000']);
      expect(await second.exitCode, second.stderr()).toBe(0);
      expect(outputsIn(path.join(scratch, 'changed/out'))).toEqual(expected);
    });

    async function inspect(location: string): Promise<{ code: number; out: string; err: string }> {
      const io = fakeIo({ cwd: scratch });
      const code = await runCli(['inspect', location], io, fakeServices([], null));
      return { code, out: io.out(), err: io.err() };
    }
  });
});

/** Lines of each output, sorted: order between subtasks is not part of the result. */
function outputsIn(folder: string): Record<string, string[]> {
  const entries = readdirSync(folder).map((name): [string, string[]] => {
    const place = path.join(folder, name);
    const parts = statSync(place).isDirectory()
      ? readdirSync(place)
          .filter((part) => !part.startsWith('.'))
          .map((part) => path.join(place, part))
      : [place];
    const lines = parts.flatMap((part) => readFileSync(part, 'utf8').split('\n').filter(Boolean));
    return [name.replace(/\.(jsonl|csv)$/, ''), lines.sort()];
  });
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith('.')));
}

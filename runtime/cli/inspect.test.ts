import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import type { CheckpointKind } from '../engine/checkpoint/manifest.ts';
import { CheckpointStorage } from '../engine/checkpoint/storage.ts';
import { encodeTaskState } from '../engine/checkpoint/task-state-file.ts';
import type { StateSnapshot } from '../engine/state/index.ts';
import { fakeIo, fakeServices, withFolder } from './fake-io.ts';
import { runCli } from './run-cli.ts';

const snapshot: StateSnapshot = {
  subtask: 0,
  lists: [{ name: 'positions', redistribution: 'split', values: [1, 2] }],
  tables: [
    {
      name: 'panes',
      layout: {
        keys: [{ name: 'user', type: 'STRING' }],
        namespaced: true,
        columns: [{ name: 'count', type: 'i64' }],
      },
      keyGroups: [{ keyGroup: 3, entries: 1200, bytes: new Uint8Array(2048) }],
    },
  ],
};

async function writeCheckpoint(stateFolder: string, id: number, kind: CheckpointKind = 'checkpoint'): Promise<string> {
  const bytes = encodeTaskState(new Map([[nodeId('clicks'), snapshot]]));
  const folder = new CheckpointStorage(stateFolder).folder(id);
  const task = await folder.writeTaskFile(nodeId('clicks'), 0, bytes);
  await folder.complete({
    format: 'millrace/checkpoint',
    version: 2,
    kind,
    id,
    name: 'Clicks',
    createdAt: 0,
    tasks: [{ ...task, stateBytes: 3 * 1024 * 1024, inFlightBytes: 0 }],
    operators: { clicks: { type: 'source.file', parallelism: 1 }, out: { type: 'sink.print', parallelism: 2 } },
    edges: [],
  });
  return folder.location;
}

async function inspect(cwd: string, folder: string): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd });
  const code = await runCli(['inspect', folder], io, fakeServices([], null));
  return { code, out: io.out(), err: io.err() };
}

describe('inspect', () => {
  it('lists what a checkpoint holds', () =>
    withFolder({}, async (cwd) => {
      await writeCheckpoint(cwd, 7);
      const { code, out, err } = await inspect(cwd, 'chk-7');
      expect([code, err]).toEqual([0, '']);
      expect(out.replace(/\d\.\d KiB in/, '_ KiB in')).toMatchInlineSnapshot(`
        "checkpoint 7: "Clicks", 1970-01-01T00:00:00.000Z, 3.0 MiB of state, _ KiB in 1 file
        clicks: source.file × 1
          list positions: 2 values, split
          table panes: 1,200 entries, 2.0 KiB, 1 key group; key user STRING and namespace; columns count i64
        out: sink.print × 2
          no state
        "
      `);
    }));

  it('lists the checkpoints of a state folder, the newest first', () =>
    withFolder({}, async (cwd) => {
      await writeCheckpoint(cwd, 9);
      await writeCheckpoint(cwd, 10);
      const { code, out } = await inspect(cwd, '.');
      expect([code, out.split('\n').map((line) => line.split(',')[0])]).toEqual([
        0,
        ['chk-10: "Clicks"', 'chk-9: "Clicks"', ''],
      ]);
    }));

  it('says so when there is none, or when it is damaged', () =>
    withFolder({}, async (cwd) => {
      expect(await inspect(cwd, 'nowhere')).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining('error MR2202') as string,
      });
      const folder = await writeCheckpoint(cwd, 1);
      writeFileSync(path.join(folder, 'clicks-0.state'), 'x');
      expect(await inspect(cwd, 'chk-1')).toMatchObject({
        code: 1,
        err: expect.stringContaining('error MR2202') as string,
      });
    }));
});

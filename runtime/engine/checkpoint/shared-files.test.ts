import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../core/ids.ts';
import type { NativeSnapshot, StateSnapshot } from '../state/index.ts';
import { FolderStore } from './folder-store.ts';
import type { FileStore } from './file-store.ts';
import type { Manifest } from './manifest.ts';
import { SharedFiles, type SharedState } from './shared-files.ts';
import { CheckpointStorage } from './storage.ts';

let folder: string;
let storage: CheckpointStorage;
const ID = nodeId('count');

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-shared-'));
  storage = new CheckpointStorage(path.join(folder, 'state'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A database's files as they were linked for a checkpoint: name to content. */
function linked(files: Record<string, string>, name = 'db'): Map<typeof ID, StateSnapshot> {
  const place = path.join(folder, 'links', name);
  mkdirSync(place, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(place, file), content);
  const native: NativeSnapshot = {
    keyGroups: { start: 0, end: 128 },
    tables: [],
    files: Object.entries(files).map(([file, content]) => ({ name: file, bytes: content.length, stored: null })),
    folder: place,
  };
  return new Map([[ID, { subtask: 0, lists: [], tables: [], native }]]);
}

async function complete(id: number, state: SharedState): Promise<Manifest> {
  const { files } = state;
  const file = { ...(await storage.folder(id).writeTaskFile(ID, 0, new Uint8Array([id]))), shared: [...files] };
  const manifest: Manifest = {
    format: 'millrace/checkpoint',
    version: 2,
    kind: 'checkpoint',
    id,
    name: 'p',
    createdAt: 0,
    tasks: [{ ...file, stateBytes: state.allBytes, inFlightBytes: 0 }],
    operators: {},
    edges: [],
  };
  await storage.folder(id).complete(manifest);
  return manifest;
}

function sharedNames(): string[] {
  const place = path.join(folder, 'state/shared');
  return existsSync(place) ? readdirSync(place).sort() : [];
}

describe('files that checkpoints share', () => {
  it.each([1, 2])('are stored once, and removed with the last of %i checkpoints that needs them', async (retained) => {
    const files = storage.sharedFiles();
    const chain: Record<string, string>[] = [
      { '1.sst': 'one', CURRENT: 'c1' },
      { '1.sst': 'one', '2.sst': 'two', CURRENT: 'c2' },
      { '2.sst': 'two', '3.sst': 'three', CURRENT: 'c3' },
    ];
    const written: number[] = [];
    for (const [i, content] of chain.entries()) {
      const id = i + 1;
      const state = await files.store(id, linked(content));
      written.push(state.newBytes);
      await complete(id, state);
      await storage.retain(retained);
      files.completed(id);
    }
    // What is not a table is part of the task's file.
    expect(written).toEqual([3, 3, 5]);
    const kept = ['2-db-2.sst', '3-db-3.sst'];
    expect(sharedNames()).toEqual(retained === 1 ? kept : ['1-db-1.sst', ...kept]);
    await storage.verifyShared(await storage.folder(3).manifest());
  });

  it('takes over nothing from a checkpoint that did not become complete', async () => {
    const files = storage.sharedFiles();
    await files.store(1, linked({ '1.sst': 'one' }));
    const state = await files.store(2, linked({ '1.sst': 'one' }));
    expect(state.files.map(({ name }) => name)).toEqual(['2-db-1.sst']);
    await complete(2, state);
    await storage.retain(1);
    expect(sharedNames()).toEqual(['2-db-1.sst']);
  });

  it('leaves alone what a checkpoint under way has brought', async () => {
    const files = storage.sharedFiles();
    await complete(1, await files.store(1, linked({ '1.sst': 'one' })));
    files.completed(1);
    const next = await files.store(2, linked({ '1.sst': 'one', '2.sst': 'two' }));
    await storage.retain(1);
    await complete(2, next);
    await storage.verifyShared(await storage.folder(2).manifest());
  });

  it('is left without a manifest when the process is killed, and goes with the next checkpoint', async () => {
    await complete(1, await storage.sharedFiles().store(1, linked({ '1.sst': 'one' })));
    await storage.sharedFiles().store(2, linked({ '9.sst': 'nine' }, 'killed'));
    expect(await storage.list()).toEqual([1]);
    // The next attempt.
    const files = storage.sharedFiles();
    await complete(3, await files.store(3, linked({ '1.sst': 'one' }, 'other')));
    await storage.retain(1);
    expect(sharedNames()).toEqual(['3-other-1.sst']);
  });

  it.each([
    ['cut off', (file: string) => truncateSync(file, 1)],
    ['changed', (file: string) => writeFileSync(file, 'eno')],
    ['missing', (file: string) => rmSync(file)],
  ])('is refused when it is %s', async (_how, damage) => {
    const manifest = await complete(1, await storage.sharedFiles().store(1, linked({ '1.sst': 'one' })));
    // Not in place: that would be the database's own file as well.
    const file = path.join(folder, 'state/shared/1-db-1.sst');
    damage(file);
    await expect(storage.verifyShared(manifest)).rejects.toMatchObject({ code: 'MR2202' });
  });

  it('comes back as it was, from a store that links and from one that does not', async () => {
    const { list, exists, read, write, rename, remove } = FolderStore.prototype;
    const plain = new FolderStore(path.join(folder, 'state'));
    const remote: FileStore = {
      list: list.bind(plain),
      exists: exists.bind(plain),
      read: read.bind(plain),
      write: write.bind(plain),
      rename: rename.bind(plain),
      remove: remove.bind(plain),
    };
    for (const [name, files] of [
      ['a', storage.sharedFiles()],
      ['b', new SharedFiles('remote', remote)],
    ] as const) {
      const { operators } = await files.store(1, linked({ '1.sst': 'one', CURRENT: 'c' }, name));
      const { native } = operators.get(ID)!;
      expect(native!.folder).toBeNull();
      const target = path.join(folder, 'restored', name);
      const fetched = await files.fetch(native!, target, true);
      expect(fetched.folder).toBe(target);
      expect(readdirSync(target).sort()).toEqual(['1.sst', 'CURRENT']);
      // Its table is in the storage already.
      const again = await files.store(
        2,
        new Map([[ID, { subtask: 0, lists: [], tables: [], native: { ...fetched, files: native!.files } }]]),
      );
      expect(again.newBytes).toBe(0);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeId } from '../../core/ids.ts';
import { FileStoreError, type FileStore } from './file-store.ts';
import { FolderStore } from './folder-store.ts';
import { childLocation, resolveLocation } from './location.ts';
import { CheckpointStorage, readCheckpoint, readManifest } from './storage.ts';
import { encodeTaskState } from './task-state-file.ts';

const WORDS = nodeId('words');
const snapshot = {
  subtask: 0,
  lists: [{ name: 'positions', redistribution: 'split' as const, values: [1, 2] }],
  tables: [],
};

async function writeCheckpoint(storage: CheckpointStorage, id: number): Promise<string> {
  const folder = storage.folder(id);
  const bytes = encodeTaskState(new Map([[WORDS, snapshot]]));
  const task = await folder.writeTaskFile(WORDS, 0, bytes);
  await folder.complete({
    format: 'millrace/checkpoint',
    version: 2,
    kind: 'checkpoint',
    id,
    name: 'Words',
    createdAt: 0,
    tasks: [{ ...task, stateBytes: task.bytes, inFlightBytes: 0 }],
    operators: { words: { type: 'source.file', parallelism: 1 } },
    edges: [],
  });
  return folder.location;
}

async function withStorage(test: (storage: CheckpointStorage, files: FileStore) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-storage-'));
  try {
    await test(new CheckpointStorage(folder), new FolderStore(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From now on, `files` fails at `operation`. */
function breakAt(operation: keyof FileStore, files: FileStore): FileStore {
  const fail = (): Promise<never> => Promise.reject(new FileStoreError('It is full.', 'Empty it.'));
  return Object.assign(files, { [operation]: fail });
}

describe('checkpoints in a storage', () => {
  it('are listed, newest first, once they are complete', () =>
    withStorage(async (storage, files) => {
      expect(await storage.list()).toEqual([]);
      for (const id of [9, 10]) await writeCheckpoint(storage, id);
      await storage.folder(11).writeTaskFile(WORDS, 0, new Uint8Array([1]));
      await files.write('chk-12/_metadata.part', new Uint8Array());
      await files.write('chk-x/_metadata', new Uint8Array());
      expect(await storage.list()).toEqual([10, 9]);
    }));

  it('hold what was written', () =>
    withStorage(async (storage) => {
      const location = await writeCheckpoint(storage, 3);
      expect(location).toBe(storage.locationOf(3));
      const { manifest, state } = await readCheckpoint(location);
      expect(manifest).toEqual(await readManifest(location));
      expect([manifest.id, [...state]]).toEqual([3, [[WORDS, [snapshot]]]]);
    }));

  it('are removed one by one, or all, also the incomplete', () =>
    withStorage(async (storage, files) => {
      for (const id of [1, 2, 3]) await writeCheckpoint(storage, id);
      await files.write('chk-4/a', new Uint8Array());
      await files.write('mine', new Uint8Array());
      await storage.remove(2);
      expect(await storage.list()).toEqual([3, 1]);
      await storage.clear(4, 1);
      expect((await files.list('')).sort()).toEqual(['chk-1', 'mine']);
      await storage.clear(0);
      expect((await files.list('')).sort()).toEqual(['chk-1', 'mine']);
      await storage.clear(1);
      expect(await files.list('')).toEqual(['mine']);
    }));

  it('are kept up to a number, and what was given up before them is not', () =>
    withStorage(async (storage, files) => {
      await storage.retain(1);
      for (const id of [1, 2, 4, 5]) await writeCheckpoint(storage, id);
      for (const id of [3, 6]) await storage.folder(id).writeTaskFile(WORDS, 0, new Uint8Array());
      await storage.retain(2);
      expect((await files.list('')).sort()).toEqual(['chk-4', 'chk-5', 'chk-6']);
      await storage.retain(1, 4);
      expect((await files.list('')).sort()).toEqual(['chk-4', 'chk-5', 'chk-6']);
    }));

  it.each([
    ['words-0.state', /words-0\.state is missing/],
    ['_metadata', /it has no _metadata/],
  ])('are damaged without %s', (file, message) =>
    withStorage(async (storage, files) => {
      const location = await writeCheckpoint(storage, 1);
      await files.remove(`chk-1/${file}`);
      await expect(readCheckpoint(location)).rejects.toMatchObject({
        code: 'MR2202',
        retryable: false,
        message: expect.stringMatching(message) as string,
      });
    }),
  );

  it.each(['words-0.state', '_metadata'])('are damaged when a byte of %s is another, or missing', (file) =>
    withStorage(async (storage, files) => {
      const location = await writeCheckpoint(storage, 1);
      const bytes = (await files.read(`chk-1/${file}`))!;
      for (const changed of [bytes.slice(0, -2), bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte))]) {
        await files.write(`chk-1/${file}`, changed);
        await expect(readCheckpoint(location)).rejects.toMatchObject({ code: 'MR2202' });
      }
    }),
  );

  it.each(['write', 'rename', 'remove'] as const)(
    'cannot be completed or removed when the storage fails to %s',
    (operation) =>
      withStorage(async ({ location }, files) => {
        const storage = new CheckpointStorage(location, breakAt(operation, files));
        const failure = operation === 'remove' ? storage.remove(1) : writeCheckpoint(storage, 1);
        await expect(failure).rejects.toMatchObject({
          code: 'MR2201',
          retryable: true,
          message: expect.stringMatching(/chk-1 could not be .*: It is full\.$/) as string,
          remedy: 'Empty it.',
        });
        expect(await storage.list()).toEqual([]);
      }),
  );

  it('are refused a place that cannot be written to, before the job starts', () =>
    withStorage(async ({ location }, files) => {
      const storage = new CheckpointStorage(location, breakAt('write', files));
      await expect(storage.tryToWrite()).rejects.toMatchObject({
        code: 'MR2201',
        message: `Checkpoints cannot be kept in ${location}: It is full.`,
        remedy: 'Empty it.',
      });
    }));

  it.each(['list', 'exists'] as const)('are not taken for missing when the storage fails to %s', (operation) =>
    withStorage(async ({ location }, files) => {
      const storage = new CheckpointStorage(location, breakAt(operation, files));
      await writeCheckpoint(storage, 1);
      await expect(storage.list()).rejects.toMatchObject({ code: 'MR2206', retryable: true, remedy: 'Empty it.' });
    }),
  );
});

describe('the location of checkpoints', () => {
  it('tells which of them are in a storage', () => {
    const folder = new CheckpointStorage('/state');
    const hdfs = new CheckpointStorage('webhdfs://nn:1/a?user.name=me');
    expect(
      ['/state/chk-7', '/state/chk-7/', '/other/chk-7', '/state/savepoint'].map((one) => folder.idOf(one)),
    ).toEqual([7, 7, null, null]);
    expect(hdfs.idOf(hdfs.locationOf(12))).toBe(12);
  });

  it('is a folder or a URL, and so are those in it', () => {
    expect([resolveLocation('/base', 'state'), resolveLocation('/base', '/state')]).toEqual(['/base/state', '/state']);
    expect(resolveLocation('/base', 'webhdfs://nn:1/a')).toBe('webhdfs://nn:1/a');
    expect(
      ['/state', 'webhdfs://nn:1/a', 'webhdfs://nn:1/a/?user.name=me', 'webhdfs://nn:1'].map((one) =>
        childLocation(one, 'chk-1'),
      ),
    ).toEqual([
      path.join('/state', 'chk-1'),
      'webhdfs://nn:1/a/chk-1',
      'webhdfs://nn:1/a/chk-1?user.name=me',
      'webhdfs://nn:1/chk-1',
    ]);
  });

  it.each(['hdfs://nn:8020/a', 'webhdfs://nn:x/a', 's3://bucket'])('is not %s', (location) => {
    expect(() => resolveLocation('/base', location)).toThrow(
      expect.objectContaining({ code: 'MR2206', domain: 'user' }),
    );
  });
});

/** What a worker does about databases before its operators are made: a folder for them, and in it the files of those restored. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { keyGroupRange } from '../../core/hash.ts';
import type { NodeId } from '../../core/ids.ts';
import { parentLocation } from '../checkpoint/location.ts';
import type { SharedFiles } from '../checkpoint/shared-files.ts';
import { CheckpointStorage } from '../checkpoint/storage.ts';
import { overlaps, RocksDbEnvironment, type StateSnapshot } from '../state/index.ts';
import { parallelismByOperator, type RestoredState } from '../task/task-builder.ts';
import type { WorkerSetup } from './worker-protocol.ts';

const MIB = 2 ** 20;

/** Null unless the job keeps state in RocksDB. The folder is emptied first: a worker before may have been killed. */
export async function openRocksDb(setup: WorkerSetup): Promise<RocksDbEnvironment | null> {
  const { plan, index, spillFolder, stateThreadFile } = setup;
  const { stateBackend, managedMemoryMb } = plan.settings;
  if (stateBackend !== 'rocksdb') return null;
  const folder = path.join(spillFolder, `rocksdb-${index}`);
  await rm(folder, { recursive: true, force: true });
  const workers = Math.max(1, ...plan.chains.map((chain) => chain.parallelism));
  return new RocksDbEnvironment({
    threadFile: stateThreadFile,
    folder,
    memoryBytes: (managedMemoryMb * MIB) / workers,
  });
}

/** The restored state with the databases that this worker's subtasks need in local folders. Throws StreamError MR2202 or MR2206. */
export async function fetchDatabases(
  restored: RestoredState,
  setup: WorkerSetup,
  environment: RocksDbEnvironment | null,
  ours: SharedFiles,
): Promise<RestoredState> {
  const { plan, index, restoreFrom, stateFolder } = setup;
  if (environment === null || restoreFrom === null) return restored;
  const location = parentLocation(restoreFrom.folder);
  const isOurs = location === stateFolder;
  const files = isOurs ? ours : new CheckpointStorage(location).sharedFiles();
  const parallelism = parallelismByOperator(plan);
  const fetched = new Map<NodeId, readonly StateSnapshot[]>();
  for (const [id, snapshots] of restored) {
    const subtasks = parallelism.get(id) ?? 0;
    const wanted = index < subtasks ? keyGroupRange(index, subtasks) : { start: 0, end: 0 };
    const own: StateSnapshot[] = [];
    for (const snapshot of snapshots) {
      const { native } = snapshot;
      const isNeeded = native !== undefined && overlaps(native.keyGroups, wanted);
      own.push(
        isNeeded ? { ...snapshot, native: await files.fetch(native, environment.newFolder(), isOurs) } : snapshot,
      );
    }
    fetched.set(id, own);
  }
  return fetched;
}

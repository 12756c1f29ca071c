/** State backends: where operators' state lives, how it is snapshot and handed out again at another parallelism. */
import { assert, StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import { MemoryBackend } from './memory-backend.ts';
import { RocksDbBackend } from './rocksdb/rocksdb-backend.ts';
import type { RocksDbEnvironment } from './rocksdb/rocksdb-environment.ts';
import type { StateSnapshot } from './snapshot.ts';
import type { StateBackend, StateBackendOptions } from './state-backend.ts';

export {
  finishSnapshot,
  type KeyGroupRange,
  type SnapshotInProgress,
  type StateBackend,
  type StateBackendOptions,
} from './state-backend.ts';
export {
  discardNative,
  nativeBytes,
  type NativeFile,
  type NativeSnapshot,
  type StoredFile,
} from './rocksdb/native-snapshot.ts';
export { overlaps } from './rocksdb/native-restore.ts';
export { RocksDbEnvironment, type RocksDbOptions } from './rocksdb/rocksdb-environment.ts';
export {
  decodeStateSnapshot,
  encodeStateSnapshot,
  summariseState,
  type KeyGroupSnapshot,
  type ListSnapshot,
  type StateSnapshot,
  type StateSummary,
  type TableLayout,
  type TableSnapshot,
  type TableSummary,
} from './snapshot.ts';
export { readTable } from './table-snapshot.ts';

/**
 * `rocksdb`: only for that kind. Throws StreamError MR2210 when `restored` is in another backend's own form, and MR2205, at the
 * operator's `table` call, when it holds a table of another layout.
 */
export function createStateBackend(
  kind: 'memory' | 'rocksdb',
  options: StateBackendOptions,
  rocksdb: RocksDbEnvironment | null = null,
): StateBackend {
  switch (kind) {
    case 'memory':
      refuseNative(options.restored);
      return new MemoryBackend(options);
    case 'rocksdb':
      assert(rocksdb !== null, 'the rocksdb backend needs its environment');
      return new RocksDbBackend(options, rocksdb);
  }
}

function refuseNative(restored: readonly StateSnapshot[]): void {
  if (restored.every(({ native }) => native === undefined)) return;
  throw new StreamError('MR2210', say`The checkpoint was taken with state in RocksDB, and now it is kept in memory.`, {
    domain: 'user',
    remedy: say`Set stateBackend to "rocksdb", take a savepoint with it, and start from that.`,
  });
}

/** For tests: backends on a real RocksDB, in a folder of their own below the system's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyGroupRange } from '../../../core/hash.ts';
import { createStateBackend, RocksDbEnvironment, type StateBackend, type StateSnapshot } from '../index.ts';

/** Built by the tests' set-up. */
export const STATE_THREAD = fileURLToPath(new URL('../../../../dist/engine/state-thread.cjs', import.meta.url));

export interface BackendPlace {
  readonly subtask?: number;
  readonly parallelism?: number;
  readonly restored?: readonly StateSnapshot[];
  readonly now?: () => number;
}

export class RocksDbFixture {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'millrace-rocksdb-test-'));
  readonly environment: RocksDbEnvironment;
  readonly #open: StateBackend[] = [];

  /** `memoryBytes` 0: as small a cache as there is. */
  constructor(memoryBytes: number) {
    this.environment = new RocksDbEnvironment({
      threadFile: STATE_THREAD,
      folder: path.join(this.folder, 'local'),
      memoryBytes,
    });
  }

  backend({ subtask = 0, parallelism = 1, restored = [], now = () => 0 }: BackendPlace = {}): StateBackend {
    const backend = createStateBackend(
      'rocksdb',
      { keyGroups: keyGroupRange(subtask, parallelism), subtask, parallelism, restored, onMismatch: 'refuse', now },
      this.environment,
    );
    this.#open.push(backend);
    return backend;
  }

  closeBackends(): void {
    for (const backend of this.#open.splice(0)) backend.close();
  }

  close(): void {
    this.closeBackends();
    this.environment.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

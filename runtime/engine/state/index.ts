/** State backends: where operators' state lives, how it is snapshot and handed out again at another parallelism. */
import { MemoryBackend, type StateBackend, type StateBackendOptions } from './memory-backend.ts';

export type { StateBackend, StateBackendOptions } from './memory-backend.ts';
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

/** Throws StreamError MR2205, at the operator's `table` call, when `restored` holds a table of another layout. */
export function createStateBackend(kind: 'memory', options: StateBackendOptions): StateBackend {
  switch (kind) {
    case 'memory':
      return new MemoryBackend(options);
  }
}

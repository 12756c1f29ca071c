/** What keyed state (values under the key of a row, timers) needs of the state backend it lives in. */
import type { KeyedTable, TableSpec } from '../../../core/state.ts';
import type { KeyGroupSnapshot, TableSnapshot } from '../snapshot.ts';

export interface KeyedStateHost {
  /** The backend's own. */
  table(spec: TableSpec): KeyedTable;
  /** The key groups that this subtask owns of a restored table, of all subtasks' snapshots. The table counts as claimed. */
  restored(spec: TableSpec): readonly KeyGroupSnapshot[];
  /** These timers are part of every snapshot from now on: checkpoints and savepoints alike. */
  include(timers: TimerTable): void;
}

/** Timers of one name, always in memory; in snapshots they are a table by key groups. */
export interface TimerTable {
  /** Memory held, in bytes. */
  readonly bytes: number;
  /** The timers as they are now; what happens later does not show in it. */
  snapshot(): TableSnapshotInProgress;
}

/** As `SnapshotInProgress`, of one table. */
export interface TableSnapshotInProgress {
  step(): boolean;
  result(): TableSnapshot;
  discard(): void;
}

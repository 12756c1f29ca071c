/** What a state backend is to its task: memory-backend.ts, rocksdb/. */
import type { StateStore } from '../../core/state.ts';
import type { KeySampler } from './key-sampler.ts';
import type { StateSnapshot } from './snapshot.ts';

export interface KeyGroupRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface StateBackendOptions {
  /** Key groups this subtask owns, of 128. */
  readonly keyGroups: KeyGroupRange;
  readonly subtask: number;
  readonly parallelism: number;
  /** Snapshots of all subtasks of the operator, at whatever parallelism they were taken; empty at a fresh start. */
  readonly restored: readonly StateSnapshot[];
  /** A restored table of another layout: an error (MR2205), or passed over. */
  readonly onMismatch: 'refuse' | 'drop';
  /** Processing time in ms since the epoch, for TTL. */
  readonly now: () => number;
}

export interface StateBackend extends StateStore {
  /**
   * All state as it is now; what is written later does not show in it. Returns at once: the work is in the snapshot's steps.
   * A savepoint's is in canonical form, which every backend reads; a checkpoint's may be in the backend's own.
   */
  snapshot(kind: 'checkpoint' | 'savepoint'): SnapshotInProgress;
  /** The operator's method has returned: entries may move now. */
  settle(): void;
  /** Names of restored lists and tables, not empty, that nobody has asked for, or that were dropped for their layout; once the operator is open. */
  unclaimed(): readonly string[];
  /** Memory held, estimated. */
  readonly bytes: number;
  /** Of all tables: keys, where there are namespaces once for each. */
  readonly entries: number;
  /** Begins or ends to look which keys are asked for most; costs nothing while it does not. */
  sampleKeys(isOn: boolean): void;
  /** What has been seen since, by table. */
  readonly sampledKeys: ReadonlyMap<string, KeySampler>;
  close(): void;
}

export interface SnapshotInProgress {
  /** Does a millisecond or so of the work, or looks whether another thread has done it; true when there is more to do. Throws StreamError. */
  step(): boolean;
  /** Once `step` has answered false. */
  result(): StateSnapshot;
  /** It is not wanted any more. */
  discard(): void;
}

/** All steps at once. */
export function finishSnapshot(snapshot: SnapshotInProgress): StateSnapshot {
  while (snapshot.step());
  return snapshot.result();
}

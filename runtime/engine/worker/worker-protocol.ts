/** Messages between the job manager and its workers. */
import type { MessagePort } from 'node:worker_threads';
import type { Mend } from '../../core/dead-letters.ts';
import type { NodeId } from '../../core/ids.ts';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import type {
  DeadLetterReport,
  ErrorReport,
  HotKeysReport,
  LogRecord,
  SubtaskCheckpoint,
  Watch,
} from '../../protocol/job.ts';
import type { CheckpointKind, TaskFile } from '../checkpoint/manifest.ts';

/** Ends of a channel that crosses workers. */
export interface PortAssignment {
  /** Index in `plan.links`. */
  readonly link: number;
  readonly from: number;
  readonly to: number;
  /** Offset of its counters, in words. */
  readonly counters: number;
  readonly port: MessagePort;
}

/** The checkpoint that an attempt starts from. */
export interface StartPoint {
  /** Folder or URL. */
  readonly folder: string;
  readonly checkpointId: number;
  readonly kind: 'checkpoint' | 'savepoint';
  /** Operators whose state is left out: the pipeline has no place for it. */
  readonly dropped: readonly NodeId[];
  /** What of an operator's own state it does not take any more: an error, or left out too. */
  readonly onMismatch: 'refuse' | 'drop';
}

/** `workerData`: all that a worker needs to run its subtasks. */
export interface WorkerSetup {
  readonly plan: PhysicalPlan;
  /** Runs subtask `index` of every chain that has one. */
  readonly index: number;
  /** When this attempt to run began, in whole ms since the epoch. */
  readonly startedAt: number;
  readonly metrics: SharedArrayBuffer;
  readonly signals: SharedArrayBuffer;
  readonly heartbeat: SharedArrayBuffer;
  readonly counters: SharedArrayBuffer;
  readonly senders: readonly PortAssignment[];
  readonly receivers: readonly PortAssignment[];
  /** Folder or URL. */
  readonly stateFolder: string;
  /** Absolute: for what does not fit in memory while the attempt runs. */
  readonly spillFolder: string;
  /** Absolute path of the bundled state thread. */
  readonly stateThreadFile: string;
  /** Folder or URL of the checkpoint to start from. */
  readonly restoreFrom: StartPoint | null;
  readonly printTo: 'stdout' | 'events';
  readonly watches: readonly Watch[];
  /** Ports whose latest rows are kept for who looks later. */
  readonly keeps: readonly Watch[];
  readonly mends: readonly Mend[];
}

export type ToWorker =
  | { readonly type: 'start' }
  | {
      readonly type: 'trigger';
      readonly checkpointId: number;
      readonly isFinal: boolean;
      readonly kind: CheckpointKind;
      /** ms since the epoch. */
      readonly triggeredAt: number;
      /** From when its barriers may overtake rows, in ms since the epoch; Infinity = never. */
      readonly unalignedAt: number;
      /** Folder or URL that tasks write their state to. */
      readonly location: string;
    }
  | { readonly type: 'complete'; readonly checkpointId: number }
  | { readonly type: 'watch'; readonly watches: readonly Watch[] }
  | { readonly type: 'sample-keys'; readonly nodeIds: readonly NodeId[] }
  | { readonly type: 'mend'; readonly mends: readonly Mend[] }
  /** Closes operators and exits. */
  | { readonly type: 'shutdown' };

/** Latest rows of a port at one subtask, as `encodeBatch` made it. */
export interface EncodedSample {
  readonly nodeId: NodeId;
  readonly port: string;
  readonly subtask: number;
  readonly seen: number;
  /** When each of these rows passed, ms since the epoch. */
  readonly seenAt: readonly number[];
  /** All that there is to see, in place of what was sent before; otherwise rows that came since. */
  readonly isWhole: boolean;
  readonly rows: ArrayBuffer;
}

export type FromWorker =
  /** Operators are open, with restored state; waits for `start`. */
  | { readonly type: 'opened' }
  | {
      readonly type: 'acknowledged';
      readonly checkpointId: number;
      readonly detail: SubtaskCheckpoint;
      readonly file: TaskFile;
    }
  /** State could not be written: the checkpoint fails, the job does not. */
  | { readonly type: 'declined'; readonly checkpointId: number; readonly error: ErrorReport }
  | { readonly type: 'ended'; readonly nodeId: NodeId; readonly subtask: number }
  /** Every task of the worker has committed. */
  | { readonly type: 'committed'; readonly checkpointId: number }
  | { readonly type: 'failed'; readonly error: ErrorReport }
  | { readonly type: 'print'; readonly nodeId: NodeId; readonly text: string }
  | { readonly type: 'log'; readonly record: LogRecord }
  | { readonly type: 'samples'; readonly samples: readonly EncodedSample[] }
  | { readonly type: 'dead-letters'; readonly report: DeadLetterReport }
  | { readonly type: 'hot-keys'; readonly report: HotKeysReport }
  | { readonly type: 'closed' };

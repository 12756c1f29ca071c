/** Messages between the job manager and its workers. */
import type { MessagePort } from 'node:worker_threads';
import type { NodeId } from '../core/ids.ts';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import type { ErrorReport, LogRecord, SubtaskCheckpoint, Watch } from '../protocol/job.ts';
import type { TaskFile } from './checkpoint/manifest.ts';

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

/** `workerData`: all that a worker needs to run its subtasks. */
export interface WorkerSetup {
  readonly plan: PhysicalPlan;
  /** Runs subtask `index` of every chain that has one. */
  readonly index: number;
  readonly metrics: SharedArrayBuffer;
  readonly signals: SharedArrayBuffer;
  readonly counters: SharedArrayBuffer;
  readonly senders: readonly PortAssignment[];
  readonly receivers: readonly PortAssignment[];
  /** Folder or URL. */
  readonly stateFolder: string;
  /** Folder or URL of the checkpoint to start from. */
  readonly restoreFrom: { readonly folder: string; readonly checkpointId: number } | null;
  readonly printTo: 'stdout' | 'events';
  readonly watches: readonly Watch[];
}

export type ToWorker =
  | { readonly type: 'start' }
  | { readonly type: 'trigger'; readonly checkpointId: number; readonly isFinal: boolean }
  | { readonly type: 'complete'; readonly checkpointId: number }
  | { readonly type: 'watch'; readonly watches: readonly Watch[] }
  /** Closes operators and exits. */
  | { readonly type: 'shutdown' };

/** Latest rows of a watched port at one subtask, as `encodeBatch` made it. */
export interface EncodedSample {
  readonly nodeId: NodeId;
  readonly port: string;
  readonly subtask: number;
  readonly seen: number;
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
  | { readonly type: 'closed' };

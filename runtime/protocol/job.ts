/** What a job tells whoever runs or watches it. Plain data: it crosses processes. */
import type { DeadLetter, Mend } from '../core/dead-letters.ts';
import type { DiagnosticCode } from '../core/diagnostic-codes.ts';
import type { JobId, NodeId } from '../core/ids.ts';
import type { RemotePlace } from './remote-cluster.ts';
import type { Exchange, PhysicalPlan } from '../compiler/physical-plan.ts';

/** Flink's job states, as far as a single machine has them. */
export type JobState = 'CREATED' | 'RUNNING' | 'RESTARTING' | 'STOPPING' | 'FINISHED' | 'STOPPED' | 'FAILED';

export function isTerminal(state: JobState): boolean {
  return state === 'FINISHED' || state === 'STOPPED' || state === 'FAILED';
}

/** An error as plain data: classes do not survive a process boundary. */
export interface ErrorReport {
  readonly name: string;
  readonly code: DiagnosticCode | null;
  readonly message: string;
  readonly remedy: string | null;
  readonly nodeId: NodeId | null;
  /** Whether a restart may help. */
  readonly isRetryable: boolean;
  readonly stack: string | null;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogRecord {
  /** ms since the epoch. */
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly nodeId: NodeId | null;
  readonly subtask: number | null;
}

/** One operator's subtask in a metrics report. Counters are totals since the job's last (re)start. */
export interface SubtaskMetrics {
  readonly subtask: number;
  readonly numRecordsIn: number;
  /** Per output port. */
  readonly numRecordsOut: Readonly<Record<string, number>>;
  readonly numRecordsInPerSecond: number;
  readonly numRecordsOutPerSecond: Readonly<Record<string, number>>;
  readonly numLateRecordsDropped: number;
  /** Shares of the last second, in ms per second; they add up to about 1000. Those of the task (chain) the operator runs in. */
  readonly busyTimeMsPerSecond: number;
  readonly idleTimeMsPerSecond: number;
  readonly backPressuredTimeMsPerSecond: number;
  /** The part of the busy time in which the task waited for what this operator has under way: requests, or rows that it holds back. */
  readonly waitingTimeMsPerSecond: number;
  /** ms since the epoch; null before the first watermark, 'end' after the last. */
  readonly currentInputWatermark: number | 'end' | null;
  readonly currentOutputWatermark: number | 'end' | null;
  readonly isIdle: boolean;
  /** Bytes of state in memory, estimated. */
  readonly stateSize: number;
  /** Keys in its state, where they are kept by window once for each. */
  readonly stateEntries: number;
  /** From source to here, over the last seconds; null where nothing was measured (sinks are). */
  readonly latency: LatencySummary | null;
  /** Sources of an alignment group: how far this one is ahead of the one furthest behind, in ms; null for others, and without watermark. */
  readonly watermarkAlignmentDrift: number | null;
}

/** In ms. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface OperatorMetrics {
  readonly nodeId: NodeId;
  readonly subtasks: readonly SubtaskMetrics[];
}

/** Queued share of an edge's credits, 0 to 1; 0 for chained edges. */
export interface LinkMetrics {
  readonly from: NodeId;
  readonly fromPort: string;
  readonly to: NodeId;
  readonly toPort: string;
  readonly exchange: Exchange;
  readonly queueUsage: number;
}

export interface JobMetrics {
  /** ms since the epoch. */
  readonly at: number;
  readonly operators: readonly OperatorMetrics[];
  readonly links: readonly LinkMetrics[];
  /** Share of its time that each worker thread was at work since the report before, 0 to 1; left out where there are none. */
  readonly threadLoads?: readonly number[];
  /** Bytes used by the engine's process. */
  readonly memoryBytes: number;
  /** Bytes that state takes of `settings.managedMemoryMb`. */
  readonly managedMemory: { readonly usedBytes: number; readonly budgetBytes: number };
}

export type CheckpointStatus = 'running' | 'completed' | 'failed' | 'expired';

export interface CheckpointReport {
  readonly id: number;
  /** A savepoint is asked for, complete in itself, and never removed by the engine. */
  readonly kind: 'checkpoint' | 'savepoint';
  readonly status: CheckpointStatus;
  /** ms since the epoch. */
  readonly triggeredAt: number;
  readonly durationMs: number | null;
  /** Written for it; less than `stateBytes` when it shares files with those before. */
  readonly sizeBytes: number | null;
  /** All that a restore reads. */
  readonly stateBytes: number | null;
  readonly acknowledged: number;
  readonly subtasks: number;
  readonly failure: string | null;
  /** Folder of a completed one. */
  readonly path: string | null;
  readonly details: readonly SubtaskCheckpoint[];
}

/** What a (re)started job went on from. */
export interface RestoreReport {
  readonly id: number;
  readonly kind: 'checkpoint' | 'savepoint';
  /** ms since the epoch. */
  readonly at: number;
  readonly path: string;
}

export interface SubtaskCheckpoint {
  /** Head of the chain. */
  readonly nodeId: NodeId;
  readonly subtask: number;
  /** From the trigger to the first barrier here. */
  readonly startDelayMs: number;
  /** From the first barrier to the last. */
  readonly alignmentMs: number;
  readonly syncMs: number;
  readonly asyncMs: number;
  /** Written for it. */
  readonly sizeBytes: number;
  /** All that a restore reads; at least `sizeBytes`. */
  readonly stateBytes: number;
  /** Bytes of rows handled between the first barrier and the last. */
  readonly processedBytes: number;
  /** Bytes of rows under way that were kept with it. */
  readonly persistedBytes: number;
  /** Its barrier overtook rows. */
  readonly isUnaligned: boolean;
}

/** Rows seen on an output port, newest last, each value as JSONL would write it (BIGINT beyond 2^53 as text). */
export interface RowSample {
  readonly nodeId: NodeId;
  readonly port: string;
  readonly fields: readonly string[];
  readonly rows: readonly SampledRow[];
  /** Rows that passed since the watch began, or since the job did where rows are kept. */
  readonly seen: number;
}

export interface SampledRow {
  readonly values: readonly unknown[];
  /** ms since the epoch. */
  readonly eventTime: number | null;
  readonly changeKind: '+I' | '-U' | '+U' | '-D';
  /** When it passed, ms since the epoch. */
  readonly seenAt: number;
  readonly subtask: number;
}

/** Which keys an operator's subtask is asked for most, since somebody began to look. */
export interface HotKeysReport {
  readonly nodeId: NodeId;
  readonly subtask: number;
  readonly tables: readonly HotKeysOfTable[];
}

export interface HotKeysOfTable {
  /** Of the state. */
  readonly name: string;
  /** Names of the key's fields. */
  readonly fields: readonly string[];
  /** Rows that were looked at: a sample of all. */
  readonly sampled: number;
  /** Most rows first, each key's values as JSONL would write them. */
  readonly keys: readonly { readonly values: readonly unknown[]; readonly rows: number }[];
}

/** What a source's subtask keeps of the rows that it could not read. */
export interface DeadLetterReport {
  readonly nodeId: NodeId;
  readonly subtask: number;
  /** Oldest first. */
  readonly kept: readonly DeadLetter[];
  /** Older ones that were let go to make room, since the last (re)start. */
  readonly lost: number;
}

export type JobEvent =
  | {
      readonly type: 'state';
      readonly state: JobState;
      readonly at: number;
      readonly error: ErrorReport | null;
      readonly attempt: number;
    }
  | { readonly type: 'metrics'; readonly metrics: JobMetrics }
  | { readonly type: 'checkpoint'; readonly checkpoint: CheckpointReport }
  | { readonly type: 'restored'; readonly restore: RestoreReport }
  | { readonly type: 'rows'; readonly sample: RowSample }
  | { readonly type: 'dead-letters'; readonly report: DeadLetterReport }
  | { readonly type: 'hot-keys'; readonly report: HotKeysReport }
  | { readonly type: 'print'; readonly nodeId: NodeId; readonly text: string }
  | { readonly type: 'log'; readonly record: LogRecord };

/** A port whose rows are wanted. */
export interface Watch {
  readonly nodeId: NodeId;
  readonly port: string;
}

/** How a job takes its input: rows as they come, or all of it, for results that come once. */
export type RuntimeMode = 'streaming' | 'batch';

/** How to run a document. */
export interface RunOptions {
  readonly params?: Readonly<Record<string, string>>;
  readonly parallelism?: number;
  /** In place of the document's `settings.runtimeMode`. */
  readonly runtimeMode?: RuntimeMode;
  /** Absolute folder for checkpoints, when the document's settings name no place; null = a temporary one that goes with the job. */
  readonly stateFolder: string | null;
  /** Start from the newest completed checkpoint in `stateFolder`; an error (MR2203) when there is none. */
  readonly resume: boolean;
  /** Start from this savepoint or checkpoint (absolute folder or URL) instead; null = do not. */
  readonly fromSavepoint: string | null;
  /** Drop restored state that no operator takes, instead of refusing it. */
  readonly allowNonRestoredState: boolean;
  /** Whether operators may run code of the document (a trusted workspace); otherwise a document with such code is refused, MR2305. */
  readonly allowsUserCode: boolean;
  /** Texts to read in place of rows that cannot be read. */
  readonly mends: readonly Mend[];
  /**
   * Touch nothing outside: rows of sinks, except those named, are shown and not written, and checkpoints go with the job. Left out: a run in earnest.
   */
  readonly preview?: { readonly writes: readonly NodeId[] };
  /** Ports watched from the first row on; `watch` replaces them. */
  readonly watches?: readonly Watch[];
  /**
   * Keep the latest rows of every port: who begins to watch one sees them at once, and at the end they are told of all ports. False unless given.
   */
  readonly keepsRows?: boolean;
  /** Where `sink.print` writes: straight to the process' standard output, or as `print` events. */
  readonly printTo: 'stdout' | 'events';
}

export interface JobStart {
  readonly jobId: JobId;
  readonly name: string;
  /** Of a job that runs in another cluster, whoever looks at it. */
  readonly remote?: RemotePlace;
}

/** With what its metrics do not repeat. */
export interface StartedJob extends JobStart {
  /** Labels in the document. */
  readonly operatorNames: Readonly<Record<NodeId, string>>;
}

export function startedJob(jobId: JobId, { name, operators, composites }: PhysicalPlan): StartedJob {
  const named = [...operators, ...composites];
  return { jobId, name, operatorNames: Object.fromEntries(named.map(({ nodeId, label }) => [nodeId, label])) };
}

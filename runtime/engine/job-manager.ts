/**
 * Runs one job: starts its workers, triggers checkpoints, commits them, restarts after failures, ends it. One per job, in the
 * engine's process; the work is done in worker threads. engine.md, "Shape"; semantics.md §2.1.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { StreamError } from '../core/errors.ts';
import type { JobId } from '../core/ids.ts';
import { fromErrorReport, toErrorReport } from '../protocol/error-report.ts';
import type { ErrorReport, JobEvent, JobState, LogLevel, Watch } from '../protocol/job.ts';
import { isTerminal } from '../protocol/job.ts';
import { CheckpointCoordinator } from './checkpoint/coordinator.ts';
import type { TaskFile } from './checkpoint/manifest.ts';
import { CheckpointStorage, readCheckpoint } from './checkpoint/storage.ts';
import { MetricsLayout } from './metrics.ts';
import { MetricsReader } from './metrics-reader.ts';
import { restartDelayMs } from './restart-strategy.ts';
import { SampleBoard } from './sample-board.ts';
import { preciseNow, systemTimers, type Cancel, type SystemTimers } from './system-timers.ts';
import { parallelismByOperator } from './task-builder.ts';
import { WorkerPool } from './worker-pool.ts';
import type { FromWorker } from './worker-protocol.ts';

export interface JobOptions {
  readonly jobId: JobId;
  /** Absolute, or the URL of one; null = a temporary one that goes with the job. */
  readonly stateFolder: string | null;
  /** Start from the newest checkpoint in `stateFolder` that is whole. */
  readonly resume: boolean;
  readonly printTo: 'stdout' | 'events';
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
  readonly timers?: SystemTimers;
}

export interface JobResult {
  readonly state: JobState;
  readonly error: ErrorReport | null;
}

/** How often metrics are read: 2 Hz, as engine.md says. */
const METRICS_MS = 500;

/** What one attempt to run has besides its workers. */
interface Attempt {
  readonly pool: WorkerPool;
  readonly coordinator: CheckpointCoordinator;
  readonly reader: MetricsReader;
  readonly files: TaskFile[];
  readonly cancels: Cancel[];
  cancelTimeout: Cancel | null;
  /** The final checkpoint is complete; the commits are on their way. */
  isFinal: boolean;
  opened: number;
  ended: number;
  committed: number;
}

export class JobManager {
  readonly #plan: PhysicalPlan;
  readonly #options: JobOptions;
  readonly #timers: SystemTimers;
  readonly #onEvent: (event: JobEvent) => void;
  readonly #samples: SampleBoard;
  readonly #subtasks: number;
  /** Set by `start`. */
  #storage!: CheckpointStorage;
  #temporaryFolder: string | null = null;
  #state: JobState = 'CREATED';
  #attempt: Attempt | null = null;
  #restarts = 0;
  #watches: readonly Watch[] = [];
  #latestCheckpoint = 0;
  #stateAfterFinal: JobState = 'FINISHED';
  #cancelRestart: Cancel | null = null;
  #resolveStart: (() => void) | null = null;
  #rejectStart: ((error: unknown) => void) | null = null;
  #resolveEnded!: (result: JobResult) => void;
  /** Settles with the terminal state; never rejects. */
  readonly ended: Promise<JobResult>;

  constructor(plan: PhysicalPlan, options: JobOptions, onEvent: (event: JobEvent) => void) {
    this.#plan = plan;
    this.#options = options;
    this.#timers = options.timers ?? systemTimers;
    this.#onEvent = onEvent;
    this.#samples = new SampleBoard(plan);
    this.#subtasks = plan.chains.reduce((sum, chain) => sum + chain.parallelism, 0);
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  /** Settles once rows may flow. Rejects with a StreamError when the job cannot start; the job is FAILED then. */
  async start(): Promise<void> {
    try {
      const { stateFolder, resume } = this.#options;
      if (stateFolder === null) this.#temporaryFolder = await mkdtemp(join(tmpdir(), 'millrace-'));
      this.#storage = new CheckpointStorage(stateFolder ?? this.#temporaryFolder!);
      const restored = resume ? await this.#newestCheckpoint() : null;
      if (resume && restored === null) {
        throw new StreamError('MR2203', `There is no completed checkpoint in ${this.#storage.location}.`, {
          domain: 'user',
          remedy: 'Run without --resume to start afresh.',
        });
      }
      if (!resume) await this.#storage.prepare();
      await new Promise<void>((resolve, reject) => {
        this.#resolveStart = resolve;
        this.#rejectStart = reject;
        this.#deploy(restored);
      });
    } catch (error) {
      if (!isTerminal(this.#state)) await this.#end('FAILED', toErrorReport(error));
      throw error;
    }
  }

  /** Takes a final checkpoint, commits it and ends. A job that is restarting ends at once. */
  async stop(): Promise<void> {
    if (this.#state === 'RUNNING') {
      this.#setState('STOPPING', null);
      // A job that has come to its end by itself is finished, not stopped.
      if (this.#attempt?.coordinator.isFinalPending !== true) this.#stateAfterFinal = 'STOPPED';
      this.#triggerFinal();
    } else if (this.#state === 'RESTARTING') {
      await this.#end('STOPPED', null);
    }
    await this.ended;
  }

  /** Ends at once, without a checkpoint. */
  async cancel(): Promise<void> {
    await this.#attempt?.pool.terminate();
    await this.#end('STOPPED', null);
  }

  /** Ports whose rows are wanted as `rows` events; replaces those before. */
  watch(watches: readonly Watch[]): void {
    this.#watches = watches;
    this.#attempt?.pool.broadcast({ type: 'watch', watches });
  }

  #deploy(restoreFrom: number | null): void {
    const { printTo, workerFile } = this.#options;
    const layout = new MetricsLayout(this.#plan);
    const metrics = layout.allocate();
    const pool = new WorkerPool(
      {
        plan: this.#plan,
        metrics: metrics.buffer,
        stateFolder: this.#storage.location,
        restoreFrom:
          restoreFrom === null ? null : { folder: this.#storage.locationOf(restoreFrom), checkpointId: restoreFrom },
        printTo,
        watches: this.#watches,
        workerFile,
      },
      {
        onMessage: (message) => this.#receive(attempt, message),
        onFailure: (error) => void this.#recover(attempt, error),
      },
    );
    const subtasks = this.#plan.chains.flatMap((chain) =>
      Array.from({ length: chain.parallelism }, (_, subtask) => ({ nodeId: chain.id, subtask })),
    );
    this.#latestCheckpoint = Math.max(this.#latestCheckpoint, restoreFrom ?? 0);
    const attempt: Attempt = {
      pool,
      coordinator: new CheckpointCoordinator(subtasks, this.#latestCheckpoint, preciseNow),
      reader: new MetricsReader(this.#plan, metrics, preciseNow()),
      files: [],
      cancels: [],
      cancelTimeout: null,
      isFinal: false,
      opened: 0,
      ended: 0,
      committed: 0,
    };
    this.#attempt = attempt;
  }

  #receive(attempt: Attempt, message: FromWorker): void {
    if (attempt !== this.#attempt || isTerminal(this.#state)) return;
    switch (message.type) {
      case 'opened':
        if (++attempt.opened === attempt.pool.size) this.#begin(attempt);
        break;
      case 'acknowledged':
        if (!attempt.coordinator.acknowledge(message.checkpointId, message.detail)) break;
        attempt.files.push(message.file);
        if (attempt.coordinator.isAcknowledged) void this.#complete(attempt);
        else this.#onEvent({ type: 'checkpoint', checkpoint: attempt.coordinator.progress() });
        break;
      case 'declined':
        if (attempt.coordinator.pendingId === message.checkpointId)
          this.#failCheckpoint(attempt, withRemedy(message.error));
        break;
      case 'ended':
        if (++attempt.ended === this.#subtasks) this.#triggerFinal();
        break;
      case 'committed':
        this.#noteCommit(attempt);
        break;
      case 'samples':
        for (const sample of message.samples) this.#onEvent({ type: 'rows', sample: this.#samples.update(sample) });
        break;
      case 'print':
        this.#onEvent(message);
        break;
      case 'log':
        this.#onEvent(message);
        break;
      case 'failed':
      case 'closed':
        break;
    }
  }

  #begin(attempt: Attempt): void {
    attempt.pool.broadcast({ type: 'start' });
    this.#setState('RUNNING', null);
    attempt.cancels.push(this.#timers.every(METRICS_MS, () => this.#publishMetrics(attempt)));
    const { intervalMs } = this.#plan.settings.checkpoint;
    if (intervalMs > 0) {
      attempt.cancels.push(
        this.#timers.every(intervalMs, () => {
          if (this.#state === 'RUNNING' && attempt.coordinator.pendingId === null) this.#trigger(attempt, false);
        }),
      );
    }
    this.#resolveStart?.();
    this.#rejectStart = null;
  }

  #publishMetrics(attempt: Attempt): void {
    this.#onEvent({ type: 'metrics', metrics: attempt.reader.read(preciseNow()) });
  }

  #trigger(attempt: Attempt, isFinal: boolean): void {
    const report = attempt.coordinator.trigger(isFinal);
    attempt.files.length = 0;
    const { timeoutMs } = this.#plan.settings.checkpoint;
    attempt.cancelTimeout = this.#timers.after(timeoutMs, () => this.#expire(attempt, report.id));
    this.#onEvent({ type: 'checkpoint', checkpoint: report });
    attempt.pool.broadcast({ type: 'trigger', checkpointId: report.id, isFinal });
  }

  /** The checkpoint that ends the job: all that was written gets committed with it. */
  #triggerFinal(): void {
    const attempt = this.#attempt;
    if (attempt === null || attempt.coordinator.isFinalPending) return;
    if (attempt.coordinator.pendingId !== null) this.#giveUp(attempt, 'failed', 'Overtaken by the final checkpoint.');
    this.#trigger(attempt, true);
  }

  async #complete(attempt: Attempt): Promise<void> {
    attempt.cancelTimeout?.();
    const id = attempt.coordinator.pendingId!;
    const parallelism = parallelismByOperator(this.#plan);
    let folder;
    try {
      folder = await this.#storage.writeManifest({
        format: 'millrace/checkpoint',
        version: 1,
        id,
        name: this.#plan.name,
        createdAt: Math.floor(preciseNow()),
        tasks: [...attempt.files],
        operators: Object.fromEntries(
          this.#plan.operators.map((o) => [o.nodeId, { type: o.type, parallelism: parallelism.get(o.nodeId)! }]),
        ),
      });
    } catch (error) {
      if (attempt === this.#attempt && attempt.coordinator.pendingId === id)
        this.#failCheckpoint(attempt, withRemedy(toErrorReport(error)));
      return;
    }
    if (attempt !== this.#attempt || attempt.coordinator.pendingId !== id) return;
    attempt.committed = 0;
    attempt.isFinal = attempt.coordinator.isFinalPending;
    this.#latestCheckpoint = id;
    const report = attempt.coordinator.finish('completed', folder);
    this.#onEvent({ type: 'checkpoint', checkpoint: report });
    this.#log(
      'debug',
      `Checkpoint ${id} completed in ${Math.round(report.durationMs!)} ms, ${report.sizeBytes} bytes.`,
    );
    attempt.pool.broadcast({ type: 'complete', checkpointId: id });
    const { retain } = this.#plan.settings.checkpoint;
    await this.#storage.retain(retain).catch((error: unknown) => this.#log('warn', messageOf(error)));
  }

  /** The job is over once every worker has committed the final checkpoint. */
  #noteCommit(attempt: Attempt): void {
    attempt.committed++;
    if (attempt.isFinal && attempt.committed === attempt.pool.size) void this.#end(this.#stateAfterFinal, null);
  }

  #expire(attempt: Attempt, checkpointId: number): void {
    if (attempt !== this.#attempt || attempt.coordinator.pendingId !== checkpointId) return;
    const { timeoutMs } = this.#plan.settings.checkpoint;
    const wasFinal = attempt.coordinator.isFinalPending;
    this.#giveUp(attempt, 'expired', `Not acknowledged by all subtasks within ${timeoutMs} ms.`);
    if (wasFinal) void this.#recover(attempt, this.#finalFailure('it expired'));
  }

  #failCheckpoint(attempt: Attempt, failure: string): void {
    const wasFinal = attempt.coordinator.isFinalPending;
    this.#giveUp(attempt, 'failed', failure);
    this.#log('warn', `Checkpoint failed: ${failure}`);
    if (wasFinal) void this.#recover(attempt, this.#finalFailure(failure));
  }

  #finalFailure(why: string): ErrorReport {
    return toErrorReport(
      new StreamError('MR2201', `The final checkpoint was not completed: ${why}`, {
        remedy:
          'What came after the last completed checkpoint is not committed. Mend the cause and run again with --resume.',
      }),
    );
  }

  #giveUp(attempt: Attempt, status: 'failed' | 'expired', failure: string): void {
    attempt.cancelTimeout?.();
    const id = attempt.coordinator.pendingId!;
    this.#onEvent({ type: 'checkpoint', checkpoint: attempt.coordinator.finish(status, failure) });
    void this.#storage.remove(id).catch(() => undefined);
  }

  /** A failure ends the attempt; the restart strategy says whether there is another. */
  async #recover(attempt: Attempt, error: ErrorReport): Promise<void> {
    if (attempt !== this.#attempt || isTerminal(this.#state)) return;
    this.#attempt = null;
    this.#windUp(attempt, `The job failed: ${error.message}`);
    await attempt.pool.terminate();
    if (this.#rejectStart !== null) {
      const reject = this.#rejectStart;
      await this.#end('FAILED', error);
      reject(fromErrorReport(error));
      return;
    }
    await this.#restartAfter(error);
  }

  async #restartAfter(error: ErrorReport): Promise<void> {
    if (isTerminal(this.#state)) return;
    const delayMs = error.isRetryable ? restartDelayMs(this.#plan.settings.restart, this.#restarts + 1) : null;
    if (delayMs === null || this.#state === 'STOPPING') {
      await this.#end('FAILED', error);
      return;
    }
    this.#restarts++;
    this.#setState('RESTARTING', error);
    this.#log('warn', `Restart ${this.#restarts} in ${delayMs} ms after: ${error.message}`);
    this.#cancelRestart = this.#timers.after(delayMs, () => void this.#restart());
  }

  async #restart(): Promise<void> {
    try {
      const restored = await this.#newestCheckpoint();
      if (this.#state === 'RESTARTING') this.#deploy(restored);
    } catch (error) {
      // The storage may come back: it is as good a reason to try again as any.
      await this.#restartAfter(toErrorReport(error));
    }
  }

  /** Newest checkpoint that is whole; damaged ones are passed over, and said so. Null when there is none. */
  async #newestCheckpoint(): Promise<number | null> {
    const ids = await this.#storage.list();
    for (const id of ids) {
      this.#latestCheckpoint = Math.max(this.#latestCheckpoint, id);
      try {
        await readCheckpoint(this.#storage.locationOf(id));
        return id;
      } catch (error) {
        if (!(error instanceof StreamError && error.code === 'MR2202')) throw error;
        this.#log('warn', `${messageOf(error)} The one before it is used.`);
      }
    }
    if (ids.length > 0)
      throw new StreamError('MR2202', `No checkpoint in ${this.#storage.location} is whole.`, { retryable: false });
    return null;
  }

  async #end(state: JobState, error: ErrorReport | null): Promise<void> {
    if (isTerminal(this.#state)) return;
    const attempt = this.#attempt;
    this.#cancelRestart?.();
    if (attempt !== null) {
      this.#windUp(attempt, 'The job ended.');
      if (state === 'FINISHED' || state === 'STOPPED') this.#publishMetrics(attempt);
    }
    this.#setState(state, error);
    this.#attempt = null;
    await (state === 'FAILED' ? attempt?.pool.terminate() : attempt?.pool.shutdown());
    if (this.#temporaryFolder !== null) await rm(this.#temporaryFolder, { recursive: true, force: true });
    this.#resolveEnded({ state, error });
  }

  /** Nothing more happens to the attempt: its timers stop, and a checkpoint under way has failed. */
  #windUp(attempt: Attempt, why: string): void {
    if (attempt.coordinator.pendingId !== null) this.#giveUp(attempt, 'failed', why);
    attempt.cancelTimeout?.();
    for (const cancel of attempt.cancels) cancel();
  }

  #setState(state: JobState, error: ErrorReport | null): void {
    this.#state = state;
    this.#log('info', this.#restarts === 0 ? state : `${state} (attempt ${this.#restarts + 1})`);
    this.#onEvent({ type: 'state', state, at: Math.floor(preciseNow()), error, attempt: this.#restarts + 1 });
  }

  #log(level: LogLevel, message: string): void {
    this.#onEvent({
      type: 'log',
      record: { at: Math.floor(preciseNow()), level, message, nodeId: null, subtask: null },
    });
  }
}

function withRemedy({ message, remedy }: ErrorReport): string {
  return remedy === null ? message : `${message} ${remedy}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

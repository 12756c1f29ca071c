/**
 * Runs one job: starts it, restarts it after failures, ends it. One per job, in the engine's process; the work is done in worker
 * threads, which an `Attempt` has. engine.md, "Shape"; semantics.md §2.1.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import type { Mend } from '../../core/dead-letters.ts';
import { StreamError } from '../../core/errors.ts';
import type { JobId, NodeId } from '../../core/ids.ts';
import { say } from '../../core/say.ts';
import { fromErrorReport, toErrorReport } from '../../protocol/error-report.ts';
import type {
  CheckpointReport,
  ErrorReport,
  JobEvent,
  JobState,
  LogLevel,
  RunOptions,
  Watch,
} from '../../protocol/job.ts';
import { isTerminal } from '../../protocol/job.ts';
import { Attempt } from './attempt.ts';
import { CheckpointStorage } from '../checkpoint/storage.ts';
import { Recovery } from './recovery.ts';
import { RestartStrategy } from './restart-strategy.ts';
import { SampleBoard } from './sample-board.ts';
import { SpillFolder } from '../batch/spill-folder.ts';
import { preciseNow, systemTimers, type Cancel, type SystemTimers } from './system-timers.ts';
import type { StartPoint } from '../worker/worker-protocol.ts';

/** As the log says them. */
const STATES: Readonly<Record<JobState, string>> = {
  CREATED: say`CREATED`,
  RUNNING: say`RUNNING`,
  RESTARTING: say`RESTARTING`,
  STOPPING: say`STOPPING`,
  FINISHED: say`FINISHED`,
  STOPPED: say`STOPPED`,
  FAILED: say`FAILED`,
};

/** Locations are absolute folders or URLs; a `stateFolder` of null is a temporary one that goes with the job. */
export interface JobOptions extends Pick<RunOptions, 'stateFolder' | 'resume' | 'printTo'> {
  readonly jobId: JobId;
  /** Null or left out: none. */
  readonly fromSavepoint?: string | null;
  readonly allowNonRestoredState?: boolean;
  /** Ports whose latest rows are kept for who watches them later; told at the end to who did not. None unless given. */
  readonly keeps?: readonly Watch[];
  /** None unless given. */
  readonly mends?: readonly Mend[];
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
  readonly timers?: SystemTimers;
}

export interface JobResult {
  readonly state: JobState;
  readonly error: ErrorReport | null;
}

export class JobManager {
  readonly #plan: PhysicalPlan;
  readonly #options: JobOptions;
  readonly #timers: SystemTimers;
  readonly #onEvent: (event: JobEvent) => void;
  readonly #samples: SampleBoard;
  readonly #restartStrategy: RestartStrategy;
  /** Set by `start`. */
  #storage!: CheckpointStorage;
  #spill: SpillFolder | null = null;
  #recovery!: Recovery;
  #temporaryFolder: string | null = null;
  #state: JobState = 'CREATED';
  #attempt: Attempt | null = null;
  #restarts = 0;
  #watches: readonly Watch[] = [];
  #mends: readonly Mend[];
  #sampled: readonly NodeId[] = [];
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
    this.#mends = options.mends ?? [];
    this.#samples = new SampleBoard(plan);
    this.#restartStrategy = new RestartStrategy(plan.settings.restart);
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  /** Settles once rows may flow. Rejects with a StreamError when the job cannot start; the job is FAILED then. */
  async start(): Promise<void> {
    try {
      const { stateFolder, resume, fromSavepoint = null, allowNonRestoredState = false } = this.#options;
      if (stateFolder === null) this.#temporaryFolder = await mkdtemp(join(tmpdir(), 'millrace-'));
      const storage = new CheckpointStorage(stateFolder ?? this.#temporaryFolder!);
      this.#storage = storage;
      this.#spill = new SpillFolder(storage.location);
      await this.#spill.clear();
      this.#recovery = new Recovery(
        { plan: this.#plan, storage, resume, fromSavepoint, allowNonRestoredState },
        (level, message) => this.#log(level, message),
      );
      const startPoint = await this.#recovery.first();
      await new Promise<void>((resolve, reject) => {
        this.#resolveStart = resolve;
        this.#rejectStart = reject;
        this.#deploy(startPoint);
      });
    } catch (error) {
      if (!isTerminal(this.#state)) await this.#end('FAILED', toErrorReport(error));
      throw error;
    }
  }

  /**
   * Takes a final checkpoint, commits it and ends; a job that is restarting, or in batch mode, ends at once. With `savepoint` (folder or URL) the
   * final checkpoint is a savepoint below it, whose location is answered: null when the job came to its end by itself before.
   * Rejects with StreamError MR2201 when nothing can be written there, and the job goes on; with MR2208 when the savepoint
   * failed later, and the job has ended with an ordinary checkpoint, if it could.
   */
  async stop({ savepoint = null }: { readonly savepoint?: string | null } = {}): Promise<string | null> {
    if (savepoint !== null) return this.#stopWithSavepoint(savepoint);
    if (this.#state === 'RUNNING' && this.#isBatch && this.#attempt?.checkpoints.isFinalWanted !== true) {
      // What a batch job has before its end is no result: there is nothing to keep.
      await this.cancel();
    } else if (this.#state === 'RUNNING') {
      this.#beginStop();
      this.#attempt?.checkpoints.takeFinal(null);
    } else if (this.#state === 'RESTARTING') {
      await this.#end('STOPPED', null);
    }
    await this.ended;
    return null;
  }

  /** Takes a savepoint below `folder` (or URL) while the job goes on; its location. Rejects with StreamError MR2208, or MR2005. */
  async savepoint(folder: string): Promise<string> {
    return this.#running().checkpoints.takeSavepoint(folder);
  }

  /** Ends at once, without a checkpoint. */
  async cancel(): Promise<void> {
    await this.#attempt?.terminate();
    await this.#end('STOPPED', null);
  }

  /** Ports whose rows are wanted as `rows` events; replaces those before. */
  watch(watches: readonly Watch[]): void {
    this.#watches = watches;
    this.#attempt?.watch(watches);
  }

  /** Operators whose hottest keys are wanted as `hot-keys` events; replaces those before. */
  sampleKeys(nodeIds: readonly NodeId[]): void {
    this.#sampled = nodeIds;
    this.#attempt?.sampleKeys(nodeIds);
  }

  /** What is read in place of rows that cannot be; replaces the mends before. They hold for later attempts too. */
  mend(mends: readonly Mend[]): void {
    this.#mends = mends;
    this.#attempt?.mend(mends);
  }

  async #stopWithSavepoint(parent: string): Promise<string | null> {
    this.#running();
    // A folder that cannot be written to is found while there is a way back.
    await new CheckpointStorage(parent).tryToWrite();
    const { checkpoints } = this.#running();
    if (checkpoints.isFinalWanted) {
      await this.ended;
      return null;
    }
    this.#beginStop();
    const taken = new Promise<string>((resolve, reject) => checkpoints.takeFinal({ parent, resolve, reject }));
    const [result] = await Promise.allSettled([taken, this.ended]);
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  get #isBatch(): boolean {
    return this.#plan.settings.runtimeMode === 'batch';
  }

  #beginStop(): void {
    this.#setState('STOPPING', null);
    // A job that has come to its end by itself is finished, not stopped.
    if (this.#attempt?.checkpoints.isFinalWanted !== true) this.#stateAfterFinal = 'STOPPED';
  }

  #running(): Attempt {
    if (this.#isBatch) {
      throw new StreamError('MR2005', say`A job in batch mode has no savepoints: it has no result before its end.`, {
        domain: 'user',
        remedy: say`Let it come to its end, or run it with runtimeMode "streaming".`,
      });
    }
    if (this.#state === 'RUNNING' && this.#attempt !== null) return this.#attempt;
    throw new StreamError('MR2005', say`A savepoint is taken of a running job; this one is ${this.#state}.`, {
      domain: 'user',
      remedy: say`Try again once it runs.`,
    });
  }

  #deploy(startPoint: StartPoint | null): void {
    const { printTo, workerFile } = this.#options;
    this.#latestCheckpoint = Math.max(this.#latestCheckpoint, this.#recovery.latestId);
    this.#attempt = new Attempt(
      {
        plan: this.#plan,
        storage: this.#storage,
        spillFolder: this.#spill!.path,
        startPoint,
        lastCheckpoint: this.#latestCheckpoint,
        sparedCheckpoint: this.#recovery.sparedId,
        printTo,
        watches: this.#watches,
        keeps: this.#options.keeps ?? [],
        mends: this.#mends,
        workerFile,
        timers: this.#timers,
        samples: this.#samples,
      },
      {
        onEvent: (event) => this.#onEvent(event),
        log: (level, message) => this.#log(level, message),
        onOpened: (attempt) => void this.#begin(attempt),
        onCheckpoint: (report) => this.#noteCheckpoint(report),
        onFailure: (attempt, error) => void this.#recover(attempt, error),
        onEnd: () => void this.#end(this.#stateAfterFinal, null),
      },
    );
  }

  #noteCheckpoint(checkpoint: CheckpointReport): void {
    const { id, kind, path } = checkpoint;
    if (kind === 'savepoint' && path !== null) this.#recovery.noteSavepoint(id, path);
    this.#onEvent({ type: 'checkpoint', checkpoint });
  }

  async #begin(attempt: Attempt): Promise<void> {
    try {
      await this.#recovery.opened();
    } catch (error) {
      await this.#recover(attempt, toErrorReport(error));
    }
    if (attempt !== this.#attempt || isTerminal(this.#state)) return;
    this.#setState('RUNNING', null);
    attempt.begin();
    attempt.sampleKeys(this.#sampled);
    this.#resolveStart?.();
    this.#rejectStart = null;
  }

  /** A failure ends the attempt; the restart strategy says whether there is another. */
  async #recover(attempt: Attempt, error: ErrorReport): Promise<void> {
    if (attempt !== this.#attempt || isTerminal(this.#state)) return;
    this.#attempt = null;
    this.#windUp(attempt, say`The job failed: ${error.message}`);
    await attempt.terminate();
    await this.#clearSpill();
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
    const delayMs = error.isRetryable ? this.#restartStrategy.fail(preciseNow()) : null;
    if (delayMs === null || this.#state === 'STOPPING') {
      await this.#end('FAILED', error);
      return;
    }
    this.#restarts++;
    this.#setState('RESTARTING', error);
    this.#log('warn', say`Restart ${this.#restarts} in ${delayMs} ms after: ${error.message}`);
    this.#cancelRestart = this.#timers.after(delayMs, () => void this.#restart());
  }

  async #restart(): Promise<void> {
    try {
      const startPoint = await this.#recovery.newest();
      if (this.#state === 'RESTARTING') this.#deploy(startPoint);
    } catch (error) {
      // The storage may come back: it is as good a reason to try again as any.
      await this.#restartAfter(toErrorReport(error));
    }
  }

  async #end(state: JobState, error: ErrorReport | null): Promise<void> {
    if (isTerminal(this.#state)) return;
    const attempt = this.#attempt;
    this.#cancelRestart?.();
    if (attempt !== null) {
      this.#windUp(attempt, say`The job ended.`);
      if (state === 'FINISHED' || state === 'STOPPED') attempt.publishMetrics();
    }
    this.#setState(state, error);
    this.#attempt = null;
    await (state === 'FAILED' ? attempt?.terminate() : attempt?.shutdown());
    await this.#clearSpill();
    if (this.#temporaryFolder !== null) await rm(this.#temporaryFolder, { recursive: true, force: true });
    this.#resolveEnded({ state, error });
  }

  /** What is left there is only a waste of space. */
  async #clearSpill(): Promise<void> {
    await this.#spill?.clear().catch((error: unknown) => this.#log('warn', toErrorReport(error).message));
  }

  /** Nothing more happens to the attempt: its timers stop, and a checkpoint under way has failed. */
  #windUp(attempt: Attempt, why: string): void {
    attempt.windUp(why);
    this.#latestCheckpoint = attempt.checkpoints.lastId;
  }

  #setState(state: JobState, error: ErrorReport | null): void {
    this.#state = state;
    this.#log('info', this.#restarts === 0 ? STATES[state] : say`${STATES[state]} (attempt ${this.#restarts + 1})`);
    this.#onEvent({ type: 'state', state, at: Math.floor(preciseNow()), error, attempt: this.#restarts + 1 });
  }

  #log(level: LogLevel, message: string): void {
    this.#onEvent({
      type: 'log',
      record: { at: Math.floor(preciseNow()), level, message, nodeId: null, subtask: null },
    });
  }
}

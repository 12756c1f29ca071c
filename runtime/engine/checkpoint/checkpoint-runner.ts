/**
 * Takes the checkpoints of one attempt to run a job, one at a time: the periodic ones, savepoints, and the final one, in
 * whose favour a periodic one is given up. Tells workers what to do through its hooks; they answer by way of the job manager.
 */
import { randomUUID } from 'node:crypto';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { assert, StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import { toErrorReport } from '../../protocol/error-report.ts';
import type { CheckpointReport, ErrorReport, LogLevel, SubtaskCheckpoint } from '../../protocol/job.ts';
import type { Cancel, SystemTimers } from '../job/system-timers.ts';
import type { ToWorker } from '../worker/worker-protocol.ts';
import type { CheckpointFolder } from './checkpoint-folder.ts';
import { CheckpointCoordinator, type SubtaskId } from './coordinator.ts';
import type { CheckpointKind, Manifest, TaskFile } from './manifest.ts';
import { newSavepointFolder } from './savepoint-folder.ts';
import type { CheckpointStorage } from './storage.ts';
import { unalignedAt } from './unaligned-at.ts';

export interface CheckpointRunnerOptions {
  readonly plan: PhysicalPlan;
  readonly storage: CheckpointStorage;
  /** Of the newest checkpoint there is. */
  readonly lastId: number;
  /** A checkpoint of the storage that is not ours to remove. */
  readonly sparedId: number | null;
  readonly timers: SystemTimers;
  /** ms since the epoch. */
  readonly now: () => number;
}

export interface CheckpointHooks {
  send(message: ToWorker): void;
  onReport(report: CheckpointReport): void;
  log(level: LogLevel, message: string): void;
  /** The job cannot go on like this: too many failures in a row, or no final checkpoint. */
  onFailure(error: ErrorReport): void;
}

interface Request {
  /** Folder or URL in which the savepoint gets a folder. */
  readonly parent: string;
  readonly resolve: (location: string) => void;
  readonly reject: (cause: StreamError) => void;
}

interface Current {
  readonly id: number;
  readonly kind: CheckpointKind;
  readonly isFinal: boolean;
  readonly folder: CheckpointFolder;
  readonly savepoint: Request | null;
  readonly tasks: Manifest['tasks'];
  readonly cancelTimeout: Cancel;
}

export class CheckpointRunner {
  readonly #options: CheckpointRunnerOptions;
  readonly #hooks: CheckpointHooks;
  readonly #coordinator: CheckpointCoordinator;
  readonly #savepoints: Request[] = [];
  #current: Current | null = null;
  /** The final checkpoint as it is wanted: a plain one, or a savepoint. */
  #final: { readonly savepoint: Request | null } | null = null;
  #completedFinal: number | null = null;
  #failuresInARow = 0;
  #lastTriggeredAt: number;
  #lastEndedAt = -Infinity;
  #cancelPeriodic: Cancel | null = null;
  #isOver = false;

  constructor(options: CheckpointRunnerOptions, hooks: CheckpointHooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.#coordinator = new CheckpointCoordinator(subtasksOf(options.plan), options.lastId, options.now);
    this.#lastTriggeredAt = options.now();
  }

  /** Of the newest checkpoint, completed or not. */
  get lastId(): number {
    return this.#coordinator.lastId;
  }

  get isFinalWanted(): boolean {
    return this.#final !== null;
  }

  /** Id of the final checkpoint once it is complete. */
  get completedFinal(): number | null {
    return this.#completedFinal;
  }

  /** Rows flow: periodic checkpoints may come. */
  start(): void {
    this.#lastTriggeredAt = this.#options.now();
    this.#goOn();
  }

  /** The checkpoint that ends the job: all that was written gets committed with it. Only the first call counts. */
  takeFinal(savepoint: Request | null): void {
    if (this.#final !== null || this.#isOver) return;
    this.#final = { savepoint };
    for (const request of this.#savepoints.splice(0)) request.reject(savepointError(say`the job is ending`, null));
    // A savepoint was asked for; a periodic checkpoint is of no use beside the final one.
    if (this.#current?.kind === 'checkpoint')
      this.#giveUp(this.#current, 'failed', say`Overtaken by the final checkpoint.`);
    this.#goOn();
  }

  /** Location of a savepoint in `parent`, once it is complete. Rejects with StreamError MR2208. */
  takeSavepoint(parent: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#isOver || this.#final !== null) {
        reject(savepointError(say`the job is ending`, null));
        return;
      }
      this.#savepoints.push({ parent, resolve, reject });
      this.#goOn();
    });
  }

  acknowledge(checkpointId: number, detail: SubtaskCheckpoint, file: TaskFile): void {
    if (this.#current === null || !this.#coordinator.acknowledge(checkpointId, detail)) return;
    this.#current.tasks.push({ ...file, stateBytes: detail.stateBytes, inFlightBytes: detail.persistedBytes });
    if (this.#coordinator.isAcknowledged) void this.#complete(this.#current);
    else this.#hooks.onReport(this.#coordinator.progress());
  }

  decline(checkpointId: number, error: ErrorReport): void {
    if (this.#current?.id === checkpointId) this.#fail(this.#current, 'failed', error);
  }

  /** The attempt is over: what is under way, or waits, has failed. */
  end(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelPeriodic?.();
    const waiting = [...this.#savepoints.splice(0), ...(this.#final?.savepoint ? [this.#final.savepoint] : [])];
    if (this.#current !== null) {
      if (this.#current.savepoint !== null) waiting.push(this.#current.savepoint);
      this.#giveUp(this.#current, 'failed', why);
    }
    for (const request of waiting) request.reject(savepointError(why, null));
  }

  /** What comes next, when nothing is under way. */
  #goOn(): void {
    if (this.#current !== null) return;
    this.#cancelPeriodic?.();
    this.#cancelPeriodic = null;
    if (this.#isOver || this.#completedFinal !== null) return;
    if (this.#final !== null) {
      this.#trigger(this.#final.savepoint, true);
      return;
    }
    const request = this.#savepoints.shift();
    if (request !== undefined) this.#trigger(request, false);
    else this.#awaitPeriodic();
  }

  #awaitPeriodic(): void {
    const { plan, timers, now } = this.#options;
    const { intervalMs, minPauseMs } = plan.settings.checkpoint;
    if (intervalMs === 0) return;
    const at = Math.max(this.#lastTriggeredAt + intervalMs, this.#lastEndedAt + minPauseMs);
    this.#cancelPeriodic = timers.after(Math.max(0, at - now()), () => {
      this.#cancelPeriodic = null;
      this.#trigger(null, false);
    });
  }

  #trigger(savepoint: Request | null, isFinal: boolean): void {
    assert(this.#current === null, 'a checkpoint is under way');
    const { plan, storage, timers } = this.#options;
    const kind = savepoint === null ? 'checkpoint' : 'savepoint';
    const report = this.#coordinator.trigger(kind);
    const { id, triggeredAt } = report;
    const { timeoutMs } = plan.settings.checkpoint;
    const folder =
      savepoint === null
        ? storage.folder(id)
        : newSavepointFolder(savepoint.parent, plan.name, triggeredAt, randomUUID());
    const cancelTimeout = timers.after(timeoutMs, () => this.#expire(id));
    this.#current = { id, kind, isFinal, folder, savepoint, tasks: [], cancelTimeout };
    // Savepoints do not put off the periodic ones.
    if (kind === 'checkpoint') this.#lastTriggeredAt = triggeredAt;
    this.#hooks.onReport(report);
    this.#hooks.send({
      type: 'trigger',
      checkpointId: id,
      isFinal,
      kind,
      triggeredAt,
      unalignedAt: unalignedAt(plan.settings.checkpoint, { kind, isFinal, triggeredAt }),
      location: folder.location,
    });
  }

  async #complete(current: Current): Promise<void> {
    const { id, kind, isFinal, folder, savepoint } = current;
    const { plan, storage, now, sparedId } = this.#options;
    try {
      await folder.complete(manifestOf(plan, current, Math.floor(now())));
    } catch (error) {
      if (this.#current === current) this.#fail(current, 'failed', toErrorReport(error));
      return;
    }
    // Given up while its manifest was written.
    if (this.#current !== current) return;
    current.cancelTimeout();
    this.#endCurrent();
    if (isFinal) this.#completedFinal = id;
    const report = this.#coordinator.finish('completed', folder.location);
    this.#hooks.onReport(report);
    const took = say`completed in ${Math.round(report.durationMs!)} ms, ${report.sizeBytes} bytes`;
    if (kind === 'savepoint') this.#hooks.log('info', say`Savepoint ${took}: ${folder.location}`);
    else this.#hooks.log('debug', say`Checkpoint ${id} ${took}.`);
    // The user may remove a savepoint, and a failure then goes back behind it: so nothing is committed with one but at the end.
    if (kind === 'checkpoint' || isFinal) this.#hooks.send({ type: 'complete', checkpointId: id });
    savepoint?.resolve(folder.location);
    if (kind === 'checkpoint') this.#failuresInARow = 0;
    this.#goOn();
    if (kind === 'checkpoint') {
      await storage
        .retain(plan.settings.checkpoint.retain, sparedId)
        .catch((error: unknown) => this.#hooks.log('warn', toErrorReport(error).message));
    }
  }

  #expire(id: number): void {
    if (this.#current?.id !== id) return;
    const { timeoutMs } = this.#options.plan.settings.checkpoint;
    const why = say`Not acknowledged by all subtasks within ${timeoutMs} ms.`;
    this.#fail(this.#current, 'expired', toErrorReport(new StreamError('MR2201', why)));
  }

  #fail(current: Current, status: 'failed' | 'expired', error: ErrorReport): void {
    const { kind, isFinal, savepoint } = current;
    const why = withRemedy(error);
    this.#giveUp(current, status, why);
    this.#hooks.log('warn', say`${kind === 'savepoint' ? say`Savepoint` : say`Checkpoint`} failed: ${why}`);
    if (savepoint !== null) {
      const instead = isFinal ? say` The job ends with a checkpoint instead.` : '';
      savepoint.reject(savepointError(`${error.message}${instead}`, error.remedy));
      if (isFinal) this.#final = { savepoint: null };
    } else if (isFinal) {
      this.#hooks.onFailure(finalFailure(why));
      return;
    } else if (++this.#failuresInARow > this.#options.plan.settings.checkpoint.tolerableFailures) {
      this.#hooks.onFailure(tooManyFailures(this.#failuresInARow, error));
      return;
    }
    this.#goOn();
  }

  #giveUp(current: Current, status: 'failed' | 'expired', failure: string): void {
    current.cancelTimeout();
    this.#endCurrent();
    this.#hooks.onReport(this.#coordinator.finish(status, failure));
    void current.folder.remove().catch(() => undefined);
  }

  #endCurrent(): void {
    this.#current = null;
    this.#lastEndedAt = this.#options.now();
  }
}

function subtasksOf(plan: PhysicalPlan): SubtaskId[] {
  return plan.chains.flatMap((chain) =>
    Array.from({ length: chain.parallelism }, (_, subtask) => ({ nodeId: chain.id, subtask })),
  );
}

function manifestOf(plan: PhysicalPlan, { id, kind, tasks }: Current, createdAt: number): Manifest {
  const parallelism = new Map(plan.chains.flatMap((chain) => chain.operators.map((o) => [o, chain.parallelism])));
  return {
    format: 'millrace/checkpoint',
    version: 2,
    kind,
    id,
    name: plan.name,
    createdAt,
    tasks: [...tasks],
    operators: Object.fromEntries(
      plan.operators.map(({ nodeId, type }) => [nodeId, { type, parallelism: parallelism.get(nodeId)! }]),
    ),
    edges: plan.links.map(({ from, fromPort, to, toPort }) => ({ from, fromPort, to, toPort })),
  };
}

function savepointError(why: string, remedy: string | null): StreamError {
  return new StreamError('MR2208', say`The savepoint was not taken: ${why}`, remedy === null ? {} : { remedy });
}

function finalFailure(why: string): ErrorReport {
  return toErrorReport(
    new StreamError('MR2201', say`The final checkpoint was not completed: ${why}`, {
      remedy: say`What came after the last completed checkpoint is not committed. Mend the cause and run again with --resume.`,
    }),
  );
}

function tooManyFailures(failures: number, { message, remedy, nodeId }: ErrorReport): ErrorReport {
  const what = failures === 1 ? say`A checkpoint failed` : say`${failures} checkpoints failed in a row`;
  const error = new StreamError('MR2207', say`${what}, the last one because: ${message}`, {
    remedy: say`${remedy ?? say`Mend the cause`.concat('.')} More failures are passed over with a larger settings.checkpoint.tolerableFailures.`,
  });
  error.nodeId = nodeId;
  return toErrorReport(error);
}

function withRemedy({ message, remedy }: ErrorReport): string {
  return remedy === null ? message : `${message} ${remedy}`;
}

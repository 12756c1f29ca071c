/** One attempt of a job, from its start or a checkpoint to its end or the machine's death, watched all the way. */
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { DeterministicScheduler, type KeptCheckpoint } from '../engine/deterministic-scheduler.ts';
import type { MemoryFiles } from '../testing/memory-files.ts';
import type { ReferenceJob } from '../testing/reference/pipeline.ts';
import { DeathClock } from './death-clock.ts';
import type { Draw } from './draw.ts';
import { FailingMachine, FileFailed, MachineDied } from './failing-machine.ts';
import { JobWatch, type KnownCheckpoint } from './job-watch.ts';
import type { OutputCheck } from './output-check.ts';
import type { Attempt } from './simulation-case.ts';
import { Stalls } from './stalls.ts';
import type { Trace } from './trace.ts';
import { causesOf, must } from './violation.ts';

/** Far more than any drawn job needs. */
export const MAX_STEPS = 300_000;
/** Barriers of more would come faster than tasks can hand them on. */
const MAX_ABANDONED = 5;
const MAX_SEED = 0x7fffffff;
/** In batch mode: at the first row, somewhere on the way, never. */
const SPILL_AFTER_BYTES = [0, 10_000, 30_000, Infinity];

export interface AttemptOptions {
  readonly attempt: Attempt;
  readonly plan: PhysicalPlan;
  readonly draw: Draw;
  readonly disk: MemoryFiles;
  /** Virtual time at its start. */
  readonly startAt: number;
  readonly restored: KnownCheckpoint | null;
  readonly lastCheckpointId: number;
  readonly reference: ReferenceJob;
  readonly output: OutputCheck;
  readonly trace: Trace;
  /** A checkpoint is complete; its commits are still to come. */
  readonly onCheckpoint: (checkpoint: KnownCheckpoint) => Promise<void>;
}

/** `failed`: a file operation did, and the job was given up; `died`: the machine. */
export type AttemptResult = 'ended' | 'failed' | 'died';

export class AttemptRun {
  readonly #options: AttemptOptions;
  readonly #machine: FailingMachine;
  readonly #scheduler: DeterministicScheduler;
  readonly #watch: JobWatch;
  readonly #stalls: Stalls;
  readonly #clock: DeathClock;
  /** Not handed on yet. */
  readonly #completed: KeptCheckpoint[] = [];
  #abandonsLeft = MAX_ABANDONED;
  /** Changes of the output that were checked. */
  #checkedChanges = 0;
  step = 0;

  constructor(options: AttemptOptions) {
    const { attempt, plan, draw, disk, startAt, restored, lastCheckpointId, reference, trace } = options;
    this.#options = options;
    this.#stalls = new Stalls(draw);
    this.#clock = new DeathClock(attempt.end);
    this.#watch = new JobWatch(plan, reference, restored, trace);
    this.#machine = new FailingMachine(disk, {
      draw,
      readBytes: attempt.readBytes,
      fileMs: attempt.fileMs,
      dieAtOperation: attempt.end.at === 'file' ? attempt.end.operations : 0,
      failAtOperation: attempt.end.at === 'error' ? attempt.end.operations : 0,
      elapse: (ms) => this.#scheduler.elapse(ms),
    });
    this.#scheduler = new DeterministicScheduler(plan, {
      seed: draw.integer(0, MAX_SEED),
      files: this.#machine,
      startAt,
      restoreFrom: restored?.kept ?? null,
      lastCheckpointId,
      onCheckpoint: (checkpoint) => this.#completed.push(checkpoint),
      ...(plan.settings.runtimeMode === 'batch' ? { spillAfterBytes: draw.pick(SPILL_AFTER_BYTES) } : {}),
      watchChannel: this.#watch.watchChannel,
      mayStep: (task) => !this.#stalls.isHeld(task, this.step),
    });
    this.#watch.watchTasks(this.#scheduler.tasks);
  }

  get now(): number {
    return this.#scheduler.now;
  }

  /** Throws what breaks. */
  async run(): Promise<AttemptResult> {
    try {
      const result = await this.#drive();
      if (result === 'died') return result;
    } catch (error) {
      const causes = causesOf(error);
      if (causes.some((cause) => cause instanceof MachineDied)) return 'died';
      if (!causes.some((cause) => cause instanceof FileFailed)) throw error;
      this.#scheduler.close();
      return 'failed';
    }
    this.#scheduler.close();
    // A job that was stopped may leave its input half read.
    if (this.#options.attempt.end.at !== 'stop') {
      this.#watch.checkDrained();
      this.#options.output.checkAll(this.#options.disk);
    }
    return 'ended';
  }

  async #drive(): Promise<AttemptResult> {
    const { attempt, output, disk } = this.#options;
    await this.#scheduler.open();
    output.checkPart(disk);
    while (!this.#scheduler.isFinished) {
      if (this.#clock.isDue(this.step)) {
        if (attempt.end.at !== 'stop') {
          this.#machine.die();
          return 'died';
        }
        this.#scheduler.stop();
      }
      await this.#advance();
    }
    return 'ended';
  }

  async #advance(): Promise<void> {
    this.#disturb();
    const before = this.#scheduler.now;
    if (this.#scheduler.step() === 'waited') this.#watch.checkQuiet(before);
    this.step++;
    must(this.step < MAX_STEPS, 'progress', () => `the job has not ended after ${MAX_STEPS} steps`);
    for (const kept of this.#completed.splice(0)) {
      this.#clock.noteCompletion(this.step);
      this.#watch.checkInFlight(kept);
      await this.#options.onCheckpoint({ kept, arrivals: this.#watch.arrivalsAt(kept.id) });
    }
    if (this.#machine.visibleChanges === this.#checkedChanges) return;
    this.#checkedChanges = this.#machine.visibleChanges;
    this.#options.output.checkPart(this.#options.disk);
  }

  /** What happens to the job from outside before a step. */
  #disturb(): void {
    const { attempt, draw } = this.#options;
    const { checkpointEvery, savepointShare, abandonEvery, stallEvery, stallSteps, tickMs } = attempt;
    const isNow = (every: number): boolean => every > 0 && draw.chance(1 / every);
    if (isNow(stallEvery)) this.#stalls.hold(this.#scheduler.tasks, this.step, stallSteps);
    if (isNow(checkpointEvery)) {
      const kind = draw.chance(savepointShare) ? 'savepoint' : 'checkpoint';
      if (this.#scheduler.triggerCheckpoint(kind)) this.#clock.noteTrigger(this.step);
    }
    if (this.#abandonsLeft > 0 && isNow(abandonEvery) && this.#scheduler.abandonCheckpoint()) this.#abandonsLeft--;
    if (tickMs > 0) this.#scheduler.elapse(draw.integer(0, tickMs));
  }
}

/** Starts a job from a checkpoint on a copy of the disk, and with `toEnd` runs it undisturbed. Throws what breaks. */
export async function tryRestore(
  plan: PhysicalPlan,
  { kept }: KnownCheckpoint,
  options: Pick<AttemptOptions, 'draw' | 'disk' | 'startAt' | 'output'> & { readonly toEnd: boolean },
): Promise<void> {
  const { draw, startAt, output, toEnd } = options;
  const files = options.disk.clone();
  const scheduler = new DeterministicScheduler(plan, {
    seed: draw.integer(0, MAX_SEED),
    files,
    startAt,
    restoreFrom: kept,
  });
  await scheduler.open();
  output.checkPart(files, true);
  if (!toEnd) return;
  for (let steps = 0; !scheduler.isFinished; steps++) {
    must(steps < MAX_STEPS, 'progress', () => `the job has not ended after ${MAX_STEPS} steps`);
    scheduler.step();
  }
  scheduler.close();
  output.checkAll(files, true);
}

/** Runs a case under the deterministic scheduler, attempt by attempt, and checks all that must hold. */
import { compileDocument } from '../compiler/index.ts';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { hasErrors } from '../core/diagnostics.ts';
import { parallelismByOperator } from '../engine/task/task-builder.ts';
import { readDocument } from '../graph/index.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { referenceJob, type ReferenceJob } from '../testing/reference/pipeline.ts';
import { AttemptRun, tryRestore } from './attempt-run.ts';
import { Draw } from './draw.ts';
import type { KnownCheckpoint } from './job-watch.ts';
import { OutputCheck } from './output-check.ts';
import { BASE_FOLDER, documentOf, type SimulationCase } from './simulation-case.ts';
import { Trace } from './trace.ts';
import { Violation, violationOf, type Invariant } from './violation.ts';

export interface Failure {
  readonly invariant: Invariant;
  readonly message: string;
  /** Index of the attempt, and how many steps into it. */
  readonly attempt: number;
  readonly step: number;
}

export interface RunReport {
  /** Null when all held. */
  readonly failure: Failure | null;
  readonly steps: number;
  readonly checkpoints: number;
  readonly deaths: number;
  /** Attempts that a file operation failed. */
  readonly errors: number;
  /** Attempts that started from a checkpoint. */
  readonly restores: number;
  /** Published in the end. */
  readonly rows: number;
  /** Equal runs have equal ones. */
  readonly fingerprint: string;
}

const START_MS = Date.UTC(2026, 0, 1);
/** Share of the checkpoints from which a job is run to its end, on the side. */
const RUN_ON_SHARE = 0.1;

/** Plans of the attempts; null when the document has errors, as parts of a document may. */
export function compileCase(one: SimulationCase): readonly PhysicalPlan[] | null {
  const plans: PhysicalPlan[] = [];
  for (const attempt of one.schedule.attempts) {
    const { document, diagnostics } = readDocument(documentOf(one, attempt));
    if (document === null || hasErrors(diagnostics)) return null;
    const { plan } = compileDocument(document, { baseFolder: BASE_FOLDER });
    if (plan === null) return null;
    plans.push(plan);
  }
  return plans;
}

/** Runs the case to its end or to the first violation. Throws when its document has errors. */
export async function runCase(one: SimulationCase): Promise<RunReport> {
  const plans = compileCase(one);
  if (plans === null) throw new Error('the document of the case has errors');
  return new Run(one, plans).run();
}

class Run {
  readonly #case: SimulationCase;
  readonly #plans: readonly PhysicalPlan[];
  readonly #disk = new MemoryFiles();
  readonly #reference: ReferenceJob;
  readonly #output: OutputCheck;
  readonly #trace = new Trace();
  /** Completed and whole, oldest first. */
  #checkpoints: KnownCheckpoint[] = [];
  #lastCheckpointId = 0;
  #now = START_MS;
  /** Index of the attempt, and its steps so far. */
  #attempt = 0;
  #step = 0;
  readonly #counts = { steps: 0, checkpoints: 0, deaths: 0, errors: 0, restores: 0, rows: 0 };

  constructor(one: SimulationCase, plans: readonly PhysicalPlan[]) {
    this.#case = one;
    this.#plans = plans;
    for (const [path, lines] of Object.entries(one.files)) {
      this.#disk.write(path, lines.map((line) => `${line}\n`).join(''));
    }
    const parallelism = plans.map(parallelismByOperator);
    this.#reference = referenceJob(plans[0]!, this.#disk, (id) => Math.max(...parallelism.map((by) => by.get(id)!)));
    this.#output = new OutputCheck(plans[0]!, this.#reference);
  }

  async run(): Promise<RunReport> {
    let failure: Failure | null = null;
    try {
      for (; this.#attempt < this.#plans.length; this.#attempt++) await this.#runAttempt();
      this.#output.checkAll(this.#disk);
      this.#counts.rows = this.#output.countRows(this.#disk);
    } catch (error) {
      const { invariant, message } = violationOf(error);
      failure = { invariant, message, attempt: this.#attempt, step: this.#step };
    }
    for (const path of this.#disk.paths()) this.#trace.addText(path + this.#disk.text(path));
    return { failure, ...this.#counts, fingerprint: this.#trace.fingerprint };
  }

  async #runAttempt(): Promise<void> {
    const { seed, attempts } = this.#case.schedule;
    const attempt = attempts[this.#attempt]!;
    const draw = new Draw(seed * 1009 + this.#attempt);
    const restored = this.#newestCheckpoint(attempt.checkpointsBack);
    if (restored !== null) {
      this.#counts.restores++;
      this.#output.noteRestore();
    }
    const run = new AttemptRun({
      attempt,
      plan: this.#plans[this.#attempt]!,
      draw,
      disk: this.#disk,
      startAt: this.#now + attempt.downMs,
      restored,
      lastCheckpointId: this.#lastCheckpointId,
      reference: this.#reference,
      output: this.#output,
      trace: this.#trace,
      onCheckpoint: (checkpoint) => this.#keep(checkpoint, draw),
    });
    try {
      const result = await run.run();
      if (result === 'died') this.#counts.deaths++;
      if (result === 'failed') this.#counts.errors++;
    } finally {
      this.#step = run.step;
      this.#counts.steps += run.step;
    }
    this.#now = run.now;
  }

  async #keep(checkpoint: KnownCheckpoint, draw: Draw): Promise<void> {
    const { id } = checkpoint.kept;
    this.#counts.checkpoints++;
    this.#lastCheckpointId = id;
    this.#checkpoints.push(checkpoint);
    try {
      await tryRestore(draw.pick(this.#plans), checkpoint, {
        draw,
        disk: this.#disk,
        startAt: this.#now,
        output: this.#output,
        toEnd: draw.chance(RUN_ON_SHARE),
      });
    } catch (error) {
      throw new Violation('restore', `started from checkpoint ${id}: ${violationOf(error).message}`);
    }
  }

  /** Newer ones than it are forgotten: they are damaged. */
  #newestCheckpoint(back: number): KnownCheckpoint | null {
    const left = Math.max(1, this.#checkpoints.length - back);
    this.#checkpoints = this.#checkpoints.slice(0, left);
    return this.#checkpoints.at(-1) ?? null;
  }
}

/** Runs of a trial: in any number of subtasks, in batches of any size, with or without a crash in the middle. */
import fc, { type Arbitrary } from 'fast-check';
import { BatchBuilder } from '../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../core/hash.ts';
import type { Distribution } from '../core/operator.ts';
import { fieldIndex, type Schema } from '../core/schema.ts';
import type { Value } from '../core/types.ts';
import { EXAMPLE_FOLDER, exampleFiles } from './docs-example.ts';
import type { MemoryFiles } from './memory-files.ts';
import { concat, observe, type Observation } from './observation.ts';
import { createHarness, type HarnessBackend, type HarnessSnapshot, type OperatorHarness } from './operator-harness.ts';
import { checkedConfig, type Subject, type Trial, type TrialStep } from './operator-trial.ts';

/** After how many rows a batch is handed over even if more could join it; `Infinity` for as large as can be. */
export type BatchRows = number;

/** The whole trial in one subtask. */
export async function runTrial(
  subject: Subject,
  trial: Trial,
  batchRows: BatchRows = Infinity,
  backend: HarnessBackend = 'memory',
): Promise<Observation> {
  const crew = await Crew.start(subject, trial, { parallelism: 1, backend });
  crew.feed(trial.steps, batchRows);
  return crew.finish();
}

/** The whole trial in one subtask, which is left open to look at. */
export async function observeTrial(
  subject: Subject,
  trial: Trial,
  { ends = true }: { ends?: boolean } = {},
): Promise<OperatorHarness> {
  const crew = await Crew.start(subject, trial, { parallelism: 1 });
  crew.feed(trial.steps);
  if (ends) crew.end();
  return crew.members[0]!;
}

export interface Interruption {
  /** Steps before the checkpoint. */
  readonly at: number;
  /** Steps after the checkpoint whose results are lost with the crash. */
  readonly lost: number;
  /** Whether subtasks still hear that the checkpoint is complete. */
  readonly hearsComplete: boolean;
  /** Whether they are closed (a failure), or not (a kill). */
  readonly isClosed: boolean;
  readonly before: number;
  readonly after: number;
  readonly backendBefore: HarnessBackend;
  readonly backendAfter: HarnessBackend;
  /** False: the new subtasks begin with nothing, as no job would. */
  readonly keepsState: boolean;
}

/** The trial with a checkpoint, a crash some steps later, and new subtasks that go on from the checkpoint. */
export async function runInterrupted(subject: Subject, trial: Trial, interruption: Interruption): Promise<Observation> {
  const { at, lost, hearsComplete, isClosed, before, after, keepsState } = interruption;
  const first = await Crew.start(subject, trial, { parallelism: before, backend: interruption.backendBefore });
  first.feed(trial.steps.slice(0, at));
  const snapshots = first.snapshot(1);
  const kept = first.observe();
  if (hearsComplete) first.checkpointComplete(1);
  first.feed(trial.steps.slice(at, at + lost));
  if (isClosed) first.close();
  const second = await Crew.start(subject, trial, {
    parallelism: after,
    backend: interruption.backendAfter,
    files: first.files,
    ...(keepsState ? { restoreFrom: snapshots } : {}),
  });
  second.repeatWatermarks(trial.steps.slice(0, at));
  second.feed(trial.steps.slice(at));
  return concat(kept, second.finish());
}

const anyBackend = fc.constantFrom<HarnessBackend>('memory', 'moving');

export function anyInterruption(steps: number, maxParallelism: number): Arbitrary<Interruption> {
  const parallelism = fc.integer({ min: 1, max: Math.min(3, maxParallelism) });
  return fc.record({
    at: fc.nat(steps),
    lost: fc.nat(5),
    hearsComplete: fc.boolean(),
    isClosed: fc.boolean(),
    before: parallelism,
    after: parallelism,
    backendBefore: anyBackend,
    backendAfter: anyBackend,
    keepsState: fc.constant(true),
  });
}

interface CrewOptions {
  readonly parallelism: number;
  readonly backend?: HarnessBackend;
  readonly files?: MemoryFiles;
  readonly restoreFrom?: readonly HarnessSnapshot[];
}

/** So often is a source polled that neither ends nor has more. */
const MAX_POLLS = 200;
/** How far processing time moves when a source waits. */
const WAIT_MS = 250;

/** All subtasks of the operator, with rows dealt out among them as the planner would. */
class Crew {
  static async start(subject: Subject, trial: Trial, options: CrewOptions): Promise<Crew> {
    const { spec, create } = subject;
    const { parallelism, backend, restoreFrom, files = exampleFiles(subject.example) } = options;
    const members: OperatorHarness[] = [];
    for (let subtask = 0; subtask < parallelism; subtask++) {
      members.push(
        await createHarness({
          spec,
          create,
          config: trial.config,
          inputs: trial.inputs,
          subtask,
          parallelism,
          files,
          baseFolder: EXAMPLE_FOLDER,
          ...(backend === undefined ? {} : { backend }),
          ...(restoreFrom === undefined ? {} : { restoreFrom }),
        }),
      );
    }
    const config = checkedConfig(subject, trial.config);
    const distributions = trial.inputs.map(
      ({ port }) => spec.distribution?.(config, port) ?? ({ type: 'any' } as const),
    );
    return new Crew(trial, members, distributions, files, new Set(exampleFiles(subject.example).paths()));
  }

  readonly #trial: Trial;
  readonly members: readonly OperatorHarness[];
  readonly #distributions: readonly Distribution[];
  readonly files: MemoryFiles;
  readonly #inputFiles: ReadonlySet<string>;
  readonly #ended = new Set<OperatorHarness>();
  #nextMember = 0;

  private constructor(
    trial: Trial,
    members: readonly OperatorHarness[],
    distributions: readonly Distribution[],
    files: MemoryFiles,
    inputFiles: ReadonlySet<string>,
  ) {
    this.#trial = trial;
    this.members = members;
    this.#distributions = distributions;
    this.files = files;
    this.#inputFiles = inputFiles;
  }

  /** Neighbouring rows of one input go in as one batch a subtask, of at most `batchRows` rows dealt out. */
  feed(steps: readonly TrialStep[], batchRows: BatchRows = Infinity): void {
    let pending: Extract<TrialStep, { type: 'row' }>[] = [];
    const flush = (): void => {
      if (pending.length > 0) this.#deal(pending);
      pending = [];
    };
    for (const step of steps) {
      if (step.type !== 'row' || pending.length >= batchRows || pending[0]?.input !== step.input) flush();
      if (step.type === 'row') pending.push(step);
      else if (step.type === 'poll') this.#poll();
      else for (const member of this.members) member.watermark(step.watermark, step.input);
    }
    flush();
  }

  /** Watermarks are not part of a checkpoint, but a source sends them again from where it goes on. */
  repeatWatermarks(steps: readonly TrialStep[]): void {
    this.feed(steps.filter((step) => step.type === 'watermark'));
  }

  snapshot(checkpointId: number): readonly HarnessSnapshot[] {
    return this.members.map((member) => member.snapshot(checkpointId));
  }

  checkpointComplete(checkpointId: number): void {
    for (const member of this.members) member.checkpointComplete(checkpointId);
  }

  close(): void {
    for (const member of this.members) member.close();
  }

  /** To the end of the input; a source that only waits is at its end as far as a trial goes. */
  end(): void {
    if (this.#trial.inputs.length > 0) for (const member of this.members) member.end();
    else for (let i = 0; i < MAX_POLLS && this.#ended.size < this.members.length; i++) this.#poll();
  }

  /** To the end of the input and through a last checkpoint. */
  finish(): Observation {
    this.end();
    this.snapshot(2);
    this.checkpointComplete(2);
    this.close();
    return this.observe();
  }

  observe(): Observation {
    return observe(this.members, this.files, this.#inputFiles);
  }

  #poll(): void {
    for (const member of this.members) {
      if (this.#ended.has(member)) continue;
      const status = member.pollOnce();
      if (status === 'ended') this.#ended.add(member);
      if (status === 'waiting') member.advanceTo(Math.max(member.clock.now() + WAIT_MS, member.clock.nextTimer ?? 0));
    }
  }

  #deal(rows: readonly Extract<TrialStep, { type: 'row' }>[]): void {
    const { input } = rows[0]!;
    const { schema, eventTime } = this.#trial.inputs[input]!.shape;
    const builders = this.members.map(() => new BatchBuilder(schema));
    for (const row of rows) {
      for (const subtask of this.#subtasksOf(row, schema)) {
        builders[subtask]!.appendRow(row.values, eventTime ? row.eventTime : NaN, row.kind);
      }
    }
    builders.forEach((builder, subtask) => {
      if (builder.length > 0) this.members[subtask]!.push(input, builder.finish());
    });
  }

  #subtasksOf(row: Extract<TrialStep, { type: 'row' }>, schema: Schema): readonly number[] {
    const distribution = this.#distributions[row.input]!;
    switch (distribution.type) {
      case 'hash':
        return [keySubtask(schema, distribution.fields, row.values, this.members.length)];
      case 'single':
        return [0];
      case 'broadcast':
        return this.members.map((_, subtask) => subtask);
      case 'any':
        return [this.#nextMember++ % this.members.length];
    }
  }
}

function keySubtask(schema: Schema, keys: readonly string[], values: readonly Value[], parallelism: number): number {
  const builder = new BatchBuilder(schema, 1);
  builder.appendRow(values);
  const { columns } = builder.finish();
  const hash = new Int32Array(1);
  hashRows(
    keys.map((key) => columns[fieldIndex(schema, key)]!),
    1,
    hash,
  );
  return subtaskOfKeyGroup(keyGroupOf(hash[0]!), parallelism);
}

/** Runs of a trial: in any number of subtasks, in batches of any size, with or without a crash in the middle. */
import fc, { type Arbitrary } from 'fast-check';
import { Crew, type CrewOptions } from './crew.ts';
import { EXAMPLE_FOLDER, exampleFiles } from './docs-example.ts';
import { ExampleNetwork } from './example-network.ts';
import type { MemoryFiles } from './memory-files.ts';
import type { MemoryNetwork } from './memory-network.ts';
import { concat, observe, type Observation } from './observation.ts';
import type { HarnessBackend, OperatorHarness } from './operator-harness.ts';
import type { Subject, Trial, TrialStep } from './operator-trial.ts';

/** After how many rows a batch is handed over even if more could join it; `Infinity` for as large as can be. */
export type BatchRows = number;

/** The whole trial in one subtask. */
export async function runTrial(
  subject: Subject,
  trial: Trial,
  batchRows: BatchRows = Infinity,
  backend: HarnessBackend = 'memory',
): Promise<Observation> {
  const run = await TrialRun.start(subject, trial, { parallelism: 1, backend });
  await run.feed(trial.steps, batchRows);
  return run.finish();
}

/** The whole trial in one subtask, which is left open to look at. */
export async function observeTrial(
  subject: Subject,
  trial: Trial,
  { ends = true }: { ends?: boolean } = {},
): Promise<OperatorHarness> {
  const run = await TrialRun.start(subject, trial, { parallelism: 1 });
  await run.feed(trial.steps);
  if (ends) await run.end();
  return run.crew.members[0]!;
}

export interface Interruption {
  /** Steps before the checkpoint. */
  readonly at: number;
  /** Steps after the checkpoint whose results are lost with the crash. */
  readonly lost: number;
  /** How many of them come while the state is still being copied. */
  readonly meanwhile: number;
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
  const copied = at + Math.min(interruption.meanwhile, lost);
  const first = await TrialRun.start(subject, trial, { parallelism: before, backend: interruption.backendBefore });
  await first.feed(trial.steps.slice(0, at));
  const finishSnapshots = await first.crew.beginSnapshot(1);
  const kept = first.observe();
  await first.feed(trial.steps.slice(at, copied));
  const snapshots = finishSnapshots();
  if (hearsComplete) first.crew.checkpointComplete(1);
  await first.feed(trial.steps.slice(copied, at + lost));
  if (isClosed) first.crew.close();
  const second = await TrialRun.start(subject, trial, {
    parallelism: after,
    backend: interruption.backendAfter,
    files: first.files,
    network: first.network,
    ...(keepsState ? { restoreFrom: snapshots } : {}),
  });
  await second.repeatWatermarks(trial.steps.slice(0, at));
  await second.feed(trial.steps.slice(at));
  return concat(kept, await second.finish());
}

const anyBackend = fc.constantFrom<HarnessBackend>('memory', 'moving');

export function anyInterruption(steps: number, maxParallelism: number): Arbitrary<Interruption> {
  const parallelism = fc.integer({ min: 1, max: Math.min(3, maxParallelism) });
  return fc.record({
    at: fc.nat(steps),
    lost: fc.nat(8),
    meanwhile: fc.constantFrom(0, 3, 8),
    hearsComplete: fc.boolean(),
    isClosed: fc.boolean(),
    before: parallelism,
    after: parallelism,
    backendBefore: anyBackend,
    backendAfter: anyBackend,
    keepsState: fc.constant(true),
  });
}

/** So often is a source polled that neither ends nor has more. */
const MAX_POLLS = 200;
/** How far processing time moves when a source waits. */
const WAIT_MS = 250;

interface RunOptions extends Pick<CrewOptions<unknown>, 'parallelism' | 'backend' | 'restoreFrom'> {
  readonly files?: MemoryFiles;
  readonly network?: MemoryNetwork;
}

/** A crew at work on a trial. */
class TrialRun {
  static async start(
    { spec, create, example }: Subject,
    { config, inputs }: Trial,
    { files = exampleFiles(example), network = new ExampleNetwork(example.network).network, ...options }: RunOptions,
  ): Promise<TrialRun> {
    const around = { files, network, baseFolder: EXAMPLE_FOLDER };
    const crew = await Crew.start({ spec, create, config, inputs, ...around, ...options });
    return new TrialRun(crew, inputs.length === 0, files, network, new Set(exampleFiles(example).paths()));
  }

  readonly crew: Crew;
  readonly files: MemoryFiles;
  readonly network: MemoryNetwork;
  readonly #isSource: boolean;
  readonly #inputFiles: ReadonlySet<string>;
  readonly #ended = new Set<OperatorHarness>();

  private constructor(
    crew: Crew,
    isSource: boolean,
    files: MemoryFiles,
    network: MemoryNetwork,
    inputFiles: ReadonlySet<string>,
  ) {
    this.crew = crew;
    this.#isSource = isSource;
    this.files = files;
    this.network = network;
    this.#inputFiles = inputFiles;
  }

  /** Neighbouring rows of one input go in as one batch a subtask, of at most `batchRows` rows dealt out. */
  async feed(steps: readonly TrialStep[], batchRows: BatchRows = Infinity): Promise<void> {
    let pending: Extract<TrialStep, { type: 'row' }>[] = [];
    const flush = async (): Promise<void> => {
      if (pending.length > 0) await this.crew.push(pending[0]!.input, pending);
      pending = [];
    };
    for (const step of steps) {
      if (step.type !== 'row' || pending.length >= batchRows || pending[0]?.input !== step.input) await flush();
      if (step.type === 'row') pending.push(step);
      else if (step.type === 'poll') this.#poll();
      else await this.crew.watermark(step.watermark, step.input);
    }
    await flush();
  }

  /** Watermarks are not part of a checkpoint, but a source sends them again from where it goes on. */
  async repeatWatermarks(steps: readonly TrialStep[]): Promise<void> {
    await this.feed(steps.filter((step) => step.type === 'watermark'));
  }

  /** To the end of the input; a source that only waits is at its end as far as a trial goes. */
  async end(): Promise<void> {
    const { members } = this.crew;
    if (!this.#isSource) await this.crew.end();
    else for (let i = 0; i < MAX_POLLS && this.#ended.size < members.length; i++) this.#poll();
  }

  /** To the end of the input and through a last checkpoint. */
  async finish(): Promise<Observation> {
    await this.end();
    await this.crew.snapshot(2);
    this.crew.checkpointComplete(2);
    this.crew.close();
    return this.observe();
  }

  observe(): Observation {
    return observe(this.crew.members, this.files, this.#inputFiles);
  }

  #poll(): void {
    for (const member of this.crew.members) {
      if (this.#ended.has(member)) continue;
      const status = member.pollOnce();
      if (status === 'ended') this.#ended.add(member);
      if (status === 'waiting') member.advanceTo(Math.max(member.clock.now() + WAIT_MS, member.clock.nextTimer ?? 0));
    }
  }
}

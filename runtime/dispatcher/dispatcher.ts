/** Takes documents in, compiles them, and runs each as a job: where the compiler and the engine meet, as in Flink's dispatcher. */
import type { EngineSetup } from '../comparison/index.ts';
import { compileDocument, type PhysicalPlan } from '../compiler/index.ts';
import { jobId as toJobId, type JobId } from '../core/ids.ts';
import { say } from '../core/say.ts';
import { resolveLocation } from '../engine/checkpoint/location.ts';
import type { EngineName } from '../protocol/comparison.ts';
import type { EngineApi } from '../protocol/engine.ts';
import { startedJob, type JobEvent, type RunOptions, type Watch } from '../protocol/job.ts';
import { release } from '../protocol/remote.ts';
import { codedError } from '../protocol/wire.ts';
import type { Outside } from '../debug/index.ts';
import { createComparisons } from './comparisons.ts';
import { CompositeView } from './composite-view.ts';
import { createDebugSessions } from './debug-sessions.ts';
import { EventBatcher, type Schedule } from './event-batcher.ts';
import { documentIn, refused } from './refused.ts';
import type { Job } from './job.ts';
import { createRemoteJobs } from './flink/remote-jobs.ts';
import { createTestRuns } from './test-runs.ts';

export interface JobOptions extends Omit<
  RunOptions,
  'params' | 'parallelism' | 'runtimeMode' | 'preview' | 'allowsUserCode' | 'watches' | 'keepsRows'
> {
  readonly jobId: JobId;
  readonly keeps: readonly Watch[];
}

export interface DispatcherParts {
  createJob(plan: PhysicalPlan, options: JobOptions, onEvent: (event: JobEvent) => void): Job;
  newJobId(): string;
  schedule: Schedule;
  /** ms, from any start: how long test cases take. */
  now(): number;
  /** ms since the epoch: what jobs of other clusters tell is of then. */
  clock(): number;
  /** What debug sessions and test cases read from. */
  readonly outside: Outside;
  /** What pipelines are compared with. */
  readonly engines: Readonly<Record<EngineName, EngineSetup>>;
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
}

/** Each holds a batch or more in every subtask. */
const MAX_KEPT_PORTS = 300;

export function createDispatcher({
  createJob,
  newJobId,
  schedule,
  now,
  clock,
  outside,
  engines,
  workerFile,
}: DispatcherParts): EngineApi {
  const jobs = new Map<JobId, { readonly job: Job; readonly view: CompositeView }>();

  function running(id: JobId): { readonly job: Job; readonly view: CompositeView } {
    const found = jobs.get(id);
    if (found === undefined) throw codedError('MR2005', say`There is no running job ${id}.`);
    return found;
  }

  async function look<J extends Job>(
    view: CompositeView,
    onEvent: (events: readonly JobEvent[]) => void,
    create: (jobId: JobId, onEvent: (event: JobEvent) => void) => J,
    begin: (job: J) => Promise<void>,
  ): Promise<{ readonly jobId: JobId; readonly job: J }> {
    const jobId = toJobId(newJobId());
    const batcher = new EventBatcher(onEvent, schedule);
    const job = create(jobId, (event) => batcher.add(view.show(event)));
    jobs.set(jobId, { job, view });
    void job.ended
      .catch(() => {})
      .then(() => jobs.delete(jobId))
      .then(() => batcher.drained())
      .then(() => release(onEvent));
    await begin(job);
    return { jobId, job };
  }

  return {
    async start({ text, folder, subPipelines = {}, options }, onEvent) {
      const plan = compile(text, folder, subPipelines, options);
      const view = new CompositeView(plan);
      const { resume, fromSavepoint, allowNonRestoredState, mends, printTo } = options;
      const stateFolder = stateFolderOf(plan, options);
      const ports = options.keepsRows === true ? view.ports() : [];
      const keeps = ports.length > MAX_KEPT_PORTS ? [] : ports;
      const jobOptions = { stateFolder, resume, fromSavepoint, allowNonRestoredState, keeps, mends, printTo };
      const { jobId } = await look(
        view,
        onEvent,
        (id, tell) => createJob(plan, { ...jobOptions, jobId: id }, tell),
        (job) => {
          if (options.watches !== undefined) job.watch(options.watches.map((watch) => view.watched(watch)));
          return job.start();
        },
      );
      return startedJob(jobId, plan);
    },
    async stop(id, savepoint) {
      const { job } = running(id);
      const location = await job.stop({ savepoint });
      await job.ended;
      return location;
    },
    async savepoint(id, folder) {
      return running(id).job.savepoint(folder);
    },
    async cancel(id) {
      const { job } = running(id);
      await job.cancel();
      await job.ended;
    },
    async watch(id, watches) {
      const { job, view } = running(id);
      job.watch(watches.map((watch) => view.watched(watch)));
    },
    async sampleKeys(id, nodeIds) {
      const { job, view } = running(id);
      job.sampleKeys(view.operatorsOf(nodeIds));
    },
    async mend(id, mends) {
      running(id).job.mend(mends);
    },
    ...createComparisons({ engines, workerFile, now }),
    ...createTestRuns({ files: outside.files, now }),
    ...createDebugSessions(outside),
    ...createRemoteJobs({
      clock,
      delay: (ms) => new Promise((resolve) => schedule(() => resolve(), ms)),
      // What comes of another cluster is of the document's nodes already.
      async adopt(onEvent, create) {
        const whole = new CompositeView({ composites: [], operators: [] });
        const { jobId, job } = await look(whole, onEvent, (_, tell) => create(tell), (one) => one.start()); // prettier-ignore
        return { jobId, detach: () => job.detach() };
      },
    }),
  };
}

/** A preview must leave no checkpoint behind: the next run would go on from it, past rows that were never written. */
function stateFolderOf({ settings, baseFolder }: PhysicalPlan, { preview, stateFolder }: RunOptions): string | null {
  if (preview !== undefined) return null;
  const { path } = settings.checkpoint;
  return path === undefined ? stateFolder : resolveLocation(baseFolder, path);
}

function compile(
  text: string,
  baseFolder: string,
  subPipelines: Readonly<Record<string, string>>,
  { params, parallelism, runtimeMode, preview, allowsUserCode }: RunOptions,
): PhysicalPlan {
  const written = documentIn(text);
  const document = runtimeMode === undefined ? written : { ...written, settings: { ...written.settings, runtimeMode } };
  const compiled = compileDocument(document, {
    baseFolder,
    allowsUserCode,
    preview,
    subPipelines: new Map(Object.entries(subPipelines)),
    ...(params === undefined ? {} : { params }),
    ...(parallelism === undefined ? {} : { parallelism }),
  });
  if (compiled.plan === null) throw refused(compiled.diagnostics);
  return compiled.plan;
}

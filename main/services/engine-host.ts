import type { Mend } from '../../runtime/core/dead-letters.ts';
import type { JobId, NodeId } from '../../runtime/core/ids.ts';
import type { ComparisonProgress, ComparisonReport, ComparisonRequest } from '../../runtime/protocol/comparison.ts';
import type {
  DebugAnswer,
  DebugArguments,
  DebugEvent,
  DebugMethod,
  DebugRequest,
  DebugStart,
} from '../../runtime/protocol/debug.ts';
import { say } from '../../runtime/core/say.ts';
import type { DeployRequest, EngineApi } from '../../runtime/protocol/engine.ts';
import type { ReportedJob } from '../../runtime/protocol/flink-metrics.ts';
import {
  isTerminal,
  type JobEvent,
  type JobStart,
  type RunOptions,
  type StartedJob,
  type Watch,
} from '../../runtime/protocol/job.ts';
import type { ClusterInfo, DeployProgress, FlinkCluster } from '../../runtime/protocol/remote-cluster.ts';
import type { TestReport, TestRequest } from '../../runtime/protocol/test-report.ts';
import { JobStatistics } from '../../runtime/protocol/job-statistics.ts';
import { connect, engineLost, type Connection } from '../../runtime/protocol/remote.ts';
import type { Transport } from '../../runtime/protocol/transport.ts';
import { codedError, toWireError } from '../../runtime/protocol/wire.ts';

export interface EngineRequest {
  readonly text: string;
  readonly folder: string;
  readonly options: RunOptions;
}

interface RunningJob {
  readonly onEvent: (events: readonly JobEvent[]) => unknown;
  readonly statistics: JobStatistics;
  whenEnded: () => void;
}

/** Long enough for a last checkpoint, short enough for whoever closes the window. */
const SHUTDOWN_LIMIT_MS = 5000;

/**
 * The engine's process as its host sees it: started when first needed, and again after it died. Jobs that ran in a process
 * that died are told FAILED, with MR2003.
 */
export class EngineHost {
  readonly #launch: () => Transport;
  readonly #jobs = new Map<JobId, { readonly start: StartedJob; readonly job: RunningJob }>();
  #connection: Connection<EngineApi> | null = null;

  /** `launch` starts the process and connects to it. */
  constructor(launch: () => Transport) {
    this.#launch = launch;
  }

  /** `onEnded` once, at the job's terminal state. */
  async start(request: EngineRequest, onEvent: RunningJob['onEvent'], onEnded: () => void): Promise<JobStart> {
    return this.#look(onEvent, onEnded, (tell) => this.#engine().start(request, tell));
  }

  /** See `EngineApi.deploy`; otherwise as `start`. */
  async deploy(
    request: DeployRequest,
    onEvent: RunningJob['onEvent'],
    onProgress: (progress: DeployProgress) => unknown,
    onEnded: () => void,
  ): Promise<JobStart> {
    const tellProgress = async (progress: DeployProgress): Promise<void> => void (await onProgress(progress));
    return this.#look(onEvent, onEnded, (tell) => this.#engine().deploy(request, tell, tellProgress));
  }

  async cancelDeploy(deployId: string): Promise<void> {
    await this.#engine().cancelDeploy(deployId);
  }

  async clusterInfo(cluster: FlinkCluster): Promise<ClusterInfo> {
    return this.#engine().clusterInfo(cluster);
  }

  /** Looks away from a job of another cluster, which has then ended as far as this host is concerned. */
  async detach(jobId: JobId): Promise<void> {
    const engine = this.#engineOf(jobId);
    const { job } = this.#jobs.get(jobId)!;
    await engine.detach(jobId);
    job.whenEnded();
  }

  async #look(
    onEvent: RunningJob['onEvent'],
    onEnded: () => void,
    begin: (tell: (events: readonly JobEvent[]) => Promise<void>) => Promise<StartedJob>,
  ): Promise<JobStart> {
    const job: RunningJob = { onEvent, statistics: new JobStatistics(), whenEnded: onEnded };
    const start = await begin((events) => this.#forward(job, events));
    // A short job may have ended before its start is known here.
    if (!isTerminal(job.statistics.state)) {
      this.#jobs.set(start.jobId, { start, job });
      job.whenEnded = () => {
        this.#jobs.delete(start.jobId);
        onEnded();
      };
    }
    return start;
  }

  runningJobs(): ReportedJob[] {
    return [...this.#jobs.values()].map(({ start, job }) => ({ start, statistics: job.statistics }));
  }

  /** See `EngineApi.stop`. */
  async stop(jobId: JobId, savepointFolder: string | null = null): Promise<string | null> {
    return this.#engineOf(jobId).stop(jobId, savepointFolder);
  }

  /** Its location, in `folder`. */
  async savepoint(jobId: JobId, folder: string): Promise<string> {
    return this.#engineOf(jobId).savepoint(jobId, folder);
  }

  async cancel(jobId: JobId): Promise<void> {
    await this.#engineOf(jobId).cancel(jobId);
  }

  async watch(jobId: JobId, watches: readonly Watch[]): Promise<void> {
    await this.#engineOf(jobId).watch(jobId, watches);
  }

  async sampleKeys(jobId: JobId, nodeIds: readonly NodeId[]): Promise<void> {
    await this.#engineOf(jobId).sampleKeys(jobId, nodeIds);
  }

  async mend(jobId: JobId, mends: readonly Mend[]): Promise<void> {
    await this.#engineOf(jobId).mend(jobId, mends);
  }

  /** See `EngineApi.runTests`. */
  async runTests(request: TestRequest, onReport: (report: TestReport) => unknown): Promise<void> {
    await this.#engine().runTests(request, async (report) => void (await onReport(report)));
  }

  async cancelTests(runId: string): Promise<void> {
    await this.#engine().cancelTests(runId);
  }

  /** See `EngineApi.compare`. */
  async compare(
    request: ComparisonRequest,
    onProgress: (progress: ComparisonProgress) => unknown,
  ): Promise<ComparisonReport> {
    return this.#engine().compare(request, async (progress) => void (await onProgress(progress)));
  }

  async cancelComparison(comparisonId: string): Promise<void> {
    await this.#engine().cancelComparison(comparisonId);
  }

  /** See `EngineApi.startDebug`. */
  async startDebug(request: DebugRequest, onEvent: (event: DebugEvent) => unknown): Promise<DebugStart> {
    return this.#engine().startDebug(request, (event) => void onEvent(event));
  }

  async debug<M extends DebugMethod>(sessionId: string, method: M, args: DebugArguments<M>): Promise<DebugAnswer<M>> {
    return this.#engine().debug(sessionId, method, args);
  }

  /** Stops what runs, with a last checkpoint where time allows, and ends the process. */
  async shutDown(): Promise<void> {
    // Jobs of other clusters were never ours to stop.
    const local = [...this.#jobs.values()].filter(({ start }) => start.remote === undefined);
    const stopped = Promise.allSettled(local.map(({ start }) => this.stop(start.jobId)));
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, SHUTDOWN_LIMIT_MS)));
    await Promise.race([stopped, limit]);
    clearTimeout(timer);
    this.#connection?.dispose();
  }

  #engine(): EngineApi {
    if (this.#connection === null || this.#connection.isClosed) {
      const connection = connect<EngineApi>(this.#launch(), engineLost);
      this.#connection = connection;
      void connection.closed.then(() => this.#lost(connection));
    }
    return this.#connection.api;
  }

  #engineOf(jobId: JobId): EngineApi {
    if (!this.#jobs.has(jobId)) throw codedError('MR2005', say`There is no running job ${jobId}.`);
    return this.#engine();
  }

  async #forward(job: RunningJob, events: readonly JobEvent[]): Promise<void> {
    for (const event of events) job.statistics.note(event);
    const told = job.onEvent(events);
    // Before its page hears of the end: it may start the next one at once.
    if (isTerminal(job.statistics.state)) job.whenEnded();
    await told;
  }

  #lost(connection: Connection<EngineApi>): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    const error = toWireError(engineLost());
    for (const { job } of [...this.#jobs.values()]) {
      const failed = {
        type: 'state',
        state: 'FAILED',
        at: Date.now(),
        error,
        attempt: job.statistics.attempt,
      } as const;
      // Its page may have gone too.
      void this.#forward(job, [failed]).catch(() => {});
    }
  }
}

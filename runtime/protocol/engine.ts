/** What a host asks of the engine's process. */
import type { Mend } from '../core/dead-letters.ts';
import type { JobId, NodeId } from '../core/ids.ts';
import type { ComparisonProgress, ComparisonReport, ComparisonRequest } from './comparison.ts';
import type { DebugAnswer, DebugArguments, DebugEvent, DebugMethod, DebugRequest, DebugStart } from './debug.ts';
import type { JobEvent, RunOptions, StartedJob, Watch } from './job.ts';
import type { ClusterInfo, DeployOptions, DeployProgress, FlinkCluster } from './remote-cluster.ts';
import type { TestReport, TestRequest } from './test-report.ts';

export interface DeployRequest {
  /** To cancel it by. */
  readonly deployId: string;
  /** As of `start`. */
  readonly text: string;
  readonly folder: string;
  readonly subPipelines?: Readonly<Record<string, string>>;
  readonly options: DeployOptions;
}

export interface EngineApi {
  /** `text` is the document, `folder` the absolute folder its relative paths start from. Rejects with `diagnostics` when it has errors. */
  start(
    request: {
      readonly text: string;
      readonly folder: string;
      /** Texts of the documents that this one stands on, by path from `folder`. */
      readonly subPipelines?: Readonly<Record<string, string>>;
      readonly options: RunOptions;
    },
    onEvent: (events: readonly JobEvent[]) => void,
  ): Promise<StartedJob>;
  /** What runs in a Flink. Rejects with MR2111 when its gateway, or the cluster behind it, does not answer. */
  clusterInfo(cluster: FlinkCluster): Promise<ClusterInfo>;
  /**
   * Begins a document's job in a Flink, or finds it there; what it tells comes as if it ran here. It goes on whatever becomes of this process. Rejects
   * as `start`, and with Flink's reason and the node whose statement it refused.
   */
  deploy(
    request: DeployRequest,
    onEvent: (events: readonly JobEvent[]) => void,
    onProgress: (progress: DeployProgress) => void,
  ): Promise<StartedJob>;
  /** While statements are sent; does nothing when that is over. */
  cancelDeploy(deployId: string): Promise<void>;
  /** Looks away from a job of another cluster, which runs on: no event says so. */
  detach(jobId: JobId): Promise<void>;
  /** Ends the job with a final checkpoint, or with a savepoint below `savepoint` (absolute folder or URL), whose path is answered. */
  stop(jobId: JobId, savepoint: string | null): Promise<string | null>;
  /** Takes a savepoint below `folder` while the job goes on; its path. Rejects when it fails; the job does not. */
  savepoint(jobId: JobId, folder: string): Promise<string>;
  cancel(jobId: JobId): Promise<void>;
  watch(jobId: JobId, watches: readonly Watch[]): Promise<void>;
  /** Whose hottest keys are wanted, as `hot-keys` events; replaces those before. */
  sampleKeys(jobId: JobId, nodeIds: readonly NodeId[]): Promise<void>;
  /** Replaces the mends that stand: rows that are kept are read at once. */
  mend(jobId: JobId, mends: readonly Mend[]): Promise<void>;
  /**
   * Runs test cases of a document, one after the other; settles when all have been reported. Rejects with `diagnostics` when there is no
   * document in the text, and when it is cancelled.
   */
  runTests(request: TestRequest, onReport: (report: TestReport) => void): Promise<void>;
  /** Of the request with this id; does nothing when it is over. */
  cancelTests(runId: string): Promise<void>;
  /**
   * Runs a document here and, exported, on a real engine, over the same input, and compares the rows. Rejects with `diagnostics` when the document has errors or
   * something that the engine has no place for; with MR2403 where the engine cannot be had here, MR2404 when it does not start or refuses the job, MR2405
   * when no input comes; and when it is cancelled.
   */
  compare(request: ComparisonRequest, onProgress: (progress: ComparisonProgress) => void): Promise<ComparisonReport>;
  /** Of the request with this id; does nothing when it is over. */
  cancelComparison(comparisonId: string): Promise<void>;
  /** Starts a session that stands in front of its first step. Rejects as `start`, and with what a source throws when it is opened. */
  startDebug(request: DebugRequest, onEvent: (event: DebugEvent) => void): Promise<DebugStart>;
  /** Calls a method of a session; it is over with `close`. */
  debug<M extends DebugMethod>(sessionId: string, method: M, args: DebugArguments<M>): Promise<DebugAnswer<M>>;
}

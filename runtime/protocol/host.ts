/** What the app's page may ask of its host (Electron's main process, or the web server): one interface, both hosts, called through Comlink. */
import type { Mend } from '../core/dead-letters.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import type { JobId, NodeId } from '../core/ids.ts';
import type { ComparisonOptions, ComparisonProgress, ComparisonReport } from './comparison.ts';
import type {
  DebugAnswer,
  DebugArguments,
  DebugEvent,
  DebugMethod,
  DebugOptions,
  DebugRequest,
  DebugStart,
} from './debug.ts';
import type { DebugMemory } from './debug-memory.ts';
import type { JobEvent, JobStart, RunOptions, Watch } from './job.ts';
import type { ClusterInfo, DeployOptions, DeployProgress, FlinkCluster, FlinkPlace } from './remote-cluster.ts';
import type { RunRecord } from './run-record.ts';
import type { TestReport, TestRequest } from './test-report.ts';

export interface HostInfo {
  readonly kind: 'desktop' | 'web';
  readonly version: string;
  readonly platform: string;
  /** Absolute. */
  readonly workspace: string;
  /** Whether documents of this workspace may run code of their own. */
  readonly isTrusted: boolean;
  /** 'dark' or 'light', as the system is set; the web host answers null (the page asks the browser). */
  readonly systemTheme: 'dark' | 'light' | null;
}

/** Paths are relative to the workspace, with `/`. */
export interface WorkspaceFile {
  readonly path: string;
  readonly isPipeline: boolean;
  readonly modifiedAt: number;
}

export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

export interface OpenedDocument {
  readonly path: string;
  readonly text: string;
  /** Changes whenever the file does. */
  readonly revision: string;
  /** An unsaved copy newer than the file, kept from a session that did not end well; null = none. */
  readonly recovery: string | null;
}

export type SaveResult =
  | { readonly status: 'saved'; readonly revision: string }
  /** The file was changed outside since `baseRevision`: nothing was written. */
  | { readonly status: 'conflict'; readonly text: string; readonly revision: string };

export interface TemplateInfo {
  readonly name: string;
  readonly title: string;
  /** The question it answers. */
  readonly description: string;
  /** Of its operators, in the document's order. */
  readonly operatorTypes: readonly string[];
}

export interface AppSettings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly language: 'en' | 'zh-CN';
  /** Serialised panel layout; null = the default. */
  readonly layout: unknown;
  /** In pixels. */
  readonly sideBarWidth: number;
  /** The Flink that pipelines were sent to last; null: none yet. */
  readonly flink: FlinkPlace | null;
  /** Shortcuts of commands that differ from their own, by command; empty = none. */
  readonly shortcuts: Readonly<Record<string, readonly string[]>>;
}

export const DEFAULT_APP_SETTINGS: AppSettings = {
  theme: 'system',
  language: 'en',
  layout: null,
  sideBarWidth: 224,
  flink: null,
  shortcuts: {},
};

/** A state of a file that is kept in git. */
export interface Revision {
  readonly hash: string;
  readonly subject: string;
  readonly author: string;
  /** ms since the epoch. */
  readonly at: number;
}

export interface HostApi {
  info(): Promise<HostInfo>;

  /** The user's word on the workspace; kept with the user's settings. */
  setTrusted(isTrusted: boolean): Promise<void>;

  listFiles(): Promise<readonly WorkspaceFile[]>;
  openDocument(path: string): Promise<OpenedDocument>;
  /** `baseRevision` null: a new file; fails if it exists (error code MR2102). */
  saveDocument(path: string, text: string, baseRevision: string | null): Promise<SaveResult>;
  /** Gives a document another path, together with its checkpoints and all that is kept of it. Rejects where there is a file already (MR2102), and while its job runs (MR2005). */
  moveDocument(path: string, to: string): Promise<void>;
  /** Takes a document out of the workspace, as `moveDocument`; the path from where that brings it back. */
  deleteDocument(path: string): Promise<string>;
  /** Writes files that are made anew from a document each time: what is there under their names is replaced. */
  writeFiles(files: readonly WrittenFile[]): Promise<void>;
  /** Keeps an unsaved copy; `text` null drops it. */
  saveRecovery(path: string, text: string | null): Promise<void>;
  recentDocuments(): Promise<readonly string[]>;
  listTemplates(): Promise<readonly TemplateInfo[]>;
  /** PNG; null when it has none. */
  templatePicture(name: string): Promise<Uint8Array | null>;
  /** Copies a template's folder into the workspace; the path of its document. Never overwrites: a second copy gets a number. */
  createFromTemplate(name: string): Promise<string>;
  /** First lines of a data file, for inferring a schema and for previews. */
  readSample(path: string, maxBytes: number): Promise<string>;
  /** The last bytes of a file, at most so many: where formats in columns keep their schema. */
  readTail(path: string, maxBytes: number): Promise<Uint8Array>;
  /** Revisions in git that touched a file, newest first; empty where there is no repository. */
  listRevisions(path: string): Promise<readonly Revision[]>;
  /** The file as it was in one of them. */
  readRevision(path: string, hash: string): Promise<string>;

  settings(): Promise<AppSettings>;
  saveSettings(change: Partial<AppSettings>): Promise<AppSettings>;

  /** Compiles and starts; the job goes on as long as a page sees it. Rejects with code MR… and `diagnostics` when the document has errors. `onEvent` is a Comlink proxy, called until the job's terminal state. */
  startJob(request: StartJobRequest, onEvent: (events: readonly JobEvent[]) => void): Promise<JobStart>;
  /** What runs in a Flink. */
  clusterInfo(cluster: FlinkCluster): Promise<ClusterInfo>;
  /** Begins a document's job in a Flink, or finds it there. It goes on whatever becomes of this app. Rejects as `startJob`. */
  deployJob(
    request: DeployJobRequest,
    onEvent: (events: readonly JobEvent[]) => void,
    onProgress: (progress: DeployProgress) => void,
  ): Promise<JobStart>;
  /** What this page is sending. */
  cancelDeploy(): Promise<void>;
  /** Looks away from a job that runs in a Flink. */
  detachJob(jobId: JobId): Promise<void>;
  /** Runs of the workspace's documents that go on, and the last ones that have ended; newest first. */
  listRuns(): Promise<readonly RunRecord[]>;
  /** The document's job that runs now, whichever page started it. */
  runningJob(path: string): Promise<JobStart | null>;
  /**
   * Makes a document's running job this page's, as if it had been started here, where the page that started it has gone; its state and
   * metrics are told first. null: none runs, or its page is still there.
   */
  adoptJob(path: string, onEvent: (events: readonly JobEvent[]) => void): Promise<JobStart | null>;
  /** Stops with a final checkpoint, or a savepoint, whose path is answered; settles when the job has ended. */
  stopJob(jobId: JobId, withSavepoint: boolean): Promise<string | null>;
  /** Takes a savepoint while the job goes on; its path. */
  takeSavepoint(jobId: JobId): Promise<string>;
  /** What a document's job can start from, newest first. */
  listRestorePoints(path: string): Promise<readonly RestorePoint[]>;
  /** Ends at once, without a checkpoint. */
  cancelJob(jobId: JobId): Promise<void>;
  /** Replaces the set of watched ports. */
  watchRows(jobId: JobId, watches: readonly Watch[]): Promise<void>;

  /** Texts that are read in place of a document's rejected rows, in every run. */
  listMends(path: string): Promise<readonly Mend[]>;
  /** Replaces them; a running job of the document reads those of the rows it keeps at once. */
  saveMends(path: string, mends: readonly Mend[]): Promise<void>;
  /** Runs test cases, a report each; settles when all have been reported. Rejects as `startJob`, and when they are cancelled. */
  runTests(request: RunTestsRequest, onReport: (report: TestReport) => void): Promise<void>;
  /** Those that this page has running. */
  cancelTests(): Promise<void>;
  /** Compares the rows of a document here with those of a real engine. Rejects as `EngineApi.compare`. */
  compare(request: CompareRequest, onProgress: (progress: ComparisonProgress) => void): Promise<ComparisonReport>;
  /** The one that this page has running. */
  cancelComparison(): Promise<void>;
  /**
   * Follows the jobs of a document, whoever starts them, now and later: the state and metrics of the one that runs or ran last, the rows
   * of `watches` as they stand, then its events as they come, but for its log. In place of what this page followed before.
   */
  followJobs(path: string, watches: readonly Watch[], onEvent: (events: readonly JobEvent[]) => void): Promise<void>;

  /** Replaces the set of nodes whose hottest keys are wanted. */
  sampleKeys(jobId: JobId, nodeIds: readonly NodeId[]): Promise<void>;

  /** Starts this page's debug session, in place of one that it had. Rejects as `startJob`. */
  startDebug(request: StartDebugRequest, onEvent: (event: DebugEvent) => void): Promise<DebugStart>;
  /** Calls a method of the page's session. */
  debug<M extends DebugMethod>(method: M, args: DebugArguments<M>): Promise<DebugAnswer<M>>;
  /** What is kept of debugging a document: breakpoints, what is watched, recordings. */
  debugMemory(path: string): Promise<DebugMemory>;
  saveDebugMemory(path: string, memory: DebugMemory): Promise<void>;

  /** Calls back when a file of the workspace changes outside. */
  onFilesChanged(listener: (paths: readonly string[]) => void): Promise<void>;
}

export interface StartJobRequest {
  /** Path of the document in the workspace: relative paths in it are resolved from there. */
  readonly path: string;
  /** Its text as on screen, saved or not. */
  readonly text: string;
  /** Texts of the documents that it stands on, as on screen, by path from its folder. */
  readonly subPipelines?: Readonly<Record<string, string>>;
  readonly options: Pick<
    RunOptions,
    | 'params'
    | 'parallelism'
    | 'runtimeMode'
    | 'resume'
    | 'fromSavepoint'
    | 'allowNonRestoredState'
    | 'preview'
    | 'watches'
  >;
}

export interface DeployJobRequest extends Pick<StartJobRequest, 'path' | 'text' | 'subPipelines'> {
  readonly options: DeployOptions;
}

export interface StartDebugRequest extends Pick<DebugRequest, 'text' | 'subPipelines'> {
  /** Path of the document in the workspace. */
  readonly path: string;
  readonly options: Omit<DebugOptions, 'allowsUserCode'>;
}

export interface RunTestsRequest extends Pick<TestRequest, 'text' | 'subPipelines' | 'cases'> {
  /** Path of the document in the workspace. */
  readonly path: string;
}

export interface CompareRequest extends Pick<StartJobRequest, 'path' | 'text' | 'subPipelines'> {
  readonly options: ComparisonOptions;
}

/** A completed checkpoint or savepoint of a document's earlier runs. */
export interface RestorePoint {
  readonly kind: 'checkpoint' | 'savepoint';
  readonly id: number;
  /** For `fromSavepoint`. */
  readonly location: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly stateBytes: number;
}

/** Error data of a `startJob` that was refused. */
export interface InvalidDocument {
  readonly diagnostics: readonly Diagnostic[];
}

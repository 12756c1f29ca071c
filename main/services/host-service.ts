/** What the app can do for its page; the same in both hosts. Each page that connects gets a session of its own. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Mend } from '../../runtime/core/dead-letters.ts';
import { isUrl } from '../../runtime/core/webhdfs-location.ts';
import { ownStateFolder, restorePoints } from '../../runtime/dispatcher/restore-points.ts';
import type { ComparisonProgress, ComparisonReport } from '../../runtime/protocol/comparison.ts';
import type { DebugEvent, DebugStart } from '../../runtime/protocol/debug.ts';
import type { DebugMemory } from '../../runtime/protocol/debug-memory.ts';
import type {
  CompareRequest,
  DeployJobRequest,
  HostApi,
  HostInfo,
  RestorePoint,
  RunTestsRequest,
  StartDebugRequest,
  StartJobRequest,
} from '../../runtime/protocol/host.ts';
import type { JobEvent, JobStart, Watch } from '../../runtime/protocol/job.ts';
import type { DeployProgress } from '../../runtime/protocol/remote-cluster.ts';
import type { RunChoices, RunKind, RunRecord } from '../../runtime/protocol/run-record.ts';
import type { TestReport } from '../../runtime/protocol/test-report.ts';
import { serve } from '../../runtime/protocol/remote.ts';
import type { Transport } from '../../runtime/protocol/transport.ts';
import { say } from '../../runtime/core/say.ts';
import { codedError } from '../../runtime/protocol/wire.ts';
import { debugMemoryFile } from './debug-memory.ts';
import type { EngineHost } from './engine-host.ts';
import { FolderWatcher } from './folder-watcher.ts';
import { guarded } from './host-requests.ts';
import { JobFeed } from './job-feed.ts';
import { mendsFile } from './mends.ts';
import type { RunHistory } from './run-history.ts';
import type { Templates } from './templates.ts';
import type { UserData } from './user-data.ts';
import { IGNORED_FOLDERS, type Workspace } from './workspace.ts';
import { HostSession } from './host-session.ts';

export interface HostParts {
  readonly workspace: Workspace;
  readonly userData: UserData;
  readonly templates: Templates;
  readonly engine: EngineHost;
  /** What depends on the kind of host; asked anew each time. */
  readonly describe: () => Omit<HostInfo, 'platform' | 'workspace' | 'isTrusted'>;
  /** How long a job goes on that no page sees, in ms; a page that is read again is back by then. */
  readonly unseenLimitMs?: number;
}

export type OnEvents = (events: readonly JobEvent[]) => unknown;
export type FilesListener = (paths: readonly string[]) => unknown;

/** Checkpoints of jobs run from the app, by document; its savepoints are in a folder of their own in there. */
const STATE_FOLDER = '.millrace';
const SAVEPOINTS = 'savepoints';
/** For each run of a test case. */
const TEST_TIMEOUT_MS = 30_000;
const UNSEEN_LIMIT_MS = 5000;

export class HostService {
  readonly parts: HostParts;
  readonly #watcher: FolderWatcher;
  readonly #runs: RunHistory;
  readonly #fileListeners = new Set<FilesListener>();
  /** Documents with a running job (null while it starts): two would share their checkpoints. */
  readonly #running = new Map<string, JobStart | null>();
  /** By absolute path of the document. */
  readonly #feeds = new Map<string, JobFeed>();

  constructor(parts: HostParts) {
    this.parts = parts;
    this.#runs = parts.userData.runHistory(parts.workspace.root);
    this.#watcher = new FolderWatcher(parts.workspace.root, IGNORED_FOLDERS, (paths) => void this.#filesChanged(paths));
  }

  async open(): Promise<void> {
    await this.parts.userData.noteWorkspace(this.parts.workspace.root);
    await this.#watcher.start();
  }

  async close(): Promise<void> {
    this.#watcher.close();
    await this.parts.engine.shutDown();
    await this.#runs.settled();
  }

  /** Serves a page until it goes; its jobs then go on as long as another page follows them. */
  serve(transport: Transport): void {
    const session = new HostSession(this);
    const connection = serve<HostApi>(transport, guarded(session));
    void connection.closed.then(() => session.end());
  }

  /** A page saved a document: other pages are told. */
  tellOthers(document: string, own: ReadonlySet<FilesListener>): void {
    for (const listener of this.#fileListeners)
      if (!own.has(listener)) void Promise.resolve(listener([document])).catch(() => {});
  }

  listen(listener: FilesListener): () => void {
    this.#fileListeners.add(listener);
    return () => this.#fileListeners.delete(listener);
  }

  async startJob(
    { path: document, text, subPipelines = {}, options }: StartJobRequest,
    onEvent: OnEvents,
  ): Promise<JobStart> {
    const file = await this.parts.workspace.resolve(document);
    const { params = {}, parallelism = null, runtimeMode = null, preview } = options;
    const run = { kind: preview === undefined ? 'run' : 'preview', params, parallelism, runtimeMode } as const;
    return this.#begin(document, file, run, onEvent, async (tell, ended) => {
      const request = {
        text,
        folder: path.dirname(file),
        subPipelines,
        options: {
          ...options,
          fromSavepoint: await this.#savepoint(document, options.fromSavepoint),
          stateFolder: await this.#stateFolder(document),
          mends: await (await this.#mendsFile(document)).read(),
          allowsUserCode: await this.isTrusted(),
          keepsRows: true,
          printTo: 'events' as const,
        },
      };
      return this.parts.engine.start(request, tell, ended);
    });
  }

  /** See `HostApi.deployJob`. */
  async deployJob(
    deployId: string,
    { path: document, text, subPipelines = {}, options }: DeployJobRequest,
    onEvent: OnEvents,
    onProgress: (progress: DeployProgress) => unknown,
  ): Promise<JobStart> {
    const file = await this.parts.workspace.resolve(document);
    const request = { deployId, text, folder: path.dirname(file), subPipelines, options };
    const run = { kind: 'flink', params: options.params, parallelism: null, runtimeMode: null } as const;
    return this.#begin(document, file, run, onEvent, (tell, ended) =>
      this.parts.engine.deploy(request, tell, onProgress, ended),
    );
  }

  async #begin(
    document: string,
    file: string,
    { kind, ...choices }: RunChoices & { readonly kind: RunKind },
    onEvent: OnEvents,
    start: (tell: OnEvents, ended: () => void) => Promise<JobStart>,
  ): Promise<JobStart> {
    if (this.#running.has(file)) throw isRunning(document);
    this.#running.set(file, null);
    const feed = this.#feedOf(file);
    feed.begin(onEvent);
    const recorded = this.#runs.begin(document, kind, choices);
    const ended = (): void => {
      this.#running.delete(file);
      recorded.end();
      feed.end();
    };
    try {
      const tell = (events: readonly JobEvent[]): unknown => {
        recorded.receive(events);
        return feed.receive(events);
      };
      const started = await start(tell, ended);
      // It may have ended already.
      if (this.#running.has(file)) {
        this.#running.set(file, started);
        await feed.started(started.jobId);
      }
      return started;
    } catch (error) {
      recorded.forget();
      ended();
      feed.leave(onEvent);
      throw error;
    }
  }

  /** See `HostApi.moveDocument`. */
  async moveDocument(document: string, to: string): Promise<void> {
    const { workspace } = this.parts;
    if (this.#running.has(await workspace.resolve(document))) throw isRunning(document);
    await workspace.move(document, to);
    await workspace.moveKept(`${STATE_FOLDER}/${document}`, `${STATE_FOLDER}/${to}`);
  }

  /** Relative to the workspace; free. */
  placeForDeleted(document: string): string {
    return `${STATE_FOLDER}/deleted/${randomUUID()}/${document}`;
  }

  listRuns(): Promise<readonly RunRecord[]> {
    return this.#runs.list();
  }

  /** See `HostApi.runningJob`. */
  async runningJob(document: string): Promise<JobStart | null> {
    return this.#running.get(await this.parts.workspace.resolve(document)) ?? null;
  }

  /** See `HostApi.adoptJob`. */
  async adoptJob(document: string, onEvent: OnEvents): Promise<JobStart | null> {
    const file = await this.parts.workspace.resolve(document);
    const running = this.#running.get(file) ?? null;
    const known = running === null ? null : this.#feedOf(file).adopt(onEvent);
    if (known === null) return null;
    await onEvent(known);
    return running;
  }

  /** The page that listens to the document's job with `onEvent` has gone. */
  async leave(document: string, onEvent: OnEvents): Promise<void> {
    const file = await this.parts.workspace.resolve(document);
    this.#feedOf(file).leave(onEvent);
    this.#stopUnseen(file);
  }

  /** Nobody is left to stop a job that no page sees; one of another cluster runs on, and nobody asks after it. */
  #stopUnseen(file: string): void {
    const feed = this.#feedOf(file);
    const isUnseen = (): boolean => this.#running.has(file) && !feed.isSeen;
    if (!isUnseen()) return;
    const stop = (): void => {
      const job = this.#running.get(file);
      if (!isUnseen() || job === null || job === undefined) return;
      const { engine } = this.parts;
      const done = job.remote === undefined ? engine.stop(job.jobId) : engine.detach(job.jobId);
      void done.catch(() => {});
    };
    setTimeout(stop, this.parts.unseenLimitMs ?? UNSEEN_LIMIT_MS).unref();
  }

  async mends(document: string): Promise<readonly Mend[]> {
    return (await this.#mendsFile(document)).read();
  }

  /** Replaces the mends of a document's rows, for its next runs and the one that is running. */
  async saveMends(document: string, mends: readonly Mend[]): Promise<void> {
    const { workspace, engine } = this.parts;
    await (await this.#mendsFile(document)).change(() => mends);
    const running = this.#running.get(await workspace.resolve(document)) ?? null;
    if (running !== null) await engine.mend(running.jobId, mends);
  }

  async debugMemory(document: string): Promise<DebugMemory> {
    return debugMemoryFile(await this.#stateFolder(document)).read();
  }

  async saveDebugMemory(document: string, memory: DebugMemory): Promise<void> {
    await debugMemoryFile(await this.#stateFolder(document)).change(() => memory);
  }

  async #mendsFile(document: string): Promise<ReturnType<typeof mendsFile>> {
    return mendsFile(await this.#stateFolder(document));
  }

  async runTests(
    runId: string,
    { path: document, text, subPipelines = {}, cases }: RunTestsRequest,
    onReport: (report: TestReport) => unknown,
  ): Promise<void> {
    const file = await this.parts.workspace.resolve(document);
    const allowsUserCode = await this.isTrusted();
    const folder = path.dirname(file);
    const request = { runId, text, folder, subPipelines, cases, allowsUserCode, timeoutMs: TEST_TIMEOUT_MS };
    await this.parts.engine.runTests(request, onReport);
  }

  /** See `HostApi.compare`. */
  async compare(
    comparisonId: string,
    { path: document, text, subPipelines = {}, options }: CompareRequest,
    onProgress: (progress: ComparisonProgress) => unknown,
  ): Promise<ComparisonReport> {
    const folder = path.dirname(await this.parts.workspace.resolve(document));
    const allowsUserCode = await this.isTrusted();
    return this.parts.engine.compare({ comparisonId, text, folder, subPipelines, options, allowsUserCode }, onProgress);
  }

  /** What `onEvent`, which came with the start of the document's job, is told of rows from now on. */
  async watch(document: string, onEvent: OnEvents, watches: readonly Watch[]): Promise<void> {
    const present = await this.#feedOf(await this.parts.workspace.resolve(document)).watch(onEvent, watches);
    if (present.length > 0) await onEvent(present);
  }

  /** See `HostApi.followJobs`. Returns the way to stop. */
  async follow(document: string, watches: readonly Watch[], onEvent: OnEvents): Promise<() => void> {
    const file = await this.parts.workspace.resolve(document);
    const unfollow = this.#feedOf(file).follow(watches, onEvent);
    return () => {
      unfollow();
      this.#stopUnseen(file);
    };
  }

  #feedOf(file: string): JobFeed {
    const found = this.#feeds.get(file);
    if (found !== undefined) return found;
    const feed = new JobFeed((jobId, watches) => this.parts.engine.watch(jobId, watches));
    this.#feeds.set(file, feed);
    return feed;
  }

  async startDebug(
    sessionId: string,
    { path: document, text, subPipelines = {}, options }: StartDebugRequest,
    onEvent: (event: DebugEvent) => unknown,
  ): Promise<DebugStart> {
    const file = await this.parts.workspace.resolve(document);
    const allowsUserCode = await this.isTrusted();
    const folder = path.dirname(file);
    const recordings = await Promise.all(
      Object.entries(options.recordings ?? {}).map(
        async ([nodeId, one]) => [nodeId, await this.resolveBeside(document, one)] as const,
      ),
    );
    const checked = { ...options, recordings: Object.fromEntries(recordings), allowsUserCode };
    const request = { sessionId, text, subPipelines, folder, options: checked };
    return this.parts.engine.startDebug(request, onEvent);
  }

  /** Absolute path of a file that a document names by its path from its folder; MR2101 when it is outside the workspace. */
  resolveBeside(document: string, file: string): Promise<string> {
    const isAbsolute = path.isAbsolute(file);
    return this.parts.workspace.resolve(isAbsolute ? file : path.posix.join(path.posix.dirname(document), file));
  }

  isTrusted(): Promise<boolean> {
    return this.parts.userData.isTrusted(this.parts.workspace.root);
  }

  savepointFolder(document: string): Promise<string> {
    return this.parts.workspace.resolve(`${STATE_FOLDER}/${document}/${SAVEPOINTS}`);
  }

  async restorePoints(document: string): Promise<RestorePoint[]> {
    const { workspace } = this.parts;
    const folder = path.dirname(await workspace.resolve(document));
    const { text } = await workspace.read(document);
    const stateFolder = ownStateFolder(text, folder) ?? (await this.#stateFolder(document));
    return restorePoints(stateFolder, await this.savepointFolder(document));
  }

  /** Where a page may have a job start from: what is listed for the document, and what lies in the workspace or in an HDFS. */
  async #savepoint(document: string, location: string | null): Promise<string | null> {
    if (location === null || isUrl(location)) return location;
    const { workspace } = this.parts;
    const listed = await this.restorePoints(document).catch(() => []);
    if (listed.some((point) => point.location === location)) return location;
    return workspace.resolve(path.relative(workspace.root, path.resolve(workspace.root, location)));
  }

  #stateFolder(document: string): Promise<string> {
    return this.parts.workspace.resolve(`${STATE_FOLDER}/${document}`);
  }

  async #filesChanged(paths: readonly string[]): Promise<void> {
    const foreign = await Promise.all(paths.map((one) => this.parts.workspace.isForeign(one)));
    const changed = paths.filter((_, i) => foreign[i]);
    if (changed.length === 0) return;
    // A page that has gone takes itself off the list.
    for (const listener of this.#fileListeners) void Promise.resolve(listener(changed)).catch(() => {});
  }
}

function isRunning(document: string): Error {
  return codedError('MR2005', say`A job of "${document}" is running. Stop it first.`);
}

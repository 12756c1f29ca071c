/** One connected page: what it may ask for, and what ends with it. */
import { randomUUID } from 'node:crypto';
import type { JobId } from '../../runtime/core/ids.ts';
import type { ComparisonProgress, ComparisonReport } from '../../runtime/protocol/comparison.ts';
import type { DebugAnswer, DebugArguments, DebugEvent, DebugMethod } from '../../runtime/protocol/debug.ts';
import type {
  CompareRequest,
  DeployJobRequest,
  HostApi,
  RunTestsRequest,
  StartDebugRequest,
  StartJobRequest,
} from '../../runtime/protocol/host.ts';
import { isTerminal, type JobEvent, type JobStart } from '../../runtime/protocol/job.ts';
import type { DeployProgress, FlinkCluster } from '../../runtime/protocol/remote-cluster.ts';
import type { TestReport } from '../../runtime/protocol/test-report.ts';
import { release } from '../../runtime/protocol/remote.ts';
import { say } from '../../runtime/core/say.ts';
import { codedError } from '../../runtime/protocol/wire.ts';
import { listRevisions, readRevision } from './git-revisions.ts';
import type { FilesListener, HostParts, HostService, OnEvents } from './host-service.ts';

export class HostSession implements HostApi {
  readonly #host: HostService;
  /** Started here: the document of each, and who is told of it. */
  readonly #jobs = new Map<JobId, { readonly document: string; readonly onEvent: OnEvents }>();
  /** The page has gone. */
  #isOver = false;
  #unfollow: () => void = () => {};
  /** Of what is being sent to a Flink. */
  #deployId: string | null = null;
  readonly #testRuns = new Set<string>();
  /** Of the comparison that runs. */
  #comparisonId: string | null = null;
  #debugging: { readonly sessionId: string; readonly document: string; readonly onEvent: object } | null = null;
  readonly #subscriptions: (() => void)[] = [];
  readonly #listeners = new Set<FilesListener>();

  constructor(host: HostService) {
    this.#host = host;
  }

  end(): void {
    this.#isOver = true;
    this.#unfollow();
    for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
    for (const { document, onEvent } of this.#jobs.values()) void this.#host.leave(document, onEvent).catch(() => {});
    void this.cancelTests().catch(() => {});
    void this.cancelComparison().catch(() => {});
    void this.#endDebug();
  }

  #savepointFolder(jobId: JobId): Promise<string> {
    const document = this.#jobs.get(jobId)?.document;
    if (document === undefined) throw codedError('MR2005', say`There is no running job ${jobId}.`);
    return this.#host.savepointFolder(document);
  }

  get #parts(): HostParts {
    return this.#host.parts;
  }

  get #root(): string {
    return this.#parts.workspace.root;
  }

  async info() {
    const isTrusted = await this.#host.isTrusted();
    return { ...this.#parts.describe(), platform: process.platform, workspace: this.#root, isTrusted };
  }

  setTrusted(isTrusted: boolean) {
    return this.#parts.userData.setTrusted(this.#root, isTrusted);
  }

  listFiles() {
    return this.#parts.workspace.list();
  }

  async openDocument(document: string) {
    const { text, revision, modifiedAt } = await this.#parts.workspace.read(document);
    await this.#parts.userData.noteDocument(this.#root, document);
    const kept = await this.#parts.userData.recovery(this.#root, document, modifiedAt);
    return { path: document, text, revision, recovery: kept === text ? null : kept };
  }

  async saveDocument(document: string, text: string, baseRevision: string | null) {
    const result = await this.#parts.workspace.save(document, text, baseRevision);
    if (result.status === 'saved') {
      await this.#parts.userData.dropRecovery(this.#root, document);
      await this.#parts.userData.noteDocument(this.#root, document);
      this.#host.tellOthers(document, this.#listeners);
    }
    return result;
  }

  async moveDocument(document: string, to: string) {
    await this.#host.moveDocument(document, to);
    await this.#parts.userData.dropRecovery(this.#root, document);
    this.#host.tellOthers(document, this.#listeners);
  }

  async deleteDocument(document: string) {
    const kept = this.#host.placeForDeleted(document);
    await this.moveDocument(document, kept);
    return kept;
  }

  async writeFiles(files: Parameters<HostApi['writeFiles']>[0]) {
    for (const { path: file, text } of files) await this.#parts.workspace.write(file, text);
  }

  async saveRecovery(document: string, text: string | null) {
    await this.#parts.workspace.resolve(document);
    if (text === null) await this.#parts.userData.dropRecovery(this.#root, document);
    else await this.#parts.userData.keepRecovery(this.#root, document, text);
  }

  /** Those that are still there. */
  async recentDocuments() {
    const [recent, files] = await Promise.all([this.#parts.userData.recentDocuments(this.#root), this.listFiles()]);
    const present = new Set(files.map((file) => file.path));
    return recent.filter((document) => present.has(document));
  }

  listTemplates() {
    return this.#parts.templates.list();
  }

  templatePicture(name: string) {
    return this.#parts.templates.picture(name);
  }

  createFromTemplate(name: string) {
    return this.#parts.templates.copyTo(this.#parts.workspace, name);
  }

  readSample(file: string, maxBytes: number) {
    return this.#parts.workspace.sample(file, maxBytes);
  }

  async listRevisions(file: string) {
    return listRevisions(await this.#parts.workspace.resolve(file));
  }

  async readRevision(file: string, hash: string) {
    return readRevision(await this.#parts.workspace.resolve(file), hash);
  }

  readTail(file: string, maxBytes: number) {
    return this.#parts.workspace.tail(file, maxBytes);
  }

  settings() {
    return this.#parts.userData.settings();
  }

  saveSettings(change: Parameters<HostApi['saveSettings']>[0]) {
    return this.#parts.userData.changeSettings(change);
  }

  async startJob(request: StartJobRequest, onEvent: (events: readonly JobEvent[]) => void): Promise<JobStart> {
    const tell = untilEnd(onEvent);
    const started = await this.#host.startJob(request, tell);
    this.#note(started, request.path, tell);
    return started;
  }

  clusterInfo(cluster: FlinkCluster) {
    return this.#parts.engine.clusterInfo(cluster);
  }

  async deployJob(
    request: DeployJobRequest,
    onEvent: (events: readonly JobEvent[]) => void,
    onProgress: (progress: DeployProgress) => void,
  ): Promise<JobStart> {
    const deployId = randomUUID();
    this.#deployId = deployId;
    const tell = untilEnd(onEvent);
    try {
      const started = await this.#host.deployJob(deployId, request, tell, onProgress);
      this.#note(started, request.path, tell);
      return started;
    } finally {
      release(onProgress);
      this.#deployId = null;
    }
  }

  async cancelDeploy() {
    if (this.#deployId !== null) await this.#parts.engine.cancelDeploy(this.#deployId);
  }

  async detachJob(jobId: JobId) {
    const job = this.#jobs.get(jobId);
    if (job === undefined) throw codedError('MR2005', say`There is no running job ${jobId}.`);
    await this.#parts.engine.detach(jobId);
    this.#jobs.delete(jobId);
    await this.#host.leave(job.document, job.onEvent);
  }

  #note({ jobId }: JobStart, document: string, onEvent: OnEvents): void {
    this.#jobs.set(jobId, { document, onEvent });
    if (this.#isOver) void this.#host.leave(document, onEvent).catch(() => {});
  }

  listRuns() {
    return this.#host.listRuns();
  }

  runningJob(document: string) {
    return this.#host.runningJob(document);
  }

  async adoptJob(document: string, onEvent: (events: readonly JobEvent[]) => void): Promise<JobStart | null> {
    const tell = untilEnd(onEvent);
    const adopted = await this.#host.adoptJob(document, tell);
    if (adopted === null) release(onEvent);
    else this.#note(adopted, document, tell);
    return adopted;
  }

  async stopJob(jobId: JobId, withSavepoint: boolean) {
    return this.#parts.engine.stop(jobId, withSavepoint ? await this.#savepointFolder(jobId) : null);
  }

  async takeSavepoint(jobId: JobId) {
    return this.#parts.engine.savepoint(jobId, await this.#savepointFolder(jobId));
  }

  listRestorePoints(document: string) {
    return this.#host.restorePoints(document);
  }

  async cancelJob(jobId: JobId) {
    await this.#parts.engine.cancel(jobId);
  }

  async watchRows(...[jobId, watches]: Parameters<HostApi['watchRows']>) {
    const job = this.#jobs.get(jobId);
    if (job === undefined) throw codedError('MR2005', say`There is no running job ${jobId}.`);
    await this.#host.watch(job.document, job.onEvent, watches);
  }

  async sampleKeys(...[jobId, nodeIds]: Parameters<HostApi['sampleKeys']>) {
    await this.#parts.engine.sampleKeys(jobId, nodeIds);
  }

  listMends(document: string) {
    return this.#host.mends(document);
  }

  debugMemory(document: string) {
    return this.#host.debugMemory(document);
  }

  saveDebugMemory(...[document, memory]: Parameters<HostApi['saveDebugMemory']>) {
    return this.#host.saveDebugMemory(document, memory);
  }

  saveMends(...[document, mends]: Parameters<HostApi['saveMends']>) {
    return this.#host.saveMends(document, mends);
  }

  async runTests(request: RunTestsRequest, onReport: (report: TestReport) => void) {
    const runId = randomUUID();
    this.#testRuns.add(runId);
    try {
      await this.#host.runTests(runId, request, onReport);
    } finally {
      this.#testRuns.delete(runId);
      release(onReport);
    }
  }

  async startDebug(request: StartDebugRequest, onEvent: (event: DebugEvent) => void) {
    await this.#endDebug();
    const sessionId = randomUUID();
    this.#debugging = { sessionId, document: request.path, onEvent };
    try {
      return await this.#host.startDebug(sessionId, request, onEvent);
    } catch (error) {
      this.#forgetDebug();
      throw error;
    }
  }

  async debug<M extends DebugMethod>(method: M, args: DebugArguments<M>): Promise<DebugAnswer<M>> {
    if (this.#debugging === null) throw codedError('MR2005', say`There is no debug session.`);
    const { sessionId, document } = this.#debugging;
    try {
      if (method === 'record') {
        const [nodeId, file] = args as DebugArguments<'record'>;
        const checked: DebugArguments<'record'> = [nodeId, await this.#host.resolveBeside(document, String(file))];
        return await this.#parts.engine.debug(sessionId, method, checked as DebugArguments<M>);
      }
      return await this.#parts.engine.debug(sessionId, method, args);
    } finally {
      if (method === 'close') this.#forgetDebug();
    }
  }

  async #endDebug(): Promise<void> {
    if (this.#debugging !== null) await this.debug('close', []).catch(() => {});
    this.#forgetDebug();
  }

  #forgetDebug(): void {
    if (this.#debugging !== null) release(this.#debugging.onEvent);
    this.#debugging = null;
  }

  async cancelTests() {
    await Promise.all([...this.#testRuns].map((runId) => this.#parts.engine.cancelTests(runId)));
  }

  async compare(
    request: CompareRequest,
    onProgress: (progress: ComparisonProgress) => void,
  ): Promise<ComparisonReport> {
    if (this.#comparisonId !== null) throw codedError('MR2005', say`A comparison is running.`);
    const comparisonId = randomUUID();
    this.#comparisonId = comparisonId;
    try {
      return await this.#host.compare(comparisonId, request, onProgress);
    } finally {
      this.#comparisonId = null;
      release(onProgress);
    }
  }

  async cancelComparison() {
    if (this.#comparisonId !== null) await this.#parts.engine.cancelComparison(this.#comparisonId);
  }

  async followJobs(...[document, watches, onEvent]: Parameters<HostApi['followJobs']>) {
    const unfollowLast = this.#unfollow;
    const unfollow = await this.#host.follow(document, watches, onEvent);
    unfollowLast();
    this.#unfollow = () => {
      unfollow();
      release(onEvent);
    };
  }

  async onFilesChanged(listener: (paths: readonly string[]) => void) {
    const unsubscribe = this.#host.listen(listener);
    this.#listeners.add(listener);
    this.#subscriptions.push(unsubscribe, () => release(listener));
  }
}

/** Hands events on to a page's callback, which is let go with the job's end. */
function untilEnd(onEvent: (events: readonly JobEvent[]) => void): OnEvents {
  return async (events) => {
    await onEvent(events);
    if (events.some((event) => event.type === 'state' && isTerminal(event.state))) release(onEvent);
  };
}

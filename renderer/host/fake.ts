/** A host in memory: for tests, and for looking at the page without one. */
import type { Mend } from '../../runtime/core/dead-letters.ts';
import { jobId } from '../../runtime/core/ids.ts';
import { parseDocument, type PipelineDocument } from '../../runtime/graph/index.ts';
import type { ComparisonReport } from '../../runtime/protocol/comparison.ts';
import {
  DEFAULT_APP_SETTINGS,
  type AppSettings,
  type CompareRequest,
  type HostApi,
  type HostInfo,
  type OpenedDocument,
  type RestorePoint,
  type Revision,
  type RunTestsRequest,
  type SaveResult,
  type StartDebugRequest,
  type StartJobRequest,
  type TemplateInfo,
} from '../../runtime/protocol/host.ts';
import type { DebugEvent, DebugMethod, DebugStart } from '../../runtime/protocol/debug.ts';
import { NO_DEBUG_MEMORY, type DebugMemory } from '../../runtime/protocol/debug-memory.ts';
import type { JobEvent, JobState, Watch } from '../../runtime/protocol/job.ts';
import type { RunRecord } from '../../runtime/protocol/run-record.ts';
import type { TestReport } from '../../runtime/protocol/test-report.ts';

export interface FakeHostOptions {
  /** Path → text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly recoveries?: Readonly<Record<string, string>>;
  readonly recent?: readonly string[];
  readonly templates?: readonly (TemplateInfo & { readonly text: string })[];
  readonly settings?: Partial<AppSettings>;
  readonly restorePoints?: readonly RestorePoint[];
  /** Newest first. */
  readonly runs?: readonly RunRecord[];
  /** A debug session; without it, none starts. */
  readonly debug?: {
    start(request: StartDebugRequest): DebugStart;
    call(method: DebugMethod, args: readonly unknown[]): unknown;
  };
  /** By path, newest first. */
  readonly revisions?: Readonly<Record<string, readonly (Revision & { readonly text: string })[]>>;
  /** What a test case comes to; without it, nothing is reported. */
  readonly runTest?: (document: PipelineDocument, index: number) => TestReport;
  /** What a comparison comes to; without it, it goes on until it is cancelled. */
  readonly compare?: (request: CompareRequest) => Promise<ComparisonReport>;
}

export interface FakeHost extends HostApi {
  /** What the running job reports. */
  emit(events: readonly JobEvent[]): void;
  emitState(state: JobState): void;
  /** What the debug session tells. */
  emitDebug(event: DebugEvent): void;
  /** Writes a file as another program would. */
  changeOutside(path: string, text: string): void;
  /** Text of a file; null when it is not there. */
  fileText(path: string): string | null;
  recoveryText(path: string): string | null;
  readonly started: readonly StartJobRequest[];
  readonly testRequests: readonly RunTestsRequest[];
  readonly watches: readonly Watch[];
  /** Fails the next start with this. */
  refuseNextStart(error: unknown): void;
  /** Fails the next savepoint with this, with or without a stop. */
  refuseNextSavepoint(error: unknown): void;
}

interface StoredFile {
  readonly text: string;
  readonly revision: string;
  readonly modifiedAt: number;
}

const FIRST_MODIFIED_AT = Date.UTC(2026, 10, 22, 9, 0, 0);

export function createFakeHost(options: FakeHostOptions = {}): FakeHost {
  const files = new Map<string, StoredFile>();
  const recoveries = new Map(Object.entries(options.recoveries ?? {}));
  const started: StartJobRequest[] = [];
  const testRequests: RunTestsRequest[] = [];
  let cancelComparison = (): void => undefined;
  const listeners: ((paths: readonly string[]) => void)[] = [];
  let recent: readonly string[] = options.recent ?? [];
  let settings: AppSettings = {
    ...DEFAULT_APP_SETTINGS,
    ...options.settings,
  };
  let revisions = 0;
  let watches: readonly Watch[] = [];
  const mends = new Map<string, readonly Mend[]>();
  const debugMemories = new Map<string, DebugMemory>();
  let onEvent: (events: readonly JobEvent[]) => void = () => undefined;
  let onDebugEvent: (event: DebugEvent) => void = () => undefined;
  let refusal: { readonly error: unknown } | null = null;
  let savepointRefusal: { readonly error: unknown } | null = null;
  let restorePoints = options.restorePoints ?? [];

  function write(path: string, text: string): string {
    const revision = String(++revisions);
    files.set(path, { text, revision, modifiedAt: FIRST_MODIFIED_AT + revisions * 60_000 });
    return revision;
  }
  for (const [path, text] of Object.entries(options.files ?? {})) write(path, text);

  function savepoint(): string {
    if (savepointRefusal !== null) {
      const { error } = savepointRefusal;
      savepointRefusal = null;
      throw error;
    }
    const id = restorePoints.length + 1;
    const location = `${info.workspace}/.millrace/savepoints/savepoint-${id}`;
    restorePoints = [
      { kind: 'savepoint', id, location, createdAt: FIRST_MODIFIED_AT, stateBytes: 4096 },
      ...restorePoints,
    ];
    return location;
  }

  function emitState(state: JobState): void {
    onEvent([{ type: 'state', state, at: FIRST_MODIFIED_AT, error: null, attempt: 1 }]);
  }

  let info: HostInfo = {
    kind: 'web',
    version: '0.1.0',
    platform: 'linux',
    workspace: '/home/user/pipelines',
    isTrusted: false,
    systemTheme: null,
  };

  return {
    started,
    testRequests,
    get watches() {
      return watches;
    },
    emit: (events) => onEvent(events),
    emitState,
    emitDebug: (event) => onDebugEvent(event),
    fileText: (path) => files.get(path)?.text ?? null,
    recoveryText: (path) => recoveries.get(path) ?? null,
    changeOutside: (path, text) => {
      write(path, text);
      for (const listener of listeners) listener([path]);
    },
    refuseNextStart: (error) => {
      refusal = { error };
    },
    refuseNextSavepoint: (error) => {
      savepointRefusal = { error };
    },

    info: async () => info,
    setTrusted: async (isTrusted) => {
      info = { ...info, isTrusted };
    },
    listFiles: async () =>
      [...files].map(([path, file]) => ({
        path,
        isPipeline: path.endsWith('.pipeline.json'),
        modifiedAt: file.modifiedAt,
      })),
    openDocument: async (path): Promise<OpenedDocument> => {
      const file = files.get(path);
      if (file === undefined) throw new Error(`there is no file "${path}"`);
      recent = [path, ...recent.filter((other) => other !== path)];
      return { path, text: file.text, revision: file.revision, recovery: recoveries.get(path) ?? null };
    },
    saveDocument: async (path, text, baseRevision): Promise<SaveResult> => {
      const file = files.get(path);
      if (baseRevision === null && file !== undefined) throw new Error(`there is a file "${path}" already`);
      if (file !== undefined && file.revision !== baseRevision) {
        return { status: 'conflict', text: file.text, revision: file.revision };
      }
      recoveries.delete(path);
      return { status: 'saved', revision: write(path, text) };
    },
    moveDocument: async (path, to) => {
      const file = files.get(path);
      if (file === undefined) throw new Error(`there is no file "${path}"`);
      if (files.has(to)) throw new Error(`there is a file "${to}" already`);
      files.delete(path);
      files.set(to, file);
    },
    async deleteDocument(path) {
      const kept = `.millrace/deleted/${path}`;
      await this.moveDocument(path, kept);
      return kept;
    },
    writeFiles: async (written) => {
      for (const { path, text } of written) write(path, text);
    },
    saveRecovery: async (path, text) => {
      if (text === null) recoveries.delete(path);
      else recoveries.set(path, text);
    },
    recentDocuments: async () => recent,
    listTemplates: async () => (options.templates ?? []).map(({ text: _text, ...template }) => template),
    templatePicture: async () => null,
    createFromTemplate: async (name) => {
      const template = options.templates?.find((one) => one.name === name);
      if (template === undefined) throw new Error(`there is no template "${name}"`);
      const path = `${name}/${name}.pipeline.json`;
      write(path, template.text);
      return path;
    },
    listRevisions: async (path) => options.revisions?.[path]?.map(({ text: _text, ...revision }) => revision) ?? [],
    readRevision: async (path, hash) => options.revisions?.[path]?.find((one) => one.hash === hash)?.text ?? '',
    readTail: async (path, maxBytes) => new TextEncoder().encode(files.get(path)?.text ?? '').slice(-maxBytes),
    readSample: async (path, maxBytes) => files.get(path)?.text.slice(0, maxBytes) ?? '',

    settings: async () => settings,
    saveSettings: async (change) => (settings = { ...settings, ...change }),

    startJob: async (request, listener) => {
      if (refusal !== null) {
        const { error } = refusal;
        refusal = null;
        throw error;
      }
      started.push(request);
      onEvent = listener;
      return { jobId: jobId(`job-${started.length}`), name: request.path };
    },
    stopJob: async (_jobId, withSavepoint) => {
      const path = withSavepoint ? savepoint() : null;
      emitState('STOPPED');
      return path;
    },
    clusterInfo: async () => ({ version: 'Apache Flink 2.3.0', restUrl: 'http://localhost:8081', jobs: [] }),
    deployJob: async (request, listener, onProgress) => {
      onProgress({ done: 0, all: 1, statement: 'EXECUTE STATEMENT SET' });
      onEvent = listener;
      const remote = { restUrl: 'http://localhost:8081', jobId: 'f'.repeat(32), unmatched: [] };
      return { jobId: jobId('remote'), name: request.path, remote };
    },
    cancelDeploy: async () => undefined,
    detachJob: async () => undefined,
    listRuns: async () => options.runs ?? [],
    runningJob: async () => null,
    adoptJob: async () => null,
    takeSavepoint: async () => savepoint(),
    listRestorePoints: async () => restorePoints,
    cancelJob: async () => emitState('STOPPED'),
    watchRows: async (_jobId, wanted) => {
      watches = wanted;
    },
    sampleKeys: async () => undefined,
    listMends: async (path) => mends.get(path) ?? [],
    saveMends: async (path, standing) => {
      mends.set(path, standing);
    },
    runTests: async (request, onReport) => {
      testRequests.push(request);
      const { document } = parseDocument(request.text);
      const reports = options.runTest;
      for (const index of request.cases ?? document?.tests.keys() ?? []) {
        if (document !== null && reports !== undefined) onReport(reports(document, index));
      }
    },
    cancelTests: async () => undefined,
    compare: (request, onProgress) => {
      onProgress({ step: 'start', rows: 0 });
      if (options.compare !== undefined) return options.compare(request);
      return new Promise((_, reject) => (cancelComparison = () => reject(new Error('cancelled'))));
    },
    cancelComparison: async () => cancelComparison(),
    followJobs: async (_path, wanted, follower) => {
      watches = wanted;
      onEvent = follower;
    },
    startDebug: async (request, listener) => {
      if (options.debug === undefined) throw new Error('the fake host debugs nothing');
      onDebugEvent = listener;
      return options.debug.start(request);
    },
    debug: async (method, args) => options.debug!.call(method, args) as never,
    debugMemory: async (path) => debugMemories.get(path) ?? NO_DEBUG_MEMORY,
    saveDebugMemory: async (path, memory) => {
      debugMemories.set(path, memory);
    },
    onFilesChanged: async (listener) => {
      listeners.push(listener);
    },
  };
}

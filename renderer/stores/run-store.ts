/** The job that runs (or ran last): its state and how it was started. What it reports many times a second is in the live buffer. */
import { create } from 'zustand';
import type { Diagnostic } from '../../runtime/core/diagnostics.ts';
import type { JobId, NodeId } from '../../runtime/core/ids.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import {
  isTerminal,
  type ErrorReport,
  type JobEvent,
  type JobState,
  type RunOptions,
  type RuntimeMode,
  type Watch,
} from '../../runtime/protocol/job.ts';
import type { DeployOptions, DeployProgress, RemotePlace } from '../../runtime/protocol/remote-cluster.ts';
import { host } from '../host/host.ts';
import { activeDocument, printedText } from './document-store.ts';
import { subPipelinesForRun } from './sub-pipelines.ts';
import { liveBuffer, sampleKey } from './live-buffer.ts';
import { askForTrust, needsTrust } from './trust.ts';
import { openPanel } from './view-store.ts';
import { notifyError } from './notice-store.ts';

export interface RunSettings {
  /** null: as the document says. */
  readonly parallelism: number | null;
  /** null: as the document says. */
  readonly runtimeMode: RuntimeMode | null;
  /** Overrides of the document's `settings.params`. */
  readonly params: Readonly<Record<string, string>>;
  /** Start from the newest checkpoint of the last run. */
  readonly resume: boolean;
}

/** A checkpoint or savepoint to start from. */
export interface StartPoint {
  /** Absolute folder or URL. */
  readonly location: string;
  /** Drop the state in it that no operator takes, instead of refusing it. */
  readonly allowNonRestoredState: boolean;
}

export interface RunState {
  readonly jobId: JobId | null;
  /** Path of the document that the job was started from. */
  readonly path: string | null;
  /** 'STARTING' from the click until the host answers; null before the first run. */
  readonly state: JobState | 'STARTING' | null;
  readonly attempt: number;
  readonly error: ErrorReport | null;
  /** Why the host refused to start it. */
  readonly refusals: readonly Diagnostic[];
  /** ms since the epoch. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** A savepoint was asked for and is not there yet. */
  readonly isTakingSavepoint: boolean;
  /** Sinks show their rows and write nothing. */
  readonly isPreview: boolean;
  /** Where it runs, if not here. */
  readonly remote: RemotePlace | null;
  /** What the next run uses. */
  readonly settings: RunSettings;
}

export const useRunStore = create<RunState>(() => ({
  jobId: null,
  path: null,
  state: null,
  attempt: 0,
  error: null,
  refusals: [],
  startedAt: null,
  endedAt: null,
  isTakingSavepoint: false,
  isPreview: false,
  remote: null,
  settings: { parallelism: null, runtimeMode: null, params: {}, resume: false },
}));

export function selectIsActive(run: RunState): boolean {
  return run.state !== null && (run.state === 'STARTING' || !isTerminal(run.state));
}

/** The job can be asked for a savepoint now. */
export function selectCanTakeSavepoint(run: RunState): boolean {
  // From one of a preview a run would go on past rows that were never written.
  return run.state === 'RUNNING' && run.jobId !== null && !run.isTakingSavepoint && !run.isPreview;
}

/** A job is starting, running, restarting or stopping. */
export function useIsRunning(): boolean {
  return useRunStore(selectIsActive);
}

export function setRunSettings(change: Partial<RunSettings>): void {
  useRunStore.setState((run) => ({ settings: { ...run.settings, ...change } }));
}

/** How one run begins. */
export interface RunStart {
  /** null: as the settings say. */
  readonly from?: StartPoint | null;
  readonly preview?: RunOptions['preview'];
}

/**
 * Starts the active document as it is on screen, saved or not; `change` and what follows hold for this run only. A preview starts from the
 * beginning. Does nothing while a job is active.
 */
export async function run(change: Partial<RunSettings> = {}, { from = null, preview }: RunStart = {}): Promise<void> {
  const open = activeDocument();
  if (open === null || selectIsActive(useRunStore.getState())) return;
  // Where the answer is no the host refuses the start, and says why.
  if (needsTrust()) await askForTrust();
  if (selectIsActive(useRunStore.getState())) return;
  const settings = { ...useRunStore.getState().settings, ...change };
  begin(open.path, preview !== undefined);
  try {
    const { jobId } = await host().startJob(
      {
        path: open.path,
        text: printedText(open.document),
        ...subPipelinesForRun(open.path),
        options: {
          params: definedParams(open.document, settings.params),
          resume: from === null && preview === undefined && settings.resume,
          fromSavepoint: from?.location ?? null,
          allowNonRestoredState: from?.allowNonRestoredState ?? false,
          watches: wantedWatches(),
          ...(preview === undefined ? {} : { preview }),
          ...(settings.parallelism === null ? {} : { parallelism: settings.parallelism }),
          ...(settings.runtimeMode === null ? {} : { runtimeMode: settings.runtimeMode }),
        },
      },
      receive,
    );
    useRunStore.setState((before) => ({ jobId, state: before.state === 'STARTING' ? 'CREATED' : before.state }));
    await sendWatches();
    if (sampledNodes.length > 0) await sendSampledNodes();
  } catch (error) {
    const refusals = diagnosticsOf(error);
    useRunStore.setState({ state: null, refusals, endedAt: Date.now() });
    if (refusals.length > 0) openPanel('problems');
    notifyError('app:notices.startFailed', error);
  }
}

/** Without those that another document has: values are kept from run to run, and what is not known is refused. */
function definedParams(
  { settings }: PipelineDocument,
  params: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => Object.hasOwn(settings.params, name)));
}

/** Begins the active document's job in a Flink, or takes one there over; rejects with why there is none. Does nothing while a job is active. */
export async function deploy(options: DeployOptions, onProgress: (progress: DeployProgress) => void): Promise<void> {
  const open = activeDocument();
  if (open === null || selectIsActive(useRunStore.getState())) return;
  begin(open.path);
  try {
    const text = printedText(open.document);
    const request = { path: open.path, text, ...subPipelinesForRun(open.path), options };
    const { jobId, remote = null } = await host().deployJob(request, receive, onProgress);
    useRunStore.setState(({ state }) => ({ jobId, remote, state: state === 'STARTING' ? 'CREATED' : state }));
  } catch (error) {
    useRunStore.setState({ state: null, endedAt: Date.now() });
    throw error;
  }
}

/** Looks away from a job that runs in a Flink, where it goes on. */
export async function detach(): Promise<void> {
  const { jobId, remote } = useRunStore.getState();
  if (jobId === null || remote === null) return;
  try {
    await host().detachJob(jobId);
    liveBuffer.reset();
    useRunStore.setState({ jobId: null, path: null, state: null, remote: null, endedAt: Date.now() });
  } catch (error) {
    notifyError('deploy:detachFailed', error);
  }
}

/** What was seen of the last job is over. */
function begin(path: string, isPreview = false): void {
  liveBuffer.reset();
  useRunStore.setState({
    jobId: null,
    path,
    state: 'STARTING',
    attempt: 0,
    error: null,
    refusals: [],
    startedAt: Date.now(),
    endedAt: null,
    isTakingSavepoint: false,
    isPreview,
    remote: null,
  });
  reported = null;
}

/** Takes the running job of a document over whose page has gone: a dashboard may have kept it. Does nothing while a job is active. */
export async function adopt(path: string): Promise<void> {
  if (selectIsActive(useRunStore.getState())) return;
  const early: JobEvent[] = [];
  let hear = (events: readonly JobEvent[]): void => void early.push(...events);
  const job = await host().adoptJob(path, (events) => hear(events));
  if (job === null || selectIsActive(useRunStore.getState())) return;
  begin(path);
  useRunStore.setState({ jobId: job.jobId, state: 'CREATED', remote: job.remote ?? null });
  hear = receive;
  receive(early);
  await sendWatches();
  if (sampledNodes.length > 0) await sendSampledNodes();
}

/** A job that can be asked for something; null while there is none. */
function runningJob(): JobId | null {
  const { jobId, state } = useRunStore.getState();
  return state === null || state === 'STARTING' || isTerminal(state) ? null : jobId;
}

export interface Stopped {
  /** Of the savepoint that was asked for. */
  readonly savepoint: string | null;
}

/** Stops with a final checkpoint, or a savepoint; settles when the job has ended. null: it goes on, and a notice says why. */
export async function stop(withSavepoint = false): Promise<Stopped | null> {
  const jobId = runningJob();
  if (jobId === null) return null;
  useRunStore.setState({ state: 'STOPPING' });
  try {
    return { savepoint: await host().stopJob(jobId, withSavepoint) };
  } catch (error) {
    useRunStore.setState((run) => (run.state === 'STOPPING' && reported !== null ? { state: reported } : {}));
    notifyError(withSavepoint ? 'app:notices.stopWithSavepointFailed' : 'app:notices.stopFailed', error);
    return null;
  }
}

/** Ends the job at once, without a checkpoint; false: it goes on, and a notice says why. */
export async function cancel(): Promise<boolean> {
  const jobId = runningJob();
  if (jobId === null) return true;
  try {
    await host().cancelJob(jobId);
    return true;
  } catch (error) {
    notifyError('app:notices.stopFailed', error);
    return false;
  }
}

/** Takes a savepoint while the job goes on; its path. null: there is none, and a notice says why. */
export async function takeSavepoint(): Promise<string | null> {
  const jobId = runningJob();
  if (jobId === null || useRunStore.getState().isTakingSavepoint) return null;
  useRunStore.setState({ isTakingSavepoint: true });
  try {
    return await host().takeSavepoint(jobId);
  } catch (error) {
    notifyError('app:notices.savepointFailed', error);
    return null;
  } finally {
    useRunStore.setState((run) => (run.jobId === jobId ? { isTakingSavepoint: false } : {}));
  }
}

/** Settles when no job is active. */
export function whenEnded(): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = useRunStore.subscribe(check);
    function check(): void {
      if (selectIsActive(useRunStore.getState())) return;
      unsubscribe();
      resolve();
    }
    check();
  });
}

/** What the job itself said last: a stop that fails is taken back to it. */
let reported: JobState | null = null;

function receive(events: readonly JobEvent[]): void {
  liveBuffer.push(events);
  for (const event of events) {
    if (event.type !== 'state') continue;
    reported = event.state;
    useRunStore.setState({
      state: event.state,
      attempt: event.attempt,
      error: event.error,
      ...(isTerminal(event.state) ? { endedAt: event.at } : {}),
    });
    // Says why, and how to go on.
    if (event.state === 'FAILED') openPanel('log');
  }
}

/** What a host's refusal says of the document; none: it was refused for another reason. */
export function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  const found = typeof error === 'object' && error !== null && 'diagnostics' in error ? error.diagnostics : null;
  return Array.isArray(found) ? (found as readonly Diagnostic[]) : [];
}

const watchesByOwner = new Map<string, readonly Watch[]>();

/**
 * What `owner` (a panel, the selection) wants to see rows of; replaces what the same owner asked before, [] ends it.
 * Rows arrive in the live buffer under `sampleKey`. Remembered over runs.
 */
export function setWatches(owner: string, watches: readonly Watch[]): void {
  if (watches.length === 0) watchesByOwner.delete(owner);
  else watchesByOwner.set(owner, watches);
  void sendWatches();
}

let sampledNodes: readonly NodeId[] = [];

/** Whose hottest keys are wanted, in the live buffer; [] ends it. Remembered over runs. */
export function sampleKeys(nodeIds: readonly NodeId[]): void {
  sampledNodes = nodeIds;
  void sendSampledNodes();
}

async function sendSampledNodes(): Promise<void> {
  const jobId = runningJob();
  if (jobId === null) return;
  await host()
    .sampleKeys(jobId, sampledNodes)
    .catch(() => undefined);
}

function wantedWatches(): readonly Watch[] {
  const byKey = new Map<string, Watch>();
  for (const watches of watchesByOwner.values()) {
    for (const watch of watches) byKey.set(sampleKey(watch.nodeId, watch.port), watch);
  }
  return [...byKey.values()];
}

async function sendWatches(): Promise<void> {
  const jobId = runningJob();
  if (jobId === null) return;
  // A job may end while the request is on its way: there is then nothing left to watch.
  await host()
    .watchRows(jobId, wantedWatches())
    .catch(() => undefined);
}

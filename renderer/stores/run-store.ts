/** The job that runs (or ran last): its state and how it was started. What it reports many times a second is in the live buffer. */
import { create } from 'zustand';
import type { Diagnostic } from '../../runtime/core/diagnostics.ts';
import type { JobId } from '../../runtime/core/ids.ts';
import { isTerminal, type ErrorReport, type JobEvent, type JobState, type Watch } from '../../runtime/protocol/job.ts';
import { host } from '../host/host.ts';
import { activeDocument, printedText } from './document-store.ts';
import { liveBuffer, sampleKey } from './live-buffer.ts';
import { openPanel } from './view-store.ts';
import { notifyError } from './notice-store.ts';

export interface RunSettings {
  /** null: as the document says. */
  readonly parallelism: number | null;
  /** Overrides of the document's `settings.params`. */
  readonly params: Readonly<Record<string, string>>;
  /** Start from the newest checkpoint of the last run. */
  readonly resume: boolean;
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
  settings: { parallelism: null, params: {}, resume: false },
}));

export function selectIsActive(run: RunState): boolean {
  return run.state !== null && (run.state === 'STARTING' || !isTerminal(run.state));
}

/** A job is starting, running, restarting or stopping. */
export function useIsRunning(): boolean {
  return useRunStore(selectIsActive);
}

export function setRunSettings(change: Partial<RunSettings>): void {
  useRunStore.setState((run) => ({ settings: { ...run.settings, ...change } }));
}

/**
 * Starts the active document as it is on screen, saved or not; `change` holds for this run only. Does nothing while a job is
 * active.
 */
export async function run(change: Partial<RunSettings> = {}): Promise<void> {
  const open = activeDocument();
  if (open === null || selectIsActive(useRunStore.getState())) return;
  const settings = { ...useRunStore.getState().settings, ...change };
  liveBuffer.reset();
  useRunStore.setState({
    jobId: null,
    path: open.path,
    state: 'STARTING',
    attempt: 0,
    error: null,
    refusals: [],
    startedAt: Date.now(),
    endedAt: null,
  });
  try {
    const { jobId } = await host().startJob(
      {
        path: open.path,
        text: printedText(open.document),
        options: {
          params: settings.params,
          resume: settings.resume,
          ...(settings.parallelism === null ? {} : { parallelism: settings.parallelism }),
        },
      },
      receive,
    );
    useRunStore.setState((before) => ({ jobId, state: before.state === 'STARTING' ? 'CREATED' : before.state }));
    await sendWatches();
  } catch (error) {
    const refusals = diagnosticsOf(error);
    useRunStore.setState({ state: null, refusals, endedAt: Date.now() });
    if (refusals.length > 0) openPanel('problems');
    notifyError('app:notices.startFailed', error);
  }
}

/** Stops with a final checkpoint; settles when the job has ended. */
export async function stop(): Promise<void> {
  const { jobId, state } = useRunStore.getState();
  if (jobId === null || state === null || state === 'STARTING' || isTerminal(state)) return;
  useRunStore.setState({ state: 'STOPPING' });
  await host()
    .stopJob(jobId)
    .catch((error: unknown) => notifyError('app:notices.stopFailed', error));
}

/** Ends the job at once, without a checkpoint. */
export async function cancel(): Promise<void> {
  const { jobId, state } = useRunStore.getState();
  if (jobId === null || state === null || state === 'STARTING' || isTerminal(state)) return;
  await host()
    .cancelJob(jobId)
    .catch((error: unknown) => notifyError('app:notices.stopFailed', error));
}

function receive(events: readonly JobEvent[]): void {
  liveBuffer.push(events);
  for (const event of events) {
    if (event.type !== 'state') continue;
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

function diagnosticsOf(error: unknown): readonly Diagnostic[] {
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
  liveBuffer.keepSamples(new Set(wantedWatches().map((watch) => sampleKey(watch.nodeId, watch.port))));
  void sendWatches();
}

function wantedWatches(): readonly Watch[] {
  const byKey = new Map<string, Watch>();
  for (const watches of watchesByOwner.values()) {
    for (const watch of watches) byKey.set(sampleKey(watch.nodeId, watch.port), watch);
  }
  return [...byKey.values()];
}

async function sendWatches(): Promise<void> {
  const { jobId, state } = useRunStore.getState();
  if (jobId === null || state === null || state === 'STARTING' || isTerminal(state)) return;
  // A job may end while the request is on its way: there is then nothing left to watch.
  await host()
    .watchRows(jobId, wantedWatches())
    .catch(() => undefined);
}

/**
 * What a running job shows many times a second, kept outside React: metrics, sampled rows, log lines. Events gather here and
 * become visible at most once per frame, so a job that reports fast never makes typing lag.
 */
import { useCallback, useContext, useSyncExternalStore } from 'react';
import type { NodeId } from '../../runtime/core/ids.ts';
import {
  isTerminal,
  type DeadLetterReport,
  type HotKeysReport,
  type JobEvent,
  type JobMetrics,
  type LogLevel,
  type RowSample,
} from '../../runtime/protocol/job.ts';
import {
  NO_CHECKPOINTS,
  withCheckpoint,
  withoutRunning,
  withRestore,
  type CheckpointHistory,
} from './checkpoint-history.ts';
import { summariseMetrics, type MetricsSummary } from './metrics-summary.ts';
import { ShownContext } from './shown.ts';

const MAX_LOG_LINES = 5000;
/** Ten minutes at one report a second. */
const MAX_HISTORY = 600;

export interface LogLine {
  /** Grows by one per line; stable identity for lists. */
  readonly id: number;
  /** ms since the epoch. */
  readonly at: number;
  readonly level: LogLevel | 'print';
  readonly message: string;
  readonly nodeId: NodeId | null;
  readonly subtask: number | null;
}

/** Immutable: each frame that changes something makes a new one, sharing what did not change. */
export interface LiveState {
  readonly metrics: JobMetrics | null;
  /** Of `metrics`, per node and per edge, over all subtasks. */
  readonly summary: MetricsSummary;
  /** Oldest first, `metrics` included. */
  readonly history: readonly JobMetrics[];
  /** By `sampleKey`. */
  readonly samples: ReadonlyMap<string, RowSample>;
  /** Oldest first. */
  readonly log: readonly LogLine[];
  readonly checkpoints: CheckpointHistory;
  /** By source and subtask. */
  readonly deadLetters: ReadonlyMap<string, DeadLetterReport>;
  /** By node and subtask. */
  readonly hotKeys: ReadonlyMap<string, HotKeysReport>;
}

export function sampleKey(nodeId: string, port: string): string {
  return `${nodeId}\n${port}`;
}

export const EMPTY_LIVE_STATE: LiveState = {
  metrics: null,
  summary: summariseMetrics(null),
  history: [],
  samples: new Map(),
  log: [],
  checkpoints: NO_CHECKPOINTS,
  deadLetters: new Map(),
  hotKeys: new Map(),
};

export type Frame = (callback: () => void) => void;

export class LiveBuffer {
  #state: LiveState = EMPTY_LIVE_STATE;
  #pending: JobEvent[] = [];
  #nextLogId = 0;
  #frameAsked = false;
  readonly #listeners = new Set<() => void>();
  readonly #requestFrame: Frame;
  readonly #now: () => number;

  constructor(requestFrame: Frame, now: () => number) {
    this.#requestFrame = requestFrame;
    this.#now = now;
  }

  get state(): LiveState {
    return this.#state;
  }

  push(events: readonly JobEvent[]): void {
    for (const event of events) this.#pending.push(event);
    this.#askFrame();
  }

  /** Forgets everything: a new run begins. */
  reset(): void {
    this.#pending = [];
    this.#state = EMPTY_LIVE_STATE;
    this.#notify();
  }

  clearLog(): void {
    this.#state = { ...this.#state, log: [] };
    this.#notify();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Makes what is pending visible at once, without waiting for a frame. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const events = this.#pending;
    this.#pending = [];
    this.#state = this.#applied(events);
    this.#notify();
  }

  #askFrame(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    this.#requestFrame(() => {
      this.#frameAsked = false;
      this.flush();
    });
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #applied(events: readonly JobEvent[]): LiveState {
    const before = this.#state;
    const reports: JobMetrics[] = [];
    const lines: LogLine[] = [];
    const samples: RowSample[] = [];
    let { checkpoints, deadLetters, hotKeys } = before;
    for (const event of events) {
      if (event.type === 'metrics') reports.push(event.metrics);
      else if (event.type === 'rows') samples.push(event.sample);
      else if (event.type === 'checkpoint') checkpoints = withCheckpoint(checkpoints, event.checkpoint);
      else if (event.type === 'dead-letters') deadLetters = withReport(deadLetters, event.report);
      else if (event.type === 'hot-keys') hotKeys = withReport(hotKeys, event.report);
      else if (event.type === 'restored') checkpoints = withRestore(checkpoints, event.restore);
      else if (event.type === 'state') {
        if (event.state === 'RESTARTING' || isTerminal(event.state)) checkpoints = withoutRunning(checkpoints);
      } else lines.push(this.#toLine(event));
    }
    const latest = reports.at(-1);
    return {
      metrics: latest ?? before.metrics,
      summary: latest === undefined ? before.summary : summariseMetrics(latest, before.summary),
      history: reports.length === 0 ? before.history : [...before.history, ...reports].slice(-MAX_HISTORY),
      samples: samples.length === 0 ? before.samples : withSamples(before.samples, samples),
      log: lines.length === 0 ? before.log : [...before.log, ...lines].slice(-MAX_LOG_LINES),
      checkpoints,
      deadLetters,
      hotKeys,
    };
  }

  #toLine(event: Extract<JobEvent, { readonly type: 'log' | 'print' }>): LogLine {
    const id = this.#nextLogId++;
    if (event.type === 'log') return { id, ...event.record };
    const message = event.text.replace(/\n$/, '');
    return { id, at: this.#now(), level: 'print', message, nodeId: event.nodeId, subtask: null };
  }
}

function withReport<Report extends DeadLetterReport | HotKeysReport>(
  before: ReadonlyMap<string, Report>,
  report: Report,
): ReadonlyMap<string, Report> {
  return new Map([...before, [`${report.nodeId} ${report.subtask}`, report]]);
}

function withSamples(before: ReadonlyMap<string, RowSample>, samples: readonly RowSample[]): Map<string, RowSample> {
  const after = new Map(before);
  for (const sample of samples) after.set(sampleKey(sample.nodeId, sample.port), sample);
  return after;
}

export const liveBuffer = new LiveBuffer(
  (callback) => requestAnimationFrame(callback),
  () => Date.now(),
);

/**
 * Re-renders when what `select` returns changes (by identity); `select` must not build a new object on every call. `subscribe`: to the buffer,
 * where not every frame is to be shown.
 */
export function useLive<T>(select: (state: LiveState) => T, subscribe = liveBuffer.subscribe): T {
  const isShown = useContext(ShownContext);
  return useSyncExternalStore(
    isShown ? subscribe : subscribeNever,
    useCallback(() => select(liveBuffer.state), [select]),
  );
}

function subscribeNever(): () => void {
  return () => undefined;
}

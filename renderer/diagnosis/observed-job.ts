/** The job on screen as `runtime/diagnosis` sees it. Worked out from live values when asked, kept with the report it is of, never in a store. */
import {
  findCulprits,
  findStarvation,
  type Culprit,
  type ObservedJob,
  type Starvation,
} from '../../runtime/diagnosis/index.ts';
import type { JobMetrics } from '../../runtime/protocol/job.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { useRunStore, type RunState } from '../stores/run-store.ts';
import { activeValidation, type DocumentValidation } from '../stores/validation-store.ts';

/** The job of the document at `path`; its state is null where another document's job is the one that reports. */
export function observedJob(
  live: LiveState,
  { nodes, document }: DocumentValidation,
  { state, error, ...run }: Pick<RunState, 'path' | 'state' | 'error'>,
  path: string | null,
): ObservedJob {
  const isShown = run.path === path;
  const { completed, failed } = live.checkpoints.latest;
  return {
    nodes,
    settings: document.settings,
    state: !isShown ? null : state === 'STARTING' ? 'CREATED' : state,
    error: isShown ? error : null,
    reports: isShown ? live.history : [],
    checkpoints: { completed, failed },
  };
}

interface Findings {
  readonly culprits: ReadonlyMap<string, Culprit>;
  readonly starvation: ReadonlyMap<string, Starvation>;
}

const NOTHING: Findings = { culprits: new Map(), starvation: new Map() };
const found = new WeakMap<JobMetrics, Findings>();

function findingsOf(live: LiveState): Findings {
  if (live.metrics === null) return NOTHING;
  const known = found.get(live.metrics);
  if (known !== undefined) return known;
  const validation = activeValidation();
  if (validation === null) return NOTHING;
  const job = observedJob(live, validation, useRunStore.getState(), useDocumentStore.getState().activePath);
  const culprits = findCulprits(job);
  // Where somebody is held up, nobody starves.
  const findings = { culprits: byNode(culprits), starvation: byNode(culprits.length > 0 ? [] : findStarvation(job)) };
  found.set(live.metrics, findings);
  return findings;
}

/** For `useLive`: the same object until the next report. */
export function selectCulprit(live: LiveState, id: string): Culprit | null {
  return findingsOf(live).culprits.get(id) ?? null;
}

export function selectStarvation(live: LiveState, id: string): Starvation | null {
  return findingsOf(live).starvation.get(id) ?? null;
}

function byNode<T extends { readonly nodeId: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  return new Map(all.map((one) => [one.nodeId, one]));
}

/** A job that could do more: nobody is held up, and the operators wait for rows. Then its sources say how much there is to do, and why. */
import type { NodeId } from '../core/ids.ts';
import type { JobMetrics } from '../protocol/job.ts';
import { isSourceNode, mean, most, rateSettingOf, subtasksOf, sum, type ObservedJob } from './observed-job.ts';
import { recentMetrics } from './recent.ts';

/** Above this share of its time a task has enough to do. */
const HAS_WORK = 0.5;
const BLOCKED = 0.2;

export type StarvationReason =
  /** Its config holds it to this rate, rows/s. */
  | { readonly code: 'rateSetting'; readonly rowsPerSecond: number }
  /** It waits for the sources of its alignment group; it is `driftMs` of event time ahead, and `maxDriftMs` are allowed. */
  | { readonly code: 'aligned'; readonly group: string; readonly driftMs: number; readonly maxDriftMs: number }
  /** Nothing comes from outside. */
  | { readonly code: 'nothingComes' }
  /** All that comes is worked off. */
  | { readonly code: 'keepsUp' }
  /** Reading or making rows takes all of its time. */
  | { readonly code: 'sourceCpu'; readonly busy: number };

export interface Starvation {
  /** The source. */
  readonly nodeId: NodeId;
  readonly reason: StarvationReason;
  /** Rows that it sends per second. */
  readonly rowsPerSecond: number;
}

/** Of each source that has not ended, what limits it; none where others than sources have enough to do. */
export function findStarvation(job: ObservedJob): readonly Starvation[] {
  const metrics = job.state === 'RUNNING' ? recentMetrics(job.reports) : null;
  if (metrics === null) return [];
  const all = metrics.operators.flatMap(({ subtasks }) => subtasks);
  if (all.some((one) => one.backPressuredTimeMsPerSecond / 1000 >= BLOCKED)) return [];
  const sources = metrics.operators.filter(({ nodeId }) => isSourceNode(job.nodes.get(nodeId)));
  const chained = new Set(metrics.links.filter(({ exchange }) => exchange === 'chained').map(({ to }) => to));
  const isAtWork = metrics.operators.some(
    (operator) =>
      !sources.includes(operator) &&
      !chained.has(operator.nodeId) &&
      most(operator.subtasks.map((one) => one.busyTimeMsPerSecond)) / 1000 >= HAS_WORK,
  );
  if (isAtWork) return [];
  return sources.flatMap(({ nodeId, subtasks }) => {
    if (subtasks.every((one) => one.currentOutputWatermark === 'end')) return [];
    const reason = reasonOf(nodeId, job, metrics);
    const rowsPerSecond = sum(subtasks.flatMap((one) => Object.values(one.numRecordsOutPerSecond)));
    return reason === null ? [] : [{ nodeId, reason, rowsPerSecond }];
  });
}

function reasonOf(id: NodeId, { nodes }: ObservedJob, metrics: JobMetrics): StarvationReason | null {
  const subtasks = subtasksOf(metrics, id);
  const node = nodes.get(id);
  const alignment = node?.traits?.watermarkAlignment ?? null;
  const driftMs = most(subtasks.map((one) => one.watermarkAlignmentDrift ?? 0));
  if (alignment !== null && driftMs > alignment.maxDriftMs) {
    return { code: 'aligned', group: alignment.group, driftMs, maxDriftMs: alignment.maxDriftMs };
  }
  const busy = mean(subtasks.map((one) => one.busyTimeMsPerSecond)) / 1000;
  if (busy >= HAS_WORK) {
    // What is chained to it may be what takes the time.
    const isAlone = !metrics.links.some((link) => link.from === id && link.exchange === 'chained');
    return isAlone ? { code: 'sourceCpu', busy } : null;
  }
  const rowsPerSecond = rateSettingOf(node);
  if (rowsPerSecond !== null) return { code: 'rateSetting', rowsPerSecond };
  const sent = sum(subtasks.flatMap((one) => Object.values(one.numRecordsOutPerSecond)));
  return sent === 0 ? { code: 'nothingComes' } : { code: 'keepsUp' };
}

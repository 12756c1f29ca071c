/** Which input an operator's event time waits for, and at which operator that watermark begins. */
import type { NodeId } from '../core/ids.ts';
import type { JobMetrics, SubtaskMetrics } from '../protocol/job.ts';
import { subtasksOf, type ObservedJob, type Watermark } from './observed-job.ts';

export interface WatermarkHolder {
  /** Where its inputs part: the operator itself, or one before it that passes watermarks on. */
  readonly nodeId: NodeId;
  /** The input of that operator that is behind. */
  readonly input: string;
  /** The operator that makes the watermark: a source, mostly. */
  readonly origin: NodeId;
  /** Of the origin, when it is the only one that has no watermark yet; else null. */
  readonly subtask: number | null;
  readonly watermark: number | null;
  /** How far the furthest other input is ahead, in ms; null where there is none with a watermark. */
  readonly behindMs: number | null;
  /** Another input, or another subtask of the origin, is further. */
  readonly isBehind: boolean;
}

type Job = Pick<ObservedJob, 'nodes'>;

/** The input that is furthest behind, of those that are not idle; null when all are idle or have ended. */
export function findHolder(job: Job, metrics: JobMetrics, id: NodeId): WatermarkHolder | null {
  const inputs = (job.nodes.get(id)?.edges ?? [])
    .map(({ from, toPort }) => ({ from, toPort, subtasks: activeSubtasks(metrics, from) }))
    .filter(({ subtasks }) => subtasks.length > 0)
    .map((input) => ({ ...input, watermark: lowest(input.subtasks) }));
  if (inputs.length === 0) return null;
  const behind = inputs.reduce((a, b) => (progress(b.watermark) < progress(a.watermark) ? b : a));
  const { from, toPort, watermark } = behind;
  if (watermark === 'end') return null;
  const furthest = Math.max(...inputs.map((input) => progress(input.watermark)));
  const before = makesWatermarks(job, from) ? null : findHolder(job, metrics, from);
  if (before !== null && furthest === progress(watermark)) return before;
  const subtask = before === null ? subtaskWithout(metrics, from) : before.subtask;
  return {
    nodeId: id,
    input: toPort,
    origin: before?.origin ?? from,
    subtask,
    watermark,
    behindMs: watermark !== null && Number.isFinite(furthest) && furthest > watermark ? furthest - watermark : null,
    isBehind: furthest > progress(watermark) || subtask !== null,
  };
}

function makesWatermarks({ nodes }: Job, id: NodeId): boolean {
  const node = nodes.get(id);
  return node === undefined || node.traits?.assignsWatermarks === true || node.edges.length === 0;
}

/** Of all subtasks that are not idle; null while one of them has none. */
export function lowest(
  subtasks: readonly SubtaskMetrics[],
  of: keyof Watermarks = 'currentOutputWatermark',
): Watermark {
  return subtasks.map((one) => one[of]).reduce((a, b) => (progress(b) < progress(a) ? b : a), 'end' as Watermark);
}

type Watermarks = Pick<SubtaskMetrics, 'currentInputWatermark' | 'currentOutputWatermark'>;

function activeSubtasks(metrics: JobMetrics, id: NodeId): readonly SubtaskMetrics[] {
  return subtasksOf(metrics, id).filter((one) => !one.isIdle);
}

/** The one subtask that has no watermark while all others have. */
function subtaskWithout(metrics: JobMetrics, id: NodeId): number | null {
  const active = activeSubtasks(metrics, id);
  const without = active.filter((one) => one.currentOutputWatermark === null);
  return active.length > 1 && without.length === 1 ? without[0]!.subtask : null;
}

/** How far event time has come, to compare by. */
function progress(watermark: Watermark): number {
  if (watermark === null) return -Infinity;
  return watermark === 'end' ? Infinity : watermark;
}

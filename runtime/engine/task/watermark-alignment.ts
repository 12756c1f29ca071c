/**
 * Keeps sources of a group together in event time, as Flink's watermark alignment does (semantics.md §1.1): one whose watermark is
 * more than `maxDriftMs` ahead of the smallest in its group is not polled until that one comes up. So what the slower one holds
 * back downstream, state of windows above all, stays bounded.
 *
 * Members are all subtasks of all sources that name the group; they are not counted once they are idle or at their end. A subtask
 * without a watermark yet counts as -Infinity: nobody runs ahead of one that has not begun. One that may stay silent needs an
 * idle time-out, as it does for windows downstream. The member that is furthest behind is never held back, so there is no deadlock.
 *
 * Read from the metrics that the tasks write, across threads: a value may be a little old, which delays and does not harm, for
 * watermarks only grow.
 */
import type { NodeId } from '../../core/ids.ts';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { IS_IDLE, OUTPUT_WATERMARK, type MetricsLayout } from '../metrics/metrics-layout.ts';

/** How long a source that was held back may sleep before it looks again, in ms. */
export const ALIGNMENT_CHECK_MS = 20;

export class WatermarkAlignment {
  readonly #metrics: Float64Array;
  readonly #own: number;
  readonly #members: readonly number[];
  readonly #maxDriftMs: number;

  /** `own` and `members`: where the metrics of subtasks are. */
  constructor(metrics: Float64Array, own: number, members: readonly number[], maxDriftMs: number) {
    this.#metrics = metrics;
    this.#own = own;
    this.#members = members;
    this.#maxDriftMs = maxDriftMs;
  }

  /** How far this subtask is ahead of the one furthest behind, in ms; null when it is not counted, or has no watermark. */
  get drift(): number | null {
    const own = this.#watermarkOf(this.#own);
    if (own === -Infinity || own === Infinity) return null;
    // Its own watermark is among them.
    return own - this.#members.reduce((min, member) => Math.min(min, this.#watermarkOf(member)), own);
  }

  get isAhead(): boolean {
    return (this.drift ?? 0) > this.#maxDriftMs;
  }

  /** Infinity: not waited for. */
  #watermarkOf(member: number): number {
    return this.#metrics[member + IS_IDLE] === 1 ? Infinity : this.#metrics[member + OUTPUT_WATERMARK]!;
  }
}

/** That of a source's subtask; null for other operators and sources that align with nobody. */
export function alignmentOf(
  plan: PhysicalPlan,
  layout: MetricsLayout,
  metrics: Float64Array,
  nodeId: NodeId,
  subtask: number,
): WatermarkAlignment | null {
  const alignment = plan.operators.find((operator) => operator.nodeId === nodeId)!.watermarkAlignment;
  if (alignment === null) return null;
  const members = plan.operators
    .filter((operator) => operator.watermarkAlignment?.group === alignment.group)
    .flatMap((operator) => layout.subtasksOf(operator.nodeId));
  return new WatermarkAlignment(metrics, layout.at(nodeId, subtask), members, alignment.maxDriftMs);
}

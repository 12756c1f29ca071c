/** Event time through the pipeline: each subtask's watermarks, and whom it waits for. */
import type { NodeId } from '../../runtime/core/ids.ts';
import type { Firing } from '../../runtime/core/operator.ts';
import { nextWindow, type NextWindow } from '../../runtime/diagnosis/index.ts';
import type { JobMetrics, OperatorMetrics } from '../../runtime/protocol/job.ts';
import { lagOf } from '../stores/metrics-summary.ts';

export type Watermark = number | 'end' | null;

export interface WatermarkRow {
  readonly nodeId: NodeId;
  readonly subtask: number;
  readonly of: number;
  /** Of the report, ms since the epoch. */
  readonly at: number;
  /** Nothing comes in. */
  readonly isSource: boolean;
  readonly input: Watermark;
  readonly output: Watermark;
  /** Behind the clock of the report, as `lagOf` counts it. */
  readonly lagMs: number | null;
  readonly isIdle: boolean;
  readonly lateDropped: number;
  /** Late rows that went to the port for them. */
  readonly lateAside: number;
  /** The next window that closes here, if it is known of the operator. */
  readonly next: NextWindow | null;
  /** The input that event time waits for; null for a source, and where all inputs are equally far. */
  readonly heldBy: Holder | null;
}

export interface Holder {
  readonly nodeId: NodeId;
  readonly subtask: number;
  readonly of: number;
  readonly toPort: string;
  readonly watermark: Watermark;
}

/** The output port that operators send late rows to. */
const LATE_PORT = 'late';

/** `firingOf`: when a node's windows fire; null where it has none. */
export function watermarkRows(
  metrics: JobMetrics,
  firingOf: (id: NodeId) => Firing | null = () => null,
): readonly WatermarkRow[] {
  const operators = new Map(metrics.operators.map((operator) => [operator.nodeId, operator]));
  return metrics.operators.flatMap((operator) => {
    const heldBy = findHolder(metrics, operators, operator.nodeId);
    const firing = firingOf(operator.nodeId);
    const isSource = !metrics.links.some((link) => link.to === operator.nodeId);
    return operator.subtasks.map((subtask): WatermarkRow => ({
      nodeId: operator.nodeId,
      subtask: subtask.subtask,
      of: operator.subtasks.length,
      at: metrics.at,
      isSource,
      input: subtask.currentInputWatermark,
      output: subtask.currentOutputWatermark,
      lagMs: lagOf(metrics.at, subtask.currentOutputWatermark),
      isIdle: subtask.isIdle,
      lateDropped: subtask.numLateRecordsDropped,
      lateAside: subtask.numRecordsOut[LATE_PORT] ?? 0,
      next: firing === null ? null : nextWindow(firing, subtask.currentInputWatermark, metrics.at),
      heldBy,
    }));
  });
}

/** The subtask upstream that is furthest behind, of those that are not idle. */
function findHolder(
  metrics: JobMetrics,
  operators: ReadonlyMap<NodeId, OperatorMetrics>,
  nodeId: NodeId,
): Holder | null {
  const candidates = metrics.links
    .filter((link) => link.to === nodeId)
    .flatMap((link) => {
      const subtasks = operators.get(link.from)?.subtasks ?? [];
      return subtasks
        .filter((one) => !one.isIdle)
        .map((one) => ({
          nodeId: link.from,
          subtask: one.subtask,
          of: subtasks.length,
          toPort: link.toPort,
          watermark: one.currentOutputWatermark,
        }));
    });
  if (candidates.length < 2) return null;
  const slowest = candidates.reduce((a, b) => (progress(b.watermark) < progress(a.watermark) ? b : a));
  const isHolding = candidates.some((one) => progress(one.watermark) > progress(slowest.watermark));
  return isHolding ? slowest : null;
}

/** How far event time has come, to compare by. */
function progress(watermark: Watermark): number {
  if (watermark === null) return -Infinity;
  return watermark === 'end' ? Infinity : watermark;
}

/** From the reports of the last minutes to the columns of a chart. */
import type { JobMetrics } from '../../runtime/protocol/job.ts';
import { summariseMetrics, type MetricsSummary, type NodeSummary } from '../stores/metrics-summary.ts';

export type MetricId = 'throughput' | 'busy' | 'backPressured' | 'lag' | 'state' | 'memory';

/** How far back charts go. */
export const WINDOW_MS = 600_000;

export interface Series {
  /** A node's id; null for the job as a whole. */
  readonly nodeId: string | null;
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  /** Seconds since the epoch, as uPlot wants them. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

const OF_NODE: Readonly<Record<Exclude<MetricId, 'memory'>, (node: NodeSummary) => number | null>> = {
  throughput: rowsPerSecond,
  busy: (node) => node.busy,
  backPressured: (node) => node.backPressured,
  lag: (node) => node.lagMs,
  state: (node) => node.stateBytes,
};

/** Rows that leave per second; of a sink, those that come. */
function rowsPerSecond(node: NodeSummary): number {
  const out = Object.values(node.recordsOutPerSecond);
  return out.length === 0 ? node.recordsInPerSecond : out.reduce((sum, rate) => sum + rate, 0);
}

const summaries = new WeakMap<JobMetrics, MetricsSummary>();

function summaryOf(report: JobMetrics): MetricsSummary {
  const summary = summaries.get(report) ?? summariseMetrics(report);
  summaries.set(report, summary);
  return summary;
}

/** The last `WINDOW_MS` of `history`; a gap where a node had no value. */
export function chartData(history: readonly JobMetrics[], metric: MetricId): ChartData {
  const last = history.at(-1);
  if (last === undefined) return { times: [], series: [] };
  const recent = history.filter((report) => report.at > last.at - WINDOW_MS);
  const times = recent.map((report) => report.at / 1000);
  if (metric === 'memory')
    return { times, series: [{ nodeId: null, values: recent.map((report) => report.memoryBytes) }] };
  const value = OF_NODE[metric];
  const series = last.operators.map(({ nodeId }) => ({
    nodeId: nodeId as string,
    values: recent.map((report) => {
      const node = summaryOf(report).nodes.get(nodeId);
      return node === undefined ? null : value(node);
    }),
  }));
  return { times, series };
}

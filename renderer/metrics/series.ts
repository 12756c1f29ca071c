/** From the reports of the last minutes to the columns of a chart. */
import type { JobMetrics } from '../../runtime/protocol/job.ts';
import { summariseMetrics, type MetricsSummary, type NodeSummary } from '../stores/metrics-summary.ts';

export type MetricId =
  'throughput' | 'busy' | 'backPressured' | 'skew' | 'threads' | 'lag' | 'watermark' | 'latency' | 'state' | 'memory';

/** How far back charts go. */
export const WINDOW_MS = 600_000;

export const PERCENTILES = ['p50', 'p95', 'p99'] as const;
export type Percentile = (typeof PERCENTILES)[number];
/** Lines of the memory chart. */
export const MEMORY_LINES = ['process', 'managed', 'budget'] as const;

export interface Series {
  /** A node's id; with its percentile where it has one line for each (`latencyLine`); of the job, one of `MEMORY_LINES`. */
  readonly id: string;
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  /** Seconds since the epoch, as uPlot wants them. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

export function latencyLine(nodeId: string, percentile: Percentile): string {
  return `${nodeId} ${percentile}`;
}

export function threadLine(index: number): string {
  return `thread ${index}`;
}

const OF_NODE: Readonly<
  Record<Exclude<MetricId, 'memory' | 'latency' | 'threads'>, (node: NodeSummary) => number | null>
> = {
  throughput: rowsPerSecond,
  busy: (node) => node.busy,
  backPressured: (node) => node.backPressured,
  lag: (node) => node.lagMs,
  watermark: (node) => (typeof node.watermark === 'number' ? node.watermark : null),
  skew: (node) => (node.subtasks > 1 ? node.skew : null),
  state: (node) => node.stateBytes,
};

const OF_JOB: Readonly<Record<(typeof MEMORY_LINES)[number], (report: JobMetrics) => number>> = {
  process: (report) => report.memoryBytes,
  managed: (report) => report.managedMemory.usedBytes,
  budget: (report) => report.managedMemory.budgetBytes,
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
  if (metric === 'memory') return { times, series: MEMORY_LINES.map((id) => ({ id, values: recent.map(OF_JOB[id]) })) };
  if (metric === 'threads') {
    const series = (last.threadLoads ?? []).map((_, i) => ({
      id: threadLine(i),
      values: recent.map((report) => report.threadLoads?.[i] ?? null),
    }));
    return { times, series };
  }
  const lineOf = (nodeId: string, id: string, value: (node: NodeSummary) => number | null): Series => ({
    id,
    values: recent.map((report) => {
      const node = summaryOf(report).nodes.get(nodeId);
      return node === undefined ? null : value(node);
    }),
  });
  const series = last.operators.flatMap(({ nodeId }) =>
    metric === 'latency'
      ? PERCENTILES.map((one) => lineOf(nodeId, latencyLine(nodeId, one), (node) => node.latency?.[one] ?? null))
      : [lineOf(nodeId, nodeId, OF_NODE[metric])],
  );
  return { times, series };
}

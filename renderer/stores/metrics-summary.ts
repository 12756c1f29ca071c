/** From the metrics of subtasks to what a node, an edge and the status bar show. */
import type { NodeId } from '../../runtime/core/ids.ts';
import type {
  JobMetrics,
  LatencySummary,
  LinkMetrics,
  OperatorMetrics,
  SubtaskMetrics,
} from '../../runtime/protocol/job.ts';

export interface NodeSummary {
  readonly nodeId: NodeId;
  readonly subtasks: number;
  readonly recordsIn: number;
  /** Per output port. */
  readonly recordsOut: Readonly<Record<string, number>>;
  readonly recordsInPerSecond: number;
  readonly recordsOutPerSecond: Readonly<Record<string, number>>;
  readonly lateDropped: number;
  /** Shares of the last second, 0 to 1: those of the subtask that is busiest (busy), most blocked (backPressured); idle is what they leave. */
  readonly busy: number;
  readonly backPressured: number;
  readonly idle: number;
  /** The lowest over the subtasks that are not idle; null before the first, 'end' when every subtask has ended. */
  readonly watermark: number | 'end' | null;
  /** How far the watermark is behind the clock of the report, as `lagOf` counts it. */
  readonly lagMs: number | null;
  /** Of a sink: for each percentile that of its slowest subtask; null where nothing was measured. */
  readonly latency: LatencySummary | null;
  readonly isIdle: boolean;
  readonly stateBytes: number;
  /** The busiest subtask's rows against the mean; 1 = even. */
  readonly skew: number;
}

export interface EdgeSummary {
  /** Since the job's last (re)start. */
  readonly records: number;
  readonly recordsPerSecond: number;
  /** 0 to 1; 0 for chained edges. */
  readonly queueUsage: number;
  readonly isChained: boolean;
}

export interface MetricsSummary {
  readonly nodes: ReadonlyMap<string, NodeSummary>;
  /** By `edgeKey`. */
  readonly edges: ReadonlyMap<string, EdgeSummary>;
  /** Rows per second that leave the sources. */
  readonly sourceRowsPerSecond: number;
  /** The largest lag of any operator, ms; null when nothing has a watermark, or only one of the past. */
  readonly lagMs: number | null;
  /** The lowest watermark of any operator, ms since the epoch; null when nothing has one. */
  readonly watermark: number | null;
  readonly memoryBytes: number | null;
  readonly managedMemory: JobMetrics['managedMemory'] | null;
}

/** One text per edge, ports included. */
export function edgeKey(edge: {
  readonly from: string;
  readonly fromPort: string;
  readonly to: string;
  readonly toPort: string;
}): string {
  return `${edge.from}\n${edge.fromPort}\n${edge.to}\n${edge.toPort}`;
}

/** Event time that is further from now is that of other days: how far it lags says nothing, its own time does. */
const RECENT_MS = 86_400_000;

/** ms from a watermark to `at`, the clock of its report; null for none, and for event time that is not of about now. */
export function lagOf(at: number, watermark: number | 'end' | null): number | null {
  if (typeof watermark !== 'number' || Math.abs(at - watermark) > RECENT_MS) return null;
  return Math.max(0, at - watermark);
}

const EMPTY: MetricsSummary = {
  nodes: new Map(),
  edges: new Map(),
  sourceRowsPerSecond: 0,
  lagMs: null,
  watermark: null,
  memoryBytes: null,
  managedMemory: null,
};

/** Nodes and edges whose figures are those of `before` keep their identity, so that no others render again. */
export function summariseMetrics(metrics: JobMetrics | null, before: MetricsSummary = EMPTY): MetricsSummary {
  if (metrics === null) return EMPTY;
  const nodes = new Map<string, NodeSummary>();
  for (const operator of metrics.operators) {
    nodes.set(operator.nodeId, sameOr(before.nodes.get(operator.nodeId), summariseOperator(operator, metrics.at)));
  }
  const edges = new Map<string, EdgeSummary>();
  for (const link of metrics.links) {
    const key = edgeKey(link);
    edges.set(key, sameOr(before.edges.get(key), summariseLink(link, nodes)));
  }
  const fed = new Set(metrics.links.map((link) => link.to));
  const sources = [...nodes.values()].filter((node) => !fed.has(node.nodeId));
  const watermarks = [...nodes.values()].map((node) => node.watermark).filter((one) => typeof one === 'number');
  const lags = [...nodes.values()].flatMap((node) => (node.lagMs === null ? [] : [node.lagMs]));
  return {
    nodes,
    edges,
    sourceRowsPerSecond: sum(sources.map((node) => sum(Object.values(node.recordsOutPerSecond)))),
    lagMs: lags.length === 0 ? null : Math.max(...lags),
    watermark: watermarks.length === 0 ? null : Math.min(...watermarks),
    memoryBytes: metrics.memoryBytes,
    managedMemory: metrics.managedMemory,
  };
}

/** What was there before, if it says the same as what is there now. */
function sameOr<T extends object>(before: T | undefined, now: T): T {
  return before !== undefined && isSame(before, now) ? before : now;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => isSame(a[key as keyof typeof a], b[key as keyof typeof b]));
}

function summariseLink(link: LinkMetrics, nodes: ReadonlyMap<string, NodeSummary>): EdgeSummary {
  return {
    records: nodes.get(link.from)?.recordsOut[link.fromPort] ?? 0,
    recordsPerSecond: nodes.get(link.from)?.recordsOutPerSecond[link.fromPort] ?? 0,
    queueUsage: link.queueUsage,
    isChained: link.exchange === 'chained',
  };
}

function summariseOperator(operator: OperatorMetrics, at: number): NodeSummary {
  const { subtasks } = operator;
  const watermark = lowestWatermark(subtasks);
  const busy = mostOf(subtasks.map((task) => task.busyTimeMsPerSecond));
  const backPressured = mostOf(subtasks.map((task) => task.backPressuredTimeMsPerSecond));
  return {
    nodeId: operator.nodeId,
    subtasks: subtasks.length,
    recordsIn: sum(subtasks.map((task) => task.numRecordsIn)),
    recordsOut: sumByPort(subtasks.map((task) => task.numRecordsOut)),
    recordsInPerSecond: sum(subtasks.map((task) => task.numRecordsInPerSecond)),
    recordsOutPerSecond: sumByPort(subtasks.map((task) => task.numRecordsOutPerSecond)),
    lateDropped: sum(subtasks.map((task) => task.numLateRecordsDropped)),
    busy,
    backPressured,
    idle: Math.max(0, 1 - busy - backPressured),
    watermark,
    lagMs: lagOf(at, watermark),
    latency: slowestLatency(subtasks),
    isIdle: subtasks.length > 0 && subtasks.every((task) => task.isIdle),
    stateBytes: sum(subtasks.map((task) => task.stateSize)),
    skew: skewOf(subtasks),
  };
}

/** The largest of some ms per second, as a share; a report may have a little of the time before it, too. */
function mostOf(msPerSecond: readonly number[]): number {
  return Math.min(1, Math.max(0, ...msPerSecond) / 1000);
}

/** Idle subtasks do not hold event time back, unless all of them are idle. */
function lowestWatermark(subtasks: readonly SubtaskMetrics[]): number | 'end' | null {
  const active = subtasks.filter((task) => !task.isIdle);
  const counted = (active.length === 0 ? subtasks : active).map((task) => task.currentOutputWatermark);
  if (counted.length === 0 || counted.includes(null)) return null;
  const times = counted.filter((watermark) => typeof watermark === 'number');
  return times.length === 0 ? 'end' : Math.min(...times);
}

function slowestLatency(subtasks: readonly SubtaskMetrics[]): LatencySummary | null {
  const measured = subtasks.map((task) => task.latency).filter((one) => one !== null);
  if (measured.length === 0) return null;
  const slowest = (of: 'p50' | 'p95' | 'p99'): number => Math.max(...measured.map((one) => one[of]));
  return {
    count: sum(measured.map((one) => one.count)),
    p50: slowest('p50'),
    p95: slowest('p95'),
    p99: slowest('p99'),
  };
}

function skewOf(subtasks: readonly SubtaskMetrics[]): number {
  const rows = subtasks.map((task) => task.numRecordsIn);
  const mean = sum(rows) / Math.max(1, rows.length);
  return mean === 0 ? 1 : Math.max(...rows) / mean;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function sumByPort(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const out: Record<string, number> = {};
  for (const record of records) {
    for (const [port, n] of Object.entries(record)) out[port] = (out[port] ?? 0) + n;
  }
  return out;
}

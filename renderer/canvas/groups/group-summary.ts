/** The figures of a collapsed group from those of its nodes. Pure. */
import { nodeId } from '../../../runtime/core/ids.ts';
import type { PipelineEdge } from '../../../runtime/graph/index.ts';
import { edgeKey, type MetricsSummary, type NodeSummary } from '../../stores/metrics-summary.ts';
import { groupFlowId, type GroupView } from './groups-view.ts';

/** Rows are those across its border, times those of its busiest node, event time that of the slowest; null before the first report. */
export function summariseGroup(
  group: GroupView,
  edges: readonly PipelineEdge[],
  { nodes, edges: edgeSummaries }: MetricsSummary,
): NodeSummary | null {
  const inside = new Set(group.nodes);
  const parts = group.nodes.flatMap((id) => nodes.get(id) ?? []);
  if (parts.length === 0) return null;
  const sum = (of: (part: NodeSummary) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const most = (of: (part: NodeSummary) => number): number => Math.max(...parts.map(of));
  const entering = edges
    .filter((edge) => inside.has(edge.to) && !inside.has(edge.from))
    .flatMap((edge) => edgeSummaries.get(edgeKey(edge)) ?? []);
  const leaving = (of: 'recordsOut' | 'recordsOutPerSecond'): Record<string, number> =>
    Object.fromEntries(group.outputs.map(({ node, port }) => [`${node} ${port}`, nodes.get(node)?.[of][port] ?? 0]));
  const times = parts.map((part) => part.watermark);
  const numbers = times.filter((time) => typeof time === 'number');
  const busy = most((part) => part.busy);
  const backPressured = most((part) => part.backPressured);
  const lags = parts.flatMap((part) => part.lagMs ?? []);
  return {
    nodeId: nodeId(groupFlowId(group.id)),
    subtasks: most((part) => part.subtasks),
    recordsIn: entering.reduce((total, edge) => total + edge.records, 0),
    recordsInPerSecond: entering.reduce((total, edge) => total + edge.recordsPerSecond, 0),
    recordsOut: leaving('recordsOut'),
    recordsOutPerSecond: leaving('recordsOutPerSecond'),
    lateDropped: sum((part) => part.lateDropped),
    busy,
    backPressured,
    idle: Math.max(0, 1 - busy - backPressured),
    watermark: times.includes(null) ? null : numbers.length === 0 ? 'end' : Math.min(...numbers),
    lagMs: lags.length === 0 ? null : Math.max(...lags),
    latency: parts.find((part) => part.latency !== null)?.latency ?? null,
    isIdle: parts.every((part) => part.isIdle),
    stateBytes: sum((part) => part.stateBytes),
    skew: most((part) => part.skew),
  };
}

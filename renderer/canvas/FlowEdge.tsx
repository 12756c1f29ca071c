import { BaseEdge, EdgeLabelRenderer, getBezierPath, type EdgeProps } from '@xyflow/react';
import { memo, useCallback, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import { DebugQueueChip, DebugToken, useQueued } from '../debug/DebugMarks.tsx';
import { useEdgeMark } from '../diff/diff-store.ts';
import { useJobView } from '../stores/job-view.ts';
import { useLive, type LiveState } from '../stores/live-buffer.ts';
import { edgeKey, type EdgeSummary } from '../stores/metrics-summary.ts';
import { useEdgeDiagnostics } from '../stores/validation-store.ts';
import { openPanel, selectEdge } from '../stores/view-store.ts';
import { join } from '../ui/Button.tsx';
import { formatCount, formatRate, formatShare } from '../ui/format.ts';
import { useCanvasStore } from './canvas-store.ts';
import type { FlowEdge as FlowEdgeType } from './flow-model.ts';

/** From these shares of queued credits on an edge is amber, then red. */
const BUSY_QUEUE = 0.6;
const FULL_QUEUE = 0.85;
/** Less is no news. */
const SHOWN_QUEUE = 0.1;
const THINNEST = 1.6;
const THICKEST = 6;

/** An edge; while a job runs its thickness is the volume and its colour how full its queue is. */
export const FlowEdge = memo(function FlowEdge(props: EdgeProps<FlowEdgeType>): ReactNode {
  const { id, data, selected = false } = props;
  const [path, labelX, labelY] = getBezierPath(props);
  const jobView = useJobView();
  const key = data === undefined ? id : edgeKey(data.ref);
  const summary = useLive(useCallback((state: LiveState) => state.summary.edges.get(key) ?? null, [key]));
  const mark = useEdgeMark(key);
  const isDropTarget = useCanvasStore((state) => state.dropEdge === id);
  const shown = jobView === 'none' ? null : summary;
  const queued = useQueued(data?.ref);
  const hasErrors = useEdgeDiagnostics(data?.ref ?? NO_EDGE).some((one) => one.severity === 'error');
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={22}
        className={join(
          'canvas-edge',
          shown !== null && jobView === 'active' && `is-${fullness(shown)}`,
          hasErrors && 'has-errors',
          mark !== null && `is-diff-${mark}`,
          selected && 'is-selected',
          isDropTarget && 'is-drop-target',
        )}
        style={{ strokeWidth: jobView === 'active' && shown !== null ? thickness(shown.recordsPerSecond) : THINNEST }}
      />
      <DebugToken edge={data?.ref} path={path} />
      {queued !== null && queued > 0 && (
        <EdgeLabelRenderer>
          <DebugQueueChip rows={queued} x={props.targetX} y={props.targetY} />
        </EdgeLabelRenderer>
      )}
      {queued === null && shown !== null && data !== undefined && (
        <EdgeLabelRenderer>
          <EdgeChip
            edge={data.ref}
            summary={shown}
            isLive={jobView === 'active'}
            isSelected={selected}
            x={labelX}
            y={labelY}
          />
        </EdgeLabelRenderer>
      )}
    </>
  );
});

const NO_EDGE: EdgeRef = { from: '', fromPort: '', to: '', toPort: '' };

export function fullness({
  queueUsage,
  recordsPerSecond,
}: Pick<EdgeSummary, 'queueUsage' | 'recordsPerSecond'>): 'still' | 'flowing' | 'busy' | 'full' {
  if (queueUsage >= FULL_QUEUE) return 'full';
  if (queueUsage >= BUSY_QUEUE) return 'busy';
  return recordsPerSecond > 0 ? 'flowing' : 'still';
}

/** Grows with the order of magnitude: a line ten times as busy is one step thicker. */
export function thickness(recordsPerSecond: number): number {
  return Math.min(THICKEST, THINNEST + Math.log10(1 + Math.max(0, recordsPerSecond)) * 0.75);
}

interface EdgeChipProps {
  readonly edge: EdgeRef;
  readonly summary: EdgeSummary;
  readonly isLive: boolean;
  readonly isSelected: boolean;
  readonly x: number;
  readonly y: number;
}

function EdgeChip({ edge, summary, isLive, isSelected, x, y }: EdgeChipProps): ReactNode {
  const { t } = useTranslation();
  const rows = isLive
    ? formatRate(summary.recordsPerSecond)
    : t('canvas:edge.rows', { count: summary.records, rows: formatCount(summary.records) });
  const queue = isLive && summary.queueUsage >= SHOWN_QUEUE ? formatShare(summary.queueUsage) : null;
  return (
    <button
      type="button"
      className={join('canvas-chip nodrag nopan', isSelected && 'is-selected', isLive && `is-${fullness(summary)}`)}
      style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
      aria-label={t('canvas:edge.chip', { from: edge.from, to: edge.to, rows })}
      title={queue === null ? undefined : t('canvas:edge.queue', { share: queue })}
      onClick={() => {
        selectEdge(edge);
        openPanel('preview');
      }}
    >
      {rows}
      {queue !== null && <span className="canvas-chip-queue"> · {queue}</span>}
    </button>
  );
}

import { Clock3 } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNodeNames } from '../run/node-name.ts';
import { usePacedLive } from '../run/use-paced-live.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { selectNodes, useSelectedNodeId } from '../stores/view-store.ts';
import { Badge } from '../ui/Badge.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { formatCount, formatDuration, formatEventTimeFull, formatWatermark } from '../ui/format.ts';
import { watermarkRows, type Watermark, type WatermarkRow } from './watermark-rows.ts';
import './watermarks.css';

/** How far event time has come at every subtask, and which input holds it back. */
export function WatermarksPanel(): ReactNode {
  const { t } = useTranslation();
  const metrics = usePacedLive(selectMetrics);
  const nameOf = useNodeNames();
  const selected = useSelectedNodeId();
  const rows = useMemo(() => (metrics === null ? [] : watermarkRows(metrics)), [metrics]);

  const columns = useMemo((): readonly TableColumn<WatermarkRow>[] => {
    const time = (id: string, header: string, of: (row: WatermarkRow) => Watermark): TableColumn<WatermarkRow> => ({
      id,
      header,
      width: 150,
      value: (row) => sortValue(of(row)),
      cell: (row) => <Time watermark={of(row)} at={row.at} />,
    });
    return [
      { id: 'operator', header: t('watermarks:operator'), value: (row) => nameOf(row.nodeId) },
      {
        id: 'subtask',
        header: t('watermarks:subtask'),
        width: 76,
        value: (row) => row.subtask,
        cell: (row) => `${row.subtask + 1} / ${row.of}`,
      },
      {
        ...time('input', t('watermarks:input'), (row) => row.input),
        cell: (row) =>
          row.isSource ? <span className="watermarks-none">–</span> : <Time watermark={row.input} at={row.at} />,
      },
      time('output', t('watermarks:output'), (row) => row.output),
      {
        id: 'lag',
        header: t('watermarks:lag'),
        width: 96,
        isNumeric: true,
        value: (row) => row.lagMs,
        cell: (row) =>
          row.lagMs === null ? (
            <span title={typeof row.output === 'number' ? t('watermarks:historic') : undefined}>–</span>
          ) : (
            formatDuration(row.lagMs)
          ),
      },
      {
        id: 'late',
        header: t('watermarks:late'),
        width: 76,
        isNumeric: true,
        value: (row) => row.lateDropped,
        cell: (row) =>
          row.lateDropped === 0 ? '–' : <span className="watermarks-late">{formatCount(row.lateDropped)}</span>,
      },
      {
        id: 'state',
        header: t('watermarks:state'),
        width: 84,
        value: (row) => row.isIdle,
        cell: (row) =>
          row.isIdle ? <Badge>{t('watermarks:idle')}</Badge> : <Badge tone="ok">{t('watermarks:active')}</Badge>,
      },
      {
        id: 'held',
        header: t('watermarks:heldBy'),
        value: (row) => (row.heldBy === null ? null : nameOf(row.heldBy.nodeId)),
        cell: ({ heldBy }) =>
          heldBy === null ? (
            <span className="watermarks-none">–</span>
          ) : (
            <button
              type="button"
              className="watermarks-holder"
              onClick={(event) => {
                event.stopPropagation();
                selectNodes([heldBy.nodeId]);
              }}
            >
              {nameOf(heldBy.nodeId)}
              {heldBy.of > 1 && ` ${heldBy.subtask + 1}/${heldBy.of}`} → {heldBy.toPort}
              {heldBy.watermark === null && ` · ${t('watermarks:noneYet')}`}
            </button>
          ),
      },
    ];
  }, [t, nameOf]);

  if (rows.length === 0) {
    return <EmptyState icon={<Clock3 size={20} />} title={t('watermarks:none')} hint={t('watermarks:hint')} />;
  }
  return (
    <DataTable
      label={t('watermarks:title')}
      columns={columns}
      rows={rows}
      rowId={(row) => `${row.nodeId} ${row.subtask}`}
      selectedId={rows.find((row) => row.nodeId === selected) === undefined ? null : `${selected} 0`}
      onSelect={(row) => selectNodes([row.nodeId])}
    />
  );
}

function Time({ watermark, at }: { readonly watermark: Watermark; readonly at: number }): ReactNode {
  const { t } = useTranslation();
  if (watermark === null) return <span className="watermarks-none">{t('watermarks:noneYet')}</span>;
  if (watermark === 'end') return <span className="watermarks-none">{t('watermarks:end')}</span>;
  return <span title={formatEventTimeFull(watermark)}>{formatWatermark(watermark, at)}</span>;
}

function sortValue(watermark: Watermark): number | null {
  return watermark === 'end' ? Infinity : watermark;
}

function selectMetrics(state: LiveState): LiveState['metrics'] {
  return state.metrics;
}

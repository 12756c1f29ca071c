import { Clock3 } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { firingOf } from '../../runtime/diagnosis/index.ts';
import { useNodeNames } from '../run/node-name.ts';
import { NothingSeen } from '../run/NothingSeen.tsx';
import { usePacedLive } from '../run/use-paced-live.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { useValidation } from '../stores/validation-store.ts';
import { selectNodes, useSelectedNodeId } from '../stores/view-store.ts';
import { Badge } from '../ui/Badge.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { formatCount, formatDuration, formatEventTimeFull, formatWatermark } from '../ui/format.ts';
import { WatermarkDetail } from './WatermarkDetail.tsx';
import { watermarkRows, type Watermark, type WatermarkRow } from './watermark-rows.ts';
import './watermarks.css';

/** How far event time has come at every subtask, and which input holds it back. */
export function WatermarksPanel(): ReactNode {
  const { t } = useTranslation();
  const metrics = usePacedLive(selectMetrics);
  const nameOf = useNodeNames();
  const selected = useSelectedNodeId();
  const validation = useValidation();
  const rows = useMemo(
    () =>
      metrics === null
        ? []
        : watermarkRows(metrics, (id) => {
            const node = validation?.nodes.get(id);
            return node === undefined ? null : firingOf(node);
          }),
    [metrics, validation],
  );

  const columns = useMemo((): readonly TableColumn<WatermarkRow>[] => {
    const time = (id: string, header: string, of: (row: WatermarkRow) => Watermark): TableColumn<WatermarkRow> => ({
      id,
      header,
      width: 156,
      value: (row) => sortValue(of(row)),
      cell: (row) => <Time watermark={of(row)} at={row.at} />,
    });
    return [
      { id: 'operator', header: t('watermarks:operator'), value: (row) => nameOf(row.nodeId) },
      {
        id: 'subtask',
        header: t('watermarks:subtask'),
        width: 70,
        value: (row) => row.subtask,
        cell: (row) => `${row.subtask + 1} / ${row.of}`,
      },
      {
        ...time('input', t('watermarks:input'), (row) => row.input),
        cell: (row) =>
          row.isSource ? <span className="watermarks-none">–</span> : <Time watermark={row.input} at={row.at} />,
      },
      {
        ...time('output', t('watermarks:output'), (row) => row.output),
        cell: (row) => (
          <>
            <Time watermark={row.output} at={row.at} /> {row.isIdle && <Badge>{t('watermarks:idle')}</Badge>}
          </>
        ),
      },
      {
        id: 'lag',
        header: t('watermarks:lag'),
        width: 64,
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
        width: 64,
        isNumeric: true,
        value: (row) => row.lateDropped + row.lateAside,
        cell: (row) => <Late row={row} />,
      },
      {
        id: 'next',
        header: t('watermarks:next'),
        width: 92,
        isNumeric: true,
        value: (row) => row.next?.missingMs ?? null,
        cell: ({ next }) =>
          next === null ? (
            <span className="watermarks-none">–</span>
          ) : (
            <span title={t(`watermarks:nextHelp_${next.time}`, { end: formatEventTimeFull(next.windowEnd) })}>
              {t('watermarks:nextIn', { missing: formatDuration(next.missingMs) })}
            </span>
          ),
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
    return <NothingSeen icon={<Clock3 size={20} />} title={t('watermarks:none')} hint={t('watermarks:hint')} />;
  }
  const chosen = rows.filter((row) => row.nodeId === selected);
  return (
    <div className="watermarks">
      <div className="watermarks-table">
        <DataTable
          label={t('watermarks:title')}
          columns={columns}
          rows={rows}
          rowId={(row) => `${row.nodeId} ${row.subtask}`}
          selectedId={chosen.length === 0 ? null : `${selected} 0`}
          onSelect={(row) => selectNodes([row.nodeId])}
        />
      </div>
      {chosen.length === 0 ? (
        <p className="watermarks-choose">{t('watermarks:choose')}</p>
      ) : (
        <WatermarkDetail key={selected} rows={chosen} />
      )}
    </div>
  );
}

function Late({ row: { lateDropped, lateAside } }: { readonly row: WatermarkRow }): ReactNode {
  const { t } = useTranslation();
  if (lateDropped + lateAside === 0) return '–';
  const parts = [
    ...(lateDropped > 0 ? [t('watermarks:dropped', { count: formatCount(lateDropped) })] : []),
    ...(lateAside > 0 ? [t('watermarks:aside', { count: formatCount(lateAside) })] : []),
  ];
  return (
    <span className="watermarks-late" title={t('watermarks:lateHelp')}>
      {parts.join(', ')}
    </span>
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

import { DatabaseBackup } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckpointReport } from '../../runtime/protocol/job.ts';
import { usePacedLive } from '../run/use-paced-live.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { useIsRunning } from '../stores/run-store.ts';
import { usePipeline } from '../stores/document-store.ts';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { formatBytes, formatClock, formatDuration } from '../ui/format.ts';
import { CheckpointDetail } from './CheckpointDetail.tsx';
import './checkpoints.css';

/** The job's checkpoints, newest first, and where the time of the chosen one went. */
export function CheckpointsPanel(): ReactNode {
  const { t } = useTranslation();
  const checkpoints = usePacedLive(selectCheckpoints);
  const isRunning = useIsRunning();
  const intervalMs = usePipeline()?.settings.checkpoint.intervalMs ?? 0;
  const [chosen, setChosen] = useState<number | null>(null);
  const columns = useMemo(
    (): readonly TableColumn<CheckpointReport>[] => [
      { id: 'id', header: t('checkpoints:id'), width: 44, value: (one) => one.id, isNumeric: true },
      {
        id: 'status',
        header: t('checkpoints:status'),
        width: 88,
        value: (one) => one.status,
        cell: (one) => <span className={`checkpoints-${one.status}`}>{t(`checkpoints:${one.status}`)}</span>,
      },
      {
        id: 'acked',
        header: t('checkpoints:acked'),
        width: 60,
        value: (one) => one.acknowledged,
        cell: (one) => `${one.acknowledged} / ${one.subtasks}`,
      },
      {
        id: 'duration',
        header: t('checkpoints:duration'),
        width: 74,
        value: (one) => one.durationMs,
        cell: (one) => (one.durationMs === null ? '–' : formatDuration(one.durationMs)),
      },
      {
        id: 'size',
        header: t('checkpoints:size'),
        width: 74,
        value: (one) => one.sizeBytes,
        cell: (one) => (one.sizeBytes === null ? '–' : formatBytes(one.sizeBytes)),
      },
      {
        id: 'at',
        header: t('checkpoints:at'),
        width: 76,
        value: (one) => one.triggeredAt,
        cell: (one) => formatClock(one.triggeredAt),
      },
    ],
    [t],
  );
  if (checkpoints.length === 0) {
    const hint = !isRunning ? 'checkpoints:hint' : intervalMs === 0 ? 'checkpoints:hintOff' : 'checkpoints:hintRunning';
    return (
      <EmptyState
        icon={<DatabaseBackup size={20} />}
        title={t('checkpoints:none')}
        hint={t(hint, { interval: formatDuration(intervalMs) })}
      />
    );
  }
  // Until one is chosen, the newest is followed.
  const selected = checkpoints.find((one) => one.id === chosen) ?? checkpoints[0]!;
  return (
    <div className="checkpoints">
      <div className="checkpoints-list">
        <DataTable
          label={t('checkpoints:title')}
          columns={columns}
          rows={checkpoints}
          rowId={(one) => String(one.id)}
          selectedId={String(selected.id)}
          onSelect={(one) => setChosen(one.id === chosen ? null : one.id)}
        />
      </div>
      <CheckpointDetail checkpoint={selected} />
    </div>
  );
}

function selectCheckpoints(state: LiveState): LiveState['checkpoints'] {
  return state.checkpoints;
}

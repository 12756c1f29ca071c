import { DatabaseBackup, RotateCcw } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckpointReport } from '../../runtime/protocol/job.ts';
import { NothingSeen } from '../run/NothingSeen.tsx';
import { usePacedLive } from '../run/use-paced-live.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { useIsRunning, useRunStore } from '../stores/run-store.ts';
import { startFrom } from '../stores/savepoints.ts';
import { useDocumentStore, usePipeline } from '../stores/document-store.ts';
import { reveal } from '../stores/view-store.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { formatBytes, formatClock, formatDuration } from '../ui/format.ts';
import { CheckpointDetail } from './CheckpointDetail.tsx';
import { CheckpointKind, CheckpointStatus } from './CheckpointStatus.tsx';
import { CheckpointSummary } from './CheckpointSummary.tsx';
import { inFlight, restorableIds } from './lanes.ts';
import './checkpoints.css';

/** The job's checkpoints and savepoints, newest first, and where the time of the chosen one went. */
export function CheckpointsPanel(): ReactNode {
  const { t } = useTranslation();
  const history = usePacedLive(selectCheckpoints);
  const isRunning = useIsRunning();
  const intervalMs = usePipeline()?.settings.checkpoint.intervalMs ?? 0;
  const [chosen, setChosen] = useState<number | null>(null);
  const restore = useRestore(history.reports);
  const columns = useColumns(restore);
  const { reports } = history;
  if (reports.length === 0 && history.latest.restored === null) {
    const hint = intervalMs === 0 ? 'checkpoints:hintOff' : isRunning ? 'checkpoints:hintRunning' : 'checkpoints:hint';
    return (
      <NothingSeen
        icon={<DatabaseBackup size={20} />}
        title={t('checkpoints:none')}
        hint={t(hint, { interval: formatDuration(intervalMs) })}
        actions={
          intervalMs > 0 ? undefined : (
            <Button onClick={() => reveal({ path: 'settings.checkpoint.intervalMs' })}>
              {t('checkpoints:setInterval')}
            </Button>
          )
        }
      />
    );
  }
  // Until one is chosen, the newest is followed.
  const selected = reports.find((one) => one.id === chosen) ?? reports[0] ?? null;
  return (
    <div className="checkpoints">
      <CheckpointSummary history={history} onShow={setChosen} />
      <div className="checkpoints-body">
        <div className="checkpoints-list">
          <DataTable
            label={t('checkpoints:title')}
            columns={columns}
            rows={reports}
            rowId={(one) => String(one.id)}
            selectedId={selected === null ? null : String(selected.id)}
            onSelect={(one) => setChosen(one.id === chosen ? null : one.id)}
          />
        </div>
        {selected !== null && (
          <CheckpointDetail
            checkpoint={selected}
            onRestore={restore.canStartFrom(selected) ? () => restore.start(selected) : null}
          />
        )}
      </div>
    </div>
  );
}

interface Restore {
  readonly canStartFrom: (report: CheckpointReport) => boolean;
  readonly start: (report: CheckpointReport) => void;
}

/** Starting the job's document anew from one of its checkpoints, as long as it is open. */
function useRestore(reports: readonly CheckpointReport[]): Restore {
  const jobPath = useRunStore((run) => run.path);
  const retain = useDocumentStore(
    ({ documents }) => documents.find((open) => open.path === jobPath)?.document.settings.checkpoint.retain ?? null,
  );
  return useMemo((): Restore => {
    const ids = retain === null ? new Set<number>() : restorableIds(reports, retain);
    return {
      canStartFrom: (report) => ids.has(report.id),
      start: ({ kind, id, path }) => {
        if (jobPath !== null && path !== null) void startFrom(jobPath, { kind, id, location: path });
      },
    };
  }, [reports, retain, jobPath]);
}

function useColumns(restore: Restore): readonly TableColumn<CheckpointReport>[] {
  const { t } = useTranslation();
  return useMemo(
    (): readonly TableColumn<CheckpointReport>[] => [
      { id: 'id', header: t('checkpoints:id'), width: 48, value: (one) => one.id, isNumeric: true },
      {
        id: 'kind',
        header: t('checkpoints:kindHeader'),
        width: 106,
        value: (one) => one.kind,
        cell: (one) => <CheckpointKind kind={one.kind} />,
      },
      {
        id: 'status',
        header: t('checkpoints:status'),
        width: 98,
        value: (one) => one.status,
        cell: (one) => <CheckpointStatus status={one.status} />,
      },
      {
        id: 'acked',
        header: t('checkpoints:acked'),
        width: 60,
        value: (one) => one.acknowledged,
        cell: (one) => `${one.acknowledged} / ${one.subtasks}`,
      },
      {
        id: 'at',
        header: t('checkpoints:at'),
        width: 80,
        value: (one) => one.triggeredAt,
        cell: (one) => formatClock(one.triggeredAt),
      },
      {
        id: 'duration',
        header: t('checkpoints:duration'),
        width: 64,
        isNumeric: true,
        value: (one) => one.durationMs,
        cell: (one) => (one.durationMs === null ? '–' : formatDuration(one.durationMs)),
      },
      {
        id: 'size',
        header: t('checkpoints:size'),
        width: 94,
        isNumeric: true,
        value: (one) => one.sizeBytes,
        cell: (one) => <Size report={one} />,
      },
      {
        id: 'processed',
        header: <span title={t('checkpoints:processedHelp')}>{t('checkpoints:processed')}</span>,
        width: 70,
        isNumeric: true,
        value: (one) => inFlight(one).processed,
        cell: (one) => bytesOrNone(inFlight(one).processed),
      },
      {
        id: 'persisted',
        header: <span title={t('checkpoints:persistedHelp')}>{t('checkpoints:persisted')}</span>,
        width: 68,
        isNumeric: true,
        value: (one) => inFlight(one).persisted,
        cell: (one) => bytesOrNone(inFlight(one).persisted),
      },
      {
        id: 'restore',
        header: <span className="ui-visually-hidden">{t('checkpoints:restore')}</span>,
        width: 38,
        value: (one) => restore.canStartFrom(one),
        cell: (one) =>
          restore.canStartFrom(one) && (
            <IconButton
              label={t('checkpoints:restoreFrom', { id: one.id })}
              icon={<RotateCcw size={13} aria-hidden />}
              isSmall
              tooltipSide="right"
              onClick={(event) => {
                event.stopPropagation();
                restore.start(one);
              }}
              onKeyDown={(event) => event.stopPropagation()}
            />
          ),
      },
    ],
    [t, restore],
  );
}

/** What was written, and of how much where it shares files with those before. */
function Size({ report: { sizeBytes, stateBytes } }: { readonly report: CheckpointReport }): ReactNode {
  const { t } = useTranslation();
  if (sizeBytes === null) return '–';
  if (stateBytes === null || stateBytes <= sizeBytes) return formatBytes(sizeBytes);
  const size = formatBytes(sizeBytes);
  const full = formatBytes(stateBytes);
  return <span title={t('checkpoints:incremental', { size, full })}>{t('checkpoints:sizeOf', { size, full })}</span>;
}

function bytesOrNone(bytes: number): string {
  return bytes === 0 ? '–' : formatBytes(bytes);
}

function selectCheckpoints(state: LiveState): LiveState['checkpoints'] {
  return state.checkpoints;
}

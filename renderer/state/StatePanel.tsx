import { Database } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNodeNames } from '../run/node-name.ts';
import { NothingSeen } from '../run/NothingSeen.tsx';
import { usePacedLive } from '../run/use-paced-live.ts';
import { useJobView } from '../stores/job-view.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { useRunStore } from '../stores/run-store.ts';
import { selectNodes, useSelectedNodeId } from '../stores/view-store.ts';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { formatBytes, formatCount, formatShare } from '../ui/format.ts';
import { StateDetail } from './StateDetail.tsx';
import { stateRows, type StateRow } from './state-rows.ts';
import './state.css';

/** From this on one subtask does much of the work. */
const SKEWED = 1.5;

/** How much operators keep, how it grows, and for which keys. */
export function StatePanel(): ReactNode {
  const { t } = useTranslation();
  const history = usePacedLive(selectHistory);
  const managed = usePacedLive(selectManaged);
  const selected = useSelectedNodeId();
  const isRunning = useJobView() === 'active';
  const rows = useMemo(() => stateRows(history), [history]);
  const columns = useColumns();
  const isRemote = useRunStore((run) => run.remote !== null);
  if (isRemote) {
    return <EmptyState icon={<Database size={20} />} title={t('deploy:noState')} hint={t('deploy:noStateHint')} />;
  }
  if (rows.length === 0) {
    return <NothingSeen icon={<Database size={20} />} title={t('state:none')} hint={t('state:hint')} />;
  }
  const chosen = rows.find((row) => row.nodeId === selected) ?? null;
  return (
    <div className="state">
      <div className="state-list">
        {managed !== null && (
          <p className="state-managed">
            <meter min={0} max={managed.budgetBytes} high={managed.budgetBytes * 0.85} value={managed.usedBytes} />
            {t('state:managed', { used: formatBytes(managed.usedBytes), budget: formatBytes(managed.budgetBytes) })}
          </p>
        )}
        <div className="state-table">
          <DataTable
            label={t('state:title')}
            columns={columns}
            rows={rows}
            rowId={(row) => row.nodeId}
            selectedId={chosen?.nodeId ?? null}
            onSelect={(row) => selectNodes([row.nodeId])}
          />
        </div>
      </div>
      {chosen === null ? (
        <p className="state-choose">{t('state:choose')}</p>
      ) : (
        <StateDetail key={chosen.nodeId} row={chosen} isRunning={isRunning} />
      )}
    </div>
  );
}

function useColumns(): readonly TableColumn<StateRow>[] {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  return useMemo((): readonly TableColumn<StateRow>[] => {
    const numeric = (
      id: string,
      value: (row: StateRow) => number | null,
      format: (value: number) => ReactNode,
      help?: string,
    ): TableColumn<StateRow> => ({
      id,
      header: <span title={help}>{t(`state:${id}`)}</span>,
      width: 74,
      isNumeric: true,
      value,
      cell: (row) => {
        const shown = value(row);
        return shown === null ? '–' : format(shown);
      },
    });
    return [
      { id: 'operator', header: t('state:operator'), value: (row) => nameOf(row.nodeId) },
      numeric('bytes', (row) => row.bytes, formatBytes),
      numeric('entries', (row) => row.entries, formatCount, t('state:entriesHelp')),
      numeric('perKey', (row) => (row.entries === 0 ? null : row.bytes / row.entries), formatBytes),
      numeric('growth', (row) => row.growth, signedBytes, t('state:growthHelp')),
      numeric(
        'skew',
        (row) => row.skew,
        (skew) => <span className={skew > SKEWED ? 'state-skewed' : undefined}>× {skew.toFixed(1)}</span>,
        t('state:skewHelp'),
      ),
      numeric('share', (row) => row.share, formatShare),
    ];
  }, [t, nameOf]);
}

function signedBytes(bytes: number): string {
  if (Math.abs(bytes) < 1) return '0';
  return `${bytes > 0 ? '+' : '−'}${formatBytes(Math.abs(bytes))}`;
}

function selectHistory(state: LiveState): LiveState['history'] {
  return state.history;
}

function selectManaged(state: LiveState): LiveState['summary']['managedMemory'] {
  return state.summary.managedMemory;
}

import { useEffect, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MetricChart } from '../metrics/MetricChart.tsx';
import { metricView } from '../metrics/views.ts';
import { useNodeNames } from '../run/node-name.ts';
import { usePacedLive } from '../run/use-paced-live.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { sampleKeys } from '../stores/run-store.ts';
import { formatBytes, formatCount, formatExact, formatShare } from '../ui/format.ts';
import { hotTables, type HotTable, type StateRow } from './state-rows.ts';

interface StateDetailProps {
  readonly row: StateRow;
  readonly isRunning: boolean;
}

/** Growth, subtasks and hottest keys of one operator. Its keys are sampled only while this is shown. */
export function StateDetail({ row, isRunning }: StateDetailProps): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const { nodeId } = row;
  const reports = usePacedLive(selectHotKeys);
  const tables = useMemo(() => hotTables(reports.values(), nodeId), [reports, nodeId]);
  const lines = useMemo(() => [{ id: nodeId, name: nameOf(nodeId), color: 'accent', dash: [] }], [nodeId, nameOf]);

  useEffect(() => {
    sampleKeys([nodeId]);
    return () => sampleKeys([]);
  }, [nodeId]);

  return (
    <section className="state-detail" aria-label={nameOf(nodeId)}>
      <div className="state-growth">
        <MetricChart view={metricView('state')} title={t('state:overTime')} lines={lines} />
        <Subtasks row={row} />
      </div>
      <div className="state-keys">
        {tables.length === 0 ? (
          <p className="state-note">
            <strong>{t('state:hottest')}</strong>{' '}
            {t(!isRunning ? 'state:hottestEnded' : row.entries === 0 ? 'state:keyless' : 'state:hottestWaiting')}
          </p>
        ) : (
          tables.map((table) => <Keys key={table.name} table={table} isOnly={tables.length === 1} />)
        )}
      </div>
    </section>
  );
}

function Keys({ table, isOnly }: { readonly table: HotTable; readonly isOnly: boolean }): ReactNode {
  const { t } = useTranslation();
  const most = table.keys[0]?.share ?? 1;
  return (
    <figure className="state-hottest">
      <figcaption title={t('state:hottestNote', { sampled: formatExact(table.sampled) })}>
        <strong>{t('state:hottest')}</strong> <code>{table.fields.join(' · ')}</code>
        {!isOnly && ` · ${table.name}`}
      </figcaption>
      <ol>
        {table.keys.map(({ key, share }) => (
          <li key={key} aria-label={t('state:key', { key, share: formatShare(share) })}>
            <span className="state-key" title={key}>
              {key}
            </span>
            <span className="state-bar" aria-hidden>
              <i style={{ width: `${(share / most) * 100}%` }} />
            </span>
            <span className="state-share">{(share * 100).toFixed(share < 0.1 ? 1 : 0)} %</span>
          </li>
        ))}
      </ol>
      <p className="state-note">{t('state:hottestNote', { sampled: formatExact(table.sampled) })}</p>
    </figure>
  );
}

function Subtasks({ row: { subtasks } }: { readonly row: StateRow }): ReactNode {
  const { t } = useTranslation();
  const most = Math.max(1, ...subtasks.map((one) => one.stateSize));
  if (subtasks.length < 2) return null;
  return (
    <ol className="state-subtasks" aria-label={t('state:subtasks')}>
      {subtasks.map(({ subtask, stateSize, stateEntries, numRecordsIn }) => {
        const text = t('state:subtask', {
          number: subtask + 1,
          bytes: formatBytes(stateSize),
          entries: formatCount(stateEntries),
          rows: formatCount(numRecordsIn),
        });
        return (
          <li key={subtask} aria-label={text} title={text}>
            <span>{subtask + 1}</span>
            <span className="state-bar" aria-hidden>
              <i style={{ width: `${(stateSize / most) * 100}%` }} />
            </span>
            <span className="state-share">{formatBytes(stateSize)}</span>
          </li>
        );
      })}
    </ol>
  );
}

function selectHotKeys(state: LiveState): LiveState['hotKeys'] {
  return state.hotKeys;
}

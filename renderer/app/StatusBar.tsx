import { CircleAlert, CircleCheck, Languages, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { RemotePlace } from '../../runtime/protocol/remote-cluster.ts';
import type { CheckpointReport } from '../../runtime/protocol/job.ts';
import { said } from './i18n/said.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { useActiveDocument } from '../stores/document-store.ts';
import { useLive, type LiveState } from '../stores/live-buffer.ts';
import { selectIsActive, useRunStore } from '../stores/run-store.ts';
import { changeSettings, useSettingsStore } from '../stores/settings-store.ts';
import { useValidation } from '../stores/validation-store.ts';
import { openPanel } from '../stores/view-store.ts';
import { formatAge, formatBytes, formatDuration, formatRate, formatWatermark } from '../ui/format.ts';
import { Menu } from '../ui/Menu.tsx';
import { useNow } from '../ui/use-now.ts';
import { LANGUAGES } from './i18n/index.ts';

/** Managed memory is short from this share on. */
const SHORT_MEMORY = 0.85;

const selectSummary = (live: LiveState) => live.summary;
const selectMetrics = (live: LiveState) => live.metrics;
const selectLastComplete = (live: LiveState) => live.checkpoints.latest.completed;

export function StatusBar(): ReactNode {
  const { t } = useTranslation();
  return (
    <footer className="status" aria-label={t('app:status.label')}>
      <JobState />
      <Figures />
      <span className="status-gap" />
      <Problems />
      <LanguageMenu />
    </footer>
  );
}

function JobState(): ReactNode {
  const { t } = useTranslation();
  const state = useRunStore((run) => run.state);
  const attempt = useRunStore((run) => run.attempt);
  const error = useRunStore((run) => run.error);
  const isPreview = useRunStore((run) => run.isPreview);
  const remote = useRunStore((run) => run.remote);
  const name = t(`app:job.${state ?? 'none'}`);
  return (
    <button
      type="button"
      className="status-item"
      title={error ? said(error.message) : t('app:status.openLog')}
      onClick={() => openPanel('log')}
    >
      <i className={`status-dot is-${state ?? 'none'}`} aria-hidden />
      <span role="status">{name}</span>
      {isPreview && <span title={t('app:status.previewHelp')}>{t('app:status.preview')}</span>}
      {remote !== null && <span title={remoteHint(t, remote)}>{t('deploy:onFlink')}</span>}
      {attempt > 1 && <span>{t('app:status.attempt', { attempt })}</span>}
    </button>
  );
}

function remoteHint(t: TFunction, { jobId, restUrl: url, unmatched }: RemotePlace): string {
  const hint = t('deploy:onFlinkHint', { jobId, url });
  return unmatched.length === 0 ? hint : `${hint}\n${t('deploy:unmatched', { names: unmatched.join(', ') })}`;
}

function Figures(): ReactNode {
  const { t } = useTranslation();
  const isActive = useRunStore(selectIsActive);
  const isRemote = useRunStore((run) => run.remote !== null);
  const summary = useLive(selectSummary);
  const metrics = useLive(selectMetrics);
  const checkpoint = useLive(selectLastComplete);
  if (metrics === null) return null;
  return (
    <>
      {isActive && (
        <span className="status-item">{t('app:status.rows', { rate: formatRate(summary.sourceRowsPerSecond) })}</span>
      )}
      {isActive && summary.watermark !== null && (
        <button type="button" className="status-item" onClick={() => openPanel('watermarks')}>
          {summary.lagMs === null
            ? t('app:status.eventTime', { time: formatWatermark(summary.watermark, metrics.at) })
            : t('app:status.lag', { lag: formatDuration(summary.lagMs) })}
        </button>
      )}
      {checkpoint !== null && (
        <button type="button" className="status-item" onClick={() => openPanel('checkpoints')}>
          {isActive ? <Age checkpoint={checkpoint} /> : t('app:status.lastCheckpoint', { id: checkpoint.id })}
        </button>
      )}
      {isActive && !isRemote && summary.managedMemory !== null && summary.memoryBytes !== null && (
        <ManagedMemory {...summary.managedMemory} processBytes={summary.memoryBytes} />
      )}
    </>
  );
}

/** Grows by itself: reports may come less often than it does. */
function Age({ checkpoint }: { readonly checkpoint: CheckpointReport }): ReactNode {
  const { t } = useTranslation();
  const age = useNow() - checkpoint.triggeredAt - (checkpoint.durationMs ?? 0);
  return t('app:status.checkpoint', { id: checkpoint.id, ago: formatAge(age) });
}

interface ManagedMemoryProps {
  readonly usedBytes: number;
  readonly budgetBytes: number;
  readonly processBytes: number;
}

function ManagedMemory({ usedBytes, budgetBytes, processBytes }: ManagedMemoryProps): ReactNode {
  const { t } = useTranslation();
  const isShort = usedBytes > budgetBytes * SHORT_MEMORY;
  return (
    <button
      type="button"
      className={isShort ? 'status-item is-warning' : 'status-item'}
      title={t('app:status.processMemory', { bytes: formatBytes(processBytes) })}
      onClick={() => openPanel('metrics')}
    >
      {isShort && <TriangleAlert size={13} aria-hidden />}
      {t(isShort ? 'app:status.managedMemoryShort' : 'app:status.managedMemory', {
        used: formatBytes(usedBytes),
        budget: formatBytes(budgetBytes),
      })}
    </button>
  );
}

function Problems(): ReactNode {
  const { t } = useTranslation();
  const hasDocument = useActiveDocument() !== null;
  const diagnostics = useValidation()?.diagnostics ?? [];
  if (!hasDocument) return null;
  const errors = diagnostics.filter((one) => one.severity === 'error').length;
  const Icon = diagnostics.length === 0 ? CircleCheck : CircleAlert;
  const tone = errors > 0 ? 'error' : diagnostics.length > 0 ? 'warning' : 'ok';
  return (
    <button type="button" className={`status-item is-${tone}`} onClick={() => openPanel('problems')}>
      <Icon size={13} aria-hidden />
      {t('app:status.problems', { count: diagnostics.length })}
    </button>
  );
}

function LanguageMenu(): ReactNode {
  const { t } = useTranslation();
  const language = useSettingsStore((state) => state.settings.language);
  return (
    <Menu
      align="end"
      entries={[
        ...LANGUAGES.map(({ id, name }) => ({
          id,
          label: name,
          isChecked: language === id,
          run: () => changeSettings({ language: id }),
        })),
        'separator',
        { id: 'shortcuts', label: t('app:commands.shortcuts'), run: () => openDialog({ type: 'shortcuts' }) },
      ]}
    >
      <button type="button" className="status-item">
        <Languages size={13} aria-hidden />
        <span className="ui-visually-hidden">{t('app:language')}</span>
        {LANGUAGES.find((one) => one.id === language)?.name}
      </button>
    </Menu>
  );
}

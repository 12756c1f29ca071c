import { CircleAlert, CircleCheck, Languages } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { openDialog } from '../stores/dialog-store.ts';
import { useActiveDocument } from '../stores/document-store.ts';
import { useLive, type LiveState } from '../stores/live-buffer.ts';
import { selectIsActive, useRunStore } from '../stores/run-store.ts';
import { changeSettings, useSettingsStore } from '../stores/settings-store.ts';
import { useValidation } from '../stores/validation-store.ts';
import { openPanel } from '../stores/view-store.ts';
import { formatBytes, formatDuration, formatRate } from '../ui/format.ts';
import { Menu } from '../ui/Menu.tsx';
import { LANGUAGES } from './i18n/index.ts';

/** Event time that is this far behind is of the past: its lag says nothing. */
const HISTORIC_MS = 86_400_000;

const selectSummary = (live: LiveState) => live.summary;
const selectMetrics = (live: LiveState) => live.metrics;
const selectLastComplete = (live: LiveState) => live.checkpoints.find((one) => one.status === 'completed') ?? null;

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
  const name = t(`app:job.${state ?? 'none'}`);
  return (
    <button
      type="button"
      className="status-item"
      title={error?.message ?? t('app:status.openLog')}
      onClick={() => openPanel('log')}
    >
      <i className={`status-dot is-${state ?? 'none'}`} aria-hidden />
      <span role="status">{name}</span>
      {attempt > 1 && <span>{t('app:status.attempt', { attempt })}</span>}
    </button>
  );
}

function Figures(): ReactNode {
  const { t } = useTranslation();
  const isActive = useRunStore(selectIsActive);
  const summary = useLive(selectSummary);
  const metrics = useLive(selectMetrics);
  const checkpoint = useLive(selectLastComplete);
  if (metrics === null) return null;
  const { lagMs } = summary;
  const sinceCheckpoint =
    checkpoint === null ? null : metrics.at - checkpoint.triggeredAt - (checkpoint.durationMs ?? 0);
  return (
    <>
      {isActive && (
        <span className="status-item">{t('app:status.rows', { rate: formatRate(summary.sourceRowsPerSecond) })}</span>
      )}
      {isActive && lagMs !== null && lagMs < HISTORIC_MS && (
        <button type="button" className="status-item" onClick={() => openPanel('watermarks')}>
          {t('app:status.lag', { lag: formatDuration(lagMs) })}
        </button>
      )}
      {checkpoint !== null && sinceCheckpoint !== null && (
        <button type="button" className="status-item" onClick={() => openPanel('checkpoints')}>
          {isActive
            ? t('app:status.checkpoint', { id: checkpoint.id, ago: formatDuration(Math.max(0, sinceCheckpoint)) })
            : t('app:status.lastCheckpoint', { id: checkpoint.id })}
        </button>
      )}
      {isActive && summary.memoryBytes !== null && (
        <span className="status-item">{t('app:status.memory', { bytes: formatBytes(summary.memoryBytes) })}</span>
      )}
    </>
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

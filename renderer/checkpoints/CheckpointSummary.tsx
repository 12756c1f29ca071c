import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckpointReport } from '../../runtime/protocol/job.ts';
import { said } from '../app/i18n/said.ts';
import type { CheckpointHistory } from '../stores/checkpoint-history.ts';
import { formatAge, formatExact } from '../ui/format.ts';
import { useNow } from '../ui/use-now.ts';

const COUNTS = ['triggered', 'inProgress', 'completed', 'failed', 'restored'] as const;

interface CheckpointSummaryProps {
  readonly history: CheckpointHistory;
  readonly onShow: (id: number) => void;
}

/** How many there were, and the latest of each kind; a click shows it. */
export function CheckpointSummary({ history, onShow }: CheckpointSummaryProps): ReactNode {
  const { t } = useTranslation();
  const now = useNow();
  const { counts, latest } = history;
  const ago = (at: number): string => t('checkpoints:ago', { time: formatAge(now - at) });
  return (
    <div className="checkpoints-summary">
      <dl className="checkpoints-counts">
        {COUNTS.map((count) => (
          <div key={count} className={count === 'failed' && counts.failed > 0 ? 'checkpoints-failed' : undefined}>
            <dt>{t(`checkpoints:counts.${count}`)}</dt>
            <dd>{formatExact(counts[count])}</dd>
          </div>
        ))}
      </dl>
      <dl className="checkpoints-latest" aria-label={t('checkpoints:latest.title')}>
        {latest.completed !== null && (
          <Latest name={t('checkpoints:latest.completed')} report={latest.completed} onShow={onShow}>
            {ago(endOf(latest.completed))}
          </Latest>
        )}
        {latest.savepoint !== null && (
          <Latest name={t('checkpoints:latest.savepoint')} report={latest.savepoint} onShow={onShow}>
            {ago(endOf(latest.savepoint))}
          </Latest>
        )}
        {latest.failed !== null && (
          <Latest name={t('checkpoints:latest.failed')} report={latest.failed} onShow={onShow}>
            {latest.failed.failure ?? t('checkpoints:interrupted')}
          </Latest>
        )}
        {latest.restored !== null && (
          <div title={latest.restored.path}>
            <dt>{t('checkpoints:latest.restored')}</dt>
            <dd>
              {t(`checkpoints:point.${latest.restored.kind}`, { id: latest.restored.id })} · {ago(latest.restored.at)}
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

interface LatestProps {
  readonly name: string;
  readonly report: CheckpointReport;
  readonly onShow: (id: number) => void;
  readonly children: ReactNode;
}

function Latest({ name, report, onShow, children }: LatestProps): ReactNode {
  return (
    <div
      className={report.path === null ? 'checkpoints-cause' : undefined}
      title={report.failure === null ? (report.path ?? undefined) : said(report.failure)}
    >
      <dt>{name}</dt>
      <dd>
        <button type="button" className="ui-link is-strong" onClick={() => onShow(report.id)}>
          {report.id}
        </button>{' '}
        · {children}
      </dd>
    </div>
  );
}

function endOf(report: CheckpointReport): number {
  return report.triggeredAt + (report.durationMs ?? 0);
}

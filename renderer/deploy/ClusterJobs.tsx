import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClusterJob } from '../../runtime/protocol/remote-cluster.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { formatDateTime } from '../ui/format.ts';

interface ClusterJobsProps {
  readonly jobs: readonly ClusterJob[];
  /** Name of the pipeline: jobs of another are shown on its canvas as far as their operators match. */
  readonly own: string;
  readonly isDisabled: boolean;
  readonly onAttach: (jobId: string) => void;
}

/** The jobs that run in a cluster, those of the pipeline first. */
export function ClusterJobs({ jobs, own, isDisabled, onAttach }: ClusterJobsProps): ReactNode {
  const { t } = useTranslation();
  const running = jobs.filter(({ hasEnded }) => !hasEnded);
  const shown = [...running.filter(({ name }) => name === own), ...running.filter(({ name }) => name !== own)];
  return (
    <section aria-label={t('deploy:jobs')}>
      <h3>{t('deploy:jobs')}</h3>
      {shown.length === 0 && <p className="deploy-none">{t('deploy:noJobs')}</p>}
      <ul className="deploy-jobs">
        {shown.map(({ id, name, state, startedAt }) => (
          <li key={id}>
            <span>
              <b>{name}</b> <Badge tone={state === 'RUNNING' ? 'ok' : 'neutral'}>{state}</Badge>
              <small>
                <time dateTime={new Date(startedAt).toISOString()}>{formatDateTime(startedAt)}</time> ·{' '}
                <code>{id}</code>
              </small>
            </span>
            <Button
              isSmall
              disabled={isDisabled}
              aria-label={t('deploy:attachTo', { name })}
              onClick={() => onAttach(id)}
            >
              {t('deploy:attach')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

import { CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DIAGNOSTIC_HELP } from '../../runtime/core/diagnostic-codes.ts';
import { useRunStore } from '../stores/run-store.ts';
import { reveal } from '../stores/view-store.ts';
import { useNodeNames } from './node-name.ts';
import './run.css';

/** Why the job failed (or was restarted), what to do about it, and where; nothing while there is no error. */
export function JobErrorBanner(): ReactNode {
  const { t } = useTranslation();
  const error = useRunStore((run) => run.error);
  const state = useRunStore((run) => run.state);
  const attempt = useRunStore((run) => run.attempt);
  const nameOf = useNodeNames();
  if (error === null) return null;
  const { code, message, nodeId, stack } = error;
  const remedy = error.remedy ?? (code === null ? null : DIAGNOSTIC_HELP[code]);
  return (
    <section className="run-error" role="alert">
      <CircleX size={16} aria-hidden />
      <div>
        <p className="run-error-title">
          <strong>{t(state === 'FAILED' ? 'run:error.failed' : 'run:error.restarted', { attempt })}</strong>
          {code !== null && <code>{code}</code>}
          {nodeId !== null && (
            <button type="button" className="run-link" onClick={() => reveal({ nodeId })}>
              {nameOf(nodeId)}
            </button>
          )}
        </p>
        <p>{message}</p>
        {remedy !== null && <p className="run-error-remedy">{remedy}</p>}
        {stack !== null && (
          <details>
            <summary>{t('run:error.details')}</summary>
            <pre>{stack}</pre>
          </details>
        )}
      </div>
    </section>
  );
}

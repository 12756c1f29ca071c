import { CircleX, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { helpOf, said } from '../app/i18n/said.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import { useLive, type LiveState } from '../stores/live-buffer.ts';
import { run, useRunStore } from '../stores/run-store.ts';
import { reveal } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { useNodeNames } from './node-name.ts';
import './run.css';

/** Why the job failed (or was restarted), what to do about it, and where; nothing while there is no error. */
export function JobErrorBanner(): ReactNode {
  const { t } = useTranslation();
  const error = useRunStore((run) => run.error);
  const state = useRunStore((run) => run.state);
  const attempt = useRunStore((run) => run.attempt);
  const isPreview = useRunStore((run) => run.isPreview);
  const nameOf = useNodeNames();
  if (error === null) return null;
  const { code, message, nodeId, stack } = error;
  const remedy = error.remedy === null ? (code === null ? null : helpOf(code)) : said(error.remedy);
  return (
    <section className="run-error" role="alert">
      <CircleX size={16} aria-hidden />
      <div>
        <p className="run-error-title">
          <strong>{t(state === 'FAILED' ? 'run:error.failed' : 'run:error.restarted', { attempt })}</strong>
          {code !== null && <code>{code}</code>}
          {nodeId !== null && (
            <button type="button" className="ui-link" onClick={() => reveal({ nodeId })}>
              {nameOf(nodeId)}
            </button>
          )}
        </p>
        <p>{said(message)}</p>
        {remedy !== null && <p className="run-error-remedy">{remedy}</p>}
        {stack !== null && (
          <details>
            <summary>{t('run:error.details')}</summary>
            <pre>{stack}</pre>
          </details>
        )}
        {/* Nothing is kept of a preview, and a run in earnest would write. */}
        {state === 'FAILED' && !isPreview && <Resume />}
      </div>
    </section>
  );
}

/** Goes on from where the failed job was last known to be right. */
function Resume(): ReactNode {
  const { t } = useTranslation();
  const failedPath = useRunStore((run) => run.path);
  const isShown = useDocumentStore((state) => state.activePath === failedPath);
  const checkpoint = useLive(selectLastCompleted);
  if (!isShown || checkpoint === null) return null;
  return (
    <Button
      isSmall
      className="run-resume-button"
      icon={<RotateCcw size={13} aria-hidden />}
      onClick={() => void run({ resume: true })}
    >
      {t('run:error.resume', { id: checkpoint })}
    </Button>
  );
}

/** Its number. */
function selectLastCompleted({ checkpoints }: LiveState): number | null {
  return checkpoints.latest.completed?.id ?? null;
}

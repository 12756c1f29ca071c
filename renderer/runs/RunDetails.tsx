import { FolderOpen, History, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRecord } from '../../runtime/protocol/run-record.ts';
import { helpOf, said } from '../app/i18n/said.ts';
import { openDocument } from '../files/document-files.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { activeDocument, useDocumentStore } from '../stores/document-store.ts';
import { run as start, useIsRunning } from '../stores/run-store.ts';
import { openPanel } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { formatDateTime, formatExact } from '../ui/format.ts';
import type { Outcome } from './outcome.ts';

/** How a run was started and what came of it, and what can be done about it. */
export function RunDetails({ run, outcome }: { readonly run: RunRecord; readonly outcome: Outcome }): ReactNode {
  const { t } = useTranslation();
  const isBusy = useIsRunning();
  const isShown = useDocumentStore((state) => state.activePath === run.path);
  const { startedAt, endedAt, params, parallelism, runtimeMode, rows, checkpoint, attempt, error } = run;
  const facts: readonly (readonly [string, string])[] = [
    [t('runs:started'), formatDateTime(startedAt)],
    ...(endedAt === null ? [] : [[t('runs:endedAt'), formatDateTime(endedAt)] as const]),
    [t('runs:rowsOfSources'), formatExact(rows)],
    ...(attempt > 1 ? [[t('runs:attempts'), String(attempt)] as const] : []),
    ...(checkpoint === null ? [] : [[t('runs:checkpoint'), String(checkpoint)] as const]),
    ...(runtimeMode === null
      ? []
      : [
          [
            t('inspector:settings.runtimeMode.label'),
            t(`inspector:settings.runtimeMode.options.${runtimeMode}`),
          ] as const,
        ]),
    ...(parallelism === null ? [] : [[t('inspector:settings.parallelism.label'), String(parallelism)] as const]),
    ...Object.entries(params),
  ];
  return (
    <div className="runs-details">
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {error !== null && <Cause error={error} />}
      <div className="runs-actions">
        {!isShown && (
          <Button isSmall icon={<FolderOpen size={13} aria-hidden />} onClick={() => void openDocument(run.path)}>
            {t('runs:open')}
          </Button>
        )}
        {outcome === 'running' && isShown && (
          <Button isSmall onClick={() => openPanel('log')}>
            {t('runs:log')}
          </Button>
        )}
        {outcome !== 'running' && run.kind === 'run' && (
          <>
            <Button
              isSmall
              icon={<RotateCcw size={13} aria-hidden />}
              disabled={isBusy}
              onClick={() => void runAgain(run)}
            >
              {t('runs:again')}
            </Button>
            {checkpoint !== null && (
              <Button
                isSmall
                icon={<History size={13} aria-hidden />}
                disabled={isBusy}
                onClick={() => void openAnd(run.path, () => openDialog({ type: 'start-from' }))}
              >
                {t('runs:startFrom')}
              </Button>
            )}
          </>
        )}
      </div>
    </div>
  );
}

function Cause({ error }: { readonly error: NonNullable<RunRecord['error']> }): ReactNode {
  const { code, message, remedy } = error;
  const help = remedy === null ? (code === null ? null : helpOf(code)) : said(remedy);
  return (
    <div className="runs-cause">
      <p>
        {code !== null && <code>{code}</code>} {said(message)}
      </p>
      {help !== null && <p>{help}</p>}
    </div>
  );
}

/** With the values it had, as the document is now. */
async function runAgain({ path, params, parallelism, runtimeMode }: RunRecord): Promise<void> {
  await openAnd(path, () => void start({ params, parallelism, runtimeMode, resume: false }));
}

async function openAnd(path: string, act: () => void): Promise<void> {
  await openDocument(path);
  if (activeDocument()?.path === path) act();
}

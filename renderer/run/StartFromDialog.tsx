import { Bookmark, DatabaseBackup, History } from 'lucide-react';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RestorePoint } from '../../runtime/protocol/host.ts';
import { said } from '../app/i18n/said.ts';
import { host } from '../host/host.ts';
import { useActiveDocument } from '../stores/document-store.ts';
import { startFrom } from '../stores/savepoints.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Switch } from '../ui/fields.tsx';
import { formatAge, formatBytes, formatDateTime } from '../ui/format.ts';
import { useNow } from '../ui/use-now.ts';
import './run.css';

const FORM_ID = 'start-from';

type Found = { readonly points: readonly RestorePoint[] } | { readonly error: string };

/** The savepoints and checkpoints of the document's earlier runs; a new run goes on from the chosen one. */
export function StartFromDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const path = useActiveDocument()?.path ?? null;
  const found = useRestorePoints(path);
  const [chosen, setChosen] = useState<string | null>(null);
  const [allowsDropping, setAllowsDropping] = useState(false);
  const points = found !== null && 'points' in found ? found.points : [];
  const point = points.find((one) => one.location === chosen) ?? points[0] ?? null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (path === null || point === null) return;
    onClose();
    void startFrom(path, point, allowsDropping);
  };
  return (
    <Dialog
      title={t('run:startFrom.title')}
      description={t('run:startFrom.description')}
      onClose={onClose}
      width={560}
      actions={
        <>
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button
            tone="primary"
            type="submit"
            form={FORM_ID}
            icon={<History size={14} aria-hidden />}
            disabled={point === null}
          >
            {t('run:startFrom.start')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className="run-start-from" onSubmit={submit}>
        {found !== null && 'error' in found && (
          <p className="run-start-from-error" role="alert">
            {t('run:startFrom.unreadable')} {found.error}
          </p>
        )}
        {found !== null && 'points' in found && points.length === 0 && (
          <EmptyState icon={<History size={20} />} title={t('run:startFrom.none')} hint={t('run:startFrom.noneHint')} />
        )}
        {points.length > 0 && (
          <fieldset className="run-points">
            <legend className="ui-visually-hidden">{t('run:startFrom.points')}</legend>
            {points.map((one) => (
              <Point key={one.location} point={one} isChosen={one === point} onChoose={() => setChosen(one.location)} />
            ))}
          </fieldset>
        )}
        {points.length > 0 && (
          <div className="run-resume">
            <Switch id="run-drop-state" isOn={allowsDropping} onChange={setAllowsDropping} />
            <label htmlFor="run-drop-state">
              {t('run:startFrom.dropState')}
              <small>{t('run:startFrom.dropStateHelp')}</small>
            </label>
          </div>
        )}
      </form>
    </Dialog>
  );
}

/** null while the host is asked. */
function useRestorePoints(path: string | null): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (path === null) return;
    let isCurrent = true;
    host()
      .listRestorePoints(path)
      .then(
        (points) => isCurrent && setFound({ points }),
        (error: unknown) =>
          isCurrent && setFound({ error: said(error instanceof Error ? error.message : String(error)) }),
      );
    return () => {
      isCurrent = false;
    };
  }, [path]);
  return found;
}

interface PointProps {
  readonly point: RestorePoint;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Point({ point, isChosen, onChoose }: PointProps): ReactNode {
  const { t } = useTranslation();
  const now = useNow();
  const { kind, id, location, createdAt, stateBytes } = point;
  const Icon = kind === 'savepoint' ? Bookmark : DatabaseBackup;
  const ago = t('run:startFrom.ago', { time: formatAge(now - createdAt) });
  return (
    <label className="ui-row run-point">
      <input type="radio" name="restore-point" checked={isChosen} onChange={onChoose} />
      <Icon size={14} aria-hidden />
      <span className="run-point-name">{t(`run:restore.point.${kind}`, { id })}</span>
      <span>
        {formatDateTime(createdAt)} · {ago}
      </span>
      <span className="run-point-size">{formatBytes(stateBytes)}</span>
      <code title={location}>
        <bdi dir="ltr">{location}</bdi>
      </code>
    </label>
  );
}

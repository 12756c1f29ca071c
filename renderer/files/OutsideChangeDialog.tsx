import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mergeDocuments, parseDocument } from '../../runtime/graph/index.ts';
import { answerOutsideChange, type OutsideChange } from '../stores/dialog-store.ts';
import { findOpen, printedText } from '../stores/document-store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';

const DiffView = lazy(() => import('../code/DiffView.tsx').then((module) => ({ default: module.DiffView })));

interface OutsideChangeDialogProps {
  readonly change: OutsideChange;
  readonly onClose: () => void;
}

/** A file that another program changed while there were changes here: the two side by side, and what should stay. */
export function OutsideChangeDialog({ change: { path, text }, onClose }: OutsideChangeDialogProps): ReactNode {
  const { t } = useTranslation();
  const open = findOpen(path);
  const theirs = useMemo(() => parseDocument(text).document, [text]);
  const merged = useMemo(
    () => (open === null || theirs === null ? null : mergeDocuments(open.savedDocument, open.document, theirs)),
    [open, theirs],
  );
  if (open === null) return null;
  return (
    <Dialog
      title={t('files:conflict.title')}
      description={t('files:conflict.text', { path })}
      onClose={onClose}
      width={980}
      actions={
        <>
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button tone="danger" onClick={() => answerOutsideChange('mine')}>
            {t('files:conflict.mine')}
          </Button>
          {theirs !== null && (
            <Button onClick={() => answerOutsideChange('theirs')}>{t('files:conflict.theirs')}</Button>
          )}
          {merged !== null && (
            <Button tone="primary" onClick={() => answerOutsideChange('merge')}>
              {t('files:conflict.merge')}
            </Button>
          )}
        </>
      }
    >
      <Suspense fallback={null}>
        <DiffView
          original={text}
          modified={printedText(open.document)}
          labels={[t('files:conflict.inFile'), t('files:conflict.onScreen')]}
          language="json"
        />
      </Suspense>
      <p className="files-merge">{mergeText()}</p>
    </Dialog>
  );

  function mergeText(): string {
    if (merged === null) return t('files:conflict.unreadable');
    const { conflicts } = merged;
    return conflicts.length === 0
      ? t('files:conflict.fits')
      : t('files:conflict.both', { count: conflicts.length, places: conflicts.join(', ') });
  }
}

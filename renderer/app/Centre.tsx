import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Canvas } from '../canvas/Canvas.tsx';
import { DebugToolbar } from '../debug/DebugToolbar.tsx';
import { saveDocument } from '../files/document-files.ts';
import { TrustBanner } from '../run/TrustBanner.tsx';
import { useActiveDocument } from '../stores/document-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { Welcome } from '../welcome/Welcome.tsx';
import { SeverityIcon } from '../ui/Badge.tsx';

const CodeView = lazy(() => import('../code/CodeView.tsx').then((module) => ({ default: module.CodeView })));

/** The active document as graph or as code; without one, how to get one. */
export function Centre(): ReactNode {
  const { t } = useTranslation();
  const open = useActiveDocument();
  const mode = useViewStore((state) => state.centreMode);
  if (open === null) return <Welcome />;
  return (
    <div className="centre">
      {open.isChangedOutside && (
        <div className="centre-banner" role="status">
          <SeverityIcon severity="warning" />
          <span>{t('files:outsideBanner')}</span>
          <Button isSmall onClick={() => void saveDocument()}>
            {t('files:resolve')}
          </Button>
        </div>
      )}
      <TrustBanner />
      <DebugToolbar />
      <div className="centre-content">
        {mode === 'graph' ? (
          <Canvas />
        ) : (
          <Suspense fallback={null}>
            <CodeView />
          </Suspense>
        )}
      </div>
    </div>
  );
}

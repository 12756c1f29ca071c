import { Bug } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { runCommand } from '../app/commands.ts';
import { printedText, useActiveDocument } from '../stores/document-store.ts';
import { useSelectedNodeId } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Segmented } from '../ui/fields.tsx';
import { BreakpointsSection } from './BreakpointsSection.tsx';
import { lookAgain } from './debug-look.ts';
import { applyChanges } from './debug-session.ts';
import { selectIsStopped, useDebugStore, type DebugView } from './debug-store.ts';
import { LineageSection } from './LineageSection.tsx';
import { QueuesSection } from './QueuesSection.tsx';
import { RecordingsSection } from './RecordingsSection.tsx';
import { RowSection } from './RowSection.tsx';
import { SessionSection } from './SessionSection.tsx';
import { StateSection } from './StateSection.tsx';
import { TimelineStrip } from './TimelineStrip.tsx';
import { WatchSection } from './WatchSection.tsx';
import { WaySection } from './WaySection.tsx';
import './debug.css';

type Tab = 'queues' | 'state';

/** The row at hand and what becomes of it, what waits, what is kept, where it stops, and all moments so far. */
export function DebugPanel(): ReactNode {
  const { t } = useTranslation();
  const view = useDebugStore((state) => state.view);
  const selected = useSelectedNodeId();
  const hasDocument = useActiveDocument() !== null;
  useEffect(() => void lookAgain(), [selected]);
  if (view === null) {
    return (
      <div className="debug-none">
        <EmptyState
          icon={<Bug size={20} />}
          title={t('debug:none')}
          hint={t('debug:noneHint')}
          actions={
            <Button tone="primary" disabled={!hasDocument} onClick={() => runCommand('debug.start')}>
              {t('debug:start')}
            </Button>
          }
        />
        {hasDocument && (
          <div className="debug-column" tabIndex={0}>
            <Choices />
            <SessionSection />
          </div>
        )}
      </div>
    );
  }
  return <Session view={view} />;
}

function Session({ view }: { readonly view: DebugView }): ReactNode {
  const { t } = useTranslation();
  const [tab, setTab] = useState<Tab>('queues');
  const lineage = useDebugStore((state) => state.lineage);
  return (
    <div className="debug-panel">
      <ChangeBanner />
      <div className="debug-columns">
        <div className="debug-column" tabIndex={0}>
          <RowSection view={view} />
        </div>
        <div className="debug-column" tabIndex={0}>
          {lineage === null ? <WaySection view={view} /> : <LineageSection shown={lineage} />}
          <WatchSection view={view} />
        </div>
        <div className="debug-column" tabIndex={0}>
          <Segmented<Tab>
            label={t('debug:inside')}
            value={tab}
            onChange={setTab}
            options={[
              { value: 'queues', label: t('debug:queues') },
              { value: 'state', label: t('debug:state') },
            ]}
          />
          {tab === 'queues' ? <QueuesSection view={view} /> : <StateSection view={view} />}
        </div>
        <div className="debug-column" tabIndex={0}>
          <Choices />
        </div>
      </div>
      <TimelineStrip view={view} />
    </div>
  );
}

/** What holds for the document, debugged or not. */
function Choices(): ReactNode {
  return (
    <>
      <BreakpointsSection />
      <RecordingsSection />
    </>
  );
}

/** Edit and continue: the document on screen is no longer the one that is debugged. */
function ChangeBanner(): ReactNode {
  const { t } = useTranslation();
  const open = useActiveDocument();
  const path = useDebugStore((state) => state.path);
  const text = useDebugStore((state) => state.text);
  const isStopped = useDebugStore(selectIsStopped);
  if (open === null || open.path !== path || printedText(open.document) === text) return null;
  return (
    <div className="debug-changed" role="status">
      <span>{t('debug:changed')}</span>
      <Button isSmall disabled={!isStopped} onClick={() => void applyChanges()}>
        {t('debug:applyChanges')}
      </Button>
    </div>
  );
}

import { Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { runCommand } from '../app/commands.ts';
import { NoPipeline } from '../files/NoPipeline.tsx';
import { useDocumentStore } from '../stores/document-store.ts';
import { useIsRunning } from '../stores/run-store.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';

interface NothingSeenProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint: string;
  /** In place of the offer to run. */
  readonly actions?: ReactNode;
}

/** What a panel about a job shows until there is something to see: how to get there. */
export function NothingSeen({ actions, ...props }: NothingSeenProps): ReactNode {
  const hasDocument = useDocumentStore((state) => state.activePath !== null);
  const isRunning = useIsRunning();
  if (!hasDocument) return <NoPipeline />;
  return <EmptyState {...props} actions={actions ?? (isRunning ? undefined : <RunButton />)} />;
}

export function RunButton(): ReactNode {
  const { t } = useTranslation();
  return (
    <Button tone="primary" icon={<Play size={14} aria-hidden />} onClick={() => runCommand('run.start')}>
      {t('run:start')}
    </Button>
  );
}

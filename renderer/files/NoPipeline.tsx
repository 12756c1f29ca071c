import { FileQuestion, FolderOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { runCommand } from '../app/commands.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';

/** What a panel shows while no pipeline is open. */
export function NoPipeline(): ReactNode {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<FileQuestion size={20} />}
      title={t('files:noPipeline.title')}
      hint={t('files:noPipeline.hint')}
      actions={
        <Button icon={<FolderOpen size={14} aria-hidden />} onClick={() => runCommand('file.open')}>
          {t('app:commands.open')}
        </Button>
      }
    />
  );
}

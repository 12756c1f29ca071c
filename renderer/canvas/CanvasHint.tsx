import { Plus, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { runCommand } from '../app/commands.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { setRailView } from '../stores/view-store.ts';

/** On an empty canvas: how to begin. */
export function CanvasHint(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="canvas-hint">
      <EmptyState
        icon={<Workflow size={20} />}
        title={t('canvas:empty.title')}
        hint={t('canvas:empty.hint')}
        actions={
          <>
            <Button tone="primary" icon={<Plus size={14} aria-hidden />} onClick={() => runCommand('canvas.add')}>
              {t('canvas:empty.add')}
            </Button>
            <Button onClick={() => setRailView('operators')}>{t('canvas:empty.palette')}</Button>
          </>
        }
      />
    </div>
  );
}

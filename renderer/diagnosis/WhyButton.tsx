import { CircleHelp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { Button } from '../ui/Button.tsx';
import './diagnosis.css';

export function WhyButton({ nodeId }: { readonly nodeId: NodeId }): ReactNode {
  const { t } = useTranslation();
  return (
    <Button
      className="diagnosis-why"
      isSmall
      icon={<CircleHelp size={13} aria-hidden />}
      onClick={() => openDialog({ type: 'silence', nodeId })}
    >
      {t('diagnosis:why')}
    </Button>
  );
}

import { ShieldAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { askForTrust, useNeedsTrust } from '../stores/trust.ts';

/** Says that the document on screen has code that does not run here yet, and asks; nothing where there is none, or it may. */
export function TrustBanner(): ReactNode {
  const { t } = useTranslation();
  const needsTrust = useNeedsTrust();
  if (!needsTrust) return null;
  return (
    <div className="centre-banner" role="status">
      <ShieldAlert size={15} aria-hidden />
      <span>{t('run:trust.banner')}</span>
      <Button isSmall onClick={() => void askForTrust()}>
        {t('run:trust.decide')}
      </Button>
    </div>
  );
}

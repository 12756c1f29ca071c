import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { said } from './i18n/said.ts';
import { dismissNotice, useNoticeStore, type Notice } from '../stores/notice-store.ts';
import { Button, IconButton } from '../ui/Button.tsx';

const ICONS = { info: Info, success: CircleCheck, warning: TriangleAlert, error: CircleAlert } as const;
/** Long enough to read; errors, and notices that ask something, stay until they are closed. */
const SHOWN_MS = 6000;

export function Notices(): ReactNode {
  const { t } = useTranslation();
  const notices = useNoticeStore((state) => state.notices);
  return (
    <section className="notices" aria-live="polite" aria-label={t('app:notices.label')}>
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }): ReactNode {
  const { t } = useTranslation();
  const { id, tone, action } = notice;
  const stays = tone === 'error' || action !== null;
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(() => dismissNotice(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, stays]);
  const Icon = ICONS[tone];
  return (
    <div className={`notice is-${tone}`} role={tone === 'error' ? 'alert' : undefined}>
      <Icon size={16} aria-hidden />
      <div>
        <p>{t(notice.messageKey, { ...notice.values })}</p>
        {notice.detail !== null && <p className="notice-detail">{said(notice.detail)}</p>}
        {notice.remedy !== null && <p className="notice-remedy">{said(notice.remedy)}</p>}
        {action !== null && (
          <Button
            isSmall
            onClick={() => {
              dismissNotice(id);
              action.run();
            }}
          >
            {t(action.labelKey)}
          </Button>
        )}
      </div>
      <IconButton label={t('ui:close')} icon={<X size={14} aria-hidden />} isSmall onClick={() => dismissNotice(id)} />
    </div>
  );
}

import { Bookmark, CircleCheck, CircleX, DatabaseBackup, LoaderCircle, TimerOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckpointReport } from '../../runtime/protocol/job.ts';

const ICONS = { running: LoaderCircle, completed: CircleCheck, failed: CircleX, expired: TimerOff } as const;

/** How it stands: by sign, word and colour. */
export function CheckpointStatus({ status }: Pick<CheckpointReport, 'status'>): ReactNode {
  const { t } = useTranslation();
  const Icon = ICONS[status];
  return (
    <span className={`checkpoints-mark checkpoints-${status}`}>
      <Icon size={12} aria-hidden /> {t(`checkpoints:${status}`)}
    </span>
  );
}

export function CheckpointKind({ kind }: Pick<CheckpointReport, 'kind'>): ReactNode {
  const { t } = useTranslation();
  const Icon = kind === 'savepoint' ? Bookmark : DatabaseBackup;
  return (
    <span className={`checkpoints-mark checkpoints-kind-${kind}`}>
      <Icon size={12} aria-hidden /> {t(`checkpoints:kind.${kind}`)}
    </span>
  );
}

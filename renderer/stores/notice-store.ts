/** Short messages that appear over the frame. */
import { create } from 'zustand';
import { RemoteError } from '../../runtime/protocol/wire.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'warning' | 'error';
  /** Key of a translation. */
  readonly messageKey: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** What went wrong in the words of whoever reported it; null = nothing to add. */
  readonly detail: string | null;
  /** What the user can do about it. */
  readonly remedy: string | null;
  readonly action: { readonly labelKey: string; readonly run: () => void } | null;
}

export const useNoticeStore = create<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));

const MAX_NOTICES = 4;
let nextId = 1;

/** Returns the notice's id. */
export function notify(
  messageKey: string,
  options: Partial<Pick<Notice, 'tone' | 'values' | 'detail' | 'remedy' | 'action'>> = {},
): number {
  const notice: Notice = {
    id: nextId++,
    messageKey,
    tone: options.tone ?? 'info',
    values: options.values ?? {},
    detail: options.detail ?? null,
    remedy: options.remedy ?? null,
    action: options.action ?? null,
  };
  useNoticeStore.setState(({ notices }) => ({ notices: [...notices, notice].slice(-MAX_NOTICES) }));
  return notice.id;
}

export function notifyError(
  messageKey: string,
  error: unknown,
  values: Readonly<Record<string, string | number>> = {},
): number {
  const detail = error instanceof Error ? error.message : String(error);
  return notify(messageKey, {
    tone: 'error',
    values,
    detail,
    remedy: error instanceof RemoteError ? error.remedy : null,
  });
}

export function dismissNotice(id: number): void {
  useNoticeStore.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

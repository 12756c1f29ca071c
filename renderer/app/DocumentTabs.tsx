import { Plus, X } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { closeDocument, documentName, showDocument } from '../files/document-files.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { hasUnsavedChanges, useDocumentStore, type OpenDocument } from '../stores/document-store.ts';
import { IconButton, join } from '../ui/Button.tsx';

/** The open documents. */
export function DocumentTabs(): ReactNode {
  const { t } = useTranslation();
  const documents = useDocumentStore((state) => state.documents);
  const activePath = useDocumentStore((state) => state.activePath);
  return (
    <div className="tabs">
      <div className="tabs-list" role="tablist" aria-label={t('app:tabs.label')} onKeyDown={moveBetweenTabs}>
        {documents.map((open) => (
          <Tab key={open.path} open={open} isActive={open.path === activePath} />
        ))}
      </div>
      <IconButton
        label={t('app:commands.new')}
        icon={<Plus size={15} aria-hidden />}
        isSmall
        onClick={() => openDialog({ type: 'new-document' })}
      />
    </div>
  );
}

function Tab({ open, isActive }: { readonly open: OpenDocument; readonly isActive: boolean }): ReactNode {
  const { t } = useTranslation();
  const name = documentName(open.path);
  const isUnsaved = hasUnsavedChanges(open);
  return (
    <div role="presentation" className={join('tab', isActive && 'is-active', isUnsaved && 'is-unsaved')}>
      <button
        type="button"
        role="tab"
        aria-selected={isActive}
        aria-label={isUnsaved ? t('app:tabs.unsaved', { name }) : name}
        tabIndex={isActive ? 0 : -1}
        title={open.path}
        className="tab-name"
        onClick={() => showDocument(open.path)}
        onKeyDown={(event) => event.key === 'Delete' && void closeDocument(open.path)}
        onAuxClick={(event) => event.button === 1 && void closeDocument(open.path)}
      >
        {name}
      </button>
      <span
        className="tab-close"
        aria-hidden
        title={t('app:tabs.close', { name })}
        onClick={() => void closeDocument(open.path)}
      >
        <span className="tab-dot" />
        <X size={13} />
      </span>
    </div>
  );
}

function moveBetweenTabs(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return;
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
  const next = tabs[(tabs.indexOf(document.activeElement as HTMLElement) + step + tabs.length) % tabs.length];
  event.preventDefault();
  next?.click();
  next?.focus();
}

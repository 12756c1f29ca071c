import { FilePlus, FileText, LayoutTemplate, PencilLine, RefreshCw, Trash2 } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { printShortcut } from '../app/shortcuts.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { notifyError } from '../stores/notice-store.ts';
import { Button, IconButton, join } from '../ui/Button.tsx';
import { SearchInput } from '../ui/fields.tsx';
import { ContextMenu } from '../ui/Menu.tsx';
import { createFromTemplate, deleteDocument, documentName, openDocument } from './document-files.ts';
import { refreshFiles, useFileList } from './file-list.ts';
import { templateText } from './template-text.ts';
import './files.css';

const MAX_RECENT = 5;

/** The workspace's pipelines: recent ones, all by folder, and templates to begin with. */
export function PipelinesView(): ReactNode {
  const { t } = useTranslation();
  const { files, recent, templates } = useFileList();
  const [query, setQuery] = useState('');
  useFilesLoaded();
  const matches = (path: string): boolean => path.toLowerCase().includes(query.trim().toLowerCase());
  const pipelines = (files ?? []).filter((file) => file.isPipeline && matches(file.path)).map((file) => file.path);
  const shownRecent = recent.filter(matches).slice(0, MAX_RECENT);
  return (
    <div className="ui-side">
      <div className="ui-side-top">
        <SearchInput label={t('files:search')} value={query} onChange={setQuery} />
        <IconButton
          label={t('files:refresh')}
          icon={<RefreshCw size={14} aria-hidden />}
          onClick={() => void refreshFiles().catch((error: unknown) => notifyError('files:listFailed', error))}
        />
      </div>
      <div className="ui-side-list">
        {shownRecent.length > 0 && (
          <Section title={t('files:recent')}>
            {shownRecent.map((path) => (
              <FileItem key={path} path={path} />
            ))}
          </Section>
        )}
        <Section title={t('files:all')}>
          {pipelines.map((path) => (
            <FileItem key={path} path={path} isWithFolder />
          ))}
          {files !== null && pipelines.length === 0 && (
            <p className="ui-side-none">{query === '' ? t('files:noFiles') : t('files:noMatch')}</p>
          )}
        </Section>
        {templates.length > 0 && (
          <Section title={t('files:templates')}>
            {templates.map((template) => (
              <button
                key={template.name}
                type="button"
                className="ui-row files-item"
                title={template.description}
                onClick={() => void createFromTemplate(template.name)}
              >
                <LayoutTemplate size={15} aria-hidden />
                <span className="ui-two-lines">
                  <b>{templateText(template, 'title')}</b>
                  <small>{templateText(template, 'description')}</small>
                </span>
              </button>
            ))}
          </Section>
        )}
      </div>
      <div className="files-bottom">
        <Button icon={<FilePlus size={14} aria-hidden />} onClick={() => openDialog({ type: 'new-document' })}>
          {t('app:commands.new')}
        </Button>
      </div>
    </div>
  );
}

/** Reads the lists when they are first shown. */
export function useFilesLoaded(): void {
  const isLoaded = useFileList((state) => state.files !== null);
  useEffect(() => {
    if (!isLoaded) refreshFiles().catch((error: unknown) => notifyError('files:listFailed', error));
  }, [isLoaded]);
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function FileItem({
  path,
  isWithFolder = false,
}: {
  readonly path: string;
  readonly isWithFolder?: boolean;
}): ReactNode {
  const isActive = useDocumentStore((state) => state.activePath === path);
  const { t } = useTranslation();
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const rename = (): void => openDialog({ type: 'rename-document', path });
  const remove = (): void => void deleteDocument(path);
  return (
    <ContextMenu
      entries={[
        { id: 'open', label: t('files:open'), icon: <FileText size={14} />, run: () => void openDocument(path) },
        { id: 'rename', label: t('files:rename.command'), icon: <PencilLine size={14} />, shortcut: 'F2', run: rename },
        { id: 'delete', label: t('files:delete.command'), icon: <Trash2 size={14} />, shortcut: printShortcut('Delete'), isDangerous: true, run: remove }, // prettier-ignore
      ]}
    >
      <button
        type="button"
        className={join('ui-row files-item', isActive && 'is-active')}
        aria-current={isActive ? 'true' : undefined}
        title={path}
        onClick={() => void openDocument(path)}
        onKeyDown={(event) => {
          if (event.key === 'F2') rename();
          else if (event.key === 'Delete') remove();
        }}
      >
        <FileText size={15} aria-hidden />
        <span className="ui-two-lines">
          <b>{documentName(path)}</b>
          {isWithFolder && folder !== '' && <small>{folder}</small>}
        </span>
      </button>
    </ContextMenu>
  );
}

import { FilePlus, FileText, FolderOpen, LayoutTemplate } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { shortcutOf } from '../app/shortcuts.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { setRailView } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { createFromTemplate, documentName, openDocument } from './document-files.ts';
import { useFileList } from './file-list.ts';
import { useFilesLoaded } from './PipelinesView.tsx';
import './files.css';

const MAX_RECENT = 6;

/** Without an open document: how to get one. */
export function Welcome(): ReactNode {
  const { t } = useTranslation();
  const { recent, templates } = useFileList();
  useFilesLoaded();
  return (
    <div className="welcome">
      <div className="welcome-content">
        <h2>{t('files:welcome.title')}</h2>
        <p>{t('files:welcome.text')}</p>
        <div className="welcome-actions">
          <Button
            tone="primary"
            icon={<FilePlus size={15} aria-hidden />}
            onClick={() => openDialog({ type: 'new-document' })}
          >
            {t('app:commands.new')}
          </Button>
          <Button icon={<FolderOpen size={15} aria-hidden />} onClick={() => setRailView('pipelines')}>
            {t('files:welcome.browse')}
          </Button>
        </div>
        {templates.length > 0 && (
          <section>
            <h3>{t('files:welcome.templates')}</h3>
            <div className="welcome-cards">
              {templates.map((template) => (
                <button
                  key={template.name}
                  type="button"
                  className="welcome-card"
                  onClick={() => void createFromTemplate(template.name)}
                >
                  <LayoutTemplate size={18} aria-hidden />
                  <b>{template.title}</b>
                  <span>{template.description}</span>
                </button>
              ))}
            </div>
          </section>
        )}
        {recent.length > 0 && (
          <section>
            <h3>{t('files:recent')}</h3>
            <div className="welcome-recent">
              {recent.slice(0, MAX_RECENT).map((path) => (
                <button key={path} type="button" onClick={() => void openDocument(path)}>
                  <FileText size={14} aria-hidden />
                  <b>{documentName(path)}</b>
                  <small>{path}</small>
                </button>
              ))}
            </div>
          </section>
        )}
        <p className="welcome-hint">{t('files:welcome.hint', { shortcut: shortcutOf('view.palette') ?? '' })}</p>
      </div>
    </div>
  );
}

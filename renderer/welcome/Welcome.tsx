import { Compass, Database, FilePlus, FileSpreadsheet, FileText, FolderOpen, LayoutTemplate } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposite } from '../../runtime/core/operator.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import type { TemplateInfo } from '../../runtime/protocol/host.ts';
import { runCommand } from '../app/commands.ts';
import { shortcutOf } from '../app/shortcuts.ts';
import { createFromTemplate, documentName, openDocument } from '../files/document-files.ts';
import { useFileList } from '../files/file-list.ts';
import { useFilesLoaded } from '../files/PipelinesView.tsx';
import { templateText } from '../files/template-text.ts';
import { host } from '../host/host.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { setRailView } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { operatorName } from '../ui/operator-assets.ts';
import { importSql, isScript } from '../export/import-sql.ts';
import { createFromCsv } from './from-csv.ts';
import { sampleClicks } from './sample-clicks.ts';
import './welcome.css';

const MAX_RECENT = 6;

/** Without an open document: how to get one. */
export function Welcome(): ReactNode {
  const { t } = useTranslation();
  const { recent, templates } = useFileList();
  useFilesLoaded();
  const { isOver, handlers } = useFileDrop((file) => void (isScript(file) ? importSql(file) : createFromCsv(file)));
  return (
    <div className={isOver ? 'welcome is-over' : 'welcome'} {...handlers}>
      <div className="welcome-content">
        <h2>{t('welcome:title')}</h2>
        <p>{t('welcome:text')}</p>
        <div className="welcome-actions">
          <Button
            tone="primary"
            icon={<FilePlus size={15} aria-hidden />}
            onClick={() => openDialog({ type: 'new-document' })}
          >
            {t('app:commands.new')}
          </Button>
          <ChooseCsv />
          <Button
            icon={<Database size={15} aria-hidden />}
            onClick={() => void createFromCsv(new File([sampleClicks()], 'clicks.csv', { type: 'text/csv' }))}
          >
            {t('welcome:sample')}
          </Button>
          <Button icon={<FolderOpen size={15} aria-hidden />} onClick={() => setRailView('pipelines')}>
            {t('welcome:browse')}
          </Button>
          <Button tone="quiet" icon={<Compass size={15} aria-hidden />} onClick={() => runCommand('help.tour')}>
            {t('welcome:tour.start')}
          </Button>
        </div>
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
        {templates.length > 0 && (
          <section>
            <h3>{t('welcome:templates')}</h3>
            <div className="welcome-cards">
              {templates.map((template) => (
                <TemplateCard key={template.name} template={template} />
              ))}
            </div>
          </section>
        )}
        <p className="welcome-hint">{t('welcome:hint', { shortcut: shortcutOf('view.palette') ?? '' })}</p>
      </div>
    </div>
  );
}

function ChooseCsv(): ReactNode {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={<FileSpreadsheet size={15} aria-hidden />} onClick={() => input.current?.click()}>
        {t('welcome:csv')}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        hidden
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file again is a choice, too.
          event.target.value = '';
          if (file !== undefined) void createFromCsv(file);
        }}
      />
    </>
  );
}

/** What it shows, the question it answers, how large it is, and what it is about. */
function TemplateCard({ template }: { readonly template: TemplateInfo }): ReactNode {
  const { t } = useTranslation();
  const { name, operatorTypes } = template;
  const picture = useTemplatePicture(name);
  return (
    <button type="button" className="welcome-card" onClick={() => void createFromTemplate(name)}>
      <span className="welcome-picture">
        {picture === null ? <LayoutTemplate size={22} aria-hidden /> : <img src={picture} alt="" />}
      </span>
      <b>{templateText(template, 'title')}</b>
      <span>{templateText(template, 'description')}</span>
      <span className="welcome-tags">
        <i>{t('welcome:operators', { count: operatorTypes.length })}</i>
        {tagsOf(operatorTypes).map((type) => (
          <i key={type}>{operatorName(type) ?? type}</i>
        ))}
      </span>
    </button>
  );
}

const MAX_TAGS = 3;

/** What is special in it: the operators that most templates do not have. */
function tagsOf(types: readonly string[]): string[] {
  const special = [...new Set(types)].filter((type) => {
    const spec = findSpec(type);
    return spec !== null && (isComposite(spec) || SPECIAL.has(spec.category));
  });
  return special.slice(0, MAX_TAGS);
}

const SPECIAL: ReadonlySet<string> = new Set(['aggregate', 'join', 'pattern', 'code']);

/** Address of the template's picture once it is there. */
function useTemplatePicture(name: string): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let isGone = false;
    host()
      .templatePicture(name)
      .then((bytes) => {
        if (bytes === null || isGone) return;
        made = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/png' }));
        setAddress(made);
      })
      // A card without its picture still says what it is.
      .catch(() => undefined);
    return () => {
      isGone = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [name]);
  return address;
}

/** A file that is dropped anywhere on the page. */
function useFileDrop(onFile: (file: File) => void) {
  const [isOver, setOver] = useState(false);
  const hasFile = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  return {
    isOver,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!hasFile(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        const [file] = event.dataTransfer.files;
        setOver(false);
        if (file === undefined) return;
        event.preventDefault();
        onFile(file);
      },
    },
  };
}

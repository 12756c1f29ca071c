import { Download } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportedFile } from '../../runtime/exporters/target.ts';
import { CodeEditor } from '../code/CodeEditor.tsx';
import { IconButton } from '../ui/Button.tsx';
import { downloadText } from '../ui/download.ts';
import { Segmented } from '../ui/fields.tsx';
import { languageOf } from './exported.ts';

const nothing = (): void => undefined;

/** Files to look at, one at a time. */
export function ExportedFiles({ files }: { readonly files: readonly ExportedFile[] }): ReactNode {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<string | null>(null);
  const file = files.find(({ path }) => path === wanted) ?? files[0];
  if (file === undefined) return null;
  return (
    <div className="export-files">
      <div className="export-files-bar">
        <Segmented
          label={t('export:files')}
          value={file.path}
          options={files.map(({ path }) => ({ value: path, label: path }))}
          onChange={setWanted}
        />
        <IconButton
          label={t('export:downloadOne', { name: file.path })}
          icon={<Download size={14} aria-hidden />}
          isSmall
          onClick={() => downloadText(file.text, file.path.slice(file.path.lastIndexOf('/') + 1))}
        />
      </div>
      <div className="export-text">
        <CodeEditor
          key={file.path}
          label={t('export:textOf', { name: file.path })}
          language={languageOf(file.path)}
          value={file.text}
          isReadOnly
          onChange={nothing}
        />
      </div>
    </div>
  );
}

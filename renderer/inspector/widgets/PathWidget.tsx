import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkspaceFile } from '../../../runtime/protocol/host.ts';
import { host } from '../../host/host.ts';
import { activeDocument } from '../../stores/document-store.ts';
import { Combobox, type Suggestion } from './Combobox.tsx';
import { asText } from './raw-text.ts';
import { usePlaceholder } from './use-placeholder.ts';
import { relativeTo } from './relative-path.ts';
import type { WidgetProps } from './widget.ts';

/** A path, with the files of the workspace to choose from; they are asked for when the field is entered. */
export function PathWidget({ form, value, ids, onChange }: WidgetProps<'path'>): ReactNode {
  const { t } = useTranslation();
  const [files, setFiles] = useState<readonly Suggestion[]>([]);

  const load = (): void => {
    const document = activeDocument();
    if (document === null) return;
    host()
      .listFiles()
      .then((found) => {
        const isMeant = (file: WorkspaceFile): boolean =>
          file.isPipeline === (form.of === 'pipelines') && file.path !== document.path;
        setFiles(found.filter(isMeant).map((file) => ({ value: relativeTo(document.path, file.path) })));
      })
      // Without the list the path can still be typed.
      .catch(() => setFiles([]));
  };
  return (
    <Combobox
      ids={ids}
      value={asText(value)}
      suggestions={files}
      placeholder={usePlaceholder(form, t('inspector:form.pathPlaceholder'))}
      onFocus={load}
      onChange={(text) => onChange(text === '' && form.optional ? undefined : text)}
    />
  );
}

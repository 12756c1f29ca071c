import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Setting } from '../../runtime/core/diagnostics.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import { setInNode } from '../../runtime/graph/index.ts';
import { parsePath } from '../inspector/form/config-path.ts';
import { edit } from '../stores/document-store.ts';

interface SettingFixProps {
  readonly nodeId: NodeId;
  readonly setting: Setting;
}

/** Sets the value that mends a problem. */
export function SettingFix({ nodeId, setting: { path, value } }: SettingFixProps): ReactNode {
  const { t } = useTranslation();
  const text = t('problems:set', { name: path.replace(/^config\./, ''), value: String(value) });
  const set = (): void => edit(text, (document) => setInNode(document, nodeId, parsePath(path), value));
  return (
    <button type="button" className="fix" onClick={set}>
      {text}
    </button>
  );
}

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeId } from '../../runtime/core/ids.ts';
import { useNodeNames } from '../run/node-name.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import { IconButton } from '../ui/Button.tsx';
import { changeMemory, selectMemory, useDebugMemories } from './debug-memory.ts';

/** What sessions start from instead of nodes; nothing where everything runs. */
export function RecordingsSection(): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const path = useDocumentStore((state) => state.activePath);
  const recordings = useDebugMemories((state) => selectMemory(state, path).recordings);
  const entries = Object.entries(recordings).map(([id, file]) => [nodeId(id), file] as const);
  if (path === null || entries.length === 0) return null;
  return (
    <section className="debug-section" aria-label={t('debug:recordings')}>
      <h3>{t('debug:recordings')}</h3>
      <p className="debug-nothing">{t('debug:recordingsHint')}</p>
      <ul className="debug-list">
        {entries.map(([id, file]) => (
          <li key={id} className="debug-watch">
            <span>{nameOf(id)}</span>
            <code>{file}</code>
            <IconButton
              isSmall
              label={t('debug:forgetRecording', { node: nameOf(id) })}
              icon={<X size={13} aria-hidden />}
              onClick={() =>
                changeMemory(path, {
                  recordings: Object.fromEntries(entries.filter(([other]) => other !== id)),
                })
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

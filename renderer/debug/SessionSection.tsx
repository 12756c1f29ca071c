import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDocumentStore } from '../stores/document-store.ts';
import { changeMemory, selectMemory, useDebugMemories } from './debug-memory.ts';

/** What a session has without a limit of its own (`DebugOptions.inputBytes`). */
const INPUT_MEBIBYTES = 512;
const MAX_INPUT_MEBIBYTES = 1 << 20;

/** What the next session is started with. */
export function SessionSection(): ReactNode {
  const { t } = useTranslation();
  const path = useDocumentStore((state) => state.activePath);
  const limit = useDebugMemories((state) => selectMemory(state, path).inputMebibytes ?? INPUT_MEBIBYTES);
  const [draft, setDraft] = useState<string | null>(null);
  if (path === null) return null;
  const commit = (): void => {
    const value = Number(draft);
    if (draft?.trim() === '') changeMemory(path, { inputMebibytes: INPUT_MEBIBYTES });
    else if (draft !== null && isLimit(value)) changeMemory(path, { inputMebibytes: value });
    setDraft(null);
  };
  return (
    <section className="debug-section" aria-label={t('debug:session')}>
      <h3>{t('debug:session')}</h3>
      <label className="debug-limit">
        <span>{t('debug:inputLimit')}</span>
        <input
          inputMode="numeric"
          aria-invalid={draft !== null && draft.trim() !== '' && !isLimit(Number(draft))}
          value={draft ?? String(limit)}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
        <span className="debug-type">MiB</span>
      </label>
      <p className="debug-nothing">{t('debug:inputLimitHint')}</p>
    </section>
  );
}

function isLimit(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_INPUT_MEBIBYTES;
}

import { Plus, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { said } from '../app/i18n/said.ts';
import { IconButton } from '../ui/Button.tsx';
import { selectMemory, useDebugMemories } from './debug-memory.ts';
import { setWatches } from './debug-session.ts';
import { useDebugStore, type DebugView } from './debug-store.ts';
import { Value } from './RowSection.tsx';

/** Expressions whose value on the row at hand is shown at every stop. */
export function WatchSection({ view }: { readonly view: DebugView }): ReactNode {
  const { t } = useTranslation();
  const path = useDebugStore((state) => state.path);
  const watches = useDebugMemories((state) => selectMemory(state, path).watches);
  const [text, setText] = useState('');
  return (
    <section className="debug-section" aria-label={t('debug:watch')}>
      <h3>{t('debug:watch')}</h3>
      <ul className="debug-list">
        {watches.map((expression, i) => {
          const value = view.watches[i] ?? null;
          return (
            <li key={expression} className="debug-watch">
              <code>{expression}</code>
              {value === null ? (
                <span className="debug-nothing">–</span>
              ) : value.error === null ? (
                <Value value={value.value} type={value.type} />
              ) : (
                <span className="debug-error">{said(value.error)}</span>
              )}
              <IconButton
                isSmall
                label={t('debug:unwatch', { expression })}
                icon={<X size={13} aria-hidden />}
                onClick={() => void setWatches(watches.filter((one) => one !== expression))}
              />
            </li>
          );
        })}
      </ul>
      <form
        className="debug-form"
        onSubmit={(event) => {
          event.preventDefault();
          const expression = text.trim();
          if (expression === '' || watches.includes(expression)) return;
          setText('');
          void setWatches([...watches, expression]);
        }}
      >
        <input
          aria-label={t('debug:watchExpression')}
          placeholder={t('debug:watchExpression')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          spellCheck={false}
        />
        <IconButton isSmall type="submit" label={t('debug:addWatch')} icon={<Plus size={14} aria-hidden />} />
      </form>
    </section>
  );
}

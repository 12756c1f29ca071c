import { RotateCcw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { said } from '../app/i18n/said.ts';
import { useNodeNames } from '../run/node-name.ts';
import { selectNodes } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { placeOf, type LetterRow } from './letters.ts';

interface LetterEditorProps {
  readonly letter: LetterRow;
  /** A running job reads it at once. */
  readonly isRunning: boolean;
  readonly onMend: (text: string) => void;
}

/** What was rejected and why, and the text to read in its place. Ctrl+Enter mends. */
export function LetterEditor({ letter, isRunning, onMend }: LetterEditorProps): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const [text, setText] = useState(letter.text ?? letter.raw);
  const place = placeOf(letter);
  const isAsItIs = text === letter.raw;
  // What is done already needs no doing, and a row as it is only a job that runs can replay.
  const canMend = isAsItIs ? isRunning && letter.text !== letter.raw : text !== letter.text;
  return (
    <section className="letters-editor" aria-label={t('dead-letters:original', { place })}>
      <header>
        <button
          type="button"
          className="letters-source"
          title={t('dead-letters:showSource', { source: nameOf(letter.nodeId) })}
          onClick={() => selectNodes([letter.nodeId])}
        >
          {nameOf(letter.nodeId)}
        </button>
        <code>{place}</code>
      </header>
      <p className="letters-reason">{said(letter.reason)}</p>
      <textarea
        className="ui-input letters-text"
        aria-label={t('dead-letters:mended', { place })}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !canMend) return;
          event.preventDefault();
          onMend(text);
        }}
      />
      <footer>
        <Button
          tone={isAsItIs ? 'plain' : 'primary'}
          isSmall
          icon={<RotateCcw size={12} aria-hidden />}
          disabled={!canMend}
          title={t(isAsItIs && isRunning ? 'dead-letters:replayHelp' : 'dead-letters:late')}
          onClick={() => onMend(text)}
        >
          {t(!isRunning ? 'dead-letters:mendForRun' : isAsItIs ? 'dead-letters:replay' : 'dead-letters:mend')}
        </Button>
      </footer>
    </section>
  );
}

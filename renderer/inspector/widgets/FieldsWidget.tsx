import { X } from 'lucide-react';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { join } from '../../ui/Button.tsx';
import { Combobox } from './Combobox.tsx';
import { useFieldSuggestions } from './FieldWidget.tsx';
import { asText } from './raw-text.ts';
import type { WidgetProps } from './widget.ts';

/** Chosen fields as chips in order, with an input to add one. Alt with an arrow key moves a chip, Delete removes it. */
export function FieldsWidget({ form, value, ids, label, onChange }: WidgetProps<'fields'>): ReactNode {
  const { t } = useTranslation();
  const suggestions = useFieldSuggestions();
  const [draft, setDraft] = useState('');
  const chosen = Array.isArray(value) ? value.map(asText) : [];
  const known = new Map(suggestions.map((one) => [one.value, one.detail]));

  const set = (next: readonly string[]): void =>
    onChange(next.length === 0 && form.optional ? undefined : next, 'step');
  const add = (text: string): void => {
    const name = text.trim();
    if (name !== '' && !chosen.includes(name)) set([...chosen, name]);
    setDraft('');
  };
  const move = (from: number, to: number): void => {
    const name = chosen[from];
    if (name !== undefined && to >= 0 && to < chosen.length) set(chosen.toSpliced(from, 1).toSpliced(to, 0, name));
  };
  const chipKey = (event: KeyboardEvent, at: number): void => {
    if (event.key === 'Delete' || event.key === 'Backspace') set(chosen.toSpliced(at, 1));
    else if (event.altKey && event.key === 'ArrowLeft') move(at, at - 1);
    else if (event.altKey && event.key === 'ArrowRight') move(at, at + 1);
    else return;
    event.preventDefault();
  };
  return (
    <div className="inspector-fields" role="group" aria-labelledby={`${ids.id}-label`} data-widget>
      {chosen.length > 0 && (
        <ul className="inspector-chips">
          {chosen.map((name, i) => (
            <li
              key={name}
              className={join('inspector-chip', suggestions.length > 0 && !known.has(name) && 'inspector-chip-unknown')}
            >
              <span>{name}</span>
              {known.get(name) !== undefined && <span className="inspector-type">{known.get(name)}</span>}
              <button
                type="button"
                aria-label={t('inspector:form.removeField', { name })}
                onClick={() => set(chosen.toSpliced(i, 1))}
                onKeyDown={(event) => chipKey(event, i)}
              >
                <X size={11} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Combobox
        ids={ids}
        label={label}
        value={draft}
        suggestions={suggestions.filter((one) => !chosen.includes(one.value))}
        placeholder={t('inspector:form.addField')}
        onChange={setDraft}
        onCommit={add}
        onBlur={() => add(draft)}
        onKeyDown={(event) => {
          if (event.key === 'Backspace' && draft === '' && chosen.length > 0) set(chosen.slice(0, -1));
          if (event.key === ',') {
            event.preventDefault();
            add(draft);
          }
        }}
      />
    </div>
  );
}

import { useState, type ReactNode } from 'react';
import { TextInput } from '../../ui/fields.tsx';
import { asText } from './raw-text.ts';
import { usePlaceholder } from './use-placeholder.ts';
import type { WidgetProps } from './widget.ts';

export function NumberWidget({ form, value, ids, onChange }: WidgetProps<'number'>): ReactNode {
  // What is typed may be more than the number it means: `1.`, `1e`, `007`.
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft !== null && means(draft, value, form.defaultValue) ? draft : asText(value);

  const placeholder = usePlaceholder(form);
  const change = (text: string): void => {
    setDraft(text);
    onChange(readNumber(text));
  };
  const step = (direction: 1 | -1): void => {
    const from = typeof value === 'number' ? value : typeof form.defaultValue === 'number' ? form.defaultValue : 0;
    const next = Math.min(form.max ?? Infinity, Math.max(form.min ?? -Infinity, from + direction));
    change(String(next));
  };
  return (
    <div className="inspector-affix">
      <TextInput
        {...ids}
        inputMode="decimal"
        isMono
        value={shown}
        placeholder={placeholder}
        onChange={change}
        onBlur={() => setDraft(null)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          step(event.key === 'ArrowUp' ? 1 : -1);
        }}
      />
      {form.unit !== undefined && <span className="inspector-unit">{form.unit}</span>}
    </div>
  );
}

/** A number where the text is one; nothing for no text; else the text itself: a `${parameter}`, or a mistake for the validator to name. */
function readNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : text;
}

/** Nothing typed stands for the default. */
function means(draft: string, value: unknown, defaultValue: unknown): boolean {
  const number = readNumber(draft);
  return (
    number === value || (number === undefined && (value === undefined || value === null || value === defaultValue))
  );
}

import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Combobox, type Suggestion } from './Combobox.tsx';
import { asText } from './raw-text.ts';
import { usePlaceholder } from './use-placeholder.ts';
import type { WidgetProps } from './widget.ts';

/** Types of contract.md as a document writes them; those with parts as an example to change. */
const TYPES = [
  ['STRING', 'text'],
  ['INT', 'int'],
  ['BIGINT', 'bigint'],
  ['DOUBLE', 'double'],
  ['DECIMAL(10,2)', 'decimal'],
  ['BOOLEAN', 'boolean'],
  ['TIMESTAMP', 'timestamp'],
  ['DATE', 'date'],
  ['BYTES', 'bytes'],
  ['ARRAY<STRING>', 'array'],
  ['MAP<STRING,STRING>', 'map'],
  ['ROW<name STRING, value DOUBLE>', 'row'],
] as const;

export function useTypeSuggestions(): readonly Suggestion[] {
  const { t } = useTranslation();
  return useMemo(() => TYPES.map(([type, key]) => ({ value: type, detail: t(`inspector:types.${key}`) })), [t]);
}

export function DataTypeWidget({ form, value, ids, onChange }: WidgetProps<'data-type'>): ReactNode {
  const suggestions = useTypeSuggestions();
  return (
    <Combobox
      ids={ids}
      value={asText(value)}
      suggestions={suggestions}
      placeholder={usePlaceholder(form, 'STRING')}
      onChange={(text) => onChange(text === '' && form.optional ? undefined : text)}
    />
  );
}

import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useForm } from '../form/form-context.ts';
import { Combobox } from './Combobox.tsx';
import { declaredFields } from './declared-fields.ts';
import { fieldSuggestions } from './input-fields.ts';
import { asText } from './raw-text.ts';
import { usePlaceholder } from './use-placeholder.ts';
import type { WidgetProps } from './widget.ts';

export function FieldWidget({ form, value, ids, onChange }: WidgetProps<'field'>): ReactNode {
  const { t } = useTranslation();
  const suggestions = useFieldSuggestions(form.input);
  return (
    <Combobox
      ids={ids}
      value={asText(value)}
      suggestions={suggestions}
      placeholder={usePlaceholder(form, t('inspector:form.chooseField'))}
      onChange={(text) => onChange(text === '' && form.optional ? undefined : text)}
    />
  );
}

/** Fields of the inputs, or of the one at `port`; for a source, which has none, the fields it declares. */
export function useFieldSuggestions(port?: string): ReturnType<typeof fieldSuggestions> {
  const { inputs, isSource, fields, config } = useForm();
  return useMemo(
    () =>
      isSource
        ? declaredFields(fields, config)
        : fieldSuggestions(port === undefined ? inputs : inputs.filter((input) => input.port === port)),
    [inputs, isSource, fields, config, port],
  );
}

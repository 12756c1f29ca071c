import type { ReactNode } from 'react';
import { Select, type Option } from '../../ui/fields.tsx';
import { useFormText } from '../form/use-form-text.ts';
import { asText } from './raw-text.ts';
import type { WidgetProps } from './widget.ts';

export function ChoiceWidget({ form, value, ids, onChange }: WidgetProps<'choice'>): ReactNode {
  const translate = useFormText();
  const current = value === undefined || value === null ? form.defaultValue : value;
  const text = asText(current);
  return (
    <Select
      {...ids}
      value={text}
      options={withCurrent(
        form.options.map((option) => ({ value: option.value, label: translate(option.label) })),
        text,
      )}
      onChange={(chosen) => onChange(chosen, 'step')}
    />
  );
}

/** A value that is not among the options (a parameter, a mistake) is shown as it is. */
export function withCurrent(options: readonly Option[], current: string): readonly Option[] {
  const isKnown = current === '' || options.some((option) => option.value === current);
  return isKnown ? options : [...options, { value: current, label: current }];
}

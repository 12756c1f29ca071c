import type { ReactNode } from 'react';
import { TextInput } from '../../ui/fields.tsx';
import { asText } from './raw-text.ts';
import { usePlaceholder } from './use-placeholder.ts';
import type { WidgetProps } from './widget.ts';

export function TextWidget({ form, value, ids, onChange }: WidgetProps<'text'>): ReactNode {
  const placeholder = usePlaceholder(form, form.placeholder);
  return (
    <TextInput
      {...ids}
      isMono
      value={asText(value)}
      placeholder={placeholder}
      onChange={(text) => onChange(text === '' && form.optional ? undefined : text)}
    />
  );
}

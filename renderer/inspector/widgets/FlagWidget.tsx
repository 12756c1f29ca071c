import type { ReactNode } from 'react';
import { Switch } from '../../ui/fields.tsx';
import type { WidgetProps } from './widget.ts';

export function FlagWidget({ form, value, ids, onChange }: WidgetProps<'flag'>): ReactNode {
  const { id, 'aria-describedby': describedBy } = ids;
  return (
    <Switch
      id={id}
      aria-describedby={describedBy}
      isOn={(value ?? form.defaultValue) === true}
      onChange={(isOn) => onChange(isOn, 'step')}
    />
  );
}

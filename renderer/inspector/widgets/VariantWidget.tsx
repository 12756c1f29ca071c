import type { ReactNode } from 'react';
import { caseOf, defaultConfig } from '../../../runtime/core/config.ts';
import { Select } from '../../ui/fields.tsx';
import { isRecord } from '../form/config-path.ts';
import { FormRows } from '../form/FormRows.tsx';
import { useFormText } from '../form/use-form-text.ts';
import { withCurrent } from './ChoiceWidget.tsx';
import { NotSet } from './ObjectWidget.tsx';
import type { FormOf, WidgetProps } from './widget.ts';

export function VariantWidget({ form, value, path, label, ids, onChange }: WidgetProps<'variant'>): ReactNode {
  const translate = useFormText();
  const shown = value ?? form.defaultValue;
  if (form.optional && !isRecord(shown)) {
    const [first] = Object.keys(form.cases);
    return <NotSet label={label} onSet={() => first !== undefined && onChange(turnedInto(form, first, {}), 'step')} />;
  }
  const current = isRecord(shown) ? shown : {};
  const tag = caseOf(form, current);
  const options = Object.entries(form.cases).map(([name, one]) => ({ value: name, label: translate(one.label) }));
  return (
    <div role="group" aria-labelledby={`${ids.id}-label`} className="inspector-group" data-widget>
      <Select
        {...ids}
        label={label}
        value={tag}
        options={withCurrent(options, tag)}
        onChange={(name) => onChange(turnedInto(form, name, current), 'step')}
      />
      <FormRows fields={form.cases[tag]?.fields ?? {}} value={current} path={path} />
    </div>
  );
}

/** The value as another case of the variant: what both have in common is kept. */
function turnedInto(
  form: FormOf<'variant'>,
  name: string,
  from: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const fields = form.cases[name]?.fields ?? {};
  const kept = Object.fromEntries(Object.entries(from).filter(([key]) => Object.hasOwn(fields, key)));
  return { [form.tag]: name, ...defaultConfig(fields), ...kept };
}

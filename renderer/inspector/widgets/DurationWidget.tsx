import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Select, TextInput } from '../../ui/fields.tsx';
import { asText } from './raw-text.ts';
import type { WidgetProps } from './widget.ts';

const UNITS = ['millisecond', 'second', 'minute', 'hour', 'day'] as const;
type Unit = (typeof UNITS)[number];

/** An amount and a unit; as a text where it is something else, such as `${gap}`. */
export function DurationWidget({ form, value, ids, label, onChange }: WidgetProps<'duration'>): ReactNode {
  const { t } = useTranslation();
  const [unitWithoutAmount, setUnitWithoutAmount] = useState<Unit | null>(null);
  const text = asText(value);
  const parts = split(text);
  const ghost = split(asText(form.defaultValue));

  if (parts === null && text !== '') {
    return (
      <TextInput
        {...ids}
        isMono
        value={text}
        onChange={(next) => onChange(next === '' && form.optional ? undefined : next)}
      />
    );
  }
  const unit = parts?.unit ?? unitWithoutAmount ?? ghost?.unit ?? 'second';
  const changeAmount = (amount: string): void => {
    setUnitWithoutAmount(unit);
    if (amount === '') onChange(form.optional ? undefined : '');
    else onChange(/^[\d.]*$/.test(amount) ? join(amount, unit) : amount);
  };
  const changeUnit = (next: string): void => {
    setUnitWithoutAmount(next as Unit);
    if (parts !== null) onChange(join(parts.amount, next as Unit), 'step');
  };
  return (
    <div className="inspector-duration">
      <TextInput
        {...ids}
        isMono
        inputMode="decimal"
        value={parts?.amount ?? ''}
        placeholder={ghost?.amount ?? (form.optional ? t('inspector:form.optional') : '')}
        onChange={changeAmount}
      />
      <Select
        label={t('inspector:duration.unitOf', { label })}
        value={unit}
        options={UNITS.map((one) => ({ value: one, label: t(`inspector:duration.${one}`) }))}
        onChange={changeUnit}
      />
    </div>
  );
}

function split(text: string): { readonly amount: string; readonly unit: Unit } | null {
  const match = /^\s*(\d+\.?\d*|\.\d*)\s*([a-z]+?)s?\s*$/i.exec(text);
  const unit = UNITS.find((one) => one === match?.[2]?.toLowerCase());
  return match?.[1] === undefined || unit === undefined ? null : { amount: match[1], unit };
}

function join(amount: string, unit: Unit): string {
  return `${amount} ${unit}${amount === '1' ? '' : 's'}`;
}

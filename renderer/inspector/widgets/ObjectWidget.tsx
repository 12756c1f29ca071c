import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Plus } from 'lucide-react';
import { defaultConfig } from '../../../runtime/core/config.ts';
import { Button } from '../../ui/Button.tsx';
import { isRecord } from '../form/config-path.ts';
import { FormRows } from '../form/FormRows.tsx';
import type { WidgetProps } from './widget.ts';

export function ObjectWidget({ form, value, path, label, ids, onChange }: WidgetProps<'object'>): ReactNode {
  if (form.optional && (value === undefined || value === null) && !isRecord(form.defaultValue)) {
    return <NotSet label={label} onSet={() => onChange(defaultConfig(form.fields), 'step')} />;
  }
  const shown = value ?? form.defaultValue;
  return (
    <div role="group" aria-labelledby={`${ids.id}-label`} className="inspector-group" data-widget>
      <FormRows fields={form.fields} value={isRecord(shown) ? shown : {}} path={path} />
    </div>
  );
}

/** Stands for an optional group that is left out. */
export function NotSet({ label, onSet }: { readonly label: string; readonly onSet: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="inspector-unset" data-widget>
      <span>{t('inspector:form.notSet')}</span>
      <Button tone="quiet" isSmall icon={<Plus size={13} aria-hidden />} onClick={onSet}>
        {t('inspector:form.set', { label })}
      </Button>
    </div>
  );
}

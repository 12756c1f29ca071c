/** Fields that a source declares in its own config: lists of a name and a type, whatever the list is called. */
import type { FormField } from '../../../runtime/core/config.ts';
import { isRecord } from '../form/config-path.ts';
import type { Suggestion } from './Combobox.tsx';
import type { FormOf } from './widget.ts';

/** A list whose items have a `name` and a data type: a schema. */
export function isSchemaList(form: FormField): form is FormOf<'list'> {
  return (
    form.widget === 'list' &&
    form.item.widget === 'object' &&
    form.item.fields['name'] !== undefined &&
    form.item.fields['type']?.widget === 'data-type'
  );
}

export function declaredFields(fields: Readonly<Record<string, FormField>>, config: unknown): readonly Suggestion[] {
  if (!isRecord(config)) return [];
  return Object.entries(fields)
    .filter(([, form]) => isSchemaList(form))
    .flatMap(([key]): readonly unknown[] => (Array.isArray(config[key]) ? config[key] : []))
    .flatMap((item) => {
      if (!isRecord(item) || typeof item['name'] !== 'string' || item['name'] === '') return [];
      return [{ value: item['name'], ...(typeof item['type'] === 'string' ? { detail: item['type'] } : {}) }];
    });
}

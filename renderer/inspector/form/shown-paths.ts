import { caseOf, type FormField } from '../../../runtime/core/config.ts';
import { isRecord, printPath, type ConfigPath } from './config-path.ts';

/** Every place that has a row in the form: problems of other places are shown above it. */
export function shownPaths(fields: Readonly<Record<string, FormField>>, config: unknown): ReadonlySet<string> {
  const shown = new Set<string>();
  collect(fields, config, [], shown);
  return shown;
}

function collect(
  fields: Readonly<Record<string, FormField>>,
  value: unknown,
  path: ConfigPath,
  shown: Set<string>,
): void {
  for (const [key, form] of Object.entries(fields)) {
    collectField(form, isRecord(value) ? value[key] : undefined, [...path, key], shown);
  }
}

function collectField(form: FormField, raw: unknown, path: ConfigPath, shown: Set<string>): void {
  shown.add(printPath(path));
  const value = raw ?? form.defaultValue;
  if (form.widget === 'fields' && Array.isArray(value)) {
    value.forEach((_, i) => shown.add(printPath([...path, i])));
  } else if (form.widget === 'list' && Array.isArray(value)) {
    value.forEach((item, i) => collectItem(form.item, item, [...path, i], shown));
  } else if (form.widget === 'object') collect(form.fields, value, path, shown);
  else if (form.widget === 'variant' && isRecord(value)) {
    shown.add(printPath([...path, form.tag]));
    collect(form.cases[caseOf(form, value)]?.fields ?? {}, value, path, shown);
  }
}

/** An item that is an object has no row of its own, only those of its fields. */
function collectItem(form: FormField, item: unknown, path: ConfigPath, shown: Set<string>): void {
  if (form.widget === 'object') collect(form.fields, item, path, shown);
  else collectField(form, item, path, shown);
}

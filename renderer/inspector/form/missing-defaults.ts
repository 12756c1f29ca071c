import type { FormField } from '../../../runtime/core/config.ts';
import { isRecord, type ConfigPath } from './config-path.ts';
import type { ConfigChange } from './form-context.ts';

/**
 * What must be written first when a value inside a group that was left out is changed: the group's default, which the form showed
 * until now. Otherwise the group would be made of the changed value alone.
 */
export function missingDefaults(
  fields: Readonly<Record<string, FormField>>,
  config: unknown,
  path: ConfigPath,
): readonly ConfigChange[] {
  const [head, ...rest] = path;
  if (typeof head !== 'string' || rest.length === 0) return [];
  const form = fields[head];
  const value = isRecord(config) ? config[head] : undefined;
  if (form === undefined) return [];
  if (value === undefined || value === null) {
    const { defaultValue } = form;
    return defaultValue === undefined || defaultValue === null ? [] : [{ path: [head], value: defaultValue }];
  }
  if (form.widget !== 'object') return [];
  return missingDefaults(form.fields, value, rest).map((change) => ({ ...change, path: [head, ...change.path] }));
}

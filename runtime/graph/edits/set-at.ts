export type ConfigPath = readonly (string | number)[];

/**
 * A copy of `value` with `replacement` at `path`, sharing all else; containers that are missing on the way are made.
 * `undefined` takes a key away and removes a list's element. The same value when nothing changes.
 */
export function setAt(value: unknown, path: ConfigPath, replacement: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return replacement;
  return typeof head === 'number' ? setElement(value, head, rest, replacement) : setKey(value, head, rest, replacement);
}

function setElement(value: unknown, index: number, rest: ConfigPath, replacement: unknown): unknown {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const element = setAt(list[index], rest, replacement);
  if (element === undefined) return index < list.length ? list.filter((_, i) => i !== index) : value;
  if (index < list.length && element === list[index]) return value;
  return index < list.length ? list.with(index, element) : [...list, element];
}

function setKey(value: unknown, key: string, rest: ConfigPath, replacement: unknown): unknown {
  const record = isRecord(value) ? value : {};
  const child = setAt(Object.hasOwn(record, key) ? record[key] : undefined, rest, replacement);
  if (child === undefined) {
    if (!Object.hasOwn(record, key)) return value;
    return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
  }
  if (Object.hasOwn(record, key) && child === record[key]) return value;
  return { ...record, [key]: child };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

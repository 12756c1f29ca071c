/** Values as one line of a log: texts as they are, all else as JSON, with bigint and Map as near to it as they come. */
export function printLogLine(values: readonly unknown[]): string {
  return values.map(print).join(' ');
}

function print(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  const { stack, message } = value as { readonly stack?: unknown; readonly message?: unknown };
  if (typeof stack === 'string' && typeof message === 'string') return stack;
  try {
    return JSON.stringify(value, (_key, part: unknown) => plain(part)) ?? String(value);
  } catch {
    // A circle, or a getter that throws.
    return Object.prototype.toString.call(value);
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.prototype.toString.call(value) === '[object Map]') return [...(value as Map<unknown, unknown>)];
  return value;
}

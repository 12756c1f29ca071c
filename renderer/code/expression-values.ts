/** Values of an expression's parts, as a hover shows them. */
import type { SubexpressionValue } from '../../runtime/protocol/debug.ts';

const MAX_VALUE = 200;

/** The part that stands at an offset, what it is made of, then what it is a part of, up to the whole. */
export function partsAt(parts: readonly SubexpressionValue[], offset: number): readonly SubexpressionValue[] {
  const around = parts.filter(({ start, end }) => start <= offset && offset <= end);
  const inner = around.toSorted((a, b) => a.end - a.start - (b.end - b.start));
  const [at] = inner;
  if (at === undefined) return [];
  const inside = parts.filter(
    (one) => one !== at && !around.includes(one) && one.start >= at.start && one.end <= at.end,
  );
  return [at, ...inside, ...inner.slice(1)];
}

/** `amount * 2` = **14** *BIGINT*, in Markdown. */
export function valueLine({ text, value, type, error }: SubexpressionValue): string {
  if (error !== null) return `${code(text)}: ${plain(error)}`;
  return `${code(text)} = **${code(JSON.stringify(value) ?? 'NULL')}** ${type}`;
}

function code(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const shown = line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE)}…` : line;
  // The fence is longer than any in the text.
  const fence = '`'.repeat(Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  return `${fence} ${shown} ${fence}`;
}

function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
}

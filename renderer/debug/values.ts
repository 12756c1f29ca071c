/** Values of rows as they are shown and typed: by the name of their column's type. */
import { valueText } from '../preview/row-value.ts';

const TEXTS = /^(STRING|VARCHAR|CHAR)\b/;
/** Of state: bytes hold texts mostly. */
const STATE_TEXTS: ReadonlySet<string> = new Set(['bytes', 'object']);

export function isText(type: string): boolean {
  return TEXTS.test(type) || STATE_TEXTS.has(type);
}

/** Texts in quotes, so that their blanks are seen and none is taken for a number; times as they are elsewhere; null stays null. */
export function shownValue(value: unknown, type: string): string | null {
  if (typeof value !== 'string') return valueText(value);
  if (type.startsWith('TIMESTAMP')) return value.replace('T', ' ').replace(/(\.000)?Z$/, '');
  return isText(type) ? JSON.stringify(value) : value;
}

/** What somebody has typed, as a row has it: a text as it is, else JSON or, where it is none (a time), the text. Null: no value. */
export function typedValue(typed: string | null, type: string): unknown {
  if (typed === null || TEXTS.test(type)) return typed;
  const text = typed.trim();
  if (text === '') return null;
  // Beyond 2^53 digits would be lost.
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text))) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

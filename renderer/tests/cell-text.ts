/** Cells of a case's rows as they are typed: text that stands for a JSON value of the field's type. */
import type { DataType } from '../../runtime/core/types.ts';

/** What an empty text is typed as; nothing typed is NULL. */
export const EMPTY_TEXT = "''";

export function textOfCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value === '') return EMPTY_TEXT;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const NUMBERS: ReadonlySet<DataType['kind']> = new Set(['INT', 'BIGINT', 'DOUBLE', 'DECIMAL']);
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;
/** Digits beyond do not survive in a JSON number. */
const SAFE_DIGITS = 15;

/** Undefined for NULL. A text that does not fit the type stays as it is: the case's problems tell. */
export function cellOfText(type: DataType, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (text === EMPTY_TEXT) return '';
  if (NUMBERS.has(type.kind)) {
    const digits = trimmed.replace(/\D/g, '').length;
    return NUMBER.test(trimmed) && digits <= SAFE_DIGITS ? Number(trimmed) : trimmed;
  }
  switch (type.kind) {
    case 'BOOLEAN':
      return trimmed === 'true' ? true : trimmed === 'false' ? false : trimmed;
    case 'ARRAY':
    case 'MAP':
    case 'ROW':
      return parsed(trimmed);
    case 'STRING':
      return text;
    default:
      return trimmed;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Cells of a table as spreadsheets put it on the clipboard; null for a text that is one cell. */
export function cellsOfClipboard(text: string): readonly (readonly string[])[] | null {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  return lines.length === 1 && !text.includes('\t') ? null : lines.map((line) => line.split('\t'));
}

/** Cells as JSON: the text a JSONL file holds, and the same as a value for row samples. */
import type { Column } from '../core/column.ts';
import { readDecimal } from '../core/column.ts';
import { printDecimal } from '../core/decimal.ts';
import { printDate, printTimestamp } from '../core/time.ts';
import type { DataType } from '../core/types.ts';
import { printBase64 } from '../core/base64.ts';

/** JSON text of a cell that is not null. */
export type CellPrinter = (column: Column, row: number) => string;

/** Largest instant that four digits of a year can say, and the smallest. */
const MAX_ISO_MS = 253_402_300_799_999;
const MIN_ISO_MS = -62_167_219_200_000;
const DAY_MS = 86_400_000;

/** ISO text where a year has four digits, epoch milliseconds (which reading takes as well) beyond; '' for no instant at all. */
export function timestampText(ms: number): string {
  if (!Number.isFinite(ms)) return '';
  return ms >= MIN_ISO_MS && ms <= MAX_ISO_MS ? printTimestamp(ms) : String(Math.trunc(ms));
}

/** JSON text of NULL and of values alike. */
export function jsonText(print: CellPrinter, column: Column, row: number): string {
  return column.isNull(row) ? 'null' : print(column, row);
}

/** Chosen once a column, so that the loop over rows asks no types. */
export function jsonPrinter(type: DataType): CellPrinter {
  switch (type.kind) {
    case 'BOOLEAN':
      return (column, row) => (column.value(row) === true ? 'true' : 'false');
    case 'INT':
    case 'BIGINT':
      return (column, row) => String(column.values[row]!);
    case 'DOUBLE':
      return (column, row) => doubleText((column.values as Float64Array)[row]!);
    case 'DECIMAL':
      return (column, row) => printDecimal(readDecimal(column.values as BigInt64Array, row), type.scale);
    case 'STRING':
      return (column, row) => quote(column.text(row));
    case 'BYTES':
      return (column, row) => `"${printBase64(column.value(row) as Uint8Array)}"`;
    case 'DATE':
      return (column, row) => `"${dateText((column.values as Int32Array)[row]!)}"`;
    case 'TIMESTAMP':
      return (column, row) => instantText((column.values as Float64Array)[row]!);
    case 'ARRAY':
      return arrayPrinter(type.element);
    case 'MAP':
      return mapPrinter(type.key, type.value);
    case 'ROW':
      return rowPrinter(type.fields);
    default:
      return () => 'null';
  }
}

/** Text that is the same in JSON between quotes. Lone surrogates are for JSON.stringify to escape. */
const PLAIN = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/;

export function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** JSON has no words for NaN and the infinities: they are written as text, which reading takes back. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}

export function dateText(days: number): string {
  const ms = days * DAY_MS;
  return ms >= MIN_ISO_MS && ms <= MAX_ISO_MS ? printDate(days) : String(days);
}

function instantText(ms: number): string {
  const text = timestampText(ms);
  return text.endsWith('Z') ? `"${text}"` : text || 'null';
}

function arrayPrinter(element: DataType): CellPrinter {
  const print = jsonPrinter(element);
  return (column, row) => {
    const [elements] = column.children;
    const parts: string[] = [];
    for (let i = column.offsets![row]!; i < column.offsets![row + 1]!; i++) parts.push(jsonText(print, elements!, i));
    return `[${parts.join(',')}]`;
  };
}

/** An object; keys that are not text are the text of their JSON, a NULL key is `null` (Flink's map-null-key.mode LITERAL). */
function mapPrinter(key: DataType, value: DataType): CellPrinter {
  const printKey = jsonPrinter(key);
  const printValue = jsonPrinter(value);
  return (column, row) => {
    const [keys, values] = column.children;
    const parts: string[] = [];
    for (let i = column.offsets![row]!; i < column.offsets![row + 1]!; i++) {
      const text = jsonText(printKey, keys!, i);
      parts.push(`${text.startsWith('"') ? text : JSON.stringify(text)}:${jsonText(printValue, values!, i)}`);
    }
    return `{${parts.join(',')}}`;
  };
}

function rowPrinter(fields: readonly { readonly name: string; readonly type: DataType }[]): CellPrinter {
  const heads = fields.map((f, i) => `${i === 0 ? '' : ','}${JSON.stringify(f.name)}:`);
  const printers = fields.map((f) => jsonPrinter(f.type));
  return (column, row) => {
    let text = '{';
    for (let c = 0; c < printers.length; c++) text += heads[c]! + jsonText(printers[c]!, column.children[c]!, row);
    return `${text}}`;
  };
}

/**
 * The cell as plain JSON, as a JSONL file would hold it: for row samples. Integers beyond 2^53, and decimals of more digits
 * than a double keeps, come as text.
 */
export function formatValue(type: DataType, column: Column, row: number): unknown {
  if (column.isNull(row)) return null;
  const text = jsonPrinter(type)(column, row);
  switch (type.kind) {
    case 'BIGINT':
      return Number.isSafeInteger(Number(text)) ? Number(text) : text;
    case 'DECIMAL':
      return text.length <= 15 ? Number(text) : text;
    case 'STRING':
      return column.text(row);
    case 'ARRAY':
      return formatRange(column, row, (i) => formatValue(type.element, column.children[0]!, i));
    case 'MAP':
      return Object.fromEntries(
        formatRange(column, row, (i) => {
          const key = formatValue(type.key, column.children[0]!, i);
          const name = typeof key === 'string' ? key : JSON.stringify(key);
          return [name, formatValue(type.value, column.children[1]!, i)] as const;
        }),
      );
    case 'ROW':
      return Object.fromEntries(type.fields.map((f, c) => [f.name, formatValue(f.type, column.children[c]!, row)]));
    default:
      return JSON.parse(text);
  }
}

function formatRange<T>(column: Column, row: number, format: (index: number) => T): T[] {
  const out: T[] = [];
  for (let i = column.offsets![row]!; i < column.offsets![row + 1]!; i++) out.push(format(i));
  return out;
}

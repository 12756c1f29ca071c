/** Scalar values from text: CSV cells, JSON strings, keys of JSON objects. */
import { parseDecimal } from '../core/decimal.ts';
import { parseDate } from '../core/time.ts';
import type { DataType, Value } from '../core/types.ts';
import { parseBase64 } from '../core/base64.ts';
import { instantOfText } from './instant.ts';

export const INT_MIN = -0x80000000;
export const INT_MAX = 0x7fffffff;
const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['infinity', Infinity],
  ['+infinity', Infinity],
  ['-infinity', -Infinity],
]);

/** The value that `text` stands for in a scalar type; undefined when it stands for none. Blanks around anything but a STRING do not matter. */
export function valueOfText(type: DataType, text: string): Exclude<Value, null> | undefined {
  if (type.kind === 'STRING') return text;
  const trimmed = text.trim();
  switch (type.kind) {
    case 'BOOLEAN': {
      const word = trimmed.toLowerCase();
      return word === 'true' ? true : word === 'false' ? false : undefined;
    }
    case 'INT': {
      const value = INTEGER.test(trimmed) ? Number(trimmed) : NaN;
      // Adding 0 makes "-0" the integer it means.
      return value >= INT_MIN && value <= INT_MAX ? value + 0 : undefined;
    }
    case 'BIGINT':
      return INTEGER.test(trimmed) ? longOf(BigInt(trimmed.startsWith('+') ? trimmed.slice(1) : trimmed)) : undefined;
    case 'DOUBLE':
      return NUMBER.test(trimmed) ? Number(trimmed) : WORDS.get(trimmed.toLowerCase());
    case 'DECIMAL':
      return parseDecimal(trimmed, type.precision, type.scale) ?? undefined;
    case 'DATE':
      return parseDate(trimmed) ?? undefined;
    case 'TIMESTAMP':
      return instantOfText(trimmed) ?? undefined;
    case 'BYTES':
      return parseBase64(trimmed) ?? undefined;
    default:
      return undefined;
  }
}

/** The value when it fits 64 bits. */
export function longOf(value: bigint): bigint | undefined {
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

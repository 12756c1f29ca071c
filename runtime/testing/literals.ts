/** Cell values as JSON literals, in the form JSONL carries them, and back. */
import { parseDecimal, printDecimal } from '../core/decimal.ts';
import { assert } from '../core/errors.ts';
import type { Json } from '../core/state.ts';
import { parseDate, parseTimestamp, printDate, printTimestamp } from '../core/time.ts';
import { printDataType, type DataType, type Value } from '../core/types.ts';

/** What a test or an example writes for a cell: the value itself, or its JSON form. */
export type Literal = Value | { readonly [key: string]: Literal } | readonly Literal[];

/** The value of type `type` that a literal stands for; throws when it fits neither the type nor its JSON form. */
export function toValue(type: DataType, literal: Literal): Value {
  if (literal === null) return null;
  const value = convert(type, literal);
  assert(value !== null, `${String(literal)} is no ${printDataType(type)}`);
  return value;
}

function convert(type: DataType, literal: Exclude<Literal, null>): Value {
  switch (type.kind) {
    case 'BIGINT':
      return typeof literal === 'number' || typeof literal === 'string' ? BigInt(literal) : (literal as bigint);
    case 'DECIMAL':
      return typeof literal === 'bigint'
        ? literal
        : parseDecimal(String(literal as number | string), type.precision, type.scale);
    case 'DOUBLE':
      return typeof literal === 'string' ? Number(literal) : (literal as number);
    case 'TIMESTAMP':
      return typeof literal === 'string' ? parseTimestamp(literal) : (literal as number);
    case 'DATE':
      return typeof literal === 'string' ? parseDate(literal) : (literal as number);
    case 'BYTES':
      return typeof literal === 'string' ? bytesOfBase64(literal) : (literal as Uint8Array);
    case 'ARRAY':
      return (literal as readonly Literal[]).map((element) => toValue(type.element, element));
    case 'MAP': {
      const entries = literal instanceof Map ? [...literal] : Object.entries(literal);
      return new Map(entries.map(([key, value]) => [toValue(type.key, key), toValue(type.value, value)] as const));
    }
    case 'ROW': {
      const cells = Array.isArray(literal)
        ? literal
        : type.fields.map((f) => (literal as Record<string, Literal>)[f.name] ?? null);
      return type.fields.map((f, i) => toValue(f.type, cells[i] ?? null));
    }
    default:
      return literal as Value;
  }
}

/** As JSONL would write it; integers beyond 2^53 as text, since a JavaScript number would lose digits. */
export function toJson(type: DataType, value: Value): Json {
  if (value === null) return null;
  switch (type.kind) {
    case 'BIGINT':
      return integerToJson(value as bigint);
    case 'DECIMAL':
      return Number(printDecimal(value as bigint, type.scale));
    case 'DOUBLE':
      return Number.isFinite(value) ? (value as number) : String(value);
    case 'TIMESTAMP':
      return printTimestamp(value as number);
    case 'DATE':
      return printDate(value as number);
    case 'BYTES':
      return base64Of(value as Uint8Array);
    case 'ARRAY':
      return (value as readonly Value[]).map((element) => toJson(type.element, element));
    case 'MAP':
      return Object.fromEntries(
        [...(value as ReadonlyMap<Value, Value>)].map(([key, mapped]) => [
          String(toJson(type.key, key)),
          toJson(type.value, mapped),
        ]),
      );
    case 'ROW':
      return Object.fromEntries(
        type.fields.map((f, i) => [f.name, toJson(f.type, (value as readonly Value[])[i] ?? null)]),
      );
    default:
      return value as boolean | number | string;
  }
}

function integerToJson(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function bytesOfBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

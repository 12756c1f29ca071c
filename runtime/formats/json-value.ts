/** Values from parsed JSON. */
import { stringify } from 'lossless-json';
import type { DataType, Value } from '../core/types.ts';
import { numberText, parseJson } from './json-parse.ts';
import { INT_MAX, INT_MIN, longOf, valueOfText } from './text-value.ts';

/**
 * The value of a type that parsed JSON stands for; undefined when it stands for none. Scalars may also come as text, an
 * integer as `3.0` or `3e2`, a TIMESTAMP as epoch milliseconds, and anything as a STRING, which then holds its JSON.
 */
export function valueOfJson(type: DataType, json: unknown): Value | undefined {
  if (json === null) return null;
  switch (type.kind) {
    case 'STRING':
      return typeof json === 'string' ? json : (stringify(json) ?? '');
    case 'BOOLEAN':
      return typeof json === 'boolean' ? json : ofText(type, json);
    case 'INT':
      if (typeof json !== 'number') return ofText(type, json);
      return Number.isInteger(json) && json >= INT_MIN && json <= INT_MAX ? json + 0 : undefined;
    case 'BIGINT':
      if (typeof json === 'string') return valueOfText(type, json);
      return Number.isSafeInteger(json) ? BigInt(json as number) : longOfToken(numberText(json));
    case 'TIMESTAMP':
      if (typeof json === 'number') return Number.isFinite(json) ? Math.trunc(json) : undefined;
      return ofText(type, json);
    case 'DOUBLE':
    case 'DECIMAL':
      if (typeof json === 'number' && type.kind === 'DOUBLE') return json;
      return valueOfText(type, typeof json === 'string' ? json : (numberText(json) ?? ''));
    case 'DATE':
    case 'BYTES':
      return ofText(type, json);
    case 'ARRAY':
      return Array.isArray(json) ? listOf(type.element, json) : undefined;
    case 'MAP':
      return isObject(json) ? mapOfJson(type.key, type.value, json) : undefined;
    case 'ROW':
      return isObject(json) ? rowOfJson(type.fields, json) : undefined;
    default:
      return undefined;
  }
}

/** The value that a whole text stands for: scalars as they are written, nested types as JSON. */
export function valueOfCell(type: DataType, text: string): Exclude<Value, null> | undefined {
  if (!isNested(type)) return valueOfText(type, text);
  const json = parseJson(text, true);
  return json === undefined ? undefined : (valueOfJson(type, json) ?? undefined);
}

export function isNested(type: DataType): boolean {
  return type.kind === 'ARRAY' || type.kind === 'MAP' || type.kind === 'ROW';
}

function ofText(type: DataType, json: unknown): Value | undefined {
  return typeof json === 'string' ? valueOfText(type, json) : undefined;
}

const DIGITS = /^-?\d+$/;

function longOfToken(token: string | null): bigint | undefined {
  if (token === null) return undefined;
  if (DIGITS.test(token)) return longOf(BigInt(token));
  // 1e18, 9007199254740993.0
  const match = /^(-?\d+)(?:\.(\d+))?(?:[eE]\+?(\d{1,2}))?$/.exec(token);
  if (match === null) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent);
  const digits = fraction.replace(/0+$/, '');
  return digits.length > shift ? undefined : longOf(BigInt(`${whole}${digits}${'0'.repeat(shift - digits.length)}`));
}

function listOf(element: DataType, json: readonly unknown[]): Value[] | undefined {
  const values: Value[] = [];
  for (const one of json) {
    const value = valueOfJson(element, one);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function mapOfJson(
  keyType: DataType,
  valueType: DataType,
  json: Readonly<Record<string, unknown>>,
): ReadonlyMap<Value, Value> | undefined {
  const map = new Map<Value, Value>();
  for (const [text, one] of Object.entries(json)) {
    const key = valueOfCell(keyType, text);
    const value = valueOfJson(valueType, one);
    if (key === undefined || value === undefined) return undefined;
    map.set(key, value);
  }
  return map;
}

function rowOfJson(
  fields: readonly { readonly name: string; readonly type: DataType; readonly nullable: boolean }[],
  json: Readonly<Record<string, unknown>>,
): Value[] | undefined {
  const values: Value[] = [];
  for (const field of fields) {
    const value = Object.hasOwn(json, field.name) ? valueOfJson(field.type, json[field.name]) : null;
    if (value === undefined || (value === null && !field.nullable)) return undefined;
    values.push(value);
  }
  return values;
}

export function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && numberText(json) === null;
}

/**
 * Values as user code has them. As in the engine (see `Value`) but for DECIMAL, which is its text (`"12.50"`, exact), DATE
 * (`"2026-11-22"`) and ROW, which is an object with a property a field. TIMESTAMP is a number of milliseconds.
 */
import { parseDecimal, printDecimal } from '../../core/decimal.ts';
import { say } from '../../core/say.ts';
import { parseDate, printDate } from '../../core/time.ts';
import type { DataType, Field, Value } from '../../core/types.ts';

type Present = Exclude<Value, null>;

/** Null where values are the same in user code. */
export type ToUser = ((value: Present) => unknown) | null;
/** `MISFIT` for what cannot be a value of the type. Never called with null or undefined. */
export type FromUser = (value: unknown) => Present | typeof MISFIT;

export const MISFIT = Symbol('misfit');

export function toUser(type: DataType): ToUser {
  switch (type.kind) {
    case 'DECIMAL':
      return (value) => printDecimal(value as bigint, type.scale);
    case 'DATE':
      return (value) => printDate(value as number);
    case 'BYTES':
      return (value) => (value as Uint8Array).slice();
    case 'ARRAY': {
      const element = nullableToUser(type.element);
      return (value) => (value as readonly Value[]).map(element);
    }
    case 'MAP': {
      const [key, one] = [nullableToUser(type.key), nullableToUser(type.value)];
      return (value) => new Map(Array.from(value as ReadonlyMap<Value, Value>, ([k, v]) => [key(k), one(v)]));
    }
    case 'ROW': {
      const members = type.fields.map(({ name, type: of }) => [name, nullableToUser(of)] as const);
      return (value) =>
        Object.fromEntries(members.map(([name, member], i) => [name, member((value as readonly Value[])[i] ?? null)]));
    }
    default:
      return null;
  }
}

function nullableToUser(type: DataType): (value: Value) => unknown {
  const convert = toUser(type);
  return convert === null ? (value) => value : (value) => (value === null ? null : convert(value));
}

const INT_MIN = -0x80000000;
const INT_MAX = 0x7fffffff;
/** As far as a JavaScript date reaches: 1970 plus or minus. */
const MAX_INSTANT_MS = 8.64e15;

export function fromUser(type: DataType): FromUser {
  switch (type.kind) {
    case 'BOOLEAN':
      return (value) => (typeof value === 'boolean' ? value : MISFIT);
    case 'INT':
      return (value) =>
        typeof value === 'number' && Number.isInteger(value) && value >= INT_MIN && value <= INT_MAX
          ? value + 0
          : MISFIT;
    case 'BIGINT':
      return longFromUser;
    case 'DOUBLE':
      return (value) => (typeof value === 'number' ? value : MISFIT);
    case 'STRING':
      return (value) => (typeof value === 'string' ? value : MISFIT);
    case 'TIMESTAMP':
      return instantFromUser;
    case 'DECIMAL':
      return (value) => {
        const isNumeric = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
        return isNumeric ? (parseDecimal(String(value), type.precision, type.scale) ?? MISFIT) : MISFIT;
      };
    case 'DATE':
      return (value) => (typeof value === 'string' ? (parseDate(value) ?? MISFIT) : MISFIT);
    case 'BYTES':
      return (value) => (isOfClass(value, 'Uint8Array') ? Uint8Array.from(value as Uint8Array) : MISFIT);
    case 'ARRAY':
      return listFromUser(type.element);
    case 'MAP':
      return mapFromUser(type.key, type.value);
    case 'ROW':
      return rowFromUser(type.fields);
    default:
      return () => MISFIT;
  }
}

function longFromUser(value: unknown): bigint | typeof MISFIT {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : MISFIT;
  return typeof value === 'bigint' && value === BigInt.asIntN(64, value) ? value : MISFIT;
}

/** Milliseconds, or a Date; fractions of milliseconds are cut off, as in CAST. */
export function instantFromUser(value: unknown): number | typeof MISFIT {
  const ms = typeof value === 'number' ? value : isOfClass(value, 'Date') ? (value as Date).getTime() : NaN;
  return Math.abs(ms) <= MAX_INSTANT_MS ? Math.trunc(ms) + 0 : MISFIT;
}

/** NULL elements included. */
function nullableFromUser(type: DataType): (value: unknown) => Value | typeof MISFIT {
  const convert = fromUser(type);
  return (value) => (value === null || value === undefined ? null : convert(value));
}

function listFromUser(elementType: DataType): FromUser {
  const element = nullableFromUser(elementType);
  return (value) => {
    if (!Array.isArray(value)) return MISFIT;
    const values = value.map(element);
    return values.includes(MISFIT) ? MISFIT : (values as Value[]);
  };
}

function mapFromUser(keyType: DataType, valueType: DataType): FromUser {
  const key = fromUser(keyType);
  const one = nullableFromUser(valueType);
  return (value) => {
    const entries: Iterable<readonly [unknown, unknown]> | null = isOfClass(value, 'Map')
      ? (value as ReadonlyMap<unknown, unknown>)
      : keyType.kind === 'STRING' && isOfClass(value, 'Object')
        ? Object.entries(value as object)
        : null;
    if (entries === null) return MISFIT;
    const map = new Map<Value, Value>();
    for (const [k, v] of entries) {
      const keyOf = k === null || k === undefined ? MISFIT : key(k);
      const valueOf = one(v);
      if (keyOf === MISFIT || valueOf === MISFIT) return MISFIT;
      map.set(keyOf, valueOf);
    }
    return map;
  };
}

function rowFromUser(fields: readonly Field[]): FromUser {
  const members = fields.map((field) => ({ ...field, convert: nullableFromUser(field.type) }));
  return (value) => {
    if (typeof value !== 'object' || value === null) return MISFIT;
    const values = members.map(({ name, nullable, convert }) => {
      const member = convert((value as Readonly<Record<string, unknown>>)[name]);
      return member === null && !nullable ? MISFIT : member;
    });
    return values.includes(MISFIT) ? MISFIT : (values as Value[]);
  };
}

/** By its tag: user code has classes of its own, so that `instanceof` does not tell. */
export function isOfClass(value: unknown, name: 'Date' | 'Map' | 'Object' | 'Uint8Array'): boolean {
  return typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === `[object ${name}]`;
}

const LONGEST_SHOWN = 40;

/** `the text "abc"`, `the number 1.5`: for messages. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return say`the text ${JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value)}`;
    case 'number':
      return say`the number ${value}`;
    case 'bigint':
      return say`the bigint ${value}n`;
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'missing';
    case 'object':
      if (value === null) return 'NULL';
      if (Array.isArray(value)) return say`an array`;
      if (isOfClass(value, 'Date')) return Number.isNaN((value as Date).getTime()) ? say`an invalid Date` : 'a Date';
      return isOfClass(value, 'Object') ? say`an object` : `a ${Object.prototype.toString.call(value).slice(8, -1)}`;
    default:
      return `a ${typeof value}`;
  }
}

/**
 * CAST on values, as Flink: numbers convert like Java primitives (fractions cut off, INT and BIGINT wrap, DOUBLE saturates),
 * texts and DECIMALs that do not fit fail.
 */
import { fitsPrecision, parseDecimal, pow10, printDecimal, rescaleDecimal } from '../core/decimal.ts';
import { assert } from '../core/errors.ts';
import { say } from '../core/say.ts';
import { parseTimestamp, printDate, printTimestamp } from '../core/time.ts';
import { printDataType, sameType, type DataType, type Value } from '../core/types.ts';
import { decodeUtf8, encodeUtf8 } from '../core/utf8.ts';
import { cannotCompute, type Present } from './operations.ts';

const DAY_MS = 86_400_000;
const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

/** Converts a value that is not NULL; null means that it does not fit. */
export type Conversion = (value: Present) => Value;

/** `convert`, or a failure that names the value and the type. */
export function castOrFail(from: DataType, to: DataType): (value: Present) => Present {
  const convert = conversion(from, to);
  const text = conversion(from, { kind: 'STRING' });
  return (value) => {
    const result = convert(value);
    if (result === null) {
      throw cannotCompute(
        say`cannot cast ${JSON.stringify(text(value))} from ${printDataType(from)} to ${printDataType(to)}`,
        say`TRY_CAST gives NULL instead.`,
      );
    }
    return result;
  };
}

/** For a pair that `canCast` allows. */
export function conversion(from: DataType, to: DataType): Conversion {
  if (sameType(from, to)) return (value) => value;
  switch (to.kind) {
    case 'STRING':
      return textOf(from);
    case 'BOOLEAN':
      return toBoolean(from);
    case 'INT':
      return toInt(from);
    case 'BIGINT':
      return toLong(from);
    case 'DOUBLE':
      return toDouble(from);
    case 'DECIMAL':
      return toDecimal(from, to.precision, to.scale);
    case 'BYTES':
      return (value) => encodeUtf8(value as string);
    case 'DATE':
      return from.kind === 'TIMESTAMP'
        ? (value) => Math.floor((value as number) / DAY_MS)
        : (value) => {
            const ms = timestampFromText(value as string);
            return ms === null ? null : Math.floor(ms / DAY_MS);
          };
    case 'TIMESTAMP':
      return from.kind === 'DATE'
        ? (value) => (value as number) * DAY_MS
        : (value) => timestampFromText(value as string);
    case 'ARRAY': {
      assert(from.kind === 'ARRAY', 'cast of no array to an array');
      const item = conversion(from.element, to.element);
      return eachItem(() => item);
    }
    case 'ROW': {
      assert(from.kind === 'ROW', 'cast of no row to a row');
      const fields = from.fields.map((f, i) => conversion(f.type, to.fields[i]!.type));
      return eachItem((i) => fields[i]!);
    }
    case 'MAP':
      assert(from.kind === 'MAP', 'cast of no map to a map');
      return mapConversion(conversion(from.key, to.key), conversion(from.value, to.value));
    default:
      throw new Error(`Millrace bug: cast to ${to.kind}`);
  }
}

/** ISO or SQL text; a run of digits is a number, not an instant. */
export function timestampFromText(text: string): number | null {
  return /^\s*-?\d+\s*$/.test(text) ? null : parseTimestamp(text);
}

function eachItem(convert: (index: number) => Conversion): Conversion {
  return (value) => {
    const items: Value[] = [];
    for (const [i, item] of (value as readonly Value[]).entries()) {
      const converted = item === null ? null : convert(i)(item);
      if (item !== null && converted === null) return null;
      items.push(converted);
    }
    return items;
  };
}

function mapConversion(key: Conversion, mapped: Conversion): Conversion {
  return (value) => {
    const out = new Map<Value, Value>();
    for (const [k, v] of value as ReadonlyMap<Value, Value>) {
      const newKey = k === null ? null : key(k);
      const newValue = v === null ? null : mapped(v);
      if ((newKey === null && k !== null) || (newValue === null && v !== null)) return null;
      out.set(newKey, newValue);
    }
    return out;
  };
}

function textOf(from: DataType): Conversion {
  switch (from.kind) {
    case 'BOOLEAN':
      return (value) => (value === true ? 'TRUE' : 'FALSE');
    case 'DOUBLE':
      return (value) => printDouble(value as number);
    case 'DECIMAL':
      return (value) => printDecimal(value as bigint, from.scale);
    case 'DATE':
      return (value) => printDate(inCalendar(value as number, DAY_MS));
    case 'TIMESTAMP':
      return (value) =>
        printTimestamp(inCalendar(value as number, 1))
          .replace('T', ' ')
          .replace('Z', '');
    case 'BYTES':
      return (value) => decodeUtf8(value as Uint8Array);
    case 'ARRAY': {
      const text = orNull(textOf(from.element));
      return (value) => `[${(value as readonly Value[]).map(text).join(', ')}]`;
    }
    case 'MAP': {
      const [key, mapped] = [orNull(textOf(from.key)), orNull(textOf(from.value))];
      return (value) =>
        `{${[...(value as ReadonlyMap<Value, Value>)].map(([k, v]) => `${key(k)}=${mapped(v)}`).join(', ')}}`;
    }
    case 'ROW': {
      const fields = from.fields.map((f) => orNull(textOf(f.type)));
      return (value) => `(${(value as readonly Value[]).map((v, i) => fields[i]!(v)).join(', ')})`;
    }
    default:
      return (value) => String(value);
  }
}

/** Where JavaScript's calendar ends, some 270 000 years from 1970. */
const MAX_TIME_MS = 8.64e15;

function inCalendar(time: number, unitMs: number): number {
  if (!(Math.abs(time * unitMs) <= MAX_TIME_MS)) throw cannotCompute(say`a time lies beyond the calendar`);
  return time;
}

function orNull(text: Conversion): (value: Value) => string {
  return (value) => (value === null ? 'NULL' : String(text(value)));
}

/** As Java's `Double.toString`, which Flink uses: `1.0`, `1.0E7`, `1.5E-5`. */
export function printDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
  }
  const plain = Object.is(value, -0) ? '-0' : String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

const TRUE_TEXTS = new Set(['t', 'true', 'y', 'yes', '1']);
const FALSE_TEXTS = new Set(['f', 'false', 'n', 'no', '0']);

function toBoolean(from: DataType): Conversion {
  if (from.kind === 'STRING') {
    return (value) => {
      const text = (value as string).trim().toLowerCase();
      return TRUE_TEXTS.has(text) ? true : FALSE_TEXTS.has(text) ? false : null;
    };
  }
  return from.kind === 'BIGINT' || from.kind === 'DECIMAL' ? (value) => value !== 0n : (value) => value !== 0;
}

function toInt(from: DataType): Conversion {
  switch (from.kind) {
    case 'BOOLEAN':
      return (value) => (value === true ? 1 : 0);
    case 'BIGINT':
      return (value) => longToInt(value as bigint);
    case 'DECIMAL': {
      const unit = pow10(from.scale);
      return (value) => longToInt((value as bigint) / unit);
    }
    case 'DOUBLE':
      return (value) => doubleToInt(value as number);
    default:
      return (value) => {
        const long = wholeNumber(value as string);
        return long !== null && BigInt.asIntN(32, long) === long ? Number(long) : null;
      };
  }
}

/** As Java's `(int)` of a `long`. */
export function longToInt(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** As Java's `(int)` of a `double`: towards zero, NaN to 0, held at the limits. */
export function doubleToInt(value: number): number {
  return Number.isNaN(value) ? 0 : Math.trunc(Math.min(Math.max(value, -2147483648), 2147483647)) | 0;
}

/** As Java's `(long)` of a `double`. */
export function doubleToLong(value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return MAX_LONG;
  return value < -(2 ** 63) ? MIN_LONG : BigInt(Math.trunc(value));
}

function toLong(from: DataType): Conversion {
  switch (from.kind) {
    case 'BOOLEAN':
      return (value) => (value === true ? 1n : 0n);
    case 'INT':
      return (value) => BigInt(value as number);
    case 'DECIMAL': {
      const unit = pow10(from.scale);
      return (value) => BigInt.asIntN(64, (value as bigint) / unit);
    }
    case 'DOUBLE':
      return (value) => doubleToLong(value as number);
    default:
      return (value) => {
        const long = wholeNumber(value as string);
        return long !== null && BigInt.asIntN(64, long) === long ? long : null;
      };
  }
}

/** `" 12 "`, and `"12.7"` cut to 12 as Flink does. */
function wholeNumber(text: string): bigint | null {
  const match = /^\s*([+-]?\d+)(?:\.\d*)?\s*$/.exec(text);
  return match === null ? null : BigInt(match[1]!.replace('+', ''));
}

function toDouble(from: DataType): Conversion {
  switch (from.kind) {
    case 'BOOLEAN':
      return (value) => (value === true ? 1 : 0);
    case 'DECIMAL':
      return (value) => Number(printDecimal(value as bigint, from.scale));
    case 'STRING':
      return (value) => doubleFromText(value as string);
    default:
      return (value) => Number(value);
  }
}

function doubleFromText(text: string): number | null {
  const trimmed = text.trim();
  if (/^[+-]?(?:Infinity|NaN)$/.test(trimmed)) return Number(trimmed.replace(/^[+-]?NaN$/, 'NaN'));
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : null;
}

function toDecimal(from: DataType, precision: number, scale: number): Conversion {
  const fitting = (unscaled: bigint): bigint | null => (fitsPrecision(unscaled, precision) ? unscaled : null);
  switch (from.kind) {
    case 'BOOLEAN':
      return (value) => fitting(value === true ? pow10(scale) : 0n);
    case 'INT':
    case 'BIGINT': {
      const unit = pow10(scale);
      return (value) => fitting(BigInt(value as number | bigint) * unit);
    }
    case 'DECIMAL':
      return (value) => fitting(rescaleDecimal(value as bigint, from.scale, scale));
    default:
      // parseDecimal reads NaN and Infinity as no number.
      return (value) => parseDecimal(String(value), precision, scale);
  }
}

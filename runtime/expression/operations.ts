/** Operators on values that are not NULL, in Java's arithmetic: shared by the interpreter and the kernels. */
import { fitsPrecision, pow10 } from '../core/decimal.ts';
import { assert, StreamError } from '../core/errors.ts';
import { say } from '../core/say.ts';
import type { DataType, Value } from '../core/types.ts';
import type { ArithmeticOperator } from './syntax.ts';
import type { DecimalType } from './type-rules.ts';

export type Present = Exclude<Value, null>;

export function cannotCompute(message: string, remedy?: string): StreamError {
  return new StreamError('MR2104', message, {
    domain: 'user',
    retryable: false,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

function divisionByZero(type: string): StreamError {
  return cannotCompute(say`division of ${type} by zero`, say`Guard the divisor with NULLIF(x, 0).`);
}

export function divideInt(a: number, b: number): number {
  if (b === 0) throw divisionByZero('INT');
  return (a / b) | 0;
}

export function moduloInt(a: number, b: number): number {
  if (b === 0) throw divisionByZero('INT');
  return (a % b) | 0;
}

export function divideLong(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divisionByZero('BIGINT');
  return BigInt.asIntN(64, a / b);
}

export function moduloLong(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divisionByZero('BIGINT');
  return a % b;
}

/** Milliseconds of an INTERVAL that was computed: cut to whole ones. */
export function wholeInterval(ms: number): number {
  if (!Number.isFinite(ms)) throw cannotCompute(say`an INTERVAL was divided by zero or is too long`);
  return Math.trunc(ms);
}

/** Unscaled `numerator / denominator`, half up (away from zero). */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
}

/** Of unscaled values; NULL when the result does not fit, as Flink. */
export function decimalOperation(
  operator: ArithmeticOperator,
  left: DecimalType,
  right: DecimalType,
  result: DecimalType,
): (a: bigint, b: bigint) => bigint | null {
  const wide = Math.max(left.scale, right.scale);
  const leftFactor = pow10(wide - left.scale);
  const rightFactor = pow10(wide - right.scale);
  const narrow = (unscaled: bigint, scale: number): bigint | null => {
    const value =
      scale > result.scale
        ? divideHalfUp(unscaled, pow10(scale - result.scale))
        : unscaled * pow10(result.scale - scale);
    return fitsPrecision(value, result.precision) ? value : null;
  };
  switch (operator) {
    case '+':
      return (a, b) => narrow(a * leftFactor + b * rightFactor, wide);
    case '-':
      return (a, b) => narrow(a * leftFactor - b * rightFactor, wide);
    case '*':
      return (a, b) => narrow(a * b, left.scale + right.scale);
    case '/': {
      const shift = result.scale - left.scale + right.scale;
      const up = pow10(Math.max(0, shift));
      const down = pow10(Math.max(0, -shift));
      return (a, b) => {
        if (b === 0n) throw divisionByZero('DECIMAL');
        const value = divideHalfUp(a * up, b * down);
        return fitsPrecision(value, result.precision) ? value : null;
      };
    }
    case '%':
      return (a, b) => {
        if (b === 0n) throw divisionByZero('DECIMAL');
        return narrow((a * leftFactor) % (b * rightFactor), wide);
      };
  }
}

/** By code points, which is the order of the UTF-8 bytes (JavaScript's own order puts surrogates before U+E000). */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Lifts surrogates above all other UTF-16 units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** `a[aStart, aEnd)` against `b[bStart, bEnd)`, byte by byte. */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const shorter = Math.min(aEnd - aStart, bEnd - bStart);
  for (let i = 0; i < shorter; i++) {
    const difference = a[aStart + i]! - b[bStart + i]!;
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}

export function equalBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  const length = aEnd - aStart;
  if (length !== bEnd - bStart) return false;
  for (let i = 0; i < length; i++) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}

/** Negative, zero or positive; NaN when a DOUBLE is NaN, so that every comparison with it is FALSE. */
export function comparison(left: DataType, right: DataType): (a: Present, b: Present) => number {
  switch (left.kind) {
    case 'DECIMAL': {
      assert(right.kind === 'DECIMAL', 'DECIMAL compared with something else');
      const wide = Math.max(left.scale, right.scale);
      const leftFactor = pow10(wide - left.scale);
      const rightFactor = pow10(wide - right.scale);
      return (a, b) => compareBigints((a as bigint) * leftFactor, (b as bigint) * rightFactor);
    }
    case 'BIGINT':
      return (a, b) => compareBigints(a as bigint, b as bigint);
    case 'STRING':
      return (a, b) => compareText(a as string, b as string);
    case 'BYTES':
      return (a, b) => {
        const [x, y] = [a as Uint8Array, b as Uint8Array];
        return compareBytes(x, 0, x.length, y, 0, y.length);
      };
    case 'BOOLEAN':
    case 'INT':
    case 'DATE':
    case 'DOUBLE':
    case 'TIMESTAMP':
    case 'INTERVAL':
      // Infinities: their difference would be NaN.
      return (a, b) => (a < b ? -1 : a > b ? 1 : a === b ? 0 : NaN);
    default:
      return (a, b) => (equalValues(a, b) ? 0 : NaN);
  }
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of two values of one type, into arrays, maps and rows; there, NULL equals NULL. */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && equalBytes(a, 0, a.length, b, 0, b.length);
  if (a instanceof Map) {
    return (
      b instanceof Map && a.size === b.size && [...a].every(([k, v]) => hasKey(b, k) && equalValues(v, lookUp(b, k)))
    );
  }
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => equalValues(item, b[i]!));
  return false;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function hasKey(map: ReadonlyMap<Value, Value>, key: Value): boolean {
  return map.has(key) || [...map.keys()].some((k) => equalValues(k, key));
}

/** Value of a map at a key; null when it is absent. */
export function lookUp(map: ReadonlyMap<Value, Value>, key: Value): Value {
  const direct = map.get(key);
  if (direct !== undefined) return direct;
  if (typeof key === 'object' && key !== null) {
    for (const [k, v] of map) if (equalValues(k, key)) return v;
  }
  return null;
}

/** Element at a 1-based position; null outside. */
export function elementAt(list: readonly Value[], position: number | bigint): Value {
  return list[Number(position) - 1] ?? null;
}

const matchers = new Map<string, (text: string) => boolean>();
/** Patterns that come from rows must not pile up. */
const MAX_MATCHERS = 256;

/** SQL's LIKE; `escape` null = none. */
export function like(text: string, pattern: string, escape: string | null): boolean {
  const key = `${escape ?? ''}\0${pattern}`;
  let matcher = matchers.get(key);
  if (matcher === undefined) {
    if (matchers.size >= MAX_MATCHERS) matchers.clear();
    matcher = likeMatcher(pattern, escape);
    matchers.set(key, matcher);
  }
  return matcher(text);
}

export function likeMatcher(pattern: string, escape: string | null): (text: string) => boolean {
  const parts = likeParts(pattern, escape);
  const literal = parts
    .filter((part) => typeof part === 'object')
    .map((part) => part.text)
    .join('');
  const shape = parts.map((part) => (typeof part === 'object' ? 't' : part)).join('');
  // Plain prefixes, suffixes and infixes need no regular expression.
  switch (shape.replace(/t+/g, 't')) {
    case '':
    case 't':
      return (text) => text === literal;
    case 't%':
      return (text) => text.startsWith(literal);
    case '%t':
      return (text) => text.endsWith(literal);
    case '%t%':
      return (text) => text.includes(literal);
  }
  const source = parts
    .map((part) => (part === '%' ? '.*' : part === '_' ? '.' : part.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')))
    .join('');
  const regex = new RegExp(`^${source}$`, 'su');
  return (text) => regex.test(text);
}

function likeParts(pattern: string, escape: string | null): readonly ('%' | '_' | { readonly text: string })[] {
  if (escape !== null && [...escape].length !== 1) {
    throw cannotCompute(say`LIKE … ESCAPE needs one character, not ${JSON.stringify(escape)}`);
  }
  const parts: ('%' | '_' | { text: string })[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!;
    if (character === escape) {
      const next = characters[++i];
      if (next !== '%' && next !== '_' && next !== escape) {
        throw cannotCompute(
          say`LIKE pattern ${JSON.stringify(pattern)}: the escape character stands before neither % nor _ nor itself`,
        );
      }
      parts.push({ text: next });
    } else {
      parts.push(character === '%' || character === '_' ? character : { text: character });
    }
  }
  return parts;
}

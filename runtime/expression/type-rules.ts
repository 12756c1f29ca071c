/** Flink's type rules: what widens to what, what operators give, what can be cast. */
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DATE,
  decimal,
  DOUBLE,
  INT,
  INTERVAL,
  isNumeric,
  mapOf,
  rowOf,
  sameType,
  STRING,
  TIMESTAMP,
  type DataType,
} from '../core/types.ts';
import type { ArithmeticOperator } from './syntax.ts';

export type DecimalType = Extract<DataType, { kind: 'DECIMAL' }>;

const MAX_PRECISION = 38;
/** Digits after the point that Flink keeps when a precision has to shrink to 38. */
const MIN_KEPT_SCALE = 6;

/** The DECIMAL that holds every value of an exact numeric type. */
export function asDecimal(type: DataType): DecimalType {
  switch (type.kind) {
    case 'DECIMAL':
      return type;
    case 'INT':
      return decimal(10, 0) as DecimalType;
    default:
      return decimal(19, 0) as DecimalType;
  }
}

/** Whether the checker may insert a cast from `from` to `to`: no value is lost, or (DECIMAL) Flink does it too. */
export function widens(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || from.kind === 'NULL') return true;
  switch (to.kind) {
    case 'BIGINT':
      return from.kind === 'INT';
    case 'DECIMAL':
      return from.kind === 'DECIMAL' || from.kind === 'INT' || from.kind === 'BIGINT';
    case 'DOUBLE':
      return isNumeric(from);
    case 'TIMESTAMP':
      return from.kind === 'DATE';
    case 'ARRAY':
      return from.kind === 'ARRAY' && widens(from.element, to.element);
    case 'MAP':
      return from.kind === 'MAP' && widens(from.key, to.key) && widens(from.value, to.value);
    case 'ROW':
      return (
        from.kind === 'ROW' &&
        from.fields.length === to.fields.length &&
        from.fields.every((f, i) => widens(f.type, to.fields[i]!.type) && (to.fields[i]!.nullable || !f.nullable))
      );
    default:
      return false;
  }
}

/** The narrowest type that all of `types` widen to; null when there is none. NULL when all are. */
export function commonType(types: readonly DataType[]): DataType | null {
  return types.reduce<DataType | null>((a, b) => (a === null ? null : commonOfTwo(a, b)), types[0] ?? null);
}

function commonOfTwo(a: DataType, b: DataType): DataType | null {
  if (sameType(a, b) || b.kind === 'NULL') return a;
  if (a.kind === 'NULL') return b;
  if (isNumeric(a) && isNumeric(b)) return commonNumber(a, b);
  if (a.kind === 'ARRAY' && b.kind === 'ARRAY') {
    const element = commonOfTwo(a.element, b.element);
    return element && arrayOf(element);
  }
  if (a.kind === 'MAP' && b.kind === 'MAP') {
    const key = commonOfTwo(a.key, b.key);
    const value = commonOfTwo(a.value, b.value);
    return key && value && mapOf(key, value);
  }
  if (a.kind === 'ROW' && b.kind === 'ROW') return commonRow(a, b);
  if (widens(a, b)) return b;
  return widens(b, a) ? a : null;
}

function commonRow(a: Extract<DataType, { kind: 'ROW' }>, b: Extract<DataType, { kind: 'ROW' }>): DataType | null {
  if (a.fields.length !== b.fields.length) return null;
  const types = a.fields.map((f, i) => commonOfTwo(f.type, b.fields[i]!.type));
  if (types.includes(null)) return null;
  return rowOf(
    a.fields.map((f, i) => ({ name: f.name, type: types[i]!, nullable: f.nullable || b.fields[i]!.nullable })),
  );
}

function commonNumber(a: DataType, b: DataType): DataType {
  if (a.kind === 'DOUBLE' || b.kind === 'DOUBLE') return DOUBLE;
  if (a.kind !== 'DECIMAL' && b.kind !== 'DECIMAL') return a.kind === 'BIGINT' || b.kind === 'BIGINT' ? BIGINT : INT;
  const [x, y] = [asDecimal(a), asDecimal(b)];
  const scale = Math.max(x.scale, y.scale);
  return fitDecimal(Math.max(x.precision - x.scale, y.precision - y.scale) + scale, scale);
}

/** `DECIMAL(precision,scale)`, giving up digits after the point when there are more than 38 in all. */
export function fitDecimal(precision: number, scale: number): DataType {
  if (precision <= MAX_PRECISION) return decimal(precision, scale);
  const kept = Math.max(MAX_PRECISION - (precision - scale), Math.min(scale, MIN_KEPT_SCALE));
  return decimal(MAX_PRECISION, kept);
}

/** Result of DECIMAL arithmetic, and whether it may overflow (and is then NULL, as in Flink). */
export function decimalArithmetic(
  operator: ArithmeticOperator,
  { precision: p1, scale: s1 }: DecimalType,
  { precision: p2, scale: s2 }: DecimalType,
): { type: DataType; overflows: boolean } {
  const [precision, scale] = ((): [number, number] => {
    const widest = Math.max(s1, s2);
    switch (operator) {
      case '+':
      case '-':
        return [Math.max(p1 - s1, p2 - s2) + widest + 1, widest];
      case '*':
        return [p1 + p2, s1 + s2];
      case '/': {
        const quotient = Math.max(MIN_KEPT_SCALE, s1 + p2 + 1);
        return [p1 - s1 + s2 + quotient, quotient];
      }
      case '%':
        return [Math.max(1, Math.min(p1 - s1, p2 - s2) + widest), widest];
    }
  })();
  return { type: fitDecimal(precision, scale), overflows: precision > MAX_PRECISION };
}

/**
 * Arithmetic with times. An INTERVAL counts milliseconds.
 * TIMESTAMP ± INTERVAL → TIMESTAMP · DATE ± INTERVAL of whole days → DATE, else the DATE widens to TIMESTAMP ·
 * TIMESTAMP - TIMESTAMP → BIGINT milliseconds · DATE - DATE → INT days · INTERVAL ± INTERVAL → INTERVAL ·
 * INTERVAL * number, number * INTERVAL, INTERVAL / number → INTERVAL, cut to milliseconds (the number becomes a DOUBLE).
 */
export function timeArithmetic(
  operator: ArithmeticOperator,
  left: DataType,
  right: DataType,
  wholeDays: boolean,
): { left: DataType; right: DataType; type: DataType } | null {
  const isTime = (t: DataType): boolean => t.kind === 'TIMESTAMP' || t.kind === 'DATE';
  const shifted = (t: DataType): DataType => (t.kind === 'DATE' && wholeDays ? DATE : TIMESTAMP);
  switch (operator) {
    case '+':
      if (isTime(left) && right.kind === 'INTERVAL') return { left: shifted(left), right, type: shifted(left) };
      if (isTime(right) && left.kind === 'INTERVAL') return { left, right: shifted(right), type: shifted(right) };
      return bothIntervals(left, right);
    case '-':
      if (isTime(left) && right.kind === 'INTERVAL') return { left: shifted(left), right, type: shifted(left) };
      if (left.kind === 'DATE' && right.kind === 'DATE') return { left, right, type: INT };
      if (isTime(left) && isTime(right)) return { left: TIMESTAMP, right: TIMESTAMP, type: BIGINT };
      return bothIntervals(left, right);
    case '*':
      if (left.kind === 'INTERVAL' && isNumeric(right)) return { left, right: DOUBLE, type: INTERVAL };
      return isNumeric(left) && right.kind === 'INTERVAL' ? { left: DOUBLE, right, type: INTERVAL } : null;
    case '/':
      return left.kind === 'INTERVAL' && isNumeric(right) ? { left, right: DOUBLE, type: INTERVAL } : null;
    case '%':
      return null;
  }
}

function bothIntervals(left: DataType, right: DataType): { left: DataType; right: DataType; type: DataType } | null {
  return left.kind === 'INTERVAL' && right.kind === 'INTERVAL' ? { left, right, type: INTERVAL } : null;
}

export function isOrdered(type: DataType): boolean {
  return type.kind !== 'ARRAY' && type.kind !== 'MAP' && type.kind !== 'ROW';
}

/** Whether CAST knows the pair; whether it succeeds depends on the value. */
export function canCast(from: DataType, to: DataType): boolean {
  if (from.kind === 'NULL' || sameType(from, to)) return true;
  if (from.kind === 'INTERVAL' || to.kind === 'INTERVAL' || to.kind === 'NULL') return false;
  const fromNumber = isNumeric(from) || from.kind === 'BOOLEAN';
  switch (to.kind) {
    case 'STRING':
      return true;
    case 'BOOLEAN':
    case 'INT':
    case 'BIGINT':
    case 'DOUBLE':
    case 'DECIMAL':
      return fromNumber || from.kind === 'STRING';
    case 'BYTES':
      return from.kind === 'STRING';
    case 'DATE':
    case 'TIMESTAMP':
      return from.kind === 'STRING' || from.kind === 'DATE' || from.kind === 'TIMESTAMP';
    case 'ARRAY':
      return from.kind === 'ARRAY' && canCast(from.element, to.element);
    case 'MAP':
      return from.kind === 'MAP' && canCast(from.key, to.key) && canCast(from.value, to.value);
    case 'ROW':
      return (
        from.kind === 'ROW' &&
        from.fields.length === to.fields.length &&
        from.fields.every((f, i) => canCast(f.type, to.fields[i]!.type))
      );
  }
}

const TYPE_ALIASES: Readonly<Record<string, DataType>> = {
  INTEGER: INT,
  VARCHAR: STRING,
  BOOL: BOOLEAN,
  TIMESTAMP_LTZ: TIMESTAMP,
};

/** Flink's other spellings of our types: `VARCHAR(20)`, `INTEGER`, `TIMESTAMP(3)`, `TIMESTAMP_LTZ(3)`. */
export function typeAlias(text: string): DataType | null {
  const match = /^\s*([a-z_]+)\s*(\(\s*\d+\s*\))?\s*$/i.exec(text);
  const name = match?.[1]?.toUpperCase() ?? '';
  if (name === 'TIMESTAMP') return TIMESTAMP;
  return Object.hasOwn(TYPE_ALIASES, name) ? TYPE_ALIASES[name]! : null;
}

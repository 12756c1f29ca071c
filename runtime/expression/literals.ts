/** Literals from their text, in the narrowest type that holds them. */
import { parseDecimal, pow10 } from '../core/decimal.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { say } from '../core/say.ts';
import { parseDate } from '../core/time.ts';
import { BIGINT, DATE, decimal, DOUBLE, INT, INTERVAL, TIMESTAMP, type DataType, type Value } from '../core/types.ts';
import { timestampFromText } from './cast.ts';

export interface LiteralValue {
  readonly type: DataType;
  readonly value: Value;
}

const MAX_DIGITS = 38;

/** Exact unless written with an exponent: INT, else BIGINT, else DECIMAL; `1.50` is a DECIMAL(3,2). */
export function numberLiteral(
  text: string,
  form: 'integer' | 'decimal' | 'double',
  negative: boolean,
): Result<LiteralValue> {
  const signed = negative ? `-${text}` : text;
  switch (form) {
    case 'double': {
      const value = Number(signed);
      return Number.isFinite(value) ? ok({ type: DOUBLE, value }) : fail(say`${signed} is beyond the range of DOUBLE`);
    }
    case 'integer': {
      const value = BigInt(signed);
      if (BigInt.asIntN(32, value) === value) return ok({ type: INT, value: Number(value) });
      if (BigInt.asIntN(64, value) === value) return ok({ type: BIGINT, value });
      return decimalLiteral(signed, text.length, 0);
    }
    case 'decimal': {
      const [whole = '', fraction = ''] = text.split('.');
      return decimalLiteral(signed, Math.max(1, whole.length + fraction.length), fraction.length);
    }
  }
}

function decimalLiteral(text: string, digits: number, scale: number): Result<LiteralValue> {
  const value = digits > MAX_DIGITS ? null : parseDecimal(text, digits, scale);
  return value === null
    ? fail(say`${text} has more than the ${MAX_DIGITS} digits of a DECIMAL; write it with an exponent for a DOUBLE`)
    : ok({ type: decimal(digits, scale), value });
}

export function timeLiteral(kind: 'TIMESTAMP' | 'DATE', text: string): Result<LiteralValue> {
  const value = kind === 'DATE' ? parseDate(text) : timestampFromText(text);
  if (value !== null) return ok({ type: kind === 'DATE' ? DATE : TIMESTAMP, value });
  const shape = kind === 'DATE' ? "DATE '2026-11-22'" : "TIMESTAMP '2026-11-22 15:04:05.123'";
  return fail(say`'${text}' is no ${kind}: write it as in ${shape}`);
}

const INTERVAL_MS: Readonly<Record<string, number>> = {
  MILLISECOND: 1,
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: 86_400_000,
  WEEK: 604_800_000,
};
export const INTERVAL_UNITS: readonly string[] = Object.keys(INTERVAL_MS);

/** Whole milliseconds: `INTERVAL '1.5' SECOND` is 1500. */
export function intervalLiteral(text: string, unit: string): Result<LiteralValue> {
  const name = unit.toUpperCase().replace(/S$/, '');
  const size = Object.hasOwn(INTERVAL_MS, name) ? INTERVAL_MS[name]! : null;
  if (size === null) {
    const calendar = ['MONTH', 'QUARTER', 'YEAR'].includes(name)
      ? say`; for calendar units use TIMESTAMPADD(${name}, n, ts)`
      : '';
    return fail(say`${unit} is no unit of an INTERVAL: use ${INTERVAL_UNITS.join(', ')}${calendar}`);
  }
  const scaled = parseDecimal(text, MAX_DIGITS, 9);
  if (scaled === null) return fail(say`'${text}' is no number of ${name}S`);
  const nanos = scaled * BigInt(size);
  return nanos % pow10(9) === 0n
    ? ok({ type: INTERVAL, value: Number(nanos / pow10(9)) })
    : fail(say`'${text}' ${name} is not a whole number of milliseconds`);
}

/** The Gregorian calendar in UTC, by arithmetic: no Date object per row. */
import type { TimeUnit } from '../typed-expression.ts';

export const DAY_MS = 86_400_000;

/** Whole numbers of milliseconds; months and longer are not. */
export const UNIT_MS: Partial<Readonly<Record<TimeUnit, number>>> = {
  MILLISECOND: 1,
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
};

export const UNIT_MONTHS: Partial<Readonly<Record<TimeUnit, number>>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** Of days since the epoch (H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days). */
export function civilDate(days: number): CivilDate {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/** Days since the epoch; `month` may run over the year's ends. */
export function daysOf(year: number, month: number, day: number): number {
  const months = year * 12 + month - 1;
  const y = Math.floor(months / 12) - (modulo(months, 12) < 2 ? 1 : 0);
  const shiftedMonth = modulo(months - 2, 12);
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * shiftedMonth + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** With the sign of the divisor. */
export function modulo(a: number, b: number): number {
  return a - Math.floor(a / b) * b;
}

export function daysIn(year: number, month: number): number {
  return daysOf(year, month + 1, 1) - daysOf(year, month, 1);
}

/** Days since the epoch, `months` later; the day is held within the month (31 January + 1 month = 28 February). */
export function addMonths(days: number, months: number): number {
  const { year, month, day } = civilDate(days);
  const first = civilDate(daysOf(year, month + months, 1));
  return daysOf(first.year, first.month, Math.min(day, daysIn(first.year, first.month)));
}

/** Full months from one instant (ms) to another, towards zero. */
export function monthsBetween(from: number, to: number): number {
  if (to < from) return -monthsBetween(to, from) + 0;
  const [a, b] = [civilDate(Math.floor(from / DAY_MS)), civilDate(Math.floor(to / DAY_MS))];
  const months = (b.year - a.year) * 12 + b.month - a.month;
  const restA = a.day * DAY_MS + modulo(from, DAY_MS);
  const restB = b.day * DAY_MS + modulo(to, DAY_MS);
  return restB < restA ? months - 1 : months;
}

/** Monday = 1 to Sunday = 7. */
export function isoDayOfWeek(days: number): number {
  return modulo(days + 3, 7) + 1;
}

/** ISO 8601 week: the one of the year's first Thursday is 1. */
export function isoWeek(days: number): number {
  const thursday = days - isoDayOfWeek(days) + 4;
  return Math.floor((thursday - daysOf(civilDate(thursday).year, 1, 1)) / 7) + 1;
}

/** A part of an instant, as Flink's EXTRACT numbers them (DOW: Sunday = 1). */
export function extract(unit: TimeUnit, ms: number): number {
  const days = Math.floor(ms / DAY_MS);
  switch (unit) {
    case 'MILLISECOND':
      return modulo(ms, 1000);
    case 'SECOND':
      return Math.floor(modulo(ms, 60_000) / 1000);
    case 'MINUTE':
      return Math.floor(modulo(ms, 3_600_000) / 60_000);
    case 'HOUR':
      return Math.floor(modulo(ms, DAY_MS) / 3_600_000);
    case 'DAY':
      return civilDate(days).day;
    case 'WEEK':
      return isoWeek(days);
    case 'MONTH':
      return civilDate(days).month;
    case 'QUARTER':
      return Math.ceil(civilDate(days).month / 3);
    case 'YEAR':
      return civilDate(days).year;
    case 'DOW':
      return (isoDayOfWeek(days) % 7) + 1;
    case 'ISODOW':
      return isoDayOfWeek(days);
    case 'DOY':
      return days - daysOf(civilDate(days).year, 1, 1) + 1;
    case 'EPOCH':
      return Math.floor(ms / 1000);
  }
}

export const FLOOR_UNITS: ReadonlySet<TimeUnit> = new Set([
  'MILLISECOND',
  'SECOND',
  'MINUTE',
  'HOUR',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
]);

/** Days since the epoch of the unit's beginning. Weeks begin on Sunday, as Flink's do. */
function floorDays(unit: TimeUnit, days: number): number {
  const months = UNIT_MONTHS[unit];
  if (unit === 'WEEK') return days - modulo(days + 4, 7);
  if (months === undefined) return days;
  const { year, month } = civilDate(days);
  return daysOf(year, month - modulo(month - 1, months), 1);
}

/** Cuts a TIMESTAMP (ms), or a DATE (days), to a unit. */
export function floorTo(unit: TimeUnit, isDate: boolean): (time: number) => number {
  if (isDate) return (days) => floorDays(unit, days);
  const size = UNIT_MS[unit];
  if (size !== undefined && unit !== 'WEEK') return (ms) => ms - modulo(ms, size);
  return (ms) => floorDays(unit, Math.floor(ms / DAY_MS)) * DAY_MS;
}

/** The next beginning of a unit, or the time itself when it is one. */
export function ceilTo(unit: TimeUnit, isDate: boolean): (time: number) => number {
  const floor = floorTo(unit, isDate);
  const months = UNIT_MONTHS[unit];
  const size = UNIT_MS[unit] ?? 0;
  return (time) => {
    const start = floor(time);
    if (start === time) return time;
    if (months === undefined) return start + (isDate ? size / DAY_MS : size);
    return isDate ? addMonths(start, months) : addMonths(start / DAY_MS, months) * DAY_MS;
  };
}

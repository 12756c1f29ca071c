/** Durations and instants as documents and files write them. */
import { fail, ok, type Result } from './result.ts';
import { say } from './say.ts';

/** Watermark of a stream that has ended: every window may close. */
export const MAX_WATERMARK = Infinity;
/** Watermark of a stream that has said nothing yet. */
export const MIN_WATERMARK = -Infinity;

const UNIT_MS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** `"5 seconds"`, `"1 minute"`, `"250 milliseconds"` in milliseconds. */
export function parseDuration(text: string): Result<number> {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+?)s?\s*$/i.exec(text);
  const unit = UNIT_MS[match?.[2]?.toLowerCase() ?? ''];
  if (match === null || unit === undefined) {
    return fail(
      say`"${text}" is not a duration: write a number and a unit, as in "5 seconds" (${Object.keys(UNIT_MS)
        .map((u) => `${u}s`)
        .join(', ')})`,
    );
  }
  const ms = Number(match[1]) * unit;
  return Number.isInteger(ms) ? ok(ms) : fail(say`"${text}" is not a whole number of milliseconds`);
}

/** The shortest exact spelling: 90000 → `"90 seconds"`, 60000 → `"1 minute"`. */
export function printDuration(ms: number): string {
  for (const [unit, size] of Object.entries(UNIT_MS).reverse()) {
    if (ms !== 0 && ms % size === 0) return `${ms / size} ${unit}${ms === size ? '' : 's'}`;
  }
  return '0 seconds';
}

/** `2026-11-22T15:04:05.123Z`: how JSONL and CSV carry a TIMESTAMP. */
export function printTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}

const TIMESTAMP_TEXT =
  /^\s*(\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?)?\s*$/i;

/**
 * An instant in ms since the epoch from ISO 8601 or SQL text (`2026-11-22 15:04:05.123`, UTC unless it carries an offset)
 * or from epoch milliseconds in digits. Finer digits than milliseconds are cut off. Null when it is none of these.
 */
export function parseTimestamp(text: string): number | null {
  if (/^\s*-?\d+\s*$/.test(text)) return Number(text);
  const match = TIMESTAMP_TEXT.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const utc = utcOf(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second), ms);
  const date = new Date(utc);
  const inRange =
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60 &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day);
  if (!inRange) return null;
  return utc - zoneOffsetMs(zone);
}

/** As Date.UTC, which takes the years 0 to 99 for 1900 to 1999. */
function utcOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
): number {
  return new Date(Date.UTC(2000, 0, 1, hour, minute, second, ms)).setUTCFullYear(year, month - 1, day);
}

function zoneOffsetMs(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (digits.startsWith('-') ? -minutes : minutes) * UNIT_MS.minute!;
}

const DAY_MS = 86_400_000;

/** `2026-11-22` from days since the epoch. */
export function printDate(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

/** Days since the epoch from `2026-11-22`; null when it is not a date. */
export function parseDate(text: string): number | null {
  if (!/^\s*\d{4}-\d\d-\d\d\s*$/.test(text)) return null;
  const ms = parseTimestamp(text);
  return ms === null ? null : ms / DAY_MS;
}

/** Numbers as people read them. All in the user's language. */
import { currentLanguage } from '../app/i18n/index.ts';

/** By language and options: one takes many times as long to make as to use. */
const numberFormats = new Map<string, Intl.NumberFormat>();
const clocks = new Map<string, Intl.DateTimeFormat>();

const MS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** 940 → `940`, 82_400 → `82.4 k`, 1_234_000 → `1.23 M`: three digits, SI letters. */
export function formatCount(n: number): string {
  const size = Math.abs(n);
  if (size < 1000) return trimmed(n, size < 10 && !Number.isInteger(n) ? 1 : 0);
  for (const [unit, letter] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    // 999.95 k would read `1000 k`.
    if (size >= unit * 0.9995) return `${trimmed(n / unit, 3 - digitsBefore(size / unit))} ${letter}`;
  }
  return trimmed(n, 0);
}

/** With grouping: `1,234,567`. */
export function formatExact(n: number): string {
  return n.toLocaleString(currentLanguage());
}

/** Per second: `82.4 k/s`. */
export function formatRate(perSecond: number): string {
  return `${formatCount(perSecond)}/s`;
}

/** `38.1 MB`, powers of 1024. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${trimmed(value, unit === 0 ? 0 : Math.max(0, 3 - digitsBefore(value)))} ${units[unit]}`;
}

/** `420 ms`, `1.8 s`, `2 min 5 s`, `3 h 10 min`, `4 d`. */
export function formatDuration(ms: number): string {
  if (ms < 950) return `${Math.round(ms)} ms`;
  if (ms < MS.minute - 50) return `${trimmed(ms / MS.second, ms < 9950 ? 1 : 0)} s`;
  if (ms < MS.hour) return pair(ms, MS.minute, 'min', MS.second, 's');
  if (ms < MS.day) return pair(ms, MS.hour, 'h', MS.minute, 'min');
  return `${Math.floor(ms / MS.day)} d`;
}

/** As a duration in whole seconds, at least one: what is a moment old is not news every time it is looked at. */
export function formatAge(ms: number): string {
  return formatDuration(Math.max(1, Math.floor(ms / MS.second)) * MS.second);
}

/** A share of 0 to 1: `74 %`. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Time of day, UTC: `12:04:31.2`, as watermarks are watched. */
export function formatEventTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 21);
}

/** Date and time, UTC, to the millisecond: `2026-11-22 12:04:31.204`. */
export function formatEventTimeFull(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** A watermark in a report of `at`: the time of day while it is of about now (`12:04:31.2`), else with its day (`2024-05-03 12:04:31`). */
export function formatWatermark(watermark: number, at: number): string {
  return Math.abs(at - watermark) > MS.day ? formatEventTimeFull(watermark).slice(0, 19) : formatEventTime(watermark);
}

/** Local day and time: `Nov 22, 2026, 12:04:31`. */
export function formatDateTime(ms: number): string {
  return new Date(ms).toLocaleString(currentLanguage(), { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
}

/** Local time of day: `12:04:31`. */
export function formatClock(ms: number): string {
  const language = currentLanguage();
  let clock = clocks.get(language);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat(language, {
      hour: 'numeric',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    clocks.set(language, clock);
  }
  return clock.format(ms);
}

function digitsBefore(n: number): number {
  return Math.max(1, Math.floor(Math.log10(Math.max(1, n))) + 1);
}

function trimmed(n: number, decimals: number): string {
  const language = currentLanguage();
  const key = `${language} ${decimals}`;
  let format = numberFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, { maximumFractionDigits: Math.max(0, decimals), useGrouping: false });
    numberFormats.set(key, format);
  }
  return format.format(n);
}

function pair(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const whole = Math.floor(ms / big);
  const rest = Math.floor((ms % big) / small);
  return rest === 0 ? `${whole} ${bigName}` : `${whole} ${bigName} ${rest} ${smallName}`;
}

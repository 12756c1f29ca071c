import { describe, expect, it } from 'vitest';
import { parseDate, parseDuration, parseTimestamp, printDate, printDuration, printTimestamp } from './time.ts';

describe('durations', () => {
  it.each([
    ['5 seconds', 5000],
    ['1 minute', 60_000],
    ['250 milliseconds', 250],
    ['2 hours', 7_200_000],
    ['1 day', 86_400_000],
    ['0.5 seconds', 500],
    ['90 seconds', 90_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: ms });
  });

  it.each([0, 1, 250, 1000, 60_000, 90_000, 86_400_000, 90_061_001])('%d ms survives printing', (ms) => {
    expect(parseDuration(printDuration(ms))).toEqual({ ok: true, value: ms });
  });

  it.each(['', '5', 'minute', '5 weeks', '0.3 milliseconds', '-1 second'])('%j is refused', (text) => {
    expect(parseDuration(text).ok).toBe(false);
  });
});

describe('instants', () => {
  it.each([
    ['2026-11-22T15:04:05.123Z', '2026-11-22T15:04:05.123Z'],
    ['2026-11-22 15:04:05.123', '2026-11-22T15:04:05.123Z'],
    ['2026-11-22 15:04', '2026-11-22T15:04:00.000Z'],
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22T15:04:05+02:00', '2026-11-22T13:04:05.000Z'],
    ['2026-11-22T15:04:05.123456789-0530', '2026-11-22T20:34:05.123Z'],
    ['1763823845123', '2025-11-22T15:04:05.123Z'],
    ['-1', '1969-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, iso) => {
    expect(printTimestamp(parseTimestamp(text) ?? NaN)).toBe(iso);
  });

  it.each(['', 'now', '2026-02-30', '2026-11-22 24:00:00', '2026-13-01', '12:00'])('%j is none', (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  it('counts days from the epoch', () => {
    expect(parseDate('1970-01-02')).toBe(1);
    expect(printDate(-1)).toBe('1969-12-31');
    expect(parseDate('2026-11-22T00:00')).toBeNull();
  });
});

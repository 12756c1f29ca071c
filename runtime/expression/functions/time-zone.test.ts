import { describe, expect, it } from 'vitest';
import { parseTimestamp, printTimestamp } from '../../core/time.ts';
import { findTimeZone, instantOf, localTime } from './time-zone.ts';

const at = (text: string): number => parseTimestamp(text)!;

describe('time zones', () => {
  it.each([
    ['2026-07-01T12:00:00Z', 'Europe/Berlin', '2026-07-01T14:00:00.000Z'],
    ['2026-01-01T12:00:00Z', 'Europe/Berlin', '2026-01-01T13:00:00.000Z'],
    ['2026-01-01T00:00:00Z', 'Asia/Kolkata', '2026-01-01T05:30:00.000Z'],
    ['2026-01-01T00:00:00Z', 'GMT+8', '2026-01-01T08:00:00.000Z'],
    ['2026-01-01T00:00:00Z', '-03:30', '2025-12-31T20:30:00.000Z'],
    // Clocks change at 01:00 UTC.
    ['2026-03-29T00:59:59.999Z', 'Europe/Berlin', '2026-03-29T01:59:59.999Z'],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29T03:00:00.000Z'],
    ['0050-01-01T00:00:00Z', 'UTC', '0050-01-01T00:00:00.000Z'],
  ])('at %s, clocks in %s show %s', (utc, zone, local) => {
    expect(printTimestamp(localTime(at(utc), zone))).toBe(local);
    expect(printTimestamp(instantOf(at(local), zone))).toBe(printTimestamp(at(utc)));
  });

  it('take the earlier of two instants, and the offset before for a time that is skipped', () => {
    expect(printTimestamp(instantOf(at('2026-10-25T02:30:00Z'), 'Europe/Berlin'))).toBe('2026-10-25T00:30:00.000Z');
    expect(printTimestamp(instantOf(at('2026-03-29T02:30:00Z'), 'Europe/Berlin'))).toBe('2026-03-29T01:30:00.000Z');
    expect(printTimestamp(instantOf(at('2026-11-01T01:30:00Z'), 'America/New_York'))).toBe('2026-11-01T05:30:00.000Z');
  });

  it('are none under other names', () => {
    expect(findTimeZone('Europe/Atlantis')).toBeNull();
    expect(() => localTime(0, 'nowhere')).toThrow(expect.objectContaining({ code: 'MR2104' }));
  });
});

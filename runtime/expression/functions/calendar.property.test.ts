import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addMonths,
  ceilTo,
  civilDate,
  DAY_MS,
  daysOf,
  extract,
  floorTo,
  FLOOR_UNITS,
  monthsBetween,
} from './calendar.ts';

const instant = fc.integer({ min: -6e13, max: 6e13 });
const settings = { seed: 20261122, numRuns: 500 };

describe('the calendar', () => {
  it('agrees with Date on every part of an instant', () => {
    fc.assert(
      fc.property(instant, (ms) => {
        const date = new Date(ms);
        const days = Math.floor(ms / DAY_MS);
        const { year, month, day } = civilDate(days);
        expect([year, month, day]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
        expect(daysOf(year, month, day)).toBe(days);
        expect(extract('HOUR', ms)).toBe(date.getUTCHours());
        expect(extract('MINUTE', ms)).toBe(date.getUTCMinutes());
        expect(extract('SECOND', ms)).toBe(date.getUTCSeconds());
        expect(extract('MILLISECOND', ms)).toBe(date.getUTCMilliseconds());
        expect(extract('DOW', ms)).toBe(date.getUTCDay() + 1);
      }),
      settings,
    );
  });

  it('cuts down and rounds up to the same unit around an instant', () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(...FLOOR_UNITS), (ms, unit) => {
        const [floor, ceil] = [floorTo(unit, false)(ms), ceilTo(unit, false)(ms)];
        expect(floor <= ms && ms <= ceil).toBe(true);
        expect(floorTo(unit, false)(floor)).toBe(floor);
        expect(floorTo(unit, false)(ceil)).toBe(ceil);
      }),
      settings,
    );
  });

  it('counts back the months it added', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 500 }), (ms, months) => {
        const days = Math.floor(ms / DAY_MS);
        const later = addMonths(days, months);
        const isHeld = civilDate(later).day !== civilDate(days).day;
        expect(monthsBetween(days * DAY_MS, later * DAY_MS)).toBe(isHeld ? months - 1 : months);
      }),
      settings,
    );
  });

  it.each([
    ['2026-01-01', 1],
    ['2027-01-01', 53],
    ['2024-12-30', 1],
    ['2026-11-22', 47],
  ])('%s is in ISO week %i', (day, week) => {
    expect(extract('WEEK', Date.parse(day))).toBe(week);
  });
});

import { UTCDate } from '@date-fns/utc';
import { format } from 'date-fns';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../testing/property-runs.ts';
import { formatTime } from './time-format.ts';

const anyPattern = fc
  .array(
    fc.constantFrom(
      'yyyy',
      'MM',
      'dd',
      'HH',
      'mm',
      'ss',
      'SSS',
      'y',
      'M',
      'MMM',
      'EEEE',
      'a',
      'h',
      "'at'",
      '-',
      ' ',
      '1_é',
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const anyTime = fc.oneof(
  fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2100, 0, 1) }),
  // Years before 1 and after 9999 as well.
  fc.integer({ min: -70_000_000_000_000, max: 300_000_000_000_000 }),
);

describe('formatTime', () => {
  it('writes what date-fns writes, whichever way it goes', () => {
    fc.assert(
      fc.property(anyTime, anyPattern, (ms, pattern) => {
        expect(formatTime(ms, pattern)).toBe(format(new UTCDate(ms), pattern));
      }),
      propertyRuns(500),
    );
  });

  it('refuses letters that mean nothing, with or without others', () => {
    expect(() => formatTime(0, 'yyyy-nn')).toThrow('the time pattern "yyyy-nn" cannot be used');
    expect(() => formatTime(NaN, 'yyyy')).toThrow('the time pattern "yyyy" cannot be used');
  });
});

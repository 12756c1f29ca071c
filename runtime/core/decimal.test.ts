import { describe, expect, it } from 'vitest';
import { parseDecimal, printDecimal, rescaleDecimal } from './decimal.ts';

describe('decimals', () => {
  it.each([
    ['123.45', 10, 2, 12345n],
    ['-0.005', 10, 2, -1n],
    ['0.004', 10, 2, 0n],
    ['1e3', 10, 2, 100000n],
    ['.5', 3, 1, 5n],
    ['99999999999999999999999999999999999999', 38, 0, 10n ** 38n - 1n],
  ])('reads %s as DECIMAL(%d,%d)', (text, precision, scale, unscaled) => {
    expect(parseDecimal(text, precision, scale)).toBe(unscaled);
  });

  it.each(['', '-', '1.2.3', 'x', '1000', '999.96'])('refuses %j for DECIMAL(4,1)', (text) => {
    expect(parseDecimal(text, 4, 1)).toBeNull();
  });

  it('prints sign and leading zeros', () => {
    expect(
      ['0.05', '-0.05', '12.30', '7'].map((t, i) =>
        printDecimal(parseDecimal(t, 9, i === 3 ? 0 : 2)!, i === 3 ? 0 : 2),
      ),
    ).toEqual(['0.05', '-0.05', '12.30', '7']);
  });

  it('rounds half away from zero', () => {
    expect([25n, -25n, 24n].map((v) => rescaleDecimal(v, 1, 0))).toEqual([3n, -3n, 2n]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyType } from '../testing/arbitraries.ts';
import { decimal, INT, parseDataType, printDataType, sameType } from './types.ts';

describe('data types', () => {
  it('are read as they are printed', () => {
    fc.assert(
      fc.property(anyType(3), (type) => {
        const parsed = parseDataType(printDataType(type));
        expect(parsed.ok && sameType(parsed.value, type)).toBe(true);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it.each([
    ['int', INT],
    [' DECIMAL( 10 , 2 ) ', decimal(10, 2)],
    ['DECIMAL', decimal(10, 0)],
  ])('reads %j', (text, type) => {
    expect(parseDataType(text)).toEqual({ ok: true, value: type });
  });

  it.each([
    ['', 'expected a type at the end in type ""'],
    ['VARCHAR', 'unknown type "VARCHAR"'],
    ['DECIMAL(50,2)', 'DECIMAL(p,s) needs 1 ≤ p ≤ 38'],
    ['ARRAY<INT', 'expected ">" at the end'],
    ['INT INT', 'expected the end of the type at "INT"'],
    ['ROW<a>', 'expected a type at ">"'],
  ])('refuses %j and says why', (text, why) => {
    const parsed = parseDataType(text);
    expect(parsed.ok ? '' : parsed.error).toContain(why);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schema } from '../testing/builders.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import type { CheckedRow } from '../protocol/test-report.ts';
import { compareRows, tableOf, type Comparing } from './compare-rows.ts';

const three = schema('k STRING, a INT, b DOUBLE');
const rowOf = (...values: unknown[]): CheckedRow => ({ values, eventTime: null, changeKind: '+I' });
const comparing = (change: Partial<Comparing> = {}): Comparing => ({
  schema: three,
  order: 'any',
  ignore: [],
  tolerance: 0,
  timed: new Set(),
  ...change,
});
const rows = fc.array(
  fc
    .tuple(fc.constantFrom('x', 'y', null), fc.integer({ min: 0, max: 2 }), fc.constantFrom(0.5, 1))
    .map((cells) => rowOf(...cells)),
  { maxLength: 12 },
);
const comparisons = (...args: Parameters<typeof compareRows>): string[] =>
  compareRows(...args).map(({ comparison }) => comparison);
const isMet = (...args: Parameters<typeof compareRows>): boolean => comparisons(...args).every((one) => one === 'same');

describe('compareRows', () => {
  it('has each row of both sides once, the expected ones in their order', () => {
    fc.assert(
      fc.property(rows, rows, fc.constantFrom<'any' | 'exact'>('any', 'exact'), (expected, actual, order) => {
        const compared = compareRows(expected, actual, comparing({ order }));
        expect(compared.flatMap((row) => row.expected ?? [])).toEqual(expected);
        expect(new Set(compared.flatMap((row) => row.actual ?? []))).toEqual(new Set(actual));
        for (const { comparison, expected: e, actual: a, changed } of compared) {
          expect([e === null, a === null]).toEqual([comparison === 'unexpected', comparison === 'missing']);
          expect(changed.length > 0).toBe(comparison === 'changed');
        }
      }),
      propertyRuns(200),
    );
  });

  it('is met by the same rows: in any order, or in theirs alone', () => {
    fc.assert(
      fc.property(rows, fc.integer(), (expected, turn) => {
        const by = expected.length === 0 ? 0 : Math.abs(turn) % expected.length;
        const actual = [...expected.slice(by), ...expected.slice(0, by)];
        expect(isMet(expected, actual, comparing())).toBe(true);
        const isSameOrder = JSON.stringify(expected) === JSON.stringify(actual);
        expect(isMet(expected, actual, comparing({ order: 'exact' }))).toBe(isSameOrder);
      }),
      propertyRuns(200),
    );
  });

  it('says what moved', () => {
    const [x, y, z] = [rowOf('x', 1, 1), rowOf('y', 2, 1), rowOf('z', 3, 1)];
    expect(comparisons([x, y, z], [y, z, x], comparing({ order: 'exact' }))).toEqual(['moved', 'same', 'same']);
  });

  it('compares numbers as exactly as asked, and leaves out what is ignored', () => {
    const expected = [rowOf('x', 1, 1.004)];
    const actual = [rowOf('x', 9, 1)];
    expect(compareRows(expected, actual, comparing()).map(({ changed }) => changed)).toEqual([['a', 'b']]);
    expect(isMet(expected, actual, comparing({ ignore: ['a'], tolerance: 0.01 }))).toBe(true);
    expect(isMet(expected, actual, comparing({ ignore: ['a'], tolerance: 0.001 }))).toBe(false);
    expect(isMet([rowOf('x', null, 1)], [rowOf('x', 0, 1)], comparing({ tolerance: 1 }))).toBe(false);
  });

  it('compares event times where they are expected', () => {
    const expected = { ...rowOf('x', 1, 1), eventTime: 5 };
    const actual = { ...rowOf('x', 1, 1), eventTime: 6 };
    expect(isMet([expected], [actual], comparing())).toBe(true);
    const [row] = compareRows([expected], [actual], comparing({ timed: new Set([expected]) }));
    expect(row).toMatchObject({ comparison: 'changed', changed: ['__time'] });
  });
});

describe('tableOf', () => {
  it('takes rows back that were given, and shows those that were not', () => {
    const change = (changeKind: CheckedRow['changeKind'], n: number): CheckedRow => ({
      ...rowOf('x', n, 1),
      changeKind,
    });
    const table = tableOf([change('+I', 1), change('-U', 1), change('+U', 2), change('-D', 3)]);
    expect(table.map((row) => [row.changeKind, row.values[1]])).toEqual([
      ['+I', 2],
      ['-D', 3],
    ]);
  });
});

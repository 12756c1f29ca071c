import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedNumbers } from './sorted-numbers.ts';

const value = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constantFrom(Infinity, -Infinity, 0.5));

describe('sorted numbers', () => {
  it('are those of a sorted list', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.array(value, { maxLength: 60 }), (size, toggled) => {
        const numbers = new SortedNumbers();
        const model = new Set<number>();
        const toggle = (one: number): void => {
          if (model.has(one)) numbers.delete(one);
          else numbers.add(one);
          if (!model.delete(one)) model.add(one);
        };
        // From both ends, so that blocks overflow in the middle and at the end.
        for (let i = 0; i < size; i++) toggle(i % 3 === 0 ? -1 - i : i);
        toggled.forEach(toggle);
        const expected = [...model].sort((a, b) => a - b);
        expect(numbers.values).toEqual(expected);
        for (const one of [Infinity, 0.5, Infinity]) {
          toggle(one);
          toggle(one);
          expect(numbers.values).toEqual(expected);
        }
        for (const one of expected) toggle(one);
        expect(numbers.values).toEqual([]);
      }),
    );
  });
});

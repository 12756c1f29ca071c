/** What is kept of a group's values against plain arrays. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Primitive } from '../shared/aggregates/distinct-values.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { ArrivalList } from './arrival-list.ts';
import type { KeptValues } from './signed-values.ts';
import { SortedMultiset } from './sorted-multiset.ts';

/** Values that come or go; now and then all are written and read again. */
const changes = fc.array(
  fc.record({ value: fc.nat(30), isAdded: fc.boolean(), restores: fc.constantFrom(false, false, false, true) }),
  { maxLength: 150, size: 'max' },
);

function emptySorted(): SortedMultiset {
  return new SortedMultiset((a, b) => Number(a) - Number(b), 4);
}

function restored<K extends KeptValues>(values: K, empty: K): K {
  const json = values.toJson((value) => value as number);
  empty.restore(json, (one) => one as number);
  return empty;
}

describe('values by arrival', () => {
  it('lose the first that is equal, and know the first and the last that are there', () => {
    const property = fc.property(changes, (all) => {
      let list = new ArrivalList();
      let expected: Primitive[] = [];
      for (const { value, isAdded, restores } of all) {
        if (restores) list = restored(list, new ArrivalList());
        if (isAdded) {
          list.add(value);
          expected.push(value);
        } else {
          list.takeBack(value);
          const at = expected.indexOf(value);
          expected = expected.filter((_, i) => i !== at);
        }
        expect(list.all()).toEqual(expected);
        expect(list.size).toBe(expected.length);
        if (expected.length > 0) expect([list.first, list.last]).toEqual([expected[0], expected.at(-1)]);
      }
    });
    fc.assert(property, propertyRuns(60));
  });
});

describe('values in order', () => {
  it('are there as often as they came less those that went, also before they came', () => {
    const property = fc.property(changes, (all) => {
      let values = emptySorted();
      const counts = new Map<number, number>();
      for (const { value, isAdded, restores } of all) {
        if (restores) values = restored(values, emptySorted());
        if (isAdded) values.add(value);
        else values.takeBack(value);
        counts.set(value, (counts.get(value) ?? 0) + (isAdded ? 1 : -1));
        const expected = [...counts]
          .flatMap(([one, count]) => Array.from({ length: Math.max(0, count) }, () => one))
          .sort((a, b) => a - b);
        expect(Array.from({ length: values.size }, (_, rank) => values.at(rank))).toEqual(expected);
        if (expected.length > 0) expect(values.last).toBe(expected.at(-1));
      }
    });
    fc.assert(property, propertyRuns(60));
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnOf } from '../../../core/column-builder.ts';
import { anyType, anyValue } from '../../../testing/arbitraries.ts';
import { distinctValues, hasDistinctValues } from './distinct-values.ts';
import { valueCodec } from './value-codec.ts';

const typed = anyType().chain((type) => fc.tuple(fc.constant(type), anyValue(type)));

it('takes any value through JSON and back', () => {
  fc.assert(
    fc.property(typed, ([type, value]) => {
      const codec = valueCodec(type);
      expect(codec.fromJson(JSON.parse(JSON.stringify(codec.toJson(value))))).toEqual(value);
      expect(codec.sizeOf(value)).toBeGreaterThan(0);
    }),
  );
});

it('takes members of sets through JSON and back', () => {
  fc.assert(
    fc.property(typed, ([type, value]) => {
      if (!hasDistinctValues(type)) return;
      const values = distinctValues(type);
      const member = values.read(columnOf(type, [value]), 0);
      expect(values.toValue(member)).toEqual(value);
      expect(values.fromJson(JSON.parse(JSON.stringify(values.toJson(member))))).toEqual(member);
    }),
  );
});

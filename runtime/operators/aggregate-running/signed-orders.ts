/** MIN, MAX and PERCENTILE over a stream with updates: all values of a group, in order. */
import type { DataType } from '../../core/types.ts';
import { compareText } from '../../expression/index.ts';
import type { Accumulator } from '../shared/aggregates/accumulator.ts';
import type { Primitive } from '../shared/aggregates/distinct-values.ts';
import { percentileOf } from '../shared/aggregates/percentile.ts';
import { SignedValues } from './signed-values.ts';
import type { Signs } from './signs.ts';
import { SortedMultiset } from './sorted-multiset.ts';

export function signedExtreme(type: DataType, isMax: boolean, signs: Signs): Accumulator {
  return new SignedValues(
    type,
    sortedBy(type),
    (values, toValue) => {
      const value = isMax ? values.last : values.at(0);
      // -0 counts as 0.
      return toValue(value === 0 ? 0 : value);
    },
    signs,
  );
}

export function signedPercentile(type: DataType, percentile: number | null, signs: Signs): Accumulator {
  const unit = type.kind === 'DECIMAL' ? 10 ** type.scale : 1;
  return new SignedValues(
    type,
    sortedBy(type),
    (values) => percentileOf(percentile, values.size, (rank) => Number(values.at(rank)) / unit),
    signs,
  );
}

/** NaN is above all numbers; text goes by code points, bytes, which are texts of one character each here, byte by byte. */
function sortedBy({ kind }: DataType): () => SortedMultiset {
  const compare =
    kind === 'STRING'
      ? (a: Primitive, b: Primitive) => compareText(a as string, b as string)
      : (a: Primitive, b: Primitive) => (a < b ? -1 : a > b ? 1 : Number(a !== a) - Number(b !== b));
  return () => new SortedMultiset(compare);
}

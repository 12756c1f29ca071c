/** Aggregates over a stream with updates: each keeps what it needs to take a value back, as Flink's `…WithRetract` functions do. */
import { assert } from '../../core/errors.ts';
import type { DataType } from '../../core/types.ts';
import type { Accumulator } from '../shared/aggregates/accumulator.ts';
import type { AggregateItem } from '../shared/aggregates/index.ts';
import { isRetractable, type RetractableName } from './retraction.ts';
import { SignedDistinct } from './signed-distinct.ts';
import { signedCollect, signedFirst, signedLast, signedListagg } from './signed-lists.ts';
import { signedExtreme, signedPercentile } from './signed-orders.ts';
import { createSum, SignedCount } from './signed-sums.ts';
import { createVariance } from './signed-variance.ts';
import type { Signs } from './signs.ts';

type Create = (argument: DataType, signs: Signs, item: AggregateItem) => Accumulator;

const creators: Readonly<Record<RetractableName, Create>> = {
  COUNT: (_argument, signs) => new SignedCount(signs),
  SUM: (argument, signs) => createSum(argument, false, signs),
  AVG: (argument, signs) => createSum(argument, true, signs),
  MIN: (argument, signs) => signedExtreme(argument, false, signs),
  MAX: (argument, signs) => signedExtreme(argument, true, signs),
  FIRST_VALUE: signedFirst,
  LAST_VALUE: signedLast,
  STDDEV_POP: (argument, signs) => createVariance(argument, false, Math.sqrt, signs),
  STDDEV_SAMP: (argument, signs) => createVariance(argument, true, Math.sqrt, signs),
  VAR_POP: (argument, signs) => createVariance(argument, false, asIs, signs),
  VAR_SAMP: (argument, signs) => createVariance(argument, true, asIs, signs),
  PERCENTILE: (argument, signs, { percentile }) => signedPercentile(argument, percentile, signs),
  LISTAGG: (argument, signs, { separator }) => signedListagg(argument, separator, signs),
  COLLECT: signedCollect,
};

function asIs(variance: number): number {
  return variance;
}

export function createSigned(item: AggregateItem, argument: DataType, signs: Signs): Accumulator {
  const { fn, distinct } = item;
  assert(isRetractable(fn), `${fn} cannot take a value back`);
  const plain = creators[fn](argument, signs, item);
  // Values that come again change neither the least nor the greatest.
  return distinct && fn !== 'MIN' && fn !== 'MAX' ? new SignedDistinct(argument, plain, signs) : plain;
}

/** Every aggregate function, by name. */
import type { AggregateFunction } from './aggregate-function.ts';
import { approxCountDistinct } from './approx-count-distinct.ts';
import { average } from './average.ts';
import { collect, listagg } from './collect.ts';
import { count } from './count.ts';
import { firstValue, lastValue } from './first-last.ts';
import { max, min } from './min-max.ts';
import { percentile } from './percentile.ts';
import { sum } from './sum.ts';
import { stddevPop, stddevSamp, varPop, varSamp } from './variance.ts';

export const aggregateFunctions = {
  COUNT: count,
  SUM: sum,
  AVG: average,
  MIN: min,
  MAX: max,
  FIRST_VALUE: firstValue,
  LAST_VALUE: lastValue,
  STDDEV_POP: stddevPop,
  STDDEV_SAMP: stddevSamp,
  VAR_POP: varPop,
  VAR_SAMP: varSamp,
  APPROX_COUNT_DISTINCT: approxCountDistinct,
  PERCENTILE: percentile,
  LISTAGG: listagg,
  COLLECT: collect,
} as const satisfies Readonly<Record<string, AggregateFunction>>;

export type AggregateName = keyof typeof aggregateFunctions;

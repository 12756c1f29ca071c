/** Aggregate functions: declared once each, used by every operator that aggregates. */
export type { AggregateFunction, AggregateOptions, AggregateResult } from './aggregate-function.ts';
export { aggregateFunctions, type AggregateName } from './catalog.ts';
export { aggregatesField, ALL_ROWS, inferAggregates, type AggregateItem } from './config.ts';

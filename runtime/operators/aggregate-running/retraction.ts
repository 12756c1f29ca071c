/** Which aggregates can take a row back. Known to the spec: no runtime code in here. */
import type { AggregateName } from '../shared/aggregates/index.ts';

/** A sketch does not know how often a value came; a function that did would be COUNT with `distinct`, which is there. */
export type RetractableName = Exclude<AggregateName, 'APPROX_COUNT_DISTINCT'>;

export function isRetractable(fn: AggregateName): fn is RetractableName {
  return fn !== 'APPROX_COUNT_DISTINCT';
}

/** Which aggregates can take a row back. Known to the spec: no runtime code in here. */
import type { AggregateItem, AggregateName } from '../shared/aggregates/index.ts';

export const RETRACTABLE = ['COUNT', 'SUM', 'AVG'] as const satisfies readonly AggregateName[];

export function isRetractable({ fn }: AggregateItem): boolean {
  return (RETRACTABLE as readonly AggregateName[]).includes(fn);
}

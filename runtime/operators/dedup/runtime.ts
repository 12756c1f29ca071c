import type { OperatorFactory } from '../../core/operator.ts';
import { FirstArrivalOperator } from './first-arrival.ts';
import { FirstInEventTimeOperator } from './first-in-event-time.ts';
import { LastRowOperator } from './last-row.ts';
import { RetractingLastRowOperator } from './retracting-last-row.ts';
import type { DedupConfig } from './spec.ts';

export const createDedup: OperatorFactory<DedupConfig> = (plan, context) => {
  const { keep, time } = plan.config;
  if (keep === 'last') {
    const hasUpdates = plan.inputs[0]!.shape.changelog === 'update';
    return hasUpdates ? new RetractingLastRowOperator(plan, context) : new LastRowOperator(plan, context);
  }
  return time === 'event' ? new FirstInEventTimeOperator(plan, context) : new FirstArrivalOperator(plan, context);
};

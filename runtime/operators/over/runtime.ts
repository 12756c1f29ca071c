import type { OperatorFactory } from '../../core/operator.ts';
import { EventTimeOver } from './event-time-operator.ts';
import { ProcessingTimeOver } from './processing-time-operator.ts';
import type { OverConfig } from './spec.ts';

export const createOver: OperatorFactory<OverConfig> = (plan, context) =>
  plan.config.orderBy === 'event' ? new EventTimeOver(plan, context) : new ProcessingTimeOver(plan, context);

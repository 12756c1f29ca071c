import type { OperatorFactory } from '../../core/operator.ts';
import { AlignedWindowOperator } from './aligned-operator.ts';
import { SessionWindowOperator } from './session-operator.ts';
import type { AggregateWindowConfig } from './spec.ts';

export const createAggregateWindow: OperatorFactory<AggregateWindowConfig> = (plan, context) =>
  plan.config.window.type === 'session'
    ? new SessionWindowOperator(plan, context)
    : new AlignedWindowOperator(plan, context);

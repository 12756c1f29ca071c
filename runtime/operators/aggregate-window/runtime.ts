import type { OperatorFactory } from '../../core/operator.ts';
import { AlignedWindowOperator } from './aligned-operator.ts';
import { CountWindowOperator } from './count-operator.ts';
import { SessionWindowOperator } from './session-operator.ts';
import type { AggregateWindowConfig } from './spec.ts';
import { isCountWindow } from './window-config.ts';

export const createAggregateWindow: OperatorFactory<AggregateWindowConfig> = (plan, context) => {
  const { window } = plan.config;
  if (isCountWindow(window)) return new CountWindowOperator(plan, context);
  return window.type === 'session'
    ? new SessionWindowOperator(plan, context)
    : new AlignedWindowOperator(plan, context);
};

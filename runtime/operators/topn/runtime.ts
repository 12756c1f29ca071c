import type { OperatorFactory } from '../../core/operator.ts';
import { RunningTopnOperator } from './running-topn.ts';
import type { TopnConfig } from './spec.ts';
import { WindowTopnOperator } from './window-topn.ts';

export const createTopn: OperatorFactory<TopnConfig> = (plan, context) =>
  plan.config.perWindow ? new WindowTopnOperator(plan, context) : new RunningTopnOperator(plan, context);

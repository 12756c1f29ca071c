import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, OperatorView } from '../../core/operator.ts';
import { KeptRows } from './kept-rows.ts';
import { RowRing } from './row-ring.ts';
import { rowKeyOf, type SinkDashboardConfig } from './spec.ts';

export const createSinkDashboard: OperatorFactory<SinkDashboardConfig> = (plan, context) =>
  new SinkDashboardOperator(plan, context);

/** Keeps what its tile shows; whoever watches asks for it at the rate of the screen, so rows cost the same with a browser and without. */
class SinkDashboardOperator implements Operator {
  readonly view = { version: 0, rows: () => this.#rows.rows() } satisfies OperatorView;
  readonly #rows: KeptRows | RowRing;

  constructor({ config, inputs }: OperatorPlan<SinkDashboardConfig>, { state }: OperatorContext) {
    const { schema } = inputs[0]!.shape;
    const { history, view } = config;
    const key = rowKeyOf(view);
    this.#rows = key === null ? new RowRing(schema, history, state) : new KeptRows(schema, key, history, state);
  }

  processBatch(batch: Batch): void {
    if (batch.length === 0) return;
    this.#rows.add(batch);
    this.view.version++;
  }
}

import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan } from '../../core/operator.ts';
import type { ListState } from '../../core/state.ts';
import { MIN_WATERMARK } from '../../core/time.ts';
import { WatermarkGenerator, type SplitTime } from '../shared/event-time.ts';
import type { WatermarkConfig } from './spec.ts';

export const createWatermark: OperatorFactory<WatermarkConfig> = (plan, context) =>
  new WatermarkOperator(plan, context);

/** How far event time had come on a subtask; null = no row yet. */
type Progress = { readonly maxEventTime: number | null };

/** The watermarks of the input end here: the task asks an operator that assigns its own, and forwards the last one only. */
class WatermarkOperator implements Operator {
  readonly #generator: WatermarkGenerator;
  readonly #progress: ListState<Progress>;
  #split!: SplitTime;

  constructor(plan: OperatorPlan<WatermarkConfig>, context: OperatorContext) {
    const { schema } = plan.inputs[0]!.shape;
    this.#generator = new WatermarkGenerator(plan.config.eventTime, schema, context, context.output('out'));
    this.#progress = context.state.list<Progress>('progress', 'union');
  }

  open(): void {
    // Rows may now come to another subtask than before: none may be late here that was not late there.
    const restored = this.#progress.get().map((entry) => entry.maxEventTime ?? MIN_WATERMARK);
    this.#split = this.#generator.addSplit(restored.length === 0 ? MIN_WATERMARK : Math.min(...restored));
    this.#generator.announce();
    this.#generator.foundNothing(this.#split);
  }

  processBatch(batch: Batch): void {
    this.#generator.emit(batch, this.#split);
    this.#generator.foundNothing(this.#split);
  }

  onTimer(): void {
    this.#generator.onTimer();
  }

  snapshot(): void {
    const { maxEventTime } = this.#split;
    this.#progress.set([{ maxEventTime: maxEventTime === MIN_WATERMARK ? null : maxEventTime }]);
  }
}

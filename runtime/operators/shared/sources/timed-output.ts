/** The port `out` of a source that is one split, with its event times; how far they have come is in its state. */
import type { Batch } from '../../../core/batch.ts';
import type { OperatorContext, OperatorPlan, Output } from '../../../core/operator.ts';
import type { ListState } from '../../../core/state.ts';
import type { SourceTimeConfig } from '../event-time-config.ts';
import { createEventTimes, type EventTimes, type SplitTime } from '../event-time.ts';

export class TimedOutput {
  readonly #output: Output;
  readonly #times: EventTimes | null;
  readonly #state: ListState<number>;
  #split: SplitTime | null = null;

  constructor(plan: OperatorPlan<{ readonly eventTime: SourceTimeConfig | null }>, context: OperatorContext) {
    const { eventTime } = plan.config;
    this.#output = context.output('out');
    this.#state = context.state.list<number>('max-event-time', 'union');
    this.#times =
      eventTime === null ? null : createEventTimes(eventTime, plan.outputs.out!.schema, context, this.#output);
  }

  open(): void {
    const restored = this.#state.get();
    this.#split = this.#times?.addSplit(restored.length === 0 ? undefined : Math.max(...restored)) ?? null;
    this.#times?.announce();
  }

  emit(batch: Batch): void {
    if (this.#times === null) this.#output.emit(batch);
    else this.#times.emit(batch, this.#split!);
  }

  /** As `EventTimes.emitAside`. */
  emitAside(batch: Batch): void {
    if (this.#times === null) this.#output.emit(batch);
    else this.#times.emitAside(batch);
  }

  foundNothing(): void {
    this.#times?.foundNothing(this.#split!);
  }

  onTimer(): void {
    this.#times?.onTimer();
  }

  snapshot(): void {
    const max = this.#split?.maxEventTime ?? -Infinity;
    this.#state.set(max === -Infinity ? [] : [max]);
  }
}

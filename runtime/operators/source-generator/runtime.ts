import { Batch } from '../../core/batch.ts';
import { assert } from '../../core/errors.ts';
import type {
  OperatorContext,
  OperatorFactory,
  OperatorPlan,
  Output,
  SourceOperator,
  SourceStatus,
} from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import type { ListState } from '../../core/state.ts';
import { MIN_WATERMARK } from '../../core/time.ts';
import { createEventTimes, type EventTimes, type SplitTime } from '../shared/event-time.ts';
import { typedExpression } from '../shared/expressions.ts';
import { Pacer } from '../shared/pacer.ts';
import { RowNumbers, type SplitProgress } from '../shared/row-numbers.ts';
import { FieldKernels } from './field-kernels.ts';
import { ROW_NUMBER, type SourceGeneratorConfig } from './spec.ts';

export const createSourceGenerator: OperatorFactory<SourceGeneratorConfig> = (plan, context) =>
  new SourceGeneratorOperator(plan, context);

/** Of one split; the event time is that of its subtask, null before the first row. */
type SplitState = SplitProgress & { readonly maxEventTime: number | null };

class SourceGeneratorOperator implements SourceOperator {
  readonly #plan: OperatorPlan<SourceGeneratorConfig>;
  readonly #schema: Schema;
  readonly #state: ListState<SplitState>;
  readonly #out: Output;
  readonly #eventTimes: EventTimes | null;
  readonly #pacer: Pacer;
  readonly #kernels: FieldKernels;
  #numbers!: RowNumbers;
  #time: SplitTime | null = null;

  constructor(plan: OperatorPlan<SourceGeneratorConfig>, context: OperatorContext) {
    const { fields, seed, eventTime, rowsPerSecond } = plan.config;
    this.#plan = plan;
    this.#schema = plan.outputs.out!.schema;
    this.#state = context.state.list<SplitState>('splits', 'union');
    this.#out = context.output('out');
    this.#eventTimes = eventTime === null ? null : createEventTimes(eventTime, this.#schema, context, this.#out);
    this.#pacer = new Pacer(rowsPerSecond, 1 / plan.parallelism, context);
    const expressions = fields.map(({ expr, type }) => typedExpression(expr, ROW_NUMBER, type));
    this.#kernels = new FieldKernels(expressions, seed, () => context.clock.now());
  }

  open(): void {
    const { subtask, parallelism, config } = this.#plan;
    const restored = this.#state.get();
    this.#numbers = new RowNumbers(subtask, parallelism, config.rows ?? Infinity, restored);
    if (this.#eventTimes === null) return;
    const owned = restored.filter(({ split }) => split % parallelism === subtask);
    // Splits of several old subtasks may meet here: none of their rows may be late that was not late there.
    const times = owned.map(({ maxEventTime }) => maxEventTime ?? MIN_WATERMARK);
    this.#time = this.#eventTimes.addSplit(times.length === 0 ? MIN_WATERMARK : Math.min(...times));
    this.#eventTimes.announce();
  }

  poll(): SourceStatus {
    if (this.#numbers.isAtEnd) return 'ended';
    const limit = this.#pacer.allow(this.#plan.batchRows);
    if (limit === 0) {
      if (this.#time !== null) this.#eventTimes!.foundNothing(this.#time);
      return 'waiting';
    }
    const numbers = this.#numbers.take(limit);
    this.#pacer.took(numbers.length);
    const batch = new Batch(this.#schema, numbers.length, this.#kernels.compute(numbers));
    if (this.#eventTimes === null) this.#out.emit(batch);
    else this.#eventTimes.emit(batch, this.#time!);
    return this.#numbers.isAtEnd ? 'ended' : 'ready';
  }

  processBatch(): void {
    assert(false, 'a source has no input');
  }

  onTimer(): void {
    this.#eventTimes?.onTimer();
  }

  snapshot(): void {
    const max = this.#time?.maxEventTime ?? MIN_WATERMARK;
    const maxEventTime = max === MIN_WATERMARK ? null : max;
    this.#state.set(this.#numbers.progress.map((progress) => ({ ...progress, maxEventTime })));
  }
}

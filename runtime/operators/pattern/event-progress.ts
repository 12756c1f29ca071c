/** How far event time has come, kept in state so that after a restore the same rows are late as without it. */
import { keyGroupRange } from '../../core/hash.ts';
import type { OperatorContext, OperatorPlan } from '../../core/operator.ts';
import type { ListState } from '../../core/state.ts';
import { MIN_WATERMARK } from '../../core/time.ts';

/** How far key groups `[start, end)` had come. */
type ProgressRange = readonly [start: number, end: number, watermark: number];

export class EventProgress {
  watermark: number;
  readonly #keyGroups: { readonly start: number; readonly end: number };
  readonly #ranges: ListState<ProgressRange>;

  constructor(
    { subtask, parallelism }: Pick<OperatorPlan<unknown>, 'subtask' | 'parallelism'>,
    context: OperatorContext,
  ) {
    this.#keyGroups = keyGroupRange(subtask, parallelism);
    this.#ranges = context.state.list<ProgressRange>('progress', 'union');
    const { start, end } = this.#keyGroups;
    const own = this.#ranges.get().filter((range) => range[0] < end && range[1] > start);
    // Where barriers overtook rows, subtasks had come to different watermarks: no row that one of them would have taken is lost.
    this.watermark = own.length === 0 ? MIN_WATERMARK : Math.min(...own.map(([, , watermark]) => watermark));
  }

  snapshot(): void {
    const { start, end } = this.#keyGroups;
    // JSON has no infinities.
    this.#ranges.set([[start, end, Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, this.watermark))]]);
  }
}

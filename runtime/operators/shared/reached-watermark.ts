/**
 * The watermark that has come, kept in state (unlike in Flink, where it starts anew): so after a restore the same rows are late as
 * without it.
 */
import { keyGroupRange } from '../../core/hash.ts';
import type { OperatorPlan } from '../../core/operator.ts';
import type { ListState, StateStore } from '../../core/state.ts';
import { MIN_WATERMARK } from '../../core/time.ts';

/** How far the key groups `[start, end)` had come. */
type ReachedRange = readonly [start: number, end: number, watermark: number];

export class ReachedWatermark {
  #watermark: number;
  readonly #start: number;
  readonly #end: number;
  readonly #ranges: ListState<ReachedRange>;

  constructor({ subtask, parallelism }: Pick<OperatorPlan<unknown>, 'subtask' | 'parallelism'>, state: StateStore) {
    const { start, end } = keyGroupRange(subtask, parallelism);
    this.#start = start;
    this.#end = end;
    this.#ranges = state.list<ReachedRange>('watermarks', 'union');
    const had = this.#ranges.get().filter((range) => range[0] < end && range[1] > start);
    // What has not been emitted for some of the keys is still to come.
    this.#watermark = had.length === 0 ? MIN_WATERMARK : Math.min(...had.map(([, , watermark]) => watermark));
  }

  get watermark(): number {
    return this.#watermark;
  }

  /** All that is due at `watermark` has been emitted. */
  advance(watermark: number): void {
    this.#watermark = Math.max(this.#watermark, watermark);
  }

  snapshot(): void {
    // JSON has no infinities.
    const watermark = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, this.#watermark));
    this.#ranges.set([[this.#start, this.#end, watermark]]);
  }
}

/** How far the combined watermark of both inputs has come. Kept in state, so that after a restore the same rows are late. */
import { StreamError } from '../../../core/errors.ts';
import type { Batch } from '../../../core/batch.ts';
import { keyGroupRange } from '../../../core/hash.ts';
import type { OperatorContext, OperatorPlan } from '../../../core/operator.ts';
import { say } from '../../../core/say.ts';
import type { ListState } from '../../../core/state.ts';
import { MIN_WATERMARK } from '../../../core/time.ts';

/** How far key groups `[start, end)` had come. */
type ClockRange = readonly [start: number, end: number, watermark: number];

export class JoinClock {
  watermark: number;
  readonly #keyGroups: { readonly start: number; readonly end: number };
  readonly #ranges: ListState<ClockRange>;

  constructor(
    { subtask, parallelism }: Pick<OperatorPlan<unknown>, 'subtask' | 'parallelism'>,
    context: OperatorContext,
  ) {
    this.#keyGroups = keyGroupRange(subtask, parallelism);
    this.#ranges = context.state.list<ClockRange>('clocks', 'union');
    const { start, end } = this.#keyGroups;
    const had = this.#ranges.get().filter((range) => range[0] < end && range[1] > start);
    // Barriers that are aligned find all subtasks at the same watermark; of others the lowest is right for the keys behind it.
    this.watermark = had.length === 0 ? MIN_WATERMARK : Math.min(...had.map(([, , watermark]) => watermark));
  }

  /** Where it is now: after a restore watermarks begin anew, below where it was. */
  advance(watermark: number): number {
    this.watermark = Math.max(this.watermark, watermark);
    return this.watermark;
  }

  snapshot(): void {
    const { start, end } = this.#keyGroups;
    // JSON has no infinities.
    this.#ranges.set([[start, end, Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, this.watermark))]]);
  }
}

/** Event times of a batch's rows, all of which have one. */
export function timesOf({ eventTimes, length }: Batch): Float64Array {
  if (eventTimes === null || eventTimes.subarray(0, length).some(Number.isNaN)) {
    throw new StreamError('MR2104', say`a row without an event time cannot be joined by time`, { domain: 'user' });
  }
  return eventTimes;
}

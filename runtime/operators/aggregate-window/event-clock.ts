/**
 * How far time has come for the windows: the watermark, or the clock less a millisecond (all of the past instants are complete).
 * Kept in state, unlike in Flink, where it starts anew: so after a restore the same rows are late as without it.
 */
import { StreamError } from '../../core/errors.ts';
import type { Batch } from '../../core/batch.ts';
import { keyGroupRange } from '../../core/hash.ts';
import type { OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { ListState } from '../../core/state.ts';
import { MIN_WATERMARK } from '../../core/time.ts';
import type { WindowTime } from '../shared/windows.ts';
import { UnevenClocks } from './uneven-clocks.ts';

/** How far the windows of key groups `[start, end)` had come. */
type ClockRange = readonly [start: number, end: number, watermark: number];

export class EventClock {
  /** Windows that end at this or before, plus one millisecond, have fired. */
  watermark: number;
  readonly isProcessingTime: boolean;
  /** Event time after a restore: keys that were further than others; null when there are none. */
  readonly uneven: UnevenClocks | null;
  readonly #context: OperatorContext;
  readonly #keyGroups: { readonly start: number; readonly end: number };
  readonly #ranges: ListState<ClockRange>;
  /** How far the furthest subtask had come that was restored: processing time goes on from there. */
  readonly #furthest: number;
  #times = new Float64Array(0);

  constructor(
    time: WindowTime,
    { subtask, parallelism }: Pick<OperatorPlan<unknown>, 'subtask' | 'parallelism'>,
    context: OperatorContext,
  ) {
    this.isProcessingTime = time === 'processing';
    this.#context = context;
    this.#keyGroups = keyGroupRange(subtask, parallelism);
    this.#ranges = context.state.list<ClockRange>('clocks', 'union');
    const restored = this.#ranges.get();
    const all = restored.map(([, , watermark]) => watermark);
    // A subtask whose input has ended does not say what time it is.
    this.#furthest = Math.max(MIN_WATERMARK, ...all.filter((watermark) => watermark < Number.MAX_VALUE));
    const { start, end } = this.#keyGroups;
    const own = this.isProcessingTime ? restored : restored.filter((range) => range[0] < end && range[1] > start);
    const had = own.map(([, , watermark]) => watermark);
    // What has fired on none is still to fire. Watermarks are the same on all subtasks at barriers that do not overtake; clocks never.
    this.watermark = had.length === 0 ? MIN_WATERMARK : Math.min(...had);
    const isUneven = !this.isProcessingTime && had.some((watermark) => watermark > this.watermark);
    this.uneven = isUneven ? new UnevenClocks(own) : null;
  }

  snapshot(): void {
    const { start, end } = this.#keyGroups;
    // JSON has no infinities.
    const watermark = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, this.watermark));
    this.#ranges.set(this.uneven?.rangesAt(watermark, start, end) ?? [[start, end, watermark]]);
  }

  /** Processing time; it does not go back even when the machine's clock does, also from one run to the next. */
  now(): number {
    return Math.max(this.#context.clock.now(), this.watermark + 1, this.#furthest + 1);
  }

  /** The instant of each row. */
  timesOf(batch: Batch): Float64Array {
    if (!this.isProcessingTime) {
      if (batch.eventTimes === null) throw noEventTime();
      return batch.eventTimes;
    }
    if (this.#times.length < batch.length) this.#times = new Float64Array(batch.length);
    return this.#times.fill(this.now(), 0, batch.length);
  }
}

export function noEventTime(): StreamError {
  return new StreamError('MR2104', say`a row without an event time cannot be put into a window`, { domain: 'user' });
}

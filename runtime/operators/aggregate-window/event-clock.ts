/**
 * How far time has come for the windows: the watermark, or the clock less a millisecond (all of the past instants are complete).
 * Kept in state, unlike in Flink, where it starts anew: so after a restore the same rows are late as without it.
 */
import { StreamError } from '../../core/errors.ts';
import type { Batch } from '../../core/batch.ts';
import type { OperatorContext } from '../../core/operator.ts';
import type { ListState } from '../../core/state.ts';
import { MIN_WATERMARK } from '../../core/time.ts';
import type { WindowTime } from '../shared/windows.ts';

export class EventClock {
  /** Windows that end at this or before, plus one millisecond, have fired. */
  watermark: number;
  readonly isProcessingTime: boolean;
  readonly #context: OperatorContext;
  readonly #watermarks: ListState<number>;
  /** How far the furthest subtask had come that was restored: processing time goes on from there. */
  readonly #furthest: number;
  #times = new Float64Array(0);

  constructor(time: WindowTime, context: OperatorContext) {
    this.isProcessingTime = time === 'processing';
    this.#context = context;
    this.#watermarks = context.state.list<number>('watermark', 'union');
    const restored = this.#watermarks.get();
    this.#furthest = Math.max(MIN_WATERMARK, ...restored);
    // Watermarks are the same on all subtasks at a barrier; clocks are not, and what has fired on none is still to fire.
    this.watermark = restored.length === 0 ? MIN_WATERMARK : Math.min(...restored);
  }

  snapshot(): void {
    // JSON has no infinities.
    this.#watermarks.set([Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, this.watermark))]);
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
  return new StreamError('MR2104', 'a row without an event time cannot be put into a window', { domain: 'user' });
}

/**
 * Event time by the clock: a row happened when it was read. Times never go back, so no row is late: the watermark is 1 ms behind
 * the clock, for more rows may be read in the same millisecond. It goes on while nothing is read, so that windows still close.
 *
 * After a restore rows that are read again get new times: what is counted by them is not what it would have been.
 */
import type { Batch } from '../../core/batch.ts';
import type { OperatorContext, Output } from '../../core/operator.ts';
import { MIN_WATERMARK } from '../../core/time.ts';
import type { EventTimes, SplitTime } from './event-time.ts';

/** Flink's `pipeline.auto-watermark-interval`. */
const INTERVAL_MS = 200;

class Split implements SplitTime {
  maxEventTime: number;

  constructor(maxEventTime: number) {
    this.maxEventTime = maxEventTime;
  }
}

export class IngestionTimes implements EventTimes {
  readonly #context: OperatorContext;
  readonly #output: Output;
  readonly #splits = new Set<SplitTime>();
  #latest = MIN_WATERMARK;
  /** A timer moves the watermark on. */
  #isSilent = false;

  constructor(context: OperatorContext, output: Output) {
    this.#context = context;
    this.#output = output;
  }

  addSplit(maxEventTime: number = MIN_WATERMARK): SplitTime {
    const split = new Split(maxEventTime);
    this.#splits.add(split);
    // The clock of the machine that took the checkpoint may have been ahead of this one.
    this.#latest = Math.max(this.#latest, maxEventTime);
    return split;
  }

  removeSplit(split: SplitTime): void {
    this.#splits.delete(split);
    if (this.#splits.size === 0) this.#isSilent = false;
  }

  announce(): void {
    if (this.#latest > MIN_WATERMARK) this.#advance();
  }

  emit(batch: Batch, from: SplitTime): void {
    if (batch.length === 0) return;
    this.#isSilent = false;
    const time = this.#now();
    (from as Split).maxEventTime = time;
    this.#output.emit(batch.withEventTimes(new Float64Array(batch.length).fill(time)));
    this.#advance();
  }

  emitAside(batch: Batch): void {
    this.#output.emit(batch.withEventTimes(new Float64Array(batch.length).fill(this.#now())));
  }

  foundNothing(): void {
    if (this.#isSilent || !this.#context.hasProgress) return;
    this.#isSilent = true;
    this.#context.setTimer(this.#context.clock.now() + INTERVAL_MS);
  }

  onTimer(): void {
    if (!this.#isSilent) return;
    this.#now();
    this.#advance();
    this.#context.setTimer(this.#context.clock.now() + INTERVAL_MS);
  }

  #now(): number {
    this.#latest = Math.max(this.#latest, this.#context.clock.now());
    return this.#latest;
  }

  #advance(): void {
    if (this.#context.hasProgress) this.#context.emitWatermark(this.#latest - 1);
  }
}

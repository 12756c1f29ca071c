/**
 * How many rows a batch should have so that what is under way in a channel is worked off within the latency target: Flink's buffer
 * debloating (semantics.md §3), by rows instead of bytes.
 *
 * While a channel is full its receiver's rate is known: what goes out is what was worked off. At most `CREDITS` batches are under
 * way, so a batch may have `rate × target / CREDITS` rows. A channel that was not full says nothing about its receiver: there
 * batches grow again, doubling. The rate is a moving average, and batches keep their size until they would change by a quarter.
 *
 * A batch that takes long by itself, whatever its rows, is not made faster by shrinking: hence the minimum.
 */
import { CREDITS } from './channel.ts';

/** Flink's defaults: period 200 ms, 20 samples, threshold 25 %. */
const PERIOD_MS = 200;
const SAMPLES = 20;
const THRESHOLD = 0.25;
const MIN_ROWS = 16;

const KEPT_A_PERIOD = 1 - 2 / (SAMPLES + 1);

export interface BatchSizerOptions {
  /** 0 = always `maxRows`. */
  readonly latencyTargetMs: number;
  readonly maxRows: number;
}

export class BatchSizer {
  readonly #targetMs: number;
  readonly #minRows: number;
  readonly #maxRows: number;
  #rows: number;
  /** Rows a ms; follows `#rows` while the channel is not full. */
  #rate: number;
  #since: number;
  #sent = 0;
  #wasFull = false;

  /** `now` in ms, as all times here. */
  constructor({ latencyTargetMs, maxRows }: BatchSizerOptions, now: number) {
    this.#targetMs = latencyTargetMs;
    this.#minRows = Math.min(MIN_ROWS, maxRows);
    this.#maxRows = maxRows;
    this.#rows = maxRows;
    this.#rate = this.#rateFor(maxRows);
    this.#since = now;
  }

  /** Most rows of the next batch. */
  get rows(): number {
    return this.#rows;
  }

  /** A batch is ready and has no credit. */
  noteFull(): void {
    this.#wasFull = true;
  }

  /** A batch went out. A period lasts until one does: a receiver that takes seconds for a batch has a rate as well. */
  noteSent(rows: number, now: number): void {
    if (this.#targetMs === 0) return;
    this.#sent += rows;
    const elapsed = now - this.#since;
    if (elapsed < PERIOD_MS) return;
    if (this.#wasFull) this.#follow(this.#sent / elapsed, elapsed);
    else if (this.#rows < this.#maxRows) this.#resize(this.#rows * 2);
    this.#since = now;
    this.#sent = 0;
    this.#wasFull = false;
  }

  #follow(rate: number, elapsed: number): void {
    const kept = KEPT_A_PERIOD ** (elapsed / PERIOD_MS);
    this.#rate = kept * this.#rate + (1 - kept) * rate;
    const wanted = this.#clamp((this.#rate * this.#targetMs) / CREDITS);
    const isAtBound = wanted === this.#minRows || wanted === this.#maxRows;
    if (isAtBound || Math.abs(wanted - this.#rows) >= this.#rows * THRESHOLD) this.#rows = wanted;
    // Beyond what makes the largest batches a rate says no more: it would only be forgotten later.
    this.#rate = Math.min(this.#rate, this.#rateFor(this.#maxRows));
  }

  #resize(rows: number): void {
    this.#rows = this.#clamp(rows);
    this.#rate = this.#rateFor(this.#rows);
  }

  #clamp(rows: number): number {
    return Math.max(this.#minRows, Math.min(this.#maxRows, Math.floor(rows)));
  }

  #rateFor(rows: number): number {
    return this.#targetMs === 0 ? Infinity : (rows * CREDITS) / this.#targetMs;
  }
}

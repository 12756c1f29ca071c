/**
 * The latest rows of a port, for a screen. Costs the hot path a few steps a batch, whatever its size: batches are held, not copied. Rows are
 * formatted at screen rate, elsewhere, while somebody watches; where nobody does they are kept for who looks later.
 */
import { BatchBuilder, type Batch } from '../../core/batch.ts';

/** Rows shown of a watched port, from each subtask. */
export const SAMPLE_ROWS = 100;

export interface TappedRows {
  readonly rows: Batch;
  /** When each of them passed, ms since the epoch. */
  readonly seenAt: readonly number[];
}

export class RowTap {
  /** Those of the newest `SAMPLE_ROWS` rows, oldest first, and when they came. */
  #batches: Batch[] = [];
  #times: number[] = [];
  #rows = 0;
  readonly #now: () => number;
  seen = 0;
  /** Somebody looks. */
  isWatched = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  offer(batch: Batch): void {
    this.seen += batch.length;
    this.#rows += batch.length;
    this.#batches.push(batch);
    this.#times.push(this.#now());
    while (this.#rows - this.#batches[0]!.length >= SAMPLE_ROWS) {
      this.#rows -= this.#batches.shift()!.length;
      this.#times.shift();
    }
  }

  /** Up to `SAMPLE_ROWS` rows that came since the last call, the newest of them, oldest first; null when none did. */
  take(): TappedRows | null {
    const [first] = this.#batches;
    if (first === undefined) return null;
    const builder = new BatchBuilder(first.schema, SAMPLE_ROWS);
    const seenAt: number[] = [];
    let skip = Math.max(0, this.#rows - SAMPLE_ROWS);
    this.#batches.forEach((batch, i) => {
      builder.appendRange(batch, skip, batch.length);
      for (let row = skip; row < batch.length; row++) seenAt.push(this.#times[i]!);
      skip = 0;
    });
    this.#batches = [];
    this.#times = [];
    this.#rows = 0;
    return { rows: builder.finish(), seenAt };
  }
}

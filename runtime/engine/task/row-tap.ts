/**
 * Rows of a watched port, for a screen. Costs the hot path an addition a batch: once there are enough rows for the next look,
 * the batches after them only count. Rows are formatted at screen rate, elsewhere.
 */
import { BatchBuilder, type Batch } from '../../core/batch.ts';

/** Rows shown of a watched port, from each subtask. */
export const SAMPLE_ROWS = 100;

export class RowTap {
  #batches: Batch[] = [];
  #rows = 0;
  readonly #now: () => number;
  seen = 0;
  /** When the first of the rows came that are taken next. */
  seenAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  offer(batch: Batch): void {
    this.seen += batch.length;
    if (this.#rows >= SAMPLE_ROWS) return;
    if (this.#rows === 0) this.seenAt = this.#now();
    this.#batches.push(batch);
    this.#rows += batch.length;
  }

  /** Up to `SAMPLE_ROWS` rows that came since the last call, oldest first; null when none did. */
  take(): Batch | null {
    const [first] = this.#batches;
    if (first === undefined) return null;
    const builder = new BatchBuilder(first.schema, SAMPLE_ROWS);
    let skip = Math.max(0, this.#rows - SAMPLE_ROWS);
    for (const batch of this.#batches) {
      builder.appendRange(batch, Math.min(skip, batch.length), batch.length);
      skip = Math.max(0, skip - batch.length);
    }
    this.#batches = [];
    this.#rows = 0;
    return builder.finish();
  }
}

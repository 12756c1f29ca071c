/** The latest rows of a watched port. Costs the hot path a reference a batch; rows are formatted at screen rate, elsewhere. */
import { Batch, BatchBuilder } from '../core/batch.ts';

/** Rows shown of a watched port, from each subtask. */
export const SAMPLE_ROWS = 100;

export class RowTap {
  #recent: Batch[] = [];
  #rows = 0;
  #taken = 0;
  seen = 0;

  offer(batch: Batch): void {
    this.seen += batch.length;
    this.#recent.push(batch);
    this.#rows += batch.length;
    while (this.#rows - this.#recent[0]!.length >= SAMPLE_ROWS) this.#rows -= this.#recent.shift()!.length;
  }

  /** The latest rows, oldest first, when any came since the last call; null otherwise. */
  take(): Batch | null {
    if (this.seen === this.#taken) return null;
    this.#taken = this.seen;
    const first = this.#recent[0]!;
    const builder = new BatchBuilder(first.schema, SAMPLE_ROWS);
    let skip = Math.max(0, this.#rows - SAMPLE_ROWS);
    for (const batch of this.#recent) {
      builder.appendRange(batch, Math.min(skip, batch.length), batch.length);
      skip = Math.max(0, skip - batch.length);
    }
    return builder.finish();
  }
}

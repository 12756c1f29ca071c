/** Cuts the rows of batches into groups of a size, across batches; the last one waits to be filled. */
import type { Batch } from '../../../core/batch.ts';
import type { RowRange } from './row-texts.ts';

export class RowGroups {
  /** Rows of a group. */
  readonly size: number;
  #ranges: RowRange[] = [];
  #rows = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** Rows that wait for their group to be filled. */
  get waiting(): number {
    return this.#rows;
  }

  /** The groups that the batch fills. */
  add(batch: Batch): readonly (readonly RowRange[])[] {
    const full: (readonly RowRange[])[] = [];
    for (let start = 0; start < batch.length;) {
      const end = Math.min(batch.length, start + this.size - this.#rows);
      this.#ranges.push({ batch, start, end });
      this.#rows += end - start;
      start = end;
      if (this.#rows === this.size) full.push(this.take());
    }
    return full;
  }

  /** What waits, which is then gone. */
  take(): readonly RowRange[] {
    const ranges = this.#ranges;
    this.#ranges = [];
    this.#rows = 0;
    return ranges;
  }
}

/** Which rows a subtask of a source that makes row n from n alone makes next, in ascending order, over the splits it owns. */

/** Row n belongs to split n % 128: the splits are dealt out over the subtasks, so that any parallelism gives the same rows. */
export const SPLITS = 128;

export type SplitProgress = {
  readonly split: number;
  /** Number of its next row. */
  readonly next: number;
};

export class RowNumbers {
  /** Ascending. */
  readonly #splits: readonly number[];
  readonly #end: number;
  /** Rows of a split below its floor were made before a restore. All floors are at most `#behindUntil`. */
  readonly #floors: Float64Array;
  readonly #behindUntil: number;
  /** The next row is that of split `#splits[#index]` in the block of rows from `#block` on. */
  #block: number;
  #index = 0;

  /** `end`: number behind the last row, Infinity for no end. Splits that `progress` does not name start at their first row. */
  constructor(subtask: number, parallelism: number, end: number, progress: readonly SplitProgress[]) {
    this.#splits = Array.from({ length: SPLITS }, (_, split) => split).filter(
      (split) => split % parallelism === subtask,
    );
    this.#end = end;
    this.#floors = Float64Array.from({ length: SPLITS }, (_, split) => split);
    for (const { split, next } of progress) this.#floors[split] = next;
    const floors = this.#splits.map((split) => this.#floors[split]!);
    this.#behindUntil = Math.max(0, ...floors);
    this.#block = floors.length === 0 ? Infinity : Math.floor(Math.min(...floors) / SPLITS) * SPLITS;
  }

  get isAtEnd(): boolean {
    return this.#splits.length === 0 || this.#block + this.#splits[this.#index]! >= this.#end;
  }

  /** Up to `limit` next row numbers. */
  take(limit: number): BigInt64Array<ArrayBuffer> {
    const numbers = new BigInt64Array(limit);
    // Written as two 32-bit words: making a bigint of each would cost more than all the rest.
    const words = new Int32Array(numbers.buffer);
    const splits = this.#splits;
    let count = 0;
    while (count < limit && !this.isAtEnd) {
      const n = this.#block + splits[this.#index]!;
      if (n >= this.#behindUntil || n >= this.#floors[splits[this.#index]!]!) {
        words[2 * count] = n;
        words[2 * count + 1] = n / 0x1_0000_0000;
        count++;
      }
      if (++this.#index === splits.length) {
        this.#index = 0;
        this.#block += SPLITS;
      }
    }
    return count === limit ? numbers : numbers.slice(0, count);
  }

  /** Where each split of this subtask stands. */
  get progress(): readonly SplitProgress[] {
    return this.#splits.map((split, i) => {
      const next = this.#block + split + (i < this.#index ? SPLITS : 0);
      return { split, next: Math.max(next, this.#floors[split]!) };
    });
  }
}

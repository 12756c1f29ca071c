/** Chooses what leaves a cache, by a clock: an entry that was used since the hand went by is spared once. */

/** The slot has an entry. */
export const LIVE = 1;
/** It is on disk, if perhaps with an older value. */
export const STORED = 2;
/** Its value is not. */
export const DIRTY = 4;
/** It was used since the clock's hand went by. */
export const USED = 8;

export class Clock {
  #hand = 0;

  /** Up to `count` slots by their `flags`, which are not `LIVE` any more after it. */
  choose(flags: Int32Array, count: number, isPinned: (slot: number) => boolean): Int32Array {
    const chosen = new Int32Array(count);
    let found = 0;
    // Twice around at most: the first round may only take the marks off.
    for (let looked = 0; found < count && looked < 2 * flags.length; looked++) {
      const slot = this.#hand;
      this.#hand = (this.#hand + 1) % flags.length;
      const flag = flags[slot]!;
      if ((flag & LIVE) === 0 || isPinned(slot)) continue;
      if ((flag & USED) !== 0 && looked < flags.length) {
        flags[slot] = flag & ~USED;
        continue;
      }
      chosen[found++] = slot;
      // The second round must not choose it again.
      flags[slot] = flag & ~LIVE;
    }
    return chosen.subarray(0, found);
  }
}

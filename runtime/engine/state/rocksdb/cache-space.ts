/**
 * How many entries a cache may hold in its share of memory. Its arrays double as it grows, so the bound is a power of two of slots, and
 * entries leave before it is reached: what a batch adds must fit without growing.
 */
const LEAST_SLOTS = 64;

export class CacheSpace {
  readonly #shareBytes: () => number;
  #sizeBefore = 0;
  /** Most entries that one batch added. */
  #batchEntries = 0;

  constructor(shareBytes: () => number) {
    this.#shareBytes = shareBytes;
  }

  /** How many entries have to leave; `slots`: length of the arrays. */
  surplus(cache: { readonly size: number; readonly bytes: number }, slots: number): number {
    const { size } = cache;
    this.#batchEntries = Math.max(this.#batchEntries, size - this.#sizeBefore);
    this.#sizeBefore = size;
    if (size < LEAST_SLOTS) return 0;
    // Not worth asking for bytes, which takes time, before the arrays are about to grow.
    if (size + this.#batchEntries < slots) return 0;
    const most = this.#mostSlots(cache.bytes / slots);
    const room = Math.min(this.#batchEntries, most >> 1);
    if (size + room <= most) return 0;
    // An eighth more, so that it does not start again with the next batch.
    const surplus = size + room - most + (most >> 3);
    this.#sizeBefore = Math.max(0, size - surplus);
    return surplus;
  }

  /** Highest power of two of slots that the share has room for. */
  #mostSlots(bytesPerSlot: number): number {
    const affordable = this.#shareBytes() / bytesPerSlot;
    let most = LEAST_SLOTS;
    while (most * 2 <= affordable) most *= 2;
    return most;
  }
}

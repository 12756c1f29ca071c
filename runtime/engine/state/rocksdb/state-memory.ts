/** What the tables of one worker may take of memory for their caches: an equal share each. */
const MIB = 2 ** 20;
/** Of the budget: the rest is RocksDB's own, for writes that are not yet in files and for the blocks of those it reads. */
const CACHE_PART = 0.5;
const LEAST_WRITE_BUFFER = 1 * MIB;
const MOST_WRITE_BUFFER = 64 * MIB;
/** RocksDB's block cache has this size in each database, or none. */
const BLOCK_CACHE = 32 * MIB;

export class StateMemory {
  readonly #budget: number;
  #tables = 0;
  #databases = 0;

  constructor(budgetBytes: number) {
    this.#budget = budgetBytes;
  }

  join(): void {
    this.#tables++;
  }

  leave(): void {
    this.#tables--;
  }

  /** For the cache of one table, as of now. */
  get cacheBytes(): number {
    return (this.#budget * CACHE_PART) / Math.max(1, this.#tables);
  }

  /** For a database that is about to be opened. How many more there will be is not known: the first leaves room for a second. */
  databaseOptions(): { readonly writeBufferBytes: number; readonly hasBlockCache: boolean } {
    const part = (this.#budget * (1 - CACHE_PART)) / Math.max(2, ++this.#databases);
    const hasBlockCache = part >= 2 * BLOCK_CACHE;
    // There are two of them: one is filled while the other is written to a file.
    const buffer = (hasBlockCache ? part - BLOCK_CACHE : part) / 2;
    return {
      hasBlockCache,
      writeBufferBytes: Math.round(Math.min(MOST_WRITE_BUFFER, Math.max(LEAST_WRITE_BUFFER, buffer))),
    };
  }
}

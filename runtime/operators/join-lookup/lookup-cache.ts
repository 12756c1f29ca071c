/** What was found lately, by key: the least recently used goes first, and what is too old counts no more. */
import type { MapKey } from './key-reader.ts';
import type { Matches } from './lookup-table.ts';

interface Entry {
  readonly matches: Matches;
  /** ms since the epoch, from which on it does not count. */
  readonly until: number;
}

export class LookupCache {
  /** From the least to the most recently used. */
  readonly #entries = new Map<MapKey, Entry>();
  readonly #ttlMs: number;
  readonly #maxEntries: number;

  /** `ttlMs` 0: remembers nothing. */
  constructor(options: { readonly ttlMs: number; readonly maxEntries: number }) {
    this.#ttlMs = options.ttlMs;
    this.#maxEntries = options.maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: MapKey, now: number): Matches | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.until <= now) return undefined;
    this.#entries.set(key, entry);
    return entry.matches;
  }

  set(key: MapKey, matches: Matches, now: number): void {
    if (this.#ttlMs === 0) return;
    this.#entries.delete(key);
    this.#entries.set(key, { matches, until: now + this.#ttlMs });
    if (this.#entries.size <= this.#maxEntries) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}

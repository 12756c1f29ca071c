/** How many entries each namespace has, and how many of them are on disk. Kept in memory and in snapshots. */
import { SortedNumbers } from '../sorted-numbers.ts';

interface Counts {
  total: number;
  stored: number;
}

export class NamespaceCounts {
  readonly #counts = new Map<number, Counts>();
  readonly #sorted = new SortedNumbers();
  /** Over all namespaces. */
  total = 0;
  stored = 0;

  /** Entries that were made. */
  add(namespace: number, count: number): void {
    this.#of(namespace).total += count;
    this.total += count;
  }

  /** Entries that were in memory only and are on disk now. */
  store(namespace: number, count: number): void {
    this.#of(namespace).stored += count;
    this.stored += count;
  }

  /** Removes one entry. */
  remove(namespace: number, isStored: boolean): void {
    const counts = this.#of(namespace);
    counts.total--;
    this.total--;
    if (isStored) {
      counts.stored--;
      this.stored--;
    }
    if (counts.total === 0) this.#forget(namespace);
  }

  removeNamespace(namespace: number): void {
    const counts = this.#counts.get(namespace);
    if (counts === undefined) return;
    this.total -= counts.total;
    this.stored -= counts.stored;
    this.#forget(namespace);
  }

  storedIn(namespace: number): number {
    return this.#counts.get(namespace)?.stored ?? 0;
  }

  /** Those with entries, ascending. */
  namespaces(): readonly number[] {
    return this.#sorted.values;
  }

  /** Namespace and entries, ascending. */
  entries(): readonly (readonly [number, number])[] {
    return this.namespaces().map((namespace) => [namespace, this.#counts.get(namespace)!.total]);
  }

  #of(namespace: number): Counts {
    let counts = this.#counts.get(namespace);
    if (counts === undefined) {
      counts = { total: 0, stored: 0 };
      this.#counts.set(namespace, counts);
      this.#sorted.add(namespace + 0);
    }
    return counts;
  }

  #forget(namespace: number): void {
    this.#counts.delete(namespace);
    this.#sorted.delete(namespace);
  }
}

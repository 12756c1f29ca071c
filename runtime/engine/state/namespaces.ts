/**
 * Which entries a namespace has, in order of making: a doubly linked list per namespace through arrays indexed by slot, so
 * that adding and removing an entry costs no object and no search.
 */
import { mix32, mixWord } from '../../core/hash.ts';
import { SortedNumbers } from './sorted-numbers.ts';

const END = -1;

/** Namespaces go by small ids while they have entries: an id fits the hot loop's integer arrays, a double does not. */
export class Namespaces {
  /** Id of each slot's namespace. */
  idOf: Int32Array;
  #next: Int32Array;
  #previous: Int32Array;
  readonly #ids = new Map<number, number>();
  readonly #freeIds: number[] = [];
  readonly #values: number[] = [];
  readonly #hashes: number[] = [];
  readonly #heads: number[] = [];
  readonly #tails: number[] = [];
  readonly #counts: number[] = [];
  readonly #sorted = new SortedNumbers();

  constructor(slots: number) {
    this.idOf = new Int32Array(slots);
    this.#next = new Int32Array(slots);
    this.#previous = new Int32Array(slots);
  }

  get bytes(): number {
    return this.idOf.byteLength * 3 + this.#ids.size * 110;
  }

  grow(slots: number): void {
    this.idOf = grown(this.idOf, slots);
    this.#next = grown(this.#next, slots);
    this.#previous = grown(this.#previous, slots);
  }

  /** Id of a namespace; -1 when it has none and `make` is false. A made one must be given an entry. */
  id(value: number, make: boolean): number {
    const known = this.#ids.get(value);
    if (known !== undefined || !make) return known ?? -1;
    const id = this.#freeIds.pop() ?? this.#values.length;
    // Map takes -0 for 0, and so must all else.
    this.#values[id] = value + 0;
    this.#hashes[id] = hashOfNumber(value);
    this.#heads[id] = END;
    this.#tails[id] = END;
    this.#counts[id] = 0;
    this.#ids.set(value, id);
    this.#sorted.add(value + 0);
    return id;
  }

  hash(id: number): number {
    return this.#hashes[id]!;
  }

  valueOf(slot: number): number {
    return this.#values[this.idOf[slot]!]!;
  }

  append(slot: number, id: number): void {
    const tail = this.#tails[id]!;
    this.idOf[slot] = id;
    this.#next[slot] = END;
    this.#previous[slot] = tail;
    if (tail === END) this.#heads[id] = slot;
    else this.#next[tail] = slot;
    this.#tails[id] = slot;
    this.#counts[id]!++;
  }

  unlink(slot: number): void {
    const id = this.idOf[slot]!;
    const next = this.#next[slot]!;
    const previous = this.#previous[slot]!;
    if (previous === END) this.#heads[id] = next;
    else this.#next[previous] = next;
    if (next === END) this.#tails[id] = previous;
    else this.#previous[next] = previous;
    if (--this.#counts[id]! === 0) this.#forget(id);
  }

  /** As if it had been made last. */
  moveToEnd(slot: number): void {
    const id = this.idOf[slot]!;
    const next = this.#next[slot]!;
    if (next === END) return;
    const previous = this.#previous[slot]!;
    const tail = this.#tails[id]!;
    if (previous === END) this.#heads[id] = next;
    else this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#next[tail] = slot;
    this.#previous[slot] = tail;
    this.#next[slot] = END;
    this.#tails[id] = slot;
  }

  /** First slot of the namespace with this id, in order of making; -1 when there is none. */
  first(id: number): number {
    return this.#heads[id]!;
  }

  /** The slot made after this one in the same namespace, or -1. */
  after(slot: number): number {
    return this.#next[slot]!;
  }

  #forget(id: number): void {
    this.#ids.delete(this.#values[id]!);
    this.#sorted.delete(this.#values[id]!);
    this.#freeIds.push(id);
  }

  clear(): void {
    this.#ids.clear();
    this.#freeIds.length = 0;
    for (const list of [this.#values, this.#hashes, this.#heads, this.#tails, this.#counts]) list.length = 0;
    this.#sorted.clear();
  }

  /** Those with entries, ascending. */
  values(): readonly number[] {
    return this.#sorted.values;
  }

  count(value: number): number {
    const id = this.#ids.get(value);
    return id === undefined ? 0 : this.#counts[id]!;
  }
}

const scratch = new Float64Array(1);
const words = new Int32Array(scratch.buffer);

function hashOfNumber(value: number): number {
  scratch[0] = value + 0;
  return mix32(mixWord(mixWord(0, words[0]!), words[1]!));
}

export function grown<T extends Int32Array | Float64Array | BigInt64Array | Uint8Array>(array: T, length: number): T {
  const out = new (array.constructor as new (length: number) => T)(length);
  out.set(array as never);
  return out;
}

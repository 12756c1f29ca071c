/**
 * Timers in typed arrays: a binary heap by time, then by making, and an index by key and time through which a timer is found to
 * be removed, or not made twice. No object a timer; about 45 bytes each. A key is a number.
 */
import { mix32, mixWord } from '../../../core/hash.ts';
import { grown } from '../namespaces.ts';

const FIRST_TIMERS = 16;
/** Cells of the index for each timer: at most half of them are taken. */
const CELLS_PER_TIMER = 2;

/** Timers in any order: that number i is at `at[i]`, all else of it under its id. */
export interface TimerRows {
  readonly at: Float64Array;
  readonly ids: Int32Array;
  /** By id. */
  readonly keys: Int32Array;
  /** By id: rises with each timer made. */
  readonly order: Float64Array;
}

export class TimerHeap {
  size = 0;
  /** By place in the heap; place 0 is the earliest. */
  #at = new Float64Array(FIRST_TIMERS);
  #ids = new Int32Array(FIRST_TIMERS);
  /** By id. A free id's key is the next free one + 1. */
  #keys = new Int32Array(FIRST_TIMERS);
  #order = new Float64Array(FIRST_TIMERS);
  #places = new Int32Array(FIRST_TIMERS);
  #used = 0;
  #free = 0;
  /** Id + 1; 0 = empty. */
  #cells = new Int32Array(FIRST_TIMERS * CELLS_PER_TIMER);
  #lastOrder = 0;

  /** Infinity when there is none. */
  get nextAt(): number {
    return this.size === 0 ? Infinity : this.#at[0]!;
  }

  get bytes(): number {
    return (
      this.#at.byteLength +
      this.#ids.byteLength +
      this.#keys.byteLength +
      this.#order.byteLength +
      this.#places.byteLength +
      this.#cells.byteLength
    );
  }

  /** False when there is one already. */
  add(key: number, at: number): boolean {
    return this.#insert(key, at + 0, this.#lastOrder + 1);
  }

  /** Timers of before, none of them known here. */
  restore(keys: Int32Array, at: Float64Array, order: Float64Array): void {
    for (let i = 0; i < keys.length; i++) this.#insert(keys[i]!, at[i]!, order[i]!);
  }

  #insert(key: number, at: number, order: number): boolean {
    if (this.size === this.#at.length) this.#grow();
    const mask = this.#cells.length - 1;
    let cell = hashOf(key, at) & mask;
    for (; this.#cells[cell] !== 0; cell = (cell + 1) & mask) {
      const other = this.#cells[cell]! - 1;
      if (this.#keys[other] === key && this.#at[this.#places[other]!] === at) return false;
    }
    const id = this.#takeId();
    this.#cells[cell] = id + 1;
    this.#keys[id] = key;
    this.#order[id] = order;
    if (order > this.#lastOrder) this.#lastOrder = order;
    this.#rise(this.size++, at, id);
    return true;
  }

  /** False when there is none. */
  remove(key: number, at: number): boolean {
    const mask = this.#cells.length - 1;
    for (let cell = hashOf(key, at + 0) & mask; this.#cells[cell] !== 0; cell = (cell + 1) & mask) {
      const id = this.#cells[cell]! - 1;
      if (this.#keys[id] !== key || this.#at[this.#places[id]!] !== at) continue;
      this.#removeCell(cell);
      this.#removeAt(this.#places[id]!);
      return true;
    }
    return false;
  }

  /** Takes timers due at or before `time`, as many as the arrays hold, in order; returns how many. */
  take(time: number, at: Float64Array, keys: Int32Array): number {
    let count = 0;
    while (count < at.length && this.size > 0 && this.#at[0]! <= time) {
      const id = this.#ids[0]!;
      at[count] = this.#at[0]!;
      keys[count++] = this.#keys[id]!;
      this.#removeCell(this.#cellOf(id));
      this.#removeAt(0);
    }
    return count;
  }

  /** Copied as it lies, which is quick. */
  copy(): TimerRows {
    return {
      at: this.#at.slice(0, this.size),
      ids: this.#ids.slice(0, this.size),
      keys: this.#keys.slice(0, this.#used),
      order: this.#order.slice(0, this.#used),
    };
  }

  #takeId(): number {
    if (this.#free === 0) return this.#used++;
    const id = this.#free - 1;
    this.#free = this.#keys[id]!;
    return id;
  }

  #cellOf(id: number): number {
    const mask = this.#cells.length - 1;
    let cell = hashOf(this.#keys[id]!, this.#at[this.#places[id]!]!) & mask;
    while (this.#cells[cell] !== id + 1) cell = (cell + 1) & mask;
    return cell;
  }

  /** Cells behind move up as long as they do not pass their first one: so a search ends at the first empty cell. */
  #removeCell(hole: number): void {
    const mask = this.#cells.length - 1;
    for (let cell = (hole + 1) & mask; this.#cells[cell] !== 0; cell = (cell + 1) & mask) {
      const id = this.#cells[cell]! - 1;
      const first = hashOf(this.#keys[id]!, this.#at[this.#places[id]!]!);
      if (((cell - first) & mask) >= ((cell - hole) & mask)) {
        this.#cells[hole] = id + 1;
        hole = cell;
      }
    }
    this.#cells[hole] = 0;
  }

  /** The last timer takes the place of the one removed, and finds its own from there. */
  #removeAt(place: number): void {
    const id = this.#ids[place]!;
    this.#keys[id] = this.#free;
    this.#free = id + 1;
    const last = --this.size;
    if (place === last) return;
    const at = this.#at[last]!;
    const moved = this.#ids[last]!;
    const parent = (place - 1) >> 1;
    const isEarlier = place > 0 && this.#isBefore(at, moved, this.#at[parent]!, this.#ids[parent]!);
    if (isEarlier) this.#rise(place, at, moved);
    else this.#sink(place, at, moved);
  }

  #rise(place: number, at: number, id: number): void {
    const ats = this.#at;
    const ids = this.#ids;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(at, id, ats[parent]!, ids[parent]!)) break;
      this.#put(place, ats[parent]!, ids[parent]!);
      place = parent;
    }
    this.#put(place, at, id);
  }

  #sink(place: number, at: number, id: number): void {
    const { size } = this;
    const ats = this.#at;
    const ids = this.#ids;
    for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
      const other = child + 1;
      if (other < size && this.#isBefore(ats[other]!, ids[other]!, ats[child]!, ids[child]!)) child = other;
      if (this.#isBefore(at, id, ats[child]!, ids[child]!)) break;
      this.#put(place, ats[child]!, ids[child]!);
      place = child;
    }
    this.#put(place, at, id);
  }

  #put(place: number, at: number, id: number): void {
    this.#at[place] = at;
    this.#ids[place] = id;
    this.#places[id] = place;
  }

  /** Those of several subtasks may have been made at the same time. */
  #isBefore(at: number, id: number, otherAt: number, other: number): boolean {
    if (at !== otherAt) return at < otherAt;
    const order = this.#order[id]!;
    const otherOrder = this.#order[other]!;
    return order !== otherOrder ? order < otherOrder : id < other;
  }

  #grow(): void {
    const length = this.#at.length * 2;
    this.#at = grown(this.#at, length);
    this.#ids = grown(this.#ids, length);
    this.#keys = grown(this.#keys, length);
    this.#order = grown(this.#order, length);
    this.#places = grown(this.#places, length);
    this.#cells = new Int32Array(length * CELLS_PER_TIMER);
    const mask = this.#cells.length - 1;
    for (let place = 0; place < this.size; place++) {
      const id = this.#ids[place]!;
      let cell = hashOf(this.#keys[id]!, this.#at[place]!) & mask;
      while (this.#cells[cell] !== 0) cell = (cell + 1) & mask;
      this.#cells[cell] = id + 1;
    }
  }
}

const scratch = new Float64Array(1);
const words = new Int32Array(scratch.buffer);

function hashOf(key: number, at: number): number {
  scratch[0] = at;
  return mix32(mixWord(mixWord(key, words[0]!), words[1]!));
}

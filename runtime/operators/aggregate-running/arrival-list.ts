import type { Json } from '../../core/state.ts';
import type { Primitive } from '../shared/aggregates/distinct-values.ts';
import { sizeOfMember } from '../shared/aggregates/value-codec.ts';
import type { KeptValues } from './signed-values.ts';

const EMPTY_BYTES = 300;
/** Of a value besides its own: its place in the list, and an entry that finds it. */
const PLACE_BYTES = 120;
/** A list may have so many gaps more than values. */
const SPARE_GAPS = 16;

/** Where equal values stand, ascending; the first `taken` are gaps by now. */
interface Places {
  readonly at: number[];
  taken: number;
}

/**
 * Values in order of arrival. What is taken back is the first that is equal, as in Flink's FIRST_VALUE, LAST_VALUE and LISTAGG; one
 * that never came is ignored. A value that goes leaves a gap, so that nothing is searched or moved.
 */
export class ArrivalList implements KeptValues {
  /** `undefined` is a gap; the first value stands at `#head`, the last at the end. */
  #values: (Primitive | undefined)[] = [];
  #head = 0;
  #size = 0;
  readonly #places = new Map<Primitive, Places>();

  get size(): number {
    return this.#size;
  }

  /** Of a list with values. */
  get first(): Primitive {
    return this.#values[this.#head]!;
  }

  /** Of a list with values. */
  get last(): Primitive {
    return this.#values.at(-1)!;
  }

  all(): Primitive[] {
    return this.#values.filter((value) => value !== undefined);
  }

  add(value: Primitive): void {
    const places = this.#places.get(value);
    if (places === undefined) this.#places.set(value, { at: [this.#values.length], taken: 0 });
    else places.at.push(this.#values.length);
    this.#values.push(value);
    this.#size++;
  }

  takeBack(value: Primitive): void {
    const places = this.#places.get(value);
    if (places === undefined) return;
    this.#values[places.at[places.taken++]!] = undefined;
    if (places.taken === places.at.length) this.#places.delete(value);
    this.#size--;
    while (this.#head < this.#values.length && this.#values[this.#head] === undefined) this.#head++;
    while (this.#values.length > this.#head && this.#values.at(-1) === undefined) this.#values.pop();
    if (this.#values.length > 2 * this.#size + SPARE_GAPS) this.#closeGaps();
  }

  #closeGaps(): void {
    const all = this.all();
    this.#values = [];
    this.#head = 0;
    this.#size = 0;
    this.#places.clear();
    for (const value of all) this.add(value);
  }

  toJson(write: (value: Primitive) => Json): Json {
    return this.all().map(write);
  }

  restore(json: Json, read: (json: Json) => Primitive): void {
    for (const value of json as readonly Json[]) this.add(read(value));
  }

  get bytes(): number {
    const own = this.#size === 0 ? 0 : sizeOfMember(this.first);
    return EMPTY_BYTES + this.#size * (PLACE_BYTES + own);
  }
}

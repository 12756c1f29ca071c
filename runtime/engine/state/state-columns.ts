/** The values of entries: one array a state column, indexed by slot. */
import { assert } from '../../core/errors.ts';
import type { StateColumnSpec } from '../../core/state.ts';
import type { SlotArrays } from './entry-index.ts';
import { grown } from './namespaces.ts';

type Numbers = Float64Array | BigInt64Array | Int32Array;

export class StateColumns implements SlotArrays {
  readonly #numbers = new Map<string, Numbers>();
  readonly #objects = new Map<string, unknown[]>();

  constructor(specs: readonly StateColumnSpec[]) {
    for (const { name, type } of specs) {
      assert(!this.#numbers.has(name) && !this.#objects.has(name), `two state columns "${name}"`);
      if (type === 'bytes' || type === 'object') this.#objects.set(name, []);
      else this.#numbers.set(name, emptyArray(type));
    }
  }

  get bytes(): number {
    let bytes = 0;
    for (const array of this.#numbers.values()) bytes += array.byteLength;
    for (const array of this.#objects.values()) bytes += array.length * 8;
    return bytes;
  }

  f64(name: string): Float64Array {
    const array = this.#numbers.get(name);
    assert(array instanceof Float64Array, `no f64 state column "${name}"`);
    return array;
  }

  i64(name: string): BigInt64Array {
    const array = this.#numbers.get(name);
    assert(array instanceof BigInt64Array, `no i64 state column "${name}"`);
    return array;
  }

  i32(name: string): Int32Array {
    const array = this.#numbers.get(name);
    assert(array instanceof Int32Array, `no i32 state column "${name}"`);
    return array;
  }

  objects(name: string): unknown[] {
    const array = this.#objects.get(name);
    assert(array !== undefined, `no state column of bytes or objects "${name}"`);
    return array;
  }

  grow(slots: number): void {
    for (const [name, array] of this.#numbers) this.#numbers.set(name, grown<Numbers>(array, slots));
    // Filled, so that the array stays dense.
    for (const array of this.#objects.values()) while (array.length < slots) array.push(undefined);
  }

  free(slot: number): void {
    for (const array of this.#numbers.values()) {
      if (array instanceof BigInt64Array) array[slot] = 0n;
      else array[slot] = 0;
    }
    for (const array of this.#objects.values()) array[slot] = undefined;
  }

  renew(slot: number): void {
    this.free(slot);
  }

  freeAll(slots: number): void {
    for (const array of this.#numbers.values()) {
      if (array instanceof BigInt64Array) array.fill(0n, 0, slots);
      else array.fill(0, 0, slots);
    }
    for (const array of this.#objects.values()) array.fill(undefined, 0, slots);
  }
}

function emptyArray(type: 'f64' | 'i64' | 'i32'): Numbers {
  switch (type) {
    case 'f64':
      return new Float64Array(0);
    case 'i64':
      return new BigInt64Array(0);
    case 'i32':
      return new Int32Array(0);
  }
}

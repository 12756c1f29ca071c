/**
 * The entries of a namespace, some at a time, in order of making. Entries come and go between calls, so a scan keeps no place in
 * the list but the number of the last entry it gave: an entry it gave before that is still there, or the list's head, leads back to it.
 */
import type { EntryScan } from '../../core/state.ts';
import type { EntryIndex } from './entry-index.ts';

const NONE = new Int32Array(0);

export class NamespaceScan implements EntryScan {
  readonly #index: EntryIndex;
  readonly #namespace: number;
  #lastSerial = 0;
  #given: Int32Array = NONE;

  constructor(index: EntryIndex, namespace: number) {
    this.#index = index;
    this.#namespace = namespace;
  }

  next(max: number): Int32Array {
    const { namespaces, serialOf } = this.#index;
    const id = namespaces.id(this.#namespace, false);
    if (id < 0) return NONE;
    const out = new Int32Array(Math.min(max, namespaces.count(this.#namespace)));
    let count = 0;
    for (let slot = this.#start(id); slot >= 0 && count < out.length; slot = namespaces.after(slot)) {
      if (serialOf[slot]! > this.#lastSerial) out[count++] = slot;
    }
    this.#given = out.subarray(0, count);
    if (count > 0) this.#lastSerial = serialOf[out[count - 1]!]!;
    return this.#given;
  }

  /** An entry at or before the last one given. */
  #start(id: number): number {
    const { namespaces, serialOf } = this.#index;
    for (let i = this.#given.length - 1; i >= 0; i--) {
      const slot = this.#given[i]!;
      const serial = serialOf[slot]!;
      if (serial > 0 && serial <= this.#lastSerial && namespaces.idOf[slot] === id) return slot;
    }
    return namespaces.first(id);
  }
}

/** Keyed state in typed arrays: an index of entries, their keys and their columns. */
import type { ColumnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import { hashRows, keyGroupOf } from '../../core/hash.ts';
import type { KeyedTable, TableSpec } from '../../core/state.ts';
import { EntryIndex } from './entry-index.ts';
import { keyStore, type KeyStore } from './key-store.ts';
import { StateColumns } from './state-columns.ts';

/** Objects looked at to estimate the size of all. */
const SAMPLE = 64;

export class MemoryTable implements KeyedTable {
  readonly spec: TableSpec;
  readonly #index = new EntryIndex();
  readonly #keys: KeyStore;
  readonly #columns: StateColumns;
  #hashes = new Int32Array(0);
  #namespaceIds = new Int32Array(0);

  constructor(spec: TableSpec) {
    this.spec = spec;
    this.#keys = keyStore(spec.keys);
    this.#columns = new StateColumns(spec.columns);
    this.#index.attach(this.#keys);
    this.#index.attach(this.#columns);
  }

  get size(): number {
    return this.#index.size;
  }

  get bytes(): number {
    return this.#index.bytes + this.#keys.bytes + this.#columns.bytes + this.#objectBytes();
  }

  slots(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void {
    this.#locate(keys, count, namespaces, out, true);
  }

  find(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void {
    this.#locate(keys, count, namespaces, out, false);
  }

  #locate(
    keys: readonly Column[],
    count: number,
    namespaces: Float64Array | null,
    out: Int32Array,
    make: boolean,
  ): void {
    if (count === 0) return;
    if (this.#hashes.length < count) {
      this.#hashes = new Int32Array(count);
      this.#namespaceIds = new Int32Array(count);
    }
    hashRows(keys, count, this.#hashes);
    this.#mixNamespaces(namespaces, count, make);
    this.#keys.load(keys, count);
    this.#keys.locate(this.#index, this.#hashes, this.#namespaceIds, count, out, make);
  }

  /** Namespace ids of the rows, and their hashes on top of the keys'. Rows mostly come in runs of one namespace. */
  #mixNamespaces(values: Float64Array | null, count: number, make: boolean): void {
    const { namespaces } = this.#index;
    const hashes = this.#hashes;
    const ids = this.#namespaceIds;
    if (values === null) {
      const id = namespaces.id(0, make);
      const hash = id < 0 ? 0 : namespaces.hash(id);
      for (let i = 0; i < count; i++) hashes[i]! ^= hash;
      ids.fill(id, 0, count);
      return;
    }
    let last = values[0]!;
    let id = namespaces.id(last, make);
    let hash = id < 0 ? 0 : namespaces.hash(id);
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (value !== last) {
        last = value;
        id = namespaces.id(value, make);
        hash = id < 0 ? 0 : namespaces.hash(id);
      }
      ids[i] = id;
      hashes[i]! ^= hash;
    }
  }

  f64(column: string): Float64Array {
    return this.#columns.f64(column);
  }

  i64(column: string): BigInt64Array {
    return this.#columns.i64(column);
  }

  i32(column: string): Int32Array {
    return this.#columns.i32(column);
  }

  objects(column: string): unknown[] {
    return this.#columns.objects(column);
  }

  namespaceOf(slot: number): number {
    return this.#index.namespaces.valueOf(slot);
  }

  namespaces(): readonly number[] {
    return this.#index.namespaces.values();
  }

  slotsOf(namespace: number): Int32Array {
    const { namespaces } = this.#index;
    const out = new Int32Array(namespaces.count(namespace));
    namespaces.slotsOf(namespace, out, 0);
    return out;
  }

  allSlots(): Int32Array {
    const { namespaces } = this.#index;
    const out = new Int32Array(this.size);
    let at = 0;
    for (const namespace of namespaces.values()) at = namespaces.slotsOf(namespace, out, at);
    return out;
  }

  slotIn(slot: number, namespace: number): number {
    const index = this.#index;
    const { cells, shift, mask, namespaces } = index;
    const id = namespaces.id(namespace, true);
    const hash = index.keyHashOf[slot]! ^ namespaces.hash(id);
    let at = hash >>> shift;
    for (let cell = cells[2 * at + 1]!; cell !== 0; cell = cells[2 * at + 1]!) {
      const other = cell - 1;
      if (cells[2 * at] === hash && namespaces.idOf[other] === id && this.#keys.equal(slot, other)) return other;
      at = (at + 1) & mask;
    }
    const made = index.insert(at, hash, id);
    this.#keys.copy(slot, made);
    return made;
  }

  remove(slot: number): void {
    this.#index.remove(slot);
  }

  removeNamespace(namespace: number): void {
    const { namespaces } = this.#index;
    if (namespaces.count(namespace) === this.size) {
      this.#index.removeAll();
      return;
    }
    for (const slot of this.slotsOf(namespace)) this.#index.remove(slot);
  }

  appendKeys(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void {
    if (builders.length > 0) this.#keys.appendTo(slots, count, builders);
  }

  keyGroupOf(slot: number): number {
    return keyGroupOf(this.#index.keyHashOf[slot]!);
  }

  /** Estimated by a few: operators change objects in place, so no running sum can be kept. */
  #objectBytes(): number {
    let bytes = 0;
    for (const { name, type, codec } of this.spec.columns) {
      if (type !== 'object' || codec === undefined) continue;
      const objects = this.#columns.objects(name);
      const step = Math.max(1, Math.floor(this.#index.usedSlots / SAMPLE));
      let seen = 0;
      let sum = 0;
      for (let slot = 0; slot < this.#index.usedSlots; slot += step) {
        const value = objects[slot];
        if (value === undefined) continue;
        seen++;
        sum += codec.sizeOf(value);
      }
      if (seen > 0) bytes += (sum / seen) * this.size;
    }
    return Math.round(bytes);
  }
}

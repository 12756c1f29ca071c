/** Keyed state in typed arrays: an index of entries, their keys and their columns. */
import type { ColumnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import { hashRows, keyGroupOf } from '../../core/hash.ts';
import { TYPED_ARRAY_BYTES, type EntryScan, type KeyedTable, type TableSpec } from '../../core/state.ts';
import { EntryIndex } from './entry-index.ts';
import { NamespaceScan } from './entry-scan.ts';
import { Expiry } from './expiry.ts';
import type { KeySampler } from './key-sampler.ts';
import { keyStore, type KeyStore } from './key-store.ts';
import { MemoryTableSnapshot } from './memory-table-snapshot.ts';
import { StateColumns } from './state-columns.ts';
import type { KeyGroupRange } from './state-backend.ts';
import { storedColumns } from './table-snapshot.ts';

/** Objects looked at to estimate the size of all. */
const SAMPLE = 64;
/** Entries of a namespace whose slots are listed at a time when it goes. */
const REMOVED_AT_ONCE = 4096;
/** Expired entries that one call of the operator cleans away at most. */
const EXPIRED_AT_ONCE = 1024;

export class MemoryTable implements KeyedTable {
  readonly spec: TableSpec;
  readonly #index = new EntryIndex();
  /** Set while somebody wants to know which keys are asked for. */
  sampler: KeySampler | null = null;
  readonly #keys: KeyStore;
  readonly #columns: StateColumns;
  /** Null when entries live for ever. */
  readonly #expiry: Expiry | null;
  #snapshot: MemoryTableSnapshot | null = null;
  #hashes = new Int32Array(0);
  #namespaceIds = new Int32Array(0);
  readonly #one = new Int32Array(1);

  /** `now`: processing time in ms; asked when the table has a time to live. */
  constructor(spec: TableSpec, now: () => number = () => 0) {
    this.spec = spec;
    this.#keys = keyStore(spec.keys);
    this.#columns = new StateColumns(storedColumns(spec));
    this.#expiry = spec.ttl === undefined ? null : new Expiry(spec.ttl, now, this.#columns);
    this.#index.attach(this.#keys);
    this.#index.attach(this.#columns);
    if (this.#expiry !== null) this.#index.attach(this.#expiry);
  }

  /** As `size`, without looking for those whose time is over. */
  get held(): number {
    return this.#index.size;
  }

  get size(): number {
    this.#expire(Infinity);
    return this.#index.size;
  }

  get bytes(): number {
    const links = this.#expiry?.bytes ?? 0;
    return this.#index.bytes + this.#keys.bytes + this.#columns.bytes + links + this.#objectBytes();
  }

  slots(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void {
    this.sampler?.offer(keys, count);
    const { lastSerial } = this.#index;
    this.#locate(keys, count, namespaces, out, true);
    this.#handOut(out, count, lastSerial);
  }

  find(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void {
    this.sampler?.offer(keys, count);
    this.#locate(keys, count, namespaces, out, false);
    if (this.#expiry === null) return;
    for (let i = 0; i < count; i++) if (out[i]! >= 0 && this.#expiry.isExpired(out[i]!)) out[i] = -1;
    this.#read(this.#expiry, out, count);
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

  /** Entries that the operator may write to; those with a serial above `lastSerial` are new. */
  #handOut(slots: Int32Array, count: number, lastSerial: number): void {
    if (this.#snapshot !== null) this.#snapshot.beforeWrite(slots, count);
    const expiry = this.#expiry;
    if (expiry === null) return;
    const { serialOf } = this.#index;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (serialOf[slot]! <= lastSerial && expiry.isExpired(slot)) this.#index.renew(slot);
      expiry.use(slot);
    }
  }

  /** Living entries (-1: none) that the operator reads. */
  #read(expiry: Expiry, slots: Int32Array, count: number): void {
    if (!expiry.isRead) return;
    this.#snapshot?.beforeWrite(slots, count);
    for (let i = 0; i < count; i++) if (slots[i]! >= 0) expiry.use(slots[i]!);
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
    this.#expire(Infinity);
    return this.#index.namespaces.values();
  }

  scan(namespace: number): EntryScan {
    const scan = new NamespaceScan(this.#index, namespace);
    const expiry = this.#expiry;
    return expiry === null ? scan : { next: (max) => this.#nextLiving(expiry, scan, max) };
  }

  #nextLiving(expiry: Expiry, scan: EntryScan, max: number): Int32Array {
    for (;;) {
      const found = scan.next(max);
      const living = found.filter((slot) => !expiry.isExpired(slot));
      this.#read(expiry, living, living.length);
      if (living.length > 0 || found.length === 0) return living;
    }
  }

  slotsIn(slots: Int32Array, count: number, namespace: number, out: Int32Array): void {
    if (count === 0) return;
    const { lastSerial } = this.#index;
    const id = this.#index.namespaces.id(namespace, true);
    for (let i = 0; i < count; i++) out[i] = this.#slotIn(slots[i]!, id);
    this.#handOut(out, count, lastSerial);
  }

  #slotIn(slot: number, id: number): number {
    const index = this.#index;
    const { cells, shift, mask, namespaces } = index;
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

  touch(slots: Int32Array, count: number): void {
    if (this.#snapshot !== null) this.#snapshot.beforeWrite(slots, count);
    if (this.#expiry !== null) for (let i = 0; i < count; i++) this.#expiry.use(slots[i]!);
  }

  remove(slot: number): void {
    if (this.#snapshot !== null) {
      this.#one[0] = slot;
      this.#snapshot.beforeWrite(this.#one, 1);
    }
    this.#index.remove(slot);
  }

  removeNamespace(namespace: number, max = Infinity): boolean {
    const { namespaces, size } = this.#index;
    // A snapshot under way has to read all that goes: then a part at a time, if that will do.
    if (namespaces.count(namespace) === size && (this.#snapshot === null || max >= size)) {
      this.#snapshot?.readAll();
      this.#index.removeAll();
      return false;
    }
    const scan = new NamespaceScan(this.#index, namespace);
    for (let left = max; left > 0; left -= REMOVED_AT_ONCE) {
      const slots = scan.next(Math.min(left, REMOVED_AT_ONCE));
      if (this.#snapshot !== null) this.#snapshot.beforeWrite(slots, slots.length);
      for (const slot of slots) this.#index.remove(slot);
      if (slots.length === 0) break;
    }
    return namespaces.count(namespace) > 0;
  }

  appendKeys(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void {
    if (builders.length > 0) this.#keys.appendTo(slots, count, builders);
  }

  /** The operator's method has returned. */
  settle(): void {
    if (this.#expiry === null) return;
    this.#expiry.settle();
    this.#expire(EXPIRED_AT_ONCE);
    this.#expiry.settle();
  }

  /** Removes up to `max` expired entries, oldest first. */
  #expire(max: number): void {
    if (this.#expiry === null) return;
    for (let slot = this.#expiry.due; slot >= 0 && max > 0; slot = this.#expiry.due, max--) this.remove(slot);
  }

  /** All entries as they are now. One at a time: for one that is still under way all is read at once. */
  snapshot(range: KeyGroupRange): MemoryTableSnapshot {
    this.#expiry?.settle();
    this.#snapshot?.readAll();
    this.#snapshot = new MemoryTableSnapshot(this, range);
    return this.#snapshot;
  }

  /** The snapshot does not read the table any more. */
  detach(snapshot: MemoryTableSnapshot): void {
    if (this.#snapshot === snapshot) this.#snapshot = null;
  }

  /** Its entries were filled in from a snapshot, times of use among them. */
  restored(): void {
    this.#expiry?.restore(this.#index);
    this.#expiry?.settle();
  }

  /** Entries held, expired ones among them. */
  get entries(): number {
    return this.#index.size;
  }

  /** Slots that were ever in use are below this. */
  get usedSlots(): number {
    return this.#index.usedSlots;
  }

  get lastSerial(): number {
    return this.#index.lastSerial;
  }

  /** Number of an entry in order of making; 0 when the slot is free. */
  serialOf(slot: number): number {
    return this.#index.serialOf[slot]!;
  }

  keyGroupOf(slot: number): number {
    return keyGroupOf(this.#index.keyHashOf[slot]!);
  }

  /** Entries last used then or before have expired. */
  get horizon(): number {
    return this.#expiry?.horizon ?? -Infinity;
  }

  lastUseOf(slot: number): number {
    return this.#expiry?.lastUseOf(slot) ?? 0;
  }

  /** Estimated by a few: operators change objects in place, so no running sum can be kept. */
  #objectBytes(): number {
    let bytes = 0;
    for (const { name, type, codec } of this.spec.columns) {
      if (type !== 'bytes' && type !== 'object') continue;
      const objects = this.#columns.objects(name);
      const step = Math.max(1, Math.floor(this.#index.usedSlots / SAMPLE));
      let seen = 0;
      let sum = 0;
      for (let slot = 0; slot < this.#index.usedSlots; slot += step) {
        const value = objects[slot];
        if (value === undefined) continue;
        seen++;
        sum += codec?.sizeOf(value) ?? TYPED_ARRAY_BYTES + (value as Uint8Array).length;
      }
      if (seen > 0) bytes += (sum / seen) * this.#index.size;
    }
    return Math.round(bytes);
  }
}

/**
 * Keyed state on disk behind a write-back cache. The cache is a `MemoryTable`: what an operator works on is always in it, in typed
 * arrays. Keys that are not in it are fetched for a whole batch at once; entries are written when they leave it, or at a checkpoint.
 * A namespace that has nothing on disk is never looked for there.
 */
import { columnBuilder, type ColumnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import type { EntryScan, KeyedTable, StateColumnSpec, TableSpec } from '../../../core/state.ts';
import type { KeySampler } from '../key-sampler.ts';
import { MemoryTable } from '../memory-table.ts';
import { LAST_USE, storedColumns } from '../table-snapshot.ts';
import { CacheSpace } from './cache-space.ts';
import { Clock, DIRTY, LIVE, STORED, USED } from './clock.ts';
import { DiskKeys, rangeKey } from './disk-keys.ts';
import { DiskRows } from './disk-rows.ts';
import { NamespaceCounts } from './namespace-counts.ts';
import { PackedWriter } from './packed.ts';
import { RemovedKeys } from './removed-keys.ts';
import type { ScannedPairs, TableStore } from './table-store.ts';

/** In the cache only. */
const FLAGS: StateColumnSpec = { name: 'cache flags', type: 'i32' };
/** Entries written between two looks at the batch's size. */
const WRITE_ROWS = 4096;
/** Above every key group: end of a namespace's range. */
const AFTER_KEY_GROUPS = 255;

export interface TableEnvironment {
  readonly store: TableStore;
  /** Bytes that the cache may take, as of now. */
  readonly cacheBytes: () => number;
  /** Processing time in ms since the epoch. */
  readonly now: () => number;
}

export class RocksDbTable implements KeyedTable {
  readonly spec: TableSpec;
  /** As that of a table in memory. */
  sampler: KeySampler | null = null;
  /** First byte of its keys. */
  readonly id: number;
  readonly counts = new NamespaceCounts();
  readonly #store: TableStore;
  readonly #now: () => number;
  readonly #cache: MemoryTable;
  readonly #space: CacheSpace;
  readonly #keys: DiskKeys;
  readonly #rows: DiskRows;
  readonly #ttlMs: number;
  readonly #removed: RemovedKeys;
  readonly #clock = new Clock();
  /** Namespaces that a scan goes through in the cache: their entries stay there. */
  readonly #pinned = new Set<number>();

  constructor(id: number, spec: TableSpec, { store, cacheBytes, now }: TableEnvironment) {
    this.id = id;
    this.spec = spec;
    this.#store = store;
    this.#now = now;
    const columns = storedColumns(spec);
    this.#cache = new MemoryTable({
      name: spec.name,
      keys: spec.keys,
      namespaced: spec.namespaced,
      columns: [...columns, FLAGS],
    });
    this.#space = new CacheSpace(cacheBytes);
    this.#keys = new DiskKeys(id, spec.keys);
    this.#rows = new DiskRows(columns);
    this.#ttlMs = spec.ttl?.ms ?? Infinity;
    this.#removed = new RemovedKeys(spec.keys);
  }

  get size(): number {
    return this.counts.total;
  }

  get bytes(): number {
    return this.#cache.bytes;
  }

  slots(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void {
    this.sampler?.offer(keys, count);
    if (this.counts.stored > 0) this.#fetch(keys, count, namespaces, out);
    this.#cache.slots(keys, count, namespaces, out);
    const flags = this.#cache.i32(FLAGS.name);
    for (let i = 0; i < count; i++) {
      const slot = out[i]!;
      if (flags[slot] === 0) this.counts.add(this.#cache.namespaceOf(slot), 1);
      flags[slot]! |= LIVE | DIRTY | USED;
    }
    if (this.spec.ttl !== undefined) this.#makeYoung(out, count);
  }

  find(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void {
    this.sampler?.offer(keys, count);
    if (this.counts.stored > 0) this.#fetch(keys, count, namespaces, out);
    this.#cache.find(keys, count, namespaces, out);
    const flags = this.#cache.i32(FLAGS.name);
    for (let i = 0; i < count; i++) if (out[i]! >= 0) flags[out[i]!]! |= USED;
    const { ttl } = this.spec;
    if (ttl === undefined) return;
    const lastUse = this.#cache.f64(LAST_USE.name);
    const now = this.#now();
    for (let i = 0; i < count; i++) {
      const slot = out[i]!;
      if (slot < 0) continue;
      // A key may come twice in a batch: by then its entry is gone.
      if ((flags[slot]! & LIVE) === 0) {
        out[i] = -1;
      } else if (lastUse[slot]! + ttl.ms <= now) {
        this.remove(slot);
        out[i] = -1;
      } else if (ttl.update === 'on-read-and-write') {
        lastUse[slot] = now;
        flags[slot]! |= DIRTY;
      }
    }
  }

  /** Entries that are about to be written to: those that are too old begin anew. */
  #makeYoung(slots: Int32Array, count: number): void {
    const lastUse = this.#cache.f64(LAST_USE.name);
    const now = this.#now();
    this.#rows.bind(this.#cache);
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (lastUse[slot]! + this.#ttlMs <= now) this.#rows.clear(slot);
      lastUse[slot] = now;
    }
  }

  /** Puts into the cache what is on disk of the rows' entries and not yet there. */
  #fetch(keys: readonly Column[], count: number, namespaces: Float64Array | null, scratch: Int32Array): void {
    this.#cache.find(keys, count, namespaces, scratch);
    const rows = this.#missing(scratch, count, namespaces);
    if (rows.length === 0) return;
    const columns = this.#gather(keys, rows);
    const namespacesOf = namespaces === null ? null : Float64Array.from(rows, (row) => namespaces[row]!);
    this.#removed.writeTo(this.#store, this.#keys);
    this.#keys.load(columns, rows.length);
    const wanted = new PackedWriter(rows.length * 32);
    for (let i = 0; i < rows.length; i++) this.#keys.write(i, namespacesOf === null ? 0 : namespacesOf[i]!, wanted);
    const values = this.#store.get(wanted.take(), rows.length);
    const found = new Int32Array(rows.length);
    const starts = new Int32Array(rows.length);
    let foundCount = 0;
    for (let i = 0; i < rows.length; i++) {
      if (!values.next()) continue;
      found[foundCount] = i;
      starts[foundCount++] = values.start;
    }
    if (foundCount === 0) return;
    const rowsFound = found.subarray(0, foundCount);
    const slots = new Int32Array(foundCount);
    const at = namespacesOf === null ? null : Float64Array.from(rowsFound, (i) => namespacesOf[i]!);
    this.#cache.slots(this.#gather(columns, rowsFound), foundCount, at, slots);
    const flags = this.#cache.i32(FLAGS.name);
    this.#rows.bind(this.#cache);
    for (let i = 0; i < foundCount; i++) {
      const slot = slots[i]!;
      if (flags[slot] !== 0) continue;
      this.#rows.read(values, starts[i]!, slot);
      flags[slot] = LIVE | STORED;
    }
  }

  /** Rows that are not in the cache and may be on disk. */
  #missing(slots: Int32Array, count: number, namespaces: Float64Array | null): Int32Array {
    const rows = new Int32Array(count);
    let missing = 0;
    let last = NaN;
    let isStored = false;
    for (let i = 0; i < count; i++) {
      if (slots[i]! >= 0) continue;
      const namespace = namespaces === null ? 0 : namespaces[i]!;
      if (namespace !== last) {
        last = namespace;
        isStored = this.counts.storedIn(namespace) > 0;
      }
      if (isStored) rows[missing++] = i;
    }
    return rows.subarray(0, missing);
  }

  #gather(columns: readonly Column[], rows: Int32Array): Column[] {
    return columns.map((column) => {
      const builder = columnBuilder(column.type, rows.length);
      builder.appendRows(column, rows, rows.length);
      return builder.finish();
    });
  }

  f64(column: string): Float64Array {
    return this.#cache.f64(column);
  }

  i64(column: string): BigInt64Array {
    return this.#cache.i64(column);
  }

  i32(column: string): Int32Array {
    return this.#cache.i32(column);
  }

  objects(column: string): unknown[] {
    return this.#cache.objects(column);
  }

  namespaceOf(slot: number): number {
    return this.#cache.namespaceOf(slot);
  }

  namespaces(): readonly number[] {
    return this.counts.namespaces();
  }

  scan(namespace: number): EntryScan {
    if (this.counts.storedIn(namespace) === 0) {
      this.#pinned.add(namespace);
      const scan = this.#cache.scan(namespace);
      return { next: (max) => this.#nextInCache(namespace, scan, max) };
    }
    this.#writeUnstored(namespace);
    let from: Uint8Array = rangeKey(this.id, namespace, 0);
    const to = rangeKey(this.id, namespace, AFTER_KEY_GROUPS);
    let isFromExclusive = false;
    return {
      next: (max) => {
        for (;;) {
          this.#removed.writeTo(this.#store, this.#keys);
          const pairs = this.#store.scan(from, isFromExclusive, to, max);
          if (pairs.count === 0) return NONE;
          from = pairs.lastKey;
          isFromExclusive = true;
          const slots = this.#young(this.#cached(namespace, pairs));
          if (slots.length > 0) return slots;
        }
      },
    };
  }

  #nextInCache(namespace: number, scan: EntryScan, max: number): Int32Array {
    for (;;) {
      const slots = scan.next(max);
      if (slots.length === 0) {
        this.#pinned.delete(namespace);
        return slots;
      }
      const young = this.#young(slots);
      if (young.length > 0) return young;
    }
  }

  /** Slots of entries that were read: those in the cache are newer than what was read. */
  #cached(namespace: number, { reader, count, keyStarts, valueStarts }: ScannedPairs): Int32Array {
    const columns = this.#keys.read(reader, keyStarts, count);
    const slots = new Int32Array(count);
    this.#cache.slots(columns, count, new Float64Array(count).fill(namespace), slots);
    const flags = this.#cache.i32(FLAGS.name);
    this.#rows.bind(this.#cache);
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (flags[slot] !== 0) continue;
      this.#rows.read(reader, valueStarts[i]!, slot);
      flags[slot] = LIVE | STORED;
    }
    return slots;
  }

  /** Without those that are too old. */
  #young(slots: Int32Array): Int32Array {
    if (this.spec.ttl === undefined) return slots;
    const lastUse = this.#cache.f64(LAST_USE.name);
    const now = this.#now();
    return slots.filter((slot) => lastUse[slot]! + this.#ttlMs > now);
  }

  slotsIn(slots: Int32Array, count: number, namespace: number, out: Int32Array): void {
    if (count === 0) return;
    const builders = this.#newKeyBuilders(count);
    this.#cache.appendKeys(slots, count, builders);
    const columns = builders.map((builder) => builder.finish());
    this.slots(columns, count, new Float64Array(count).fill(namespace), out);
  }

  touch(slots: Int32Array, count: number): void {
    const flags = this.#cache.i32(FLAGS.name);
    for (let i = 0; i < count; i++) flags[slots[i]!]! |= DIRTY;
    if (this.spec.ttl === undefined) return;
    const lastUse = this.#cache.f64(LAST_USE.name);
    const now = this.#now();
    for (let i = 0; i < count; i++) lastUse[slots[i]!] = now;
  }

  remove(slot: number): void {
    const namespace = this.#cache.namespaceOf(slot);
    const isStored = (this.#cache.i32(FLAGS.name)[slot]! & STORED) !== 0;
    if (isStored) this.#removed.add(this.#cache, slot, namespace);
    this.#cache.remove(slot);
    this.counts.remove(namespace, isStored);
  }

  removeNamespace(namespace: number): void {
    this.#pinned.delete(namespace);
    if (this.counts.storedIn(namespace) > 0 || !this.#removed.isEmpty) {
      this.#removed.writeTo(this.#store, this.#keys);
      this.#store.deleteRange(rangeKey(this.id, namespace, 0), rangeKey(this.id, namespace, AFTER_KEY_GROUPS));
    }
    this.#cache.removeNamespace(namespace);
    this.counts.removeNamespace(namespace);
  }

  appendKeys(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void {
    this.#cache.appendKeys(slots, count, builders);
  }

  /** Makes room in the cache when it takes more than its share: the operator has returned, entries may move. */
  settle(): void {
    const surplus = this.#space.surplus(this.#cache, this.#cache.i32(FLAGS.name).length);
    if (surplus > 0) this.#evict(surplus);
  }

  /** Writes all that the disk does not have. Slots stay. */
  writeBack(): void {
    const flags = this.#cache.i32(FLAGS.name);
    const dirty = new Int32Array(this.#cache.size);
    let count = 0;
    for (let slot = 0; slot < flags.length; slot++) if ((flags[slot]! & DIRTY) !== 0) dirty[count++] = slot;
    this.#write(dirty.subarray(0, count));
  }

  #writeUnstored(namespace: number): void {
    const flags = this.#cache.i32(FLAGS.name);
    const scan = this.#cache.scan(namespace);
    for (let slots = scan.next(WRITE_ROWS); slots.length > 0; slots = scan.next(WRITE_ROWS)) {
      this.#write(slots.filter((slot) => (flags[slot]! & STORED) === 0));
    }
  }

  #write(slots: Int32Array): void {
    this.#removed.writeTo(this.#store, this.#keys);
    const flags = this.#cache.i32(FLAGS.name);
    this.#rows.bind(this.#cache);
    for (let from = 0; from < slots.length; from += WRITE_ROWS) {
      const part = slots.subarray(from, from + WRITE_ROWS);
      const builders = this.#newKeyBuilders(part.length);
      this.#cache.appendKeys(part, part.length, builders);
      this.#keys.load(
        builders.map((builder) => builder.finish()),
        part.length,
      );
      for (let i = 0; i < part.length; i++) {
        const slot = part[i]!;
        const namespace = this.#cache.namespaceOf(slot);
        this.#store.put((out) => {
          this.#keys.write(i, namespace, out);
          this.#rows.write(slot, out);
        });
        if ((flags[slot]! & STORED) === 0) this.counts.store(namespace, 1);
        flags[slot] = (flags[slot]! & ~DIRTY) | STORED;
      }
    }
    this.#store.flushWrites();
  }

  /** Takes `count` entries out of the cache. */
  #evict(count: number): void {
    const flags = this.#cache.i32(FLAGS.name);
    const leaving = this.#clock.choose(flags, Math.min(count, this.#cache.size), (slot) => this.#isPinned(slot));
    this.#write(leaving.filter((slot) => (flags[slot]! & DIRTY) !== 0));
    for (const slot of leaving) this.#cache.remove(slot);
  }

  #isPinned(slot: number): boolean {
    return this.#pinned.size > 0 && this.#pinned.has(this.#cache.namespaceOf(slot));
  }

  #newKeyBuilders(capacity: number): ColumnBuilder[] {
    return this.spec.keys.map((key) => columnBuilder(key.type, capacity));
  }
}

const NONE = new Int32Array(0);

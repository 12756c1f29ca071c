/**
 * A state backend that is as unpleasant as the contract allows, over the memory backend: whenever the operator's method has
 * returned, all entries move to other slots, and what was not marked as changed is lost; arrays hold just as long as they must. What
 * is left in old places throws or gives nonsense.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ColumnBuilder } from '../core/column-builder.ts';
import type { Column } from '../core/column.ts';
import { assert } from '../core/errors.ts';
import type {
  EntryScan,
  Json,
  KeyedState,
  KeyedStateSpec,
  KeyedTable,
  ListState,
  StateColumnSpec,
  TableSpec,
} from '../core/state.ts';
import { createKeyedState } from '../engine/state/keyed/index.ts';
import { MemoryBackend } from '../engine/state/memory-backend.ts';
import type { SnapshotInProgress, StateBackend, StateBackendOptions } from '../engine/state/index.ts';

export class MovingBackend implements StateBackend {
  readonly #inner: MemoryBackend;
  readonly #tables: MovingTable[] = [];

  constructor(options: StateBackendOptions) {
    this.#inner = new MemoryBackend(options);
  }

  list<T extends Json>(name: string, redistribution: 'split' | 'union'): ListState<T> {
    return this.#inner.list(name, redistribution);
  }

  table(spec: TableSpec): KeyedTable {
    const table = new MovingTable(spec, this.#inner.table(spec));
    this.#tables.push(table);
    return table;
  }

  keyed(spec: KeyedStateSpec): KeyedState {
    return createKeyedState(spec, {
      table: (one) => this.table(one),
      restored: (one) => this.#inner.restored(one),
      include: (timers) => this.#inner.include(timers),
    });
  }

  snapshot(kind: 'checkpoint' | 'savepoint'): SnapshotInProgress {
    this.settle();
    return this.#inner.snapshot(kind);
  }

  settle(): void {
    for (const table of this.#tables) table.settle();
    this.#inner.settle();
  }

  unclaimed(): readonly string[] {
    return this.#inner.unclaimed();
  }

  get bytes(): number {
    return this.#inner.bytes;
  }

  get entries(): number {
    return this.#inner.entries;
  }

  sampleKeys(isOn: boolean): void {
    this.#inner.sampleKeys(isOn);
  }

  get sampledKeys(): StateBackend['sampledKeys'] {
    return this.#inner.sampledKeys;
  }

  close(): void {
    this.#inner.close();
  }
}

type Values = Float64Array | BigInt64Array | Int32Array | unknown[];

/** In object columns, where no entry is. */
const MOVED = new Proxy(
  {},
  {
    get() {
      throw new Error('an entry was read in a place it has left');
    },
  },
);

export class MovingTable implements KeyedTable {
  readonly #spec: TableSpec;
  /** Where entries stay. */
  readonly #home: KeyedTable;
  /** Copies of those in use, by slot. */
  readonly #columns = new Map<string, Values>();
  /** Slots of entries in use: here, by that at home, and the other way round. */
  readonly #slotOf = new Map<number, number>();
  readonly #homeOf = new Map<number, number>();
  readonly #changed = new Set<number>();
  #nextSlot = 0;
  #settled = 0;

  constructor(spec: TableSpec, home: KeyedTable) {
    this.#spec = spec;
    this.#home = home;
    this.#replaceArrays();
  }

  get size(): number {
    return this.#home.size;
  }

  get bytes(): number {
    return this.#home.bytes;
  }

  slots(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void {
    const found = new Int32Array(count);
    this.#home.slots(keys, count, namespaces, found);
    out.set(this.#fetch(found));
    for (let i = 0; i < count; i++) this.#changed.add(out[i]!);
  }

  find(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void {
    const found = new Int32Array(count);
    this.#home.find(keys, count, namespaces, found);
    out.set(this.#fetch(found));
  }

  slotsIn(slots: Int32Array, count: number, namespace: number, out: Int32Array): void {
    const found = new Int32Array(count);
    this.#home.slotsIn(this.#atHome(slots, count), count, namespace, found);
    out.set(this.#fetch(found));
    for (let i = 0; i < count; i++) this.#changed.add(out[i]!);
  }

  scan(namespace: number): EntryScan {
    const scan = this.#home.scan(namespace);
    return { next: (max) => this.#fetch(scan.next(max)) };
  }

  f64(column: string): Float64Array {
    return this.#columns.get(column) as Float64Array;
  }

  i64(column: string): BigInt64Array {
    return this.#columns.get(column) as BigInt64Array;
  }

  i32(column: string): Int32Array {
    return this.#columns.get(column) as Int32Array;
  }

  objects(column: string): unknown[] {
    return this.#columns.get(column) as unknown[];
  }

  namespaceOf(slot: number): number {
    return this.#home.namespaceOf(this.#place(slot));
  }

  namespaces(): readonly number[] {
    return this.#home.namespaces();
  }

  touch(slots: Int32Array, count: number): void {
    this.#home.touch(this.#atHome(slots, count), count);
    for (const slot of slots.subarray(0, count)) {
      if (!this.#changed.has(slot)) this.#checkUnchanged(slot);
      this.#changed.add(slot);
    }
  }

  remove(slot: number): void {
    this.#home.remove(this.#place(slot));
    this.#forget(slot);
  }

  removeNamespace(namespace: number, max?: number): boolean | void {
    for (const slot of [...this.#homeOf.keys()]) if (this.namespaceOf(slot) === namespace) this.#forget(slot);
    return this.#home.removeNamespace(namespace, max);
  }

  appendKeys(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void {
    this.#home.appendKeys(this.#atHome(slots, count), count, builders);
  }

  /** Writes changed entries back; then none is in use. */
  settle(): void {
    for (const [slot, home] of this.#homeOf) {
      if (this.#changed.has(slot)) this.#home.touch(Int32Array.of(home), 1);
      else this.#checkUnchanged(slot);
    }
    for (const column of this.#spec.columns) {
      const from = this.#columns.get(column.name)!;
      const into = homeArray(this.#home, column);
      for (const slot of this.#changed) into[this.#place(slot)] = copyOf(column, from[slot]);
    }
    this.#slotOf.clear();
    this.#homeOf.clear();
    this.#changed.clear();
    // Any number that is not where the last call began.
    this.#nextSlot = (++this.#settled * 5) % 32;
    this.#replaceArrays();
  }

  /** Numbers and bytes must be as they are at home. Objects may have been brought into another order to be read. */
  #checkUnchanged(slot: number): void {
    for (const column of this.#spec.columns) {
      if (column.type === 'object') continue;
      const isSame = isDeepStrictEqual(
        this.#columns.get(column.name)![slot],
        homeArray(this.#home, column)[this.#place(slot)],
      );
      assert(isSame, `"${column.name}" of an entry of "${this.#spec.name}" was written before it was touched`);
    }
  }

  /** Slots here of entries at home (-1: none), with copies of what they hold. */
  #fetch(found: Int32Array): Int32Array {
    const fresh: number[] = [];
    const out = found.map((home) => {
      if (home < 0) return -1;
      let slot = this.#slotOf.get(home);
      if (slot === undefined) {
        slot = this.#nextSlot;
        this.#nextSlot += 2;
        this.#slotOf.set(home, slot);
        this.#homeOf.set(slot, home);
        fresh.push(slot);
      }
      return slot;
    });
    this.#replaceArrays();
    for (const column of this.#spec.columns) {
      const from = homeArray(this.#home, column);
      const into = this.#columns.get(column.name)!;
      for (const slot of fresh) into[slot] = copyOf(column, from[this.#homeOf.get(slot)!]);
    }
    return out;
  }

  /** New arrays with what the entries in use hold; the old ones are spoilt. */
  #replaceArrays(): void {
    for (const column of this.#spec.columns) {
      const old = this.#columns.get(column.name);
      const made = spoiltArray(column, this.#nextSlot + 8);
      if (old !== undefined) {
        for (const slot of this.#homeOf.keys()) if (slot < old.length) made[slot] = old[slot] as never;
        spoil(old);
      }
      this.#columns.set(column.name, made);
    }
  }

  #forget(slot: number): void {
    this.#slotOf.delete(this.#place(slot));
    this.#homeOf.delete(slot);
    this.#changed.delete(slot);
  }

  #place(slot: number): number {
    const home = this.#homeOf.get(slot);
    assert(home !== undefined, `slot ${slot} of "${this.#spec.name}" is of an earlier call, or removed`);
    return home;
  }

  #atHome(slots: Int32Array, count: number): Int32Array {
    return slots.slice(0, count).map((slot) => this.#place(slot));
  }
}

function homeArray(table: KeyedTable, { name, type }: StateColumnSpec): { [slot: number]: unknown } {
  switch (type) {
    case 'f64':
      return table.f64(name);
    case 'i64':
      return table.i64(name);
    case 'i32':
      return table.i32(name);
    case 'bytes':
    case 'object':
      return table.objects(name);
  }
}

/** Through the codec, as a disk would do it. */
function copyOf({ type, codec }: StateColumnSpec, value: unknown): unknown {
  if (value === undefined) return value;
  if (type === 'bytes') return (value as Uint8Array).slice();
  if (type !== 'object') return value;
  return codec!.fromJson(JSON.parse(JSON.stringify(codec!.toJson(value))) as Json);
}

function spoiltArray({ type }: StateColumnSpec, length: number): Values & { [slot: number]: unknown } {
  switch (type) {
    case 'f64':
      return spoil(new Float64Array(length));
    case 'i64':
      return spoil(new BigInt64Array(length));
    case 'i32':
      return spoil(new Int32Array(length));
    case 'bytes':
    case 'object':
      return spoil(new Array<unknown>(length));
  }
}

function spoil<T extends Values>(values: T): T {
  if (values instanceof Float64Array) values.fill(NaN);
  else if (values instanceof BigInt64Array) values.fill(-0x5a5a5a5a5a5a5a5an);
  else if (values instanceof Int32Array) values.fill(-0x5a5a5a5b);
  else values.fill(MOVED);
  return values;
}

/** State of one subtask on disk: tables in a RocksDB, lists and timers in memory. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { assert } from '../../../core/errors.ts';
import type { Json, KeyedState, KeyedStateSpec, KeyedTable, ListState, TableSpec } from '../../../core/state.ts';
import { createKeyedState, type KeyedStateHost, type TimerTable } from '../keyed/index.ts';
import { samplersOf, sampleTable, type KeySampler } from '../key-sampler.ts';
import { MemoryBackend } from '../memory-backend.ts';
import type { KeyGroupSnapshot, StateSnapshot } from '../snapshot.ts';
import type { SnapshotInProgress, StateBackend, StateBackendOptions } from '../state-backend.ts';
import { layoutMismatch, layoutOf } from '../table-snapshot.ts';
import { CanonicalSnapshot, restoreCanonical } from './canonical-form.ts';
import { tableKey } from './disk-keys.ts';
import type { NativeSnapshot, NativeTable } from './native-snapshot.ts';
import { restoreNative, type RestoredTable } from './native-restore.ts';
import type { RocksDbEnvironment } from './rocksdb-environment.ts';
import { RocksDbTable } from './rocksdb-table.ts';
import type { Pending } from './state-client.ts';
import type { TableStore } from './table-store.ts';

export class RocksDbBackend implements StateBackend, KeyedStateHost {
  readonly #options: StateBackendOptions;
  readonly #environment: RocksDbEnvironment;
  /** Lists, timers, and what was restored in canonical form. */
  readonly #heap: MemoryBackend;
  readonly #tables = new Map<string, RocksDbTable>();
  /** Names of restored tables that were of another layout. */
  readonly #dropped = new Set<string>();
  #store: TableStore | null = null;
  /** Tables of the restored databases that nobody has asked for yet. */
  #restored = new Map<string, RestoredTable>();
  #nextTable = 1;
  #snapshots = 0;

  constructor(options: StateBackendOptions, environment: RocksDbEnvironment) {
    this.#options = options;
    this.#environment = environment;
    this.#heap = new MemoryBackend(options);
  }

  get bytes(): number {
    let bytes = this.#heap.bytes;
    for (const table of this.#tables.values()) bytes += table.bytes;
    return bytes;
  }

  get entries(): number {
    let { entries } = this.#heap;
    for (const table of this.#tables.values()) entries += table.size;
    return entries;
  }

  sampleKeys(isOn: boolean): void {
    this.#heap.sampleKeys(isOn);
    for (const table of this.#tables.values()) sampleTable(table, isOn);
  }

  get sampledKeys(): ReadonlyMap<string, KeySampler> {
    return new Map([...this.#heap.sampledKeys, ...samplersOf(this.#tables)]);
  }

  list<T extends Json>(name: string, redistribution: 'split' | 'union'): ListState<T> {
    return this.#heap.list<T>(name, redistribution);
  }

  table(spec: TableSpec): KeyedTable {
    assert(!this.#tables.has(spec.name), `table "${spec.name}" asked for twice`);
    const store = this.#open();
    const { memory } = this.#environment;
    const restored = this.#takeRestored(spec, store);
    const table = new RocksDbTable(restored?.id ?? this.#newTable(), spec, {
      store,
      cacheBytes: () => memory.cacheBytes,
      now: this.#options.now,
    });
    memory.join();
    this.#tables.set(spec.name, table);
    for (const [namespace, entries] of restored?.namespaces ?? []) {
      table.counts.add(namespace, entries);
      table.counts.store(namespace, entries);
    }
    restoreCanonical(table, store, this.#heap.restored(spec));
    return table;
  }

  /** What is in the database of a table, unless it is of another layout and may be dropped. Throws StreamError MR2205. */
  #takeRestored(spec: TableSpec, store: TableStore): RestoredTable | null {
    const restored = this.#restored.get(spec.name);
    if (restored === undefined) return null;
    this.#restored.delete(spec.name);
    for (const { layout } of restored.origins) {
      const mismatch = layoutMismatch({ name: spec.name, layout, keyGroups: [] }, spec);
      if (mismatch === null) continue;
      if (this.#options.onMismatch === 'refuse') throw mismatch;
      store.deleteRange(tableKey(restored.id), tableKey(restored.id + 1));
      this.#dropped.add(spec.name);
      return null;
    }
    return restored;
  }

  #newTable(): number {
    assert(this.#nextTable < 255, 'too many tables in one operator');
    return this.#nextTable++;
  }

  #open(): TableStore {
    if (this.#store !== null) return this.#store;
    const { store, tables } = restoreNative(this.#options, this.#environment);
    this.#store = store;
    this.#restored = tables;
    this.#nextTable = Math.max(0, ...[...tables.values()].map(({ id }) => id)) + 1;
    return store;
  }

  keyed(spec: KeyedStateSpec): KeyedState {
    return createKeyedState(spec, this);
  }

  restored(spec: TableSpec): readonly KeyGroupSnapshot[] {
    return this.#heap.restored(spec);
  }

  include(timers: TimerTable): void {
    this.#heap.include(timers);
  }

  unclaimed(): readonly string[] {
    const inDatabases = this.#options.restored.flatMap(({ native }) => native?.tables ?? []);
    const missed = inDatabases.filter(({ name, namespaces }) => namespaces.length > 0 && !this.#tables.has(name));
    return [...new Set([...this.#heap.unclaimed(), ...missed.map(({ name }) => name), ...this.#dropped])];
  }

  settle(): void {
    for (const table of this.#tables.values()) table.settle();
  }

  snapshot(kind: 'checkpoint' | 'savepoint'): SnapshotInProgress {
    const rest = this.#heap.snapshot(kind);
    if (this.#store === null) return rest;
    this.#dropUnclaimed(this.#store);
    for (const table of this.#tables.values()) table.writeBack();
    return kind === 'savepoint' ? this.#savepoint(this.#store, rest) : this.#checkpoint(this.#store, rest);
  }

  /** Nobody will ask for them any more. */
  #dropUnclaimed(store: TableStore): void {
    for (const { id } of this.#restored.values()) store.deleteRange(tableKey(id), tableKey(id + 1));
    this.#restored.clear();
  }

  #savepoint(store: TableStore, rest: SnapshotInProgress): SnapshotInProgress {
    const now = this.#options.now();
    const tables = [...this.#tables.values()].map(
      (table) =>
        new CanonicalSnapshot(table, store.snapshot(), {
          range: this.#options.keyGroups,
          horizon: now - (table.spec.ttl?.ms ?? Infinity),
        }),
    );
    let finished = 0;
    return {
      step: () => {
        if (rest.step()) return true;
        if (finished < tables.length && !tables[finished]!.step()) finished++;
        return finished < tables.length;
      },
      result: () => {
        const taken = rest.result();
        return { ...taken, tables: [...taken.tables, ...tables.map((table) => table.result())] };
      },
      discard: () => {
        rest.discard();
        for (const table of tables) table.discard();
      },
    };
  }

  #checkpoint(store: TableStore, rest: SnapshotInProgress): SnapshotInProgress {
    const tables = [...this.#tables.values()].map(({ id, spec, counts }): NativeTable => ({
      name: spec.name,
      id,
      layout: layoutOf(spec),
      namespaces: counts.entries(),
    }));
    const { folder } = store.options;
    const links = path.join(`${folder}.links`, `${++this.#snapshots}`, path.basename(folder));
    return new NativeSnapshotInProgress(rest, store.checkpoint(links), {
      keyGroups: this.#options.keyGroups,
      tables,
      files: [],
      folder: links,
    });
  }

  close(): void {
    this.#heap.close();
    for (const _ of this.#tables) this.#environment.memory.leave();
    this.#tables.clear();
    this.#store?.close();
    this.#store = null;
  }
}

class NativeSnapshotInProgress implements SnapshotInProgress {
  readonly #rest: SnapshotInProgress;
  readonly #linked: Pending;
  readonly #native: NativeSnapshot;

  constructor(rest: SnapshotInProgress, linked: Pending, native: NativeSnapshot) {
    this.#rest = rest;
    this.#linked = linked;
    this.#native = native;
  }

  step(): boolean {
    return this.#rest.step() || this.#linked.poll() === null;
  }

  result(): StateSnapshot {
    const { files } = this.#linked.wait();
    return {
      ...this.#rest.result(),
      native: { ...this.#native, files: files!.map((file) => ({ ...file, stored: null })) },
    };
  }

  discard(): void {
    this.#rest.discard();
    // It cannot be called back; only once it is done there is nothing more to remove.
    this.#linked.wait();
    rmSync(this.#native.folder!, { recursive: true, force: true });
  }
}

/** State of one subtask in memory. */
import { assert } from '../../core/errors.ts';
import type { Json, KeyedState, KeyedStateSpec, KeyedTable, ListState, TableSpec } from '../../core/state.ts';
import { createKeyedState, type KeyedStateHost, type TableSnapshotInProgress, type TimerTable } from './keyed/index.ts';
import { samplersOf, sampleTable, type KeySampler } from './key-sampler.ts';
import { restoreMemoryTable } from './memory-table-snapshot.ts';
import { MemoryTable } from './memory-table.ts';
import type { KeyGroupSnapshot, ListSnapshot, StateSnapshot, TableSnapshot } from './snapshot.ts';
import type { SnapshotInProgress, StateBackend, StateBackendOptions } from './state-backend.ts';
import { layoutMismatch } from './table-snapshot.ts';

export class MemoryBackend implements StateBackend, KeyedStateHost {
  readonly #options: StateBackendOptions;
  readonly #restored: readonly StateSnapshot[];
  readonly #tables = new Map<string, MemoryTable>();
  /** Those of them with a time to live. */
  readonly #mortal: MemoryTable[] = [];
  readonly #timers: TimerTable[] = [];
  readonly #lists = new Map<string, MemoryList>();
  /** Names of restored tables that somebody has asked for. */
  readonly #claimed = new Set<string>();
  /** Names of those that were of another layout. */
  readonly #dropped = new Set<string>();

  constructor(options: StateBackendOptions) {
    this.#options = options;
    this.#restored = [...options.restored].sort((a, b) => a.subtask - b.subtask);
  }

  get bytes(): number {
    let bytes = 0;
    for (const table of [...this.#tables.values(), ...this.#timers]) bytes += table.bytes;
    return bytes;
  }

  get entries(): number {
    let entries = 0;
    for (const table of this.#tables.values()) entries += table.held;
    return entries;
  }

  sampleKeys(isOn: boolean): void {
    for (const table of this.#tables.values()) sampleTable(table, isOn);
  }

  get sampledKeys(): ReadonlyMap<string, KeySampler> {
    return samplersOf(this.#tables);
  }

  list<T extends Json>(name: string, redistribution: 'split' | 'union'): ListState<T> {
    const known = this.#lists.get(name);
    assert(
      known === undefined || known.redistribution === redistribution,
      `list "${name}" asked for as ${redistribution} and otherwise`,
    );
    if (known !== undefined) return known as ListState<Json> as ListState<T>;
    const list = new MemoryList(redistribution, this.#restoredList(name, redistribution));
    this.#lists.set(name, list);
    return list as ListState<Json> as ListState<T>;
  }

  #restoredList(name: string, redistribution: 'split' | 'union'): readonly Json[] {
    const { subtask, parallelism } = this.#options;
    const all = this.#restored.flatMap((snapshot) => snapshot.lists.find((list) => list.name === name)?.values ?? []);
    return redistribution === 'union' ? all : all.filter((_, i) => i % parallelism === subtask);
  }

  table(spec: TableSpec): KeyedTable {
    assert(!this.#claimed.has(spec.name), `table "${spec.name}" asked for twice`);
    const table = new MemoryTable(spec, this.#options.now);
    this.#tables.set(spec.name, table);
    if (spec.ttl !== undefined) this.#mortal.push(table);
    restoreMemoryTable(table, this.restored(spec));
    return table;
  }

  keyed(spec: KeyedStateSpec): KeyedState {
    return createKeyedState(spec, this);
  }

  restored(spec: TableSpec): readonly KeyGroupSnapshot[] {
    this.#claimed.add(spec.name);
    const { start, end } = this.#options.keyGroups;
    return this.#restored.flatMap((snapshot) => {
      const found = snapshot.tables.find((one) => one.name === spec.name);
      if (found === undefined || !this.#takes(found, spec)) return [];
      return found.keyGroups.filter(({ keyGroup }) => keyGroup >= start && keyGroup < end);
    });
  }

  include(timers: TimerTable): void {
    this.#timers.push(timers);
  }

  /** Whether a restored table fits; one that does not is an error, unless it may be dropped. */
  #takes(found: TableSnapshot, spec: TableSpec): boolean {
    const mismatch = layoutMismatch(found, spec);
    if (mismatch === null) return true;
    if (this.#options.onMismatch === 'refuse') throw mismatch;
    this.#dropped.add(found.name);
    return false;
  }

  unclaimed(): readonly string[] {
    const lists = this.#restored.flatMap((snapshot) =>
      snapshot.lists.filter((list) => list.values.length > 0).map((list) => list.name),
    );
    const tables = this.#restored.flatMap((snapshot) =>
      snapshot.tables.filter((table) => table.keyGroups.length > 0).map((table) => table.name),
    );
    return [
      ...new Set([
        ...lists.filter((name) => !this.#lists.has(name)),
        ...tables.filter((name) => !this.#claimed.has(name)),
        ...this.#dropped,
      ]),
    ];
  }

  settle(): void {
    for (const table of this.#mortal) table.settle();
  }

  snapshot(_kind: 'checkpoint' | 'savepoint'): SnapshotInProgress {
    return new MemorySnapshot(
      this.#options.subtask,
      [...this.#lists].map(([name, list]) => ({ name, redistribution: list.redistribution, values: list.get() })),
      [
        ...[...this.#tables.values()].map((table) => table.snapshot(this.#options.keyGroups)),
        ...this.#timers.map((timers) => timers.snapshot()),
      ],
    );
  }

  close(): void {
    this.#tables.clear();
    this.#lists.clear();
  }
}

class MemoryList implements ListState<Json> {
  readonly redistribution: 'split' | 'union';
  #values: readonly Json[];

  constructor(redistribution: 'split' | 'union', values: readonly Json[]) {
    this.redistribution = redistribution;
    this.#values = values;
  }

  get(): readonly Json[] {
    return this.#values;
  }

  set(values: readonly Json[]): void {
    // Copied: the caller may go on changing its array while a snapshot holds this one.
    this.#values = [...values];
  }
}

class MemorySnapshot implements SnapshotInProgress {
  readonly #subtask: number;
  readonly #lists: readonly ListSnapshot[];
  readonly #tables: readonly TableSnapshotInProgress[];
  #finished = 0;

  constructor(subtask: number, lists: readonly ListSnapshot[], tables: readonly TableSnapshotInProgress[]) {
    this.#subtask = subtask;
    this.#lists = lists;
    this.#tables = tables;
  }

  step(): boolean {
    if (this.#finished < this.#tables.length && !this.#tables[this.#finished]!.step()) this.#finished++;
    return this.#finished < this.#tables.length;
  }

  result(): StateSnapshot {
    assert(this.#finished === this.#tables.length, 'a snapshot was asked for before its last step');
    return { subtask: this.#subtask, lists: this.#lists, tables: this.#tables.map((table) => table.result()) };
  }

  discard(): void {
    for (const table of this.#tables) table.discard();
  }
}

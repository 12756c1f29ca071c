/** State of one subtask in memory. */
import { assert, StreamError } from '../../core/errors.ts';
import type { Json, KeyedTable, ListState, StateStore, TableSpec } from '../../core/state.ts';
import { MemoryTable } from './memory-table.ts';
import type { ListSnapshot, StateSnapshot, TableLayout, TableSnapshot } from './snapshot.ts';
import { layoutOf, restoreTable, snapshotTable, type KeyGroupRange } from './table-snapshot.ts';

export interface StateBackendOptions {
  /** Key groups this subtask owns, of 128. */
  readonly keyGroups: KeyGroupRange;
  readonly subtask: number;
  readonly parallelism: number;
  /** Snapshots of all subtasks of the operator, at whatever parallelism they were taken; empty at a fresh start. */
  readonly restored: readonly StateSnapshot[];
}

export interface StateBackend extends StateStore {
  /** A copy of all state: later changes do not show in it. */
  snapshot(): StateSnapshot;
  /** Memory held by tables, estimated. */
  readonly bytes: number;
  close(): void;
}

export class MemoryBackend implements StateBackend {
  readonly #options: StateBackendOptions;
  readonly #restored: readonly StateSnapshot[];
  readonly #tables = new Map<string, MemoryTable>();
  readonly #lists = new Map<string, MemoryList>();

  constructor(options: StateBackendOptions) {
    this.#options = options;
    this.#restored = [...options.restored].sort((a, b) => a.subtask - b.subtask);
  }

  get bytes(): number {
    let bytes = 0;
    for (const table of this.#tables.values()) bytes += table.bytes;
    return bytes;
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
    assert(!this.#tables.has(spec.name), `table "${spec.name}" asked for twice`);
    const table = new MemoryTable(spec);
    this.#tables.set(spec.name, table);
    const { start, end } = this.#options.keyGroups;
    const pieces = this.#restored.flatMap((snapshot) => {
      const found = snapshot.tables.find((one) => one.name === spec.name);
      if (found === undefined) return [];
      checkLayout(found, spec);
      return found.keyGroups.filter(({ keyGroup }) => keyGroup >= start && keyGroup < end);
    });
    restoreTable(table, pieces);
    return table;
  }

  snapshot(): StateSnapshot {
    return {
      subtask: this.#options.subtask,
      lists: [...this.#lists].map(([name, list]): ListSnapshot => ({
        name,
        redistribution: list.redistribution,
        values: list.get(),
      })),
      tables: [...this.#tables.values()].map((table) => snapshotTable(table, this.#options.keyGroups)),
    };
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

function checkLayout(snapshot: TableSnapshot, spec: TableSpec): void {
  const wanted = printLayout(layoutOf(spec));
  const found = printLayout(snapshot.layout);
  if (wanted === found) return;
  throw new StreamError(
    'MR2205',
    `the checkpoint's table "${spec.name}" holds ${found}, but the operator now keeps ${wanted}`,
    {
      domain: 'user',
      remedy: 'Start without this checkpoint, or undo the change to keys or aggregates of the operator.',
    },
  );
}

function printLayout({ keys, namespaced, columns }: TableLayout): string {
  const list = (items: readonly { name: string; type: string }[]): string =>
    items.map(({ name, type }) => `${name} ${type}`).join(', ');
  return `(${list(keys)})${namespaced ? ' per namespace' : ''} → (${list(columns)})`;
}

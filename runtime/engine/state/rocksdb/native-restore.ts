/**
 * Opens a subtask's database over what was restored. The files of one with the same key groups are taken as they are; of others,
 * and of several, the entries of the subtask's own key groups are copied.
 */
import type { TableLayout } from '../snapshot.ts';
import type { KeyGroupRange, StateBackendOptions } from '../state-backend.ts';
import { rangeKey } from './disk-keys.ts';
import type { NativeSnapshot } from './native-snapshot.ts';
import type { RocksDbEnvironment } from './rocksdb-environment.ts';
import { TableStore, type CopiedRange } from './table-store.ts';

export interface RestoredTable {
  readonly id: number;
  /** Namespace and entries. */
  readonly namespaces: readonly (readonly [number, number])[];
  /** One or more: of each database that had it. */
  readonly origins: readonly { readonly layout: TableLayout }[];
}

export interface RestoredDatabase {
  readonly store: TableStore;
  readonly tables: Map<string, RestoredTable>;
}

/** Throws StreamError MR2209. */
export function restoreNative(options: StateBackendOptions, environment: RocksDbEnvironment): RestoredDatabase {
  const { keyGroups, restored } = options;
  const natives = restored.flatMap(({ native }) =>
    native !== undefined && overlaps(native.keyGroups, keyGroups) ? [native] : [],
  );
  const [only] = natives;
  if (only !== undefined && natives.length === 1 && isSame(only.keyGroups, keyGroups)) return adopt(only, environment);
  const store = new TableStore(environment.client, {
    folder: environment.newFolder(),
    ...environment.memory.databaseOptions(),
  });
  return { store, tables: copyTables(natives, keyGroups, store) };
}

function adopt(native: NativeSnapshot, environment: RocksDbEnvironment): RestoredDatabase {
  const store = new TableStore(environment.client, {
    folder: folderOf(native),
    ...environment.memory.databaseOptions(),
  });
  const tables = native.tables.map((table): [string, RestoredTable] => [table.name, { ...table, origins: [table] }]);
  return { store, tables: new Map(tables) };
}

function copyTables(
  natives: readonly NativeSnapshot[],
  keyGroups: KeyGroupRange,
  store: TableStore,
): Map<string, RestoredTable> {
  // The databases may have numbered the same tables differently.
  const names = [...new Set(natives.flatMap(({ tables }) => tables.map(({ name }) => name)))];
  const counts = names.map(() => new Map<number, number>());
  for (const native of natives) {
    const parts = native.tables.flatMap(({ name, id, namespaces }) =>
      namespaces.map(([namespace]) => ({ table: names.indexOf(name), id, namespace })),
    );
    const ranges = parts.map(({ table, id, namespace }): CopiedRange => ({
      from: rangeKey(id, namespace, keyGroups.start),
      to: rangeKey(id, namespace, keyGroups.end),
      table: table + 1,
    }));
    store.copy(folderOf(native), ranges).forEach((entries, i) => {
      const { table, namespace } = parts[i]!;
      if (entries > 0) counts[table]!.set(namespace, (counts[table]!.get(namespace) ?? 0) + entries);
    });
  }
  return new Map(
    names.map((name, i) => {
      const origins = natives.flatMap(({ tables }) => tables.filter((table) => table.name === name));
      return [name, { id: i + 1, namespaces: [...counts[i]!], origins }];
    }),
  );
}

/** The checkpoint's files were fetched before the backend was made. */
function folderOf({ folder }: NativeSnapshot): string {
  if (folder === null) throw new Error('Millrace bug: the files of a checkpoint were not fetched');
  return folder;
}

export function overlaps(a: KeyGroupRange, b: KeyGroupRange): boolean {
  return a.start < b.end && b.start < a.end;
}

function isSame(a: KeyGroupRange, b: KeyGroupRange): boolean {
  return a.start === b.start && a.end === b.end;
}

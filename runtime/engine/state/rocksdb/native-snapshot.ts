/** State as the files of a database, which later snapshots share as far as they have not changed: the form of checkpoints. */
import { rmSync } from 'node:fs';
import type { TableLayout, TableSummary } from '../snapshot.ts';
import type { KeyGroupRange } from '../state-backend.ts';

export interface NativeSnapshot {
  readonly keyGroups: KeyGroupRange;
  readonly tables: readonly NativeTable[];
  readonly files: readonly NativeFile[];
  /** Local folder (absolute) that has the files, named like the database; null while they are only in the checkpoint storage. */
  readonly folder: string | null;
}

export interface NativeTable {
  readonly name: string;
  /** First byte of its keys. */
  readonly id: number;
  readonly layout: TableLayout;
  /** Namespace and entries, ascending. */
  readonly namespaces: readonly (readonly [number, number])[];
}

/** A table file never changes and lies in the checkpoint storage's `shared` folder; what else there is, is small and comes along. */
export interface NativeFile {
  /** In the database's folder. */
  readonly name: string;
  readonly bytes: number;
  /** Null: not in the storage yet. */
  readonly stored: StoredFile | null;
}

export type StoredFile =
  | { readonly type: 'shared'; readonly shared: string; readonly sha256: string }
  /** Base64. */
  | { readonly type: 'inline'; readonly content: string };

/** A snapshot is not wanted any more: its local folder goes. */
export function discardNative(native: NativeSnapshot | undefined): void {
  if (native !== undefined && native.folder !== null) rmSync(native.folder, { recursive: true, force: true });
}

/** All that a restore reads. */
export function nativeBytes({ files }: NativeSnapshot): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

/** Files hold entries of all tables: their bytes are divided by entries. Nobody knows which key groups are empty. */
export function summariseNative(native: NativeSnapshot): TableSummary[] {
  const entriesOf = ({ namespaces }: NativeTable): number => namespaces.reduce((sum, [, entries]) => sum + entries, 0);
  const all = native.tables.reduce((sum, table) => sum + entriesOf(table), 0);
  return native.tables.map((table) => {
    const entries = entriesOf(table);
    return {
      name: table.name,
      layout: table.layout,
      entries,
      bytes: all === 0 ? 0 : Math.round((nativeBytes(native) * entries) / all),
      keyGroups: entries === 0 ? 0 : native.keyGroups.end - native.keyGroups.start,
    };
  });
}

/** Entries that were removed and are still on disk: gathered, for an operator removes one at a time, and deletions are written in batches. */
import { columnBuilder, type ColumnBuilder } from '../../../core/column-builder.ts';
import type { Field } from '../../../core/types.ts';
import type { DiskKeys } from './disk-keys.ts';
import type { TableStore } from './table-store.ts';

const FIRST_KEYS = 16;

export class RemovedKeys {
  readonly #builders: readonly ColumnBuilder[];
  readonly #one = new Int32Array(1);
  #namespaces: number[] = [];

  constructor(keys: readonly Field[]) {
    this.#builders = keys.map((key) => columnBuilder(key.type, FIRST_KEYS));
  }

  get isEmpty(): boolean {
    return this.#namespaces.length === 0;
  }

  /** The entry in a slot of `cache`. */
  add(
    cache: { appendKeys(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void },
    slot: number,
    namespace: number,
  ): void {
    this.#one[0] = slot;
    cache.appendKeys(this.#one, 1, this.#builders);
    this.#namespaces.push(namespace);
  }

  /** Must come before anything of these keys is read or written again. */
  writeTo(store: TableStore, keys: DiskKeys): void {
    if (this.isEmpty) return;
    const namespaces = this.#namespaces;
    this.#namespaces = [];
    const columns = this.#builders.map((builder) => builder.finish());
    keys.load(columns, namespaces.length);
    namespaces.forEach((namespace, i) => store.delete((out) => keys.write(i, namespace, out)));
  }
}

/** The keys of the batch at hand: which rows have the same one, and each as columns of one row. */
import { columnBuilder, type ColumnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import type { Field } from '../../../core/types.ts';
import { MemoryTable } from '../memory-table.ts';

export class BatchKeys {
  /** Counts `load`s. */
  version = 0;
  count = 0;
  columns: readonly Column[] = [];
  /** Numbers the different keys, from 0, by row. */
  idOf = new Int32Array(0);
  /** Different keys. */
  distinct = 0;
  readonly #dictionary: MemoryTable;
  readonly #builders: readonly ColumnBuilder[];

  constructor(keys: readonly Field[]) {
    this.#dictionary = new MemoryTable({ name: 'keys', keys, namespaced: false, columns: [] });
    this.#builders = keys.map((key) => columnBuilder(key.type, 1));
  }

  load(columns: readonly Column[], count: number): void {
    this.version++;
    this.columns = columns;
    this.count = count;
  }

  /** Sets `idOf` and `distinct`. */
  number(): void {
    const { columns, count } = this;
    if (this.idOf.length < count) this.idOf = new Int32Array(count);
    // Emptied at once, a table hands out its slots from 0 on again.
    this.#dictionary.removeNamespace(0);
    this.#dictionary.slots(columns, count, null, this.idOf);
    this.distinct = this.#dictionary.size;
  }

  /** The key of one row, as columns. */
  keyOf(row: number): readonly Column[] {
    return this.#builders.map((builder, i) => {
      builder.appendRange(this.columns[i]!, row, row + 1);
      return builder.finish();
    });
  }
}

/** Where the keys of entries are kept and compared: one way for numbers, one for bytes, one for everything else. */
import type { ColumnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import type { Field } from '../../core/types.ts';
import { BytesKeys } from './bytes-keys.ts';
import type { EntryIndex, SlotArrays } from './entry-index.ts';
import { KeyEncoder } from './key-encoding.ts';
import { WordKeys } from './word-keys.ts';

export interface KeyStore extends SlotArrays {
  readonly bytes: number;
  /**
   * Slot of each of `count` rows into `out`, by key, hash (key and namespace) and namespace id. One that is not there is made,
   * or -1 when `make` is false. `load` the key columns first.
   */
  locate(
    index: EntryIndex,
    hashes: Int32Array,
    namespaceIds: Int32Array,
    count: number,
    out: Int32Array,
    make: boolean,
  ): void;
  load(columns: readonly Column[], count: number): void;
  /** Same key in two slots. */
  equal(a: number, b: number): boolean;
  copy(from: number, to: number): void;
  appendTo(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void;
}

export function keyStore(keys: readonly Field[]): KeyStore {
  const [first] = keys;
  if (first !== undefined && keys.length === 1) {
    switch (first.type.kind) {
      case 'INT':
      case 'DATE':
      case 'BIGINT':
      case 'TIMESTAMP':
      case 'DOUBLE':
        return new WordKeys(first.type);
      case 'STRING':
      case 'BYTES':
        return new BytesKeys(null);
      default:
    }
  }
  return new BytesKeys(new KeyEncoder(keys));
}

import type { Column } from '../../../core/column.ts';
import { columnsAt } from '../rows/columns-at.ts';

/** Whether a row has NULL in one of its keys, so that nothing matches it. */
export function hasNullKey(keys: readonly Column[], row: number): boolean {
  for (const key of keys) if (key.isNull(row)) return true;
  return false;
}

/** Rows `rows[0, count)`, ascending, of the columns; the columns themselves where that is all of `length`. */
export function takeKeys(keys: readonly Column[], length: number, rows: Int32Array, count: number): readonly Column[] {
  return count === length ? keys : columnsAt(keys, rows, count);
}

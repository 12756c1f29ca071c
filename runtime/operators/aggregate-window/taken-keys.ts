import { columnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';

/** The keys of some rows of a batch, in a row. */
export function takenKeys(keys: readonly Column[], rows: Int32Array): readonly Column[] {
  return keys.map((column) => {
    const builder = columnBuilder(column.type, rows.length);
    builder.appendRows(column, rows, rows.length);
    return builder.finish();
  });
}

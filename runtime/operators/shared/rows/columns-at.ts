import { columnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';

/** Rows `rows[0, count)` of the columns, in that order; a row may come more than once. */
export function columnsAt(columns: readonly Column[], rows: Int32Array, count: number): readonly Column[] {
  return columns.map((column) => {
    const builder = columnBuilder(column.type, count);
    builder.appendRows(column, rows, count);
    return builder.finish();
  });
}

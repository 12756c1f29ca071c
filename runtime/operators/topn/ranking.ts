/** The ranked rows of one partition: an array in order, where rows that are equal in it stand by arrival. */
import type { RowValues } from '../shared/rows/row-values.ts';
import { isSameValue } from '../shared/rows/same-value.ts';
import type { RowOrder } from './row-order.ts';

/** Puts a row behind those that rank before it or as it; returns where. */
export function insertRow(rows: RowValues[], row: RowValues, order: RowOrder): number {
  const at = placeOf(rows, row, order);
  rows.splice(at, 0, row);
  return at;
}

function placeOf(rows: readonly RowValues[], row: RowValues, order: RowOrder): number {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (order.compare(rows[middle]!, row) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Where the row is that is taken back: of equal ones the latest to come, so that those before it stay where they are. -1 when there
 * is none.
 */
export function findRow(rows: readonly RowValues[], row: RowValues, fieldCount: number, order: RowOrder): number {
  const isSame = (other: RowValues): boolean => sameFields(other, row, fieldCount);
  for (let at = placeOf(rows, row, order) - 1; at >= 0 && order.compare(rows[at]!, row) === 0; at--) {
    if (isSame(rows[at]!)) return at;
  }
  // What it sorts by may depend on when it was computed.
  return rows.findLastIndex(isSame);
}

function sameFields(a: RowValues, b: RowValues, fieldCount: number): boolean {
  for (let i = 0; i < fieldCount; i++) if (!isSameValue(a.values[i]!, b.values[i]!)) return false;
  return true;
}

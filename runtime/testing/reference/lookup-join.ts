/** A lookup join as one would write it down: for each row, a look at every row of the table. */
import type { Value } from '../../core/types.ts';

export interface ReferenceLookup {
  /** Rows of the table. */
  readonly table: readonly (readonly Value[])[];
  /** Pairs of indexes: of the row, of the table. */
  readonly on: readonly (readonly [left: number, right: number])[];
  /** Fields of the table that are added. */
  readonly added: readonly number[];
  readonly kind: 'inner' | 'left';
}

export function lookUp({ table, on, added, kind }: ReferenceLookup, row: readonly Value[]): (readonly Value[])[] {
  const matches = table.filter((one) => on.every(([l, r]) => row[l] !== null && row[l] === one[r]));
  if (matches.length === 0 && kind === 'left') return [[...row, ...added.map(() => null)]];
  return matches.map((one) => [...row, ...added.map((field) => one[field]!)]);
}

export interface ColumnRoom {
  /** Pixels wanted. */
  readonly width?: number;
  /** Pixels it can do with; as wanted if left out. */
  readonly minWidth?: number;
}

/**
 * The widths of columns in a table of `room` pixels: as wanted, or, where that is too much by no more than they can give up,
 * narrower in proportion to it. A table that does not fit even so is as wide as wanted, and scrolls. undefined = its share of
 * what is left.
 */
export function fitColumns(columns: readonly ColumnRoom[], room: number): readonly (number | undefined)[] {
  const wanted = columns.map((column) => column.width);
  const slack = columns.map(({ width = 0, minWidth = width }) => Math.max(0, width - minWidth));
  const excess = sum(wanted.map((width) => width ?? 0)) - room;
  const total = sum(slack);
  if (room <= 0 || excess <= 0 || excess > total) return wanted;
  return wanted.map((width, i) => (width === undefined ? width : width - (slack[i]! * excess) / total));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

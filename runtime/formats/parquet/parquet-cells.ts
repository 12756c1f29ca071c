/** Columns as the arrays that the Parquet library takes: typed where they are, without NULLs, what it wants. */
import type { DecodedArray } from 'hyparquet';
import type { Column } from '../../core/column.ts';
import type { Value } from '../../core/types.ts';

/** The first `length` cells of a column. */
export function cellsOf(column: Column, length: number): DecodedArray {
  const isFull = column.validity === null;
  switch (column.type.kind) {
    case 'INT':
    case 'DATE':
    case 'BIGINT':
    case 'DOUBLE':
      return isFull ? (column.values.subarray(0, length) as DecodedArray) : cells(column, length, plainCell);
    default:
      return cells(column, length, cellOf(column));
  }
}

type Cell = (column: Column, row: number) => unknown;

function cells(column: Column, length: number, cell: Cell): unknown[] {
  const out = new Array<unknown>(length);
  for (let row = 0; row < length; row++) out[row] = column.isNull(row) ? null : cell(column, row);
  return out;
}

const plainCell: Cell = (column, row) => column.values[row];

/** Chosen once a column. */
function cellOf({ type }: Column): Cell {
  switch (type.kind) {
    case 'STRING':
    case 'BYTES':
      return (column, row) => (column.values as Uint8Array).subarray(column.offsets![row]!, column.offsets![row + 1]!);
    case 'TIMESTAMP':
      return (column, row) => BigInt(Math.floor((column.values as Float64Array)[row]!));
    case 'ARRAY':
      return (column, row) => items(column, row, column.children[0]!);
    case 'MAP':
      return (column, row) => {
        const [keys, values] = column.children;
        const written = items(column, row, values!);
        return items(column, row, keys!).map((key, i) => ({ key, value: written[i] }));
      };
    case 'ROW': {
      const { fields } = type;
      return (column, row) => {
        // Without a prototype: a field may be named as one of its members.
        const object = Object.create(null) as Record<string, unknown>;
        fields.forEach((field, i) => (object[field.name] = nestedCell(column.children[i]!, row)));
        return object;
      };
    }
    default:
      return (column, row): Value => column.value(row);
  }
}

function items(list: Column, row: number, from: Column): unknown[] {
  const out: unknown[] = [];
  for (let i = list.offsets![row]!; i < list.offsets![row + 1]!; i++) out.push(nestedCell(from, i));
  return out;
}

const CELLS = new WeakMap<Column, Cell>();

function nestedCell(column: Column, row: number): unknown {
  if (column.isNull(row)) return null;
  let cell = CELLS.get(column);
  if (cell === undefined) {
    cell = cellOf(column);
    CELLS.set(column, cell);
  }
  return cell(column, row);
}

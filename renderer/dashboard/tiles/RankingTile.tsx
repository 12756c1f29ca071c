import { useMemo, type ReactNode } from 'react';
import type { TileViewOf } from '../../../runtime/core/tile.ts';
import { formatNumber } from '../number-format.ts';
import type { TileRows } from '../tile-rows.ts';
import type { TileProps } from './tile-props.ts';

const ISO_TIME = /^\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)/;

/** Only the column it is sorted by has the tile's unit. */
export function RankingTile({ view, tile, rows }: TileProps<'table'>): ReactNode {
  const order = useMemo(() => rankedRows(rows, view), [rows, view]);
  const columns = view.columns.length > 0 ? view.columns : rows.fields;
  const isNumber = (column: string): boolean =>
    order.length > 0 && order.every((row) => rows.number(row, column) !== null);
  const numbers = new Set(columns.filter(isNumber));
  const cell = (row: number, column: string): string => {
    const number = numbers.has(column) ? rows.number(row, column) : null;
    if (number !== null) return formatNumber(number, column === view.sortBy ? tile : { unit: null, decimals: null });
    const text = rows.text(row, column);
    return ISO_TIME.exec(text)?.[1] ?? text;
  };
  return (
    <table className="wall-table">
      <thead>
        <tr>
          <th className="wall-rank">#</th>
          {columns.map((column) => (
            <th key={column} className={numbers.has(column) ? 'is-number' : ''}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {order.map((row, place) => (
          <tr key={place}>
            <td className="wall-rank">
              <span>{place + 1}</span>
            </td>
            {columns.map((column) => (
              <td key={column} className={numbers.has(column) ? 'is-number' : ''}>
                {cell(row, column)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Numbers of the rows that are shown, best first. */
export function rankedRows(rows: TileRows, { sortBy, top }: TileViewOf<'table'>): number[] {
  const order = Array.from({ length: rows.length }, (_, row) => row);
  if (sortBy === null) order.reverse();
  else order.sort((a, b) => compare(rows, sortBy, b, a));
  return order.slice(0, top);
}

function compare(rows: TileRows, field: string, a: number, b: number): number {
  const [left, right] = [rows.number(a, field), rows.number(b, field)];
  if (left !== null && right !== null) return left - right;
  if (left !== null || right !== null) return left === null ? -1 : 1;
  const [leftText, rightText] = [rows.text(a, field), rows.text(b, field)];
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}

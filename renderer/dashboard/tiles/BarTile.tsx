import { useMemo, type ReactNode } from 'react';
import { formatShort } from '../number-format.ts';
import { largestParts } from '../tile-rows.ts';
import type { TileProps } from './tile-props.ts';

/** Bars from the largest down: a list, so that it can also be read. */
export function BarTile({ view, tile, rows }: TileProps<'bar'>): ReactNode {
  const { parts } = useMemo(() => largestParts(rows, view), [rows, view]);
  const longest = Math.max(...parts.map((part) => Math.abs(part.value)), Number.MIN_VALUE);
  return (
    <ol className="wall-bars">
      {parts.map(({ name, value }) => (
        <li key={name}>
          <span className="wall-bar-name">{name}</span>
          <b>{formatShort(value, tile)}</b>
          <span className="wall-bar">
            <span style={{ width: `${(Math.abs(value) / longest) * 100}%` }} />
          </span>
        </li>
      ))}
    </ol>
  );
}

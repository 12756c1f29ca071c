/** Random rows for sources: few keys, so that rows meet; event time that drifts forward while single rows fall behind. */
import type { Draw } from './draw.ts';

/** What every drawn source gives. */
export const SOURCE_FIELDS = [
  { name: 'k', type: 'STRING' },
  { name: 'v', type: 'INT' },
  { name: 'big', type: 'BIGINT' },
  { name: 'x', type: 'DOUBLE' },
  { name: 'tags', type: 'STRING' },
  { name: 'ts', type: 'TIMESTAMP' },
] as const;

export const EPOCH_MS = Date.UTC(2026, 0, 1);

export interface InputOptions {
  readonly rows: number;
  readonly format: 'csv' | 'jsonl';
  /** No row is so far behind the latest before it. */
  readonly disorderMs: number;
  /** Most that event time moves from row to row. */
  readonly driftMs: number;
  /** Some lines are no rows. CSV only. */
  readonly hasBadLines: boolean;
}

/** Lines of one file. */
export function drawLines(draw: Draw, options: InputOptions): readonly string[] {
  const { rows, format, disorderMs, driftMs, hasBadLines } = options;
  const lines = format === 'csv' ? [SOURCE_FIELDS.map(({ name }) => name).join(',')] : [];
  let latest = EPOCH_MS + draw.integer(0, 2000);
  for (let row = 0; row < rows; row++) {
    latest += draw.chance(0.2) ? 0 : draw.integer(0, driftMs);
    const cells = drawCells(draw, latest - draw.integer(0, Math.max(0, disorderMs - 1)));
    const isBad = hasBadLines && format === 'csv' && draw.chance(0.1);
    lines.push(format === 'csv' ? csvLine(isBad ? { ...cells, v: 'none' } : cells) : JSON.stringify(cells));
  }
  return lines;
}

type Cells = Readonly<Record<(typeof SOURCE_FIELDS)[number]['name'], string | number | null>>;

function drawCells(draw: Draw, ts: number): Cells {
  return {
    k: draw.chance(0.05) ? null : draw.pick(['a', 'b', 'c', 'd', 'e', 'ü']),
    v: draw.chance(0.1) ? null : draw.integer(-9, 9),
    big: draw.chance(0.1) ? null : draw.integer(-5, 5) * draw.pick([1, 1, 1_000_000_007]),
    // Quarters add up exactly in any order.
    x: draw.chance(0.1) ? null : draw.integer(-20, 20) / 4,
    tags: draw.chance(0.1) ? null : draw.some(['p', 'q', 'r', 's']).join('|'),
    ts,
  };
}

function csvLine(cells: Cells): string {
  return SOURCE_FIELDS.map(({ name }) => cells[name] ?? '').join(',');
}

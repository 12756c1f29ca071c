import type { ResultRow } from './reference/events.ts';

const SHOWN_ROWS = 5;

export interface Comparison {
  /** Rows of the reference, and of the engine in the end. */
  readonly expected: number;
  readonly seen: number;
  /** As JSON, the first few: of the reference alone, and of the engine alone. */
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

export function isEqual({ missing, unexpected }: Comparison): boolean {
  return missing.length === 0 && unexpected.length === 0;
}

/** As multisets. */
export function compareRows(expected: readonly ResultRow[], seen: readonly ResultRow[]): Comparison {
  const balance = new Map<string, number>();
  const count = (rows: readonly ResultRow[], by: number): void => {
    for (const row of rows.map((cells) => JSON.stringify(cells))) balance.set(row, (balance.get(row) ?? 0) + by);
  };
  count(expected, 1);
  count(seen, -1);
  const left = (sign: number): string[] =>
    [...balance]
      .filter(([, times]) => times * sign > 0)
      .map(([row]) => row)
      .slice(0, SHOWN_ROWS);
  return { expected: expected.length, seen: seen.length, missing: left(1), unexpected: left(-1) };
}

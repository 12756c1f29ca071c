/** Rows as they come from a job, read by the names of their fields. */
import type { RowSample } from '../../runtime/protocol/job.ts';

export type Cell = (row: number) => unknown;

export class TileRows {
  readonly length: number;
  readonly fields: readonly string[];
  readonly #sample: RowSample;

  constructor(sample: RowSample) {
    this.#sample = sample;
    this.length = sample.rows.length;
    this.fields = sample.fields;
  }

  value(row: number, field: string): unknown {
    return this.#sample.rows[row]?.values[this.fields.indexOf(field)] ?? null;
  }

  /** null for NULL, and for what is no number. */
  number(row: number, field: string): number | null {
    const value = this.value(row, field);
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : null;
  }

  text(row: number, field: string): string {
    const value = this.value(row, field);
    if (value === null) return '–';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  /** ms since the epoch, of a TIMESTAMP field or (null) the row itself; null where there is none. */
  time(row: number, field: string | null): number | null {
    if (field === null) return this.#sample.rows[row]?.eventTime ?? null;
    const value = this.value(row, field);
    const time = typeof value === 'string' ? Date.parse(value) : NaN;
    return Number.isNaN(time) ? null : time;
  }
}

export interface Part {
  readonly name: string;
  readonly value: number;
}

/** The largest parts, from the largest down; `rest` is the sum of the others, of which there are `restCount`. */
export function largestParts(
  rows: TileRows,
  view: { readonly category: string; readonly value: string; readonly top: number },
): { readonly parts: readonly Part[]; readonly rest: number; readonly restCount: number } {
  const all = Array.from({ length: rows.length }, (_, row) => ({
    name: rows.text(row, view.category),
    value: rows.number(row, view.value) ?? 0,
  })).sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1));
  const others = all.slice(view.top);
  return {
    parts: all.slice(0, view.top),
    rest: others.reduce((sum, part) => sum + part.value, 0),
    restCount: others.length,
  };
}

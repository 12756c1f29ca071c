import type { Column } from '../../core/column.ts';
import type { KeyedTable, StateStore } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import { firstEndAfter, type AlignedWindows } from './aligned-windows.ts';
import { removeNamespaces } from './remove-namespaces.ts';
import { takenKeys } from './taken-keys.ts';

const ROWS = 'rows';
/** Entries looked up in one go: a row may be in very many windows. */
const LOOKUPS = 1 << 14;

/** A window, by its end, that fires for the key of a row as soon as that row is in it. */
export interface RowFiring {
  readonly row: number;
  readonly end: number;
}

/** How many rows each key has in each window that has not fired: every so many make it fire early. */
export class EarlyCounts {
  readonly #every: number;
  readonly #windows: AlignedWindows;
  readonly #table: KeyedTable;

  constructor(every: number, windows: AlignedWindows, keys: readonly Field[], store: StateStore) {
    this.#every = every;
    this.#windows = windows;
    this.#table = store.table({ name: 'counts', keys, namespaced: true, columns: [{ name: ROWS, type: 'f64' }] });
  }

  /** Counts the rows, each into its windows that end after `fired`; returns what is due, by row. */
  add(keys: readonly Column[], count: number, panes: Float64Array, fired: number): readonly RowFiring[] {
    const due: RowFiring[] = [];
    const rows: number[] = [];
    const ends: number[] = [];
    for (let row = 0; row < count; row++) {
      const lastEnd = this.#windows.lastEnd(panes[row]!);
      for (let end = firstEndAfter(this.#windows, panes[row]!, fired); end <= lastEnd; end += this.#windows.paneMs) {
        rows.push(row);
        ends.push(end);
      }
      if (rows.length < LOOKUPS && row < count - 1) continue;
      this.#count(keys, Int32Array.from(rows), Float64Array.from(ends), due);
      rows.length = ends.length = 0;
    }
    return due;
  }

  #count(keys: readonly Column[], rows: Int32Array, ends: Float64Array, due: RowFiring[]): void {
    const slots = new Int32Array(rows.length);
    this.#table.slots(takenKeys(keys, rows), rows.length, ends, slots);
    const counts = this.#table.f64(ROWS);
    for (let i = 0; i < rows.length; i++) {
      if (++counts[slots[i]!]! % this.#every === 0) due.push({ row: rows[i]!, end: ends[i]! });
    }
  }

  /** Windows that end at `end` or before have fired. See `removeNamespaces`. */
  forgetUpTo(end: number, max: number): number {
    return removeNamespaces(this.#table, (window) => window <= end, max);
  }
}

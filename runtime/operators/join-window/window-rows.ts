/**
 * Rows that wait for the end of their windows: by key and window end, those of both sides. A row is in each of its windows, as in Flink;
 * in memory these share it.
 */
import type { Column } from '../../core/column.ts';
import type { Schema } from '../../core/schema.ts';
import type { EntryScan, Json, KeyedTable, StateCodec, StateStore } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import { hasNullKey } from '../shared/joins/keys.ts';
import { rowCodec, type RowValues } from '../shared/rows/row-values.ts';

/** The rows of a key in a window. */
export interface WindowRows {
  readonly left: RowValues[];
  readonly right: RowValues[];
  /** The key has a NULL: nothing matches. */
  readonly hasNullKey: boolean;
}

const COLUMN = 'rows';
/** Keys read of a window at a time. */
const SCANNED_KEYS = 64;

export class WindowRowsTable {
  readonly #table: KeyedTable;
  #slots = new Int32Array(0);

  constructor(store: StateStore, keys: readonly Field[], left: Schema, right: Schema) {
    this.#table = store.table({
      name: 'windows',
      keys,
      namespaced: true,
      columns: [{ name: COLUMN, type: 'object', codec: windowRowsCodec(left, right) }],
    });
  }

  /** Adds `rows` to one window each. */
  add(side: 'left' | 'right', keys: readonly Column[], ends: Float64Array, rows: readonly RowValues[]): void {
    if (this.#slots.length < rows.length) this.#slots = new Int32Array(rows.length);
    this.#table.slots(keys, rows.length, ends, this.#slots);
    const entries = this.#table.objects(COLUMN) as (WindowRows | undefined)[];
    rows.forEach((row, i) => {
      const entry = (entries[this.#slots[i]!] ??= { left: [], right: [], hasNullKey: hasNullKey(keys, i) });
      entry[side].push(row);
    });
  }

  /** Ends of the windows with rows, ascending. */
  ends(): readonly number[] {
    return [...this.#table.namespaces()];
  }

  scan(end: number): EntryScan {
    return this.#table.scan(end);
  }

  /** Some more of a window's keys; none at the end. They may be read until rows are added again. */
  next(scan: EntryScan): readonly WindowRows[] {
    const slots = scan.next(SCANNED_KEYS);
    const entries = this.#table.objects(COLUMN) as WindowRows[];
    return Array.from(slots, (slot) => entries[slot]!);
  }

  /** Removes a window, up to about `max` keys of it; true when there are more. */
  remove(end: number, max: number): boolean {
    return this.#table.removeNamespace(end, max) === true;
  }
}

const ENTRY_BYTES = 160;

function windowRowsCodec(left: Schema, right: Schema): StateCodec {
  const ofLeft = rowCodec(left);
  const ofRight = rowCodec(right);
  const sizeOf = (rows: readonly RowValues[], codec: StateCodec): number =>
    rows.reduce((sum, row) => sum + 8 + codec.sizeOf(row), 0);
  return {
    toJson(value): Json {
      const rows = value as WindowRows;
      return [
        rows.hasNullKey,
        rows.left.map((row) => ofLeft.toJson(row)),
        rows.right.map((row) => ofRight.toJson(row)),
      ];
    },
    fromJson(json): WindowRows {
      const [isNull, lefts, rights] = json as readonly [boolean, readonly Json[], readonly Json[]];
      return {
        hasNullKey: isNull,
        left: lefts.map((row) => ofLeft.fromJson(row) as RowValues),
        right: rights.map((row) => ofRight.fromJson(row) as RowValues),
      };
    },
    sizeOf(value) {
      const rows = value as WindowRows;
      return ENTRY_BYTES + sizeOf(rows.left, ofLeft) + sizeOf(rows.right, ofRight);
    },
  };
}

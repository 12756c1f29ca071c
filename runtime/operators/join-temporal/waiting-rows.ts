/** Left rows whose time the watermark has not reached: by key and event time. */
import { columnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import type { Schema } from '../../core/schema.ts';
import type { EntryScan, KeyedTable, StateStore } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import { rowListCodec } from '../shared/rows/row-list-codec.ts';
import type { RowValues } from '../shared/rows/row-values.ts';

/** Rows of some keys, all at one time. */
export interface DueRows {
  readonly keys: readonly Column[];
  /** By key, in the order they came. */
  readonly rows: readonly (readonly RowValues[])[];
}

const COLUMN = 'rows';
/** Keys read of one time at once. */
const SCANNED_KEYS = 256;

export class WaitingRows {
  readonly #keys: readonly Field[];
  readonly #table: KeyedTable;
  #slots = new Int32Array(0);

  constructor(store: StateStore, keys: readonly Field[], schema: Schema) {
    this.#keys = keys;
    this.#table = store.table({
      name: 'left',
      keys,
      namespaced: true,
      columns: [{ name: COLUMN, type: 'object', codec: rowListCodec(schema) }],
    });
  }

  add(keys: readonly Column[], times: Float64Array, rows: readonly RowValues[]): void {
    if (this.#slots.length < rows.length) this.#slots = new Int32Array(rows.length);
    this.#table.slots(keys, rows.length, times, this.#slots);
    const lists = this.#table.objects(COLUMN) as (RowValues[] | undefined)[];
    rows.forEach((row, i) => (lists[this.#slots[i]!] ??= []).push(row));
  }

  /** Times up to the watermark that rows wait at, ascending. */
  dueTimes(watermark: number): readonly number[] {
    const due: number[] = [];
    for (const time of this.#table.namespaces()) {
      if (time > watermark) break;
      due.push(time);
    }
    return due;
  }

  scan(time: number): EntryScan {
    return this.#table.scan(time);
  }

  /** Rows of some more keys; null at the end. */
  next(scan: EntryScan): DueRows | null {
    const slots = scan.next(SCANNED_KEYS);
    if (slots.length === 0) return null;
    const lists = this.#table.objects(COLUMN) as RowValues[][];
    const builders = this.#keys.map(({ type }) => columnBuilder(type, slots.length));
    this.#table.appendKeys(slots, slots.length, builders);
    return { keys: builders.map((builder) => builder.finish()), rows: Array.from(slots, (slot) => lists[slot]!) };
  }

  /** Removes the rows of a time, of up to about `max` keys; true when there are more. */
  remove(time: number, max: number): boolean {
    return this.#table.removeNamespace(time, max) === true;
  }
}

import { BatchBuilder, type Batch } from '../../core/batch.ts';
import type { Column } from '../../core/column.ts';
import type { Schema } from '../../core/schema.ts';
import type { KeyedTable, StateStore } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import { StoredRows } from '../shared/rows/stored-rows.ts';

const ARRIVAL = 'arrival';
const TIMES = 'times';

/** Rows in keyed state, each with the number of its arrival: part of checkpoints, so that a restored job shows what it had shown. */
export class RowStore {
  readonly #schema: Schema;
  readonly #stored: StoredRows;
  readonly #table: KeyedTable;
  #arrivals = new Float64Array(0) as Float64Array;
  #times = new Int32Array(0) as Int32Array;
  #arrived: number | null = null;

  constructor(schema: Schema, keys: readonly Field[], state: StateStore) {
    this.#schema = schema;
    this.#stored = new StoredRows(schema);
    this.#table = state.table({
      name: 'rows',
      keys,
      namespaced: false,
      columns: [...this.#stored.columns, { name: ARRIVAL, type: 'f64' }, { name: TIMES, type: 'i32' }],
    });
  }

  get size(): number {
    return this.#table.size;
  }

  /** Rows that have come, those before a restore included. */
  get arrived(): number {
    // What was restored is there from the first call on.
    return (this.#arrived ??= this.#lastArrival());
  }

  /** Slots of the rows' keys, entries made where there are none; binds to them. */
  slots(keys: readonly Column[], count: number, out: Int32Array): void {
    this.#arrived = this.arrived;
    this.#table.slots(keys, count, null, out);
    this.#bind();
  }

  put(slot: number, batch: Batch, row: number): void {
    this.#stored.set(slot, batch, row);
    this.#arrivals[slot] = ++this.#arrived!;
    this.#times[slot]!++;
  }

  /** One of the times that the row was put is taken back: true when that was the last. */
  takeBack(slot: number): boolean {
    return --this.#times[slot]! <= 0;
  }

  isEmpty(slot: number): boolean {
    return this.#times[slot]! <= 0;
  }

  remove(slot: number): void {
    this.#table.remove(slot);
  }

  /** All slots, in the order of arrival. */
  byArrival(): Int32Array {
    const found: number[] = [];
    const scan = this.#table.scan(0);
    for (let some = scan.next(1024); some.length > 0; some = scan.next(1024)) found.push(...some);
    this.#bind();
    const arrivals = this.#arrivals;
    return Int32Array.from(found).sort((a, b) => arrivals[a]! - arrivals[b]!);
  }

  /** The last `limit` rows, in the order of arrival. */
  rows(limit: number): Batch {
    const slots = this.byArrival().slice(-limit);
    const builder = new BatchBuilder(this.#schema, slots.length);
    for (const slot of slots) {
      this.#stored.append(slot, builder);
      builder.endRow(this.#stored.eventTimeOf(slot));
    }
    return builder.finish();
  }

  #bind(): void {
    this.#stored.bind(this.#table);
    this.#arrivals = this.#table.f64(ARRIVAL);
    this.#times = this.#table.i32(TIMES);
  }

  #lastArrival(): number {
    const last = this.byArrival().at(-1);
    return last === undefined ? 0 : this.#arrivals[last]!;
  }
}

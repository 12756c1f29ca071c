/**
 * Results as a changelog, for windows that fire early: the first result of a key's window is inserted, another takes its place (-U, +U),
 * and one that is the same says nothing. What has gone out is kept until the window can change no more.
 */
import { Batch, BatchBuilder, DELETE, INSERT, MAX_BATCH_ROWS, UPDATE_AFTER, UPDATE_BEFORE } from '../../core/batch.ts';
import type { Column } from '../../core/column.ts';
import type { Output } from '../../core/operator.ts';
import type { StreamShape } from '../../core/schema.ts';
import type { KeyedTable, StateStore } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import type { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { isSameCell } from '../shared/rows/same-cell.ts';
import { StoredRows } from '../shared/rows/stored-rows.ts';
import { removeNamespaces } from './remove-namespaces.ts';
import { ResultWriter, type WindowResults } from './result-writer.ts';

/** 1 where a result has gone out. */
const SENT = 'sent';

export class ChangelogResults implements WindowResults {
  readonly #keyCount: number;
  readonly #output: Output;
  /** The last result of each key and window: the namespace is the window's number. */
  readonly #table: KeyedTable;
  readonly #rows: StoredRows;
  /** The results at hand. */
  readonly #fresh: ResultWriter;
  /** What they take the place of, and they. */
  readonly #changes: BatchBuilder;
  readonly #out: BatchBuilder;

  constructor(shape: StreamShape, keys: readonly Field[], store: StateStore, output: Output) {
    this.#keyCount = keys.length;
    this.#output = output;
    this.#rows = new StoredRows(shape.schema);
    this.#table = store.table({
      name: 'results',
      keys,
      namespaced: true,
      columns: [{ name: SENT, type: 'i32' }, ...this.#rows.columns],
    });
    this.#fresh = new ResultWriter(shape, keys.length, output);
    this.#changes = new BatchBuilder(shape.schema);
    this.#out = new BatchBuilder(shape.schema);
  }

  /** A result may be two rows. */
  get room(): number {
    return Math.max(0, (MAX_BATCH_ROWS - this.#out.length) >> 1);
  }

  /** The end of an aligned window is its number. */
  append(table: KeyedTable, group: AggregateGroup, slots: Int32Array, start: number, end: number): void {
    this.appendEach(
      table,
      group,
      slots,
      () => start,
      () => end,
      () => end,
    );
  }

  appendEach(
    table: KeyedTable,
    group: AggregateGroup,
    slots: Int32Array,
    startOf: (slot: number) => number,
    endOf: (slot: number) => number,
    numberOf: (slot: number) => number,
  ): void {
    for (let from = 0; from < slots.length;) {
      if (this.room === 0) this.flush();
      const part = slots.subarray(from, from + this.room);
      from += part.length;
      this.#fresh.appendEach(table, group, part, startOf, endOf);
      this.#change(this.#fresh.finish(), Float64Array.from(part, numberOf));
    }
  }

  #change(fresh: Batch, windows: Float64Array): void {
    const count = fresh.length;
    const slots = new Int32Array(count);
    this.#table.slots(fresh.columns.slice(0, this.#keyCount), count, windows, slots);
    this.#rows.bind(this.#table);
    const sent = this.#table.i32(SENT);
    const isSent = slots.map((slot) => sent[slot]!);
    for (let i = 0; i < count; i++) if (isSent[i] === 1) this.#appendSent(slots[i]!, UPDATE_BEFORE);
    const first = this.#changes.length;
    this.#changes.appendRows(
      new Batch(
        fresh.schema,
        count,
        fresh.columns,
        fresh.eventTimes,
        Uint8Array.from(isSent, (one) => (one === 1 ? UPDATE_AFTER : INSERT)),
      ),
      Int32Array.from({ length: count }, (_, i) => i),
      count,
    );
    const changes = this.#changes.finish();
    const chosen = new Int32Array(2 * count);
    let length = 0;
    for (let i = 0, before = 0; i < count; i++) {
      const after = first + i;
      if (isSent[i] === 1) {
        const old = before++;
        if (this.#isSame(changes.columns, old, after)) continue;
        chosen[length++] = old;
      }
      chosen[length++] = after;
      this.#rows.set(slots[i]!, fresh, i);
      sent[slots[i]!] = 1;
    }
    this.#out.appendRows(changes, chosen, length);
  }

  #appendSent(slot: number, kind: typeof UPDATE_BEFORE | typeof DELETE): void {
    this.#rows.append(slot, this.#changes);
    this.#changes.endRow(this.#rows.eventTimeOf(slot), kind);
  }

  #isSame(columns: readonly Column[], a: number, b: number): boolean {
    for (let i = this.#keyCount; i < columns.length; i++) if (!isSameCell(columns[i]!, a, b)) return false;
    return true;
  }

  /** Takes back what has gone out for windows that are no more, each by its key and number. */
  retract(keys: readonly Column[], windows: Float64Array): void {
    for (const slot of this.#find(keys, windows)) {
      if (this.room === 0) this.flush();
      this.#appendSent(slot, DELETE);
      this.#out.appendRange(this.#changes.finish(), 0, 1);
      this.#table.remove(slot);
    }
  }

  /** Windows that can change no more, each by its key and number. */
  forget(keys: readonly Column[], windows: Float64Array): void {
    for (const slot of this.#find(keys, windows)) this.#table.remove(slot);
  }

  #find(keys: readonly Column[], windows: Float64Array): Int32Array {
    const slots = new Int32Array(windows.length);
    this.#table.find(keys, windows.length, windows, slots);
    this.#rows.bind(this.#table);
    return slots.filter((slot) => slot >= 0);
  }

  /** Aligned windows that end at `end` or before can change no more. See `removeNamespaces`. */
  forgetUpTo(end: number, max: number): number {
    return removeNamespaces(this.#table, (window) => window <= end, max);
  }

  flush(): void {
    if (this.#out.length > 0) this.#output.emit(this.#out.finish());
  }
}

/**
 * Windows by the number of a key's rows. State: how many rows of each key have come, and an entry for each key and pane with rows (see
 * count-windows.ts). A batch's rows are added to their panes first; then the windows that they complete fire, in the order of the rows
 * that complete them: later rows are in other panes and cannot show. As in Flink, a window that is not complete at the end never fires.
 */
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import type { Column } from '../../core/column.ts';
import { assert } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorPlan, Output } from '../../core/operator.ts';
import { fieldIndex } from '../../core/schema.ts';
import type { KeyedTable } from '../../core/state.ts';
import { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { countWindows, type CountWindows } from './count-windows.ts';
import type { AggregateWindowConfig } from './spec.ts';
import { takenKeys } from './taken-keys.ts';
import { isCountWindow } from './window-config.ts';

/** Rows of a key that have come. */
const ROWS = 'rows';
/** In place of a pane: all rows of the windows that have fired. */
const ALL_BEFORE = -1;

export class CountWindowOperator implements Operator {
  readonly #windows: CountWindows;
  readonly #keyIndices: readonly number[];
  readonly #group: AggregateGroup;
  readonly #keys: KeyedTable;
  readonly #panes: KeyedTable;
  readonly #results: BatchBuilder;
  readonly #out: Output;
  /** Of the batch at hand: each row's key, pane and the entry for it, and the rows that complete a window. */
  #keySlots = new Int32Array(0);
  #rowPanes = new Float64Array(0);
  #slots = new Int32Array(0);
  #completing = new Int32Array(0);
  /** By slot: the last run of firings that an entry was in. */
  #runs = new Float64Array(0);
  #run = 0;

  constructor({ config, inputs, outputs }: OperatorPlan<AggregateWindowConfig>, context: OperatorContext) {
    const { schema } = inputs[0]!.shape;
    assert(isCountWindow(config.window), 'not a window by count');
    this.#windows = countWindows(config.window);
    this.#keyIndices = config.groupBy.map((name) => fieldIndex(schema, name));
    this.#group = new AggregateGroup(config.aggregates, schema, context);
    const keys = this.#keyIndices.map((i) => schema.fields[i]!);
    this.#keys = context.state.table({
      name: 'rows',
      keys,
      namespaced: false,
      columns: [{ name: ROWS, type: 'f64' }],
    });
    this.#panes = context.state.table({ name: 'panes', keys, namespaced: true, columns: this.#group.columns });
    this.#results = new BatchBuilder(outputs.out!.schema);
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    const count = batch.length;
    if (count === 0) return;
    this.#makeRoom(count);
    const keys = this.#keyIndices.map((i) => batch.columns[i]!);
    const complete = this.#assign(keys, count);
    this.#panes.slots(keys, count, this.#rowPanes, this.#slots);
    this.#group.bind(this.#panes);
    this.#group.load(batch.columns, count);
    this.#group.add(this.#slots, 0, count);
    if (complete > 0) this.#fire(batch, keys, this.#completing.slice(0, complete));
  }

  #makeRoom(count: number): void {
    if (this.#slots.length >= count) return;
    this.#keySlots = new Int32Array(count);
    this.#rowPanes = new Float64Array(count);
    this.#slots = new Int32Array(count);
    this.#completing = new Int32Array(count);
  }

  /** Counts the rows into their panes; returns how many complete a window. */
  #assign(keys: readonly Column[], count: number): number {
    const { slide } = this.#windows;
    this.#keys.slots(keys, count, null, this.#keySlots);
    const rows = this.#keys.f64(ROWS);
    let complete = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[this.#keySlots[i]!]!++;
      this.#rowPanes[i] = this.#windows.paneOf(row);
      if ((row + 1) % slide === 0) this.#completing[complete++] = i;
    }
    return complete;
  }

  #fire(batch: Batch, keys: readonly Column[], rows: Int32Array): void {
    const last = rows.map((row) => this.#slots[row]!);
    if (this.#windows.panes === 1 && this.#windows.panesPerSlide === 1) this.#fireTumbling(batch, rows, last);
    else if (this.#windows.size === Infinity) this.#fireAll(batch, rows, last);
    else this.#fireSliding(batch, takenKeys(keys, rows), rows);
    this.#out.emit(this.#results.finish());
  }

  /** The window's only pane is that of its last row. */
  #fireTumbling(batch: Batch, rows: Int32Array, last: Int32Array): void {
    this.#append(batch, rows, last);
    for (const slot of last) this.#panes.remove(slot);
    // A key without rows in a window yet needs no state.
    const counts = this.#keys.f64(ROWS);
    for (const row of rows) {
      const key = this.#keySlots[row]!;
      if (counts[key] === (this.#rowPanes[row]! + 1) * this.#windows.slide) this.#keys.remove(key);
    }
  }

  /** Each pane is added to all before it; in runs without two windows of the same key, so that each result is taken in time. */
  #fireAll(batch: Batch, rows: Int32Array, last: Int32Array): void {
    const all = new Int32Array(last.length);
    this.#panes.slotsIn(last, last.length, ALL_BEFORE, all);
    this.#group.bind(this.#panes);
    const slotCount = all.reduce((most, slot) => Math.max(most, slot), 0) + 1;
    if (this.#runs.length < slotCount) this.#runs = new Float64Array(2 * slotCount);
    for (let from = 0; from < all.length;) {
      this.#run++;
      let to = from;
      for (; to < all.length && this.#runs[all[to]!] !== this.#run; to++) this.#runs[all[to]!] = this.#run;
      this.#group.merge(last.subarray(from, to), all.subarray(from, to), to - from);
      this.#append(batch, rows.subarray(from, to), all.subarray(from, to));
      from = to;
    }
    for (const slot of last) this.#panes.remove(slot);
  }

  /** The panes of each window are merged in an entry that lives no longer than this call. */
  #fireSliding(batch: Batch, keys: readonly Column[], rows: Int32Array): void {
    const { panes, panesPerSlide } = this.#windows;
    const count = rows.length;
    const namespaces = Float64Array.from(rows, (row) => this.#rowPanes[row]! + 0.5);
    const merged = new Int32Array(count);
    this.#panes.slots(keys, count, namespaces, merged);
    const found = new Int32Array(count);
    const over: number[] = [];
    // Where a slide is longer than a window, the pane before the window is in none.
    const oldest = Math.max(panes, panesPerSlide) - 1;
    for (let age = oldest; age >= 0; age--) {
      for (let i = 0; i < count; i++) namespaces[i] = this.#rowPanes[rows[i]!]! - age;
      this.#panes.find(keys, count, namespaces, found);
      const isThere = (_: number, i: number): boolean => found[i]! >= 0;
      const from = found.filter(isThere);
      if (age < panes) {
        this.#group.bind(this.#panes);
        this.#group.merge(from, merged.filter(isThere), from.length);
      }
      // No window to come begins before these.
      if (age > oldest - panesPerSlide) over.push(...from);
    }
    this.#append(batch, rows, merged);
    for (const slot of merged) this.#panes.remove(slot);
    for (const slot of over) this.#panes.remove(slot);
  }

  /** Results of `slots`, each with the event time of the row that completed it. */
  #append({ eventTimes }: Batch, rows: Int32Array, slots: Int32Array): void {
    const { columns } = this.#results;
    const keyCount = this.#keyIndices.length;
    this.#panes.appendKeys(slots, slots.length, columns.slice(0, keyCount));
    this.#group.append(slots, slots.length, columns, keyCount);
    for (const row of rows) this.#results.endRow(eventTimes === null ? NaN : eventTimes[row]!);
  }

  snapshot(): void {
    this.#group.snapshot();
  }
}

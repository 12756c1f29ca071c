/**
 * Tumbling, hopping and cumulative windows. State: one entry for each key and pane with rows (see aligned-windows.ts).
 *
 * A window fires when the watermark reaches its last millisecond: the panes it holds are merged, into an entry of a scratch
 * namespace unless it is only one pane, and a row a key comes out, by window end, then in the order in which keys first came in
 * the window's panes. A pane goes when no window that holds it can still change. With allowed lateness a row of a window that has
 * fired makes it fire again at once, for that row's key alone, one result a row: so batches do not show in the output.
 */
import type { Batch } from '../../core/batch.ts';
import { columnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import { assert } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { fieldIndex } from '../../core/schema.ts';
import type { KeyedTable, StateColumnSpec } from '../../core/state.ts';
import { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { alignedWindows, firstEndAfter, type AlignedWindows } from './aligned-windows.ts';
import { EventClock, noEventTime } from './event-clock.ts';
import { LateRows } from './late-rows.ts';
import { ResultWriter } from './result-writer.ts';
import type { AggregateWindowConfig } from './spec.ts';

/** Where panes are merged: no pane starts there, and it is empty between firings. */
const SCRATCH = Infinity;

/**
 * In processing time, the end of the last window that an entry was fired in. Each subtask has read the clock by itself: after a restore
 * at another parallelism, windows that some keys have behind them are still to fire for others.
 */
const FIRED: StateColumnSpec = { name: 'fired', type: 'f64' };

/** A window whose results are on their way out. */
interface Firing {
  readonly start: number;
  readonly end: number;
  readonly slots: Int32Array;
  /** Slots before this are out. */
  at: number;
}

export class AlignedWindowOperator implements Operator {
  readonly #windows: AlignedWindows;
  readonly #latenessMs: number;
  readonly #keyIndices: readonly number[];
  readonly #context: OperatorContext;
  readonly #clock: EventClock;
  readonly #group: AggregateGroup;
  readonly #table: KeyedTable;
  readonly #late: LateRows;
  readonly #results: ResultWriter;
  #firing: Firing | null = null;
  /** Of the batch at hand: the pane and slot of each row, and which rows are late or not. */
  #panes = new Float64Array(0);
  #slots = new Int32Array(0);
  #lateRows = new Int32Array(0);
  #goodRows = new Int32Array(0);
  #anyFired = false;

  constructor({ config, inputs, outputs }: OperatorPlan<AggregateWindowConfig>, context: OperatorContext) {
    const { schema } = inputs[0]!.shape;
    this.#windows = alignedWindows(config.window);
    this.#clock = new EventClock(config.window.time, context);
    this.#latenessMs = this.#clock.isProcessingTime ? 0 : config.allowedLateness;
    this.#keyIndices = config.groupBy.map((name) => fieldIndex(schema, name));
    this.#context = context;
    this.#group = new AggregateGroup(config.aggregates, schema, context);
    this.#table = context.state.table({
      name: 'panes',
      keys: this.#keyIndices.map((i) => schema.fields[i]!),
      namespaced: true,
      columns: this.#clock.isProcessingTime ? [...this.#group.columns, FIRED] : this.#group.columns,
    });
    this.#late = new LateRows(context);
    this.#results = new ResultWriter(outputs.out!, config.groupBy.length, context.output('out'));
    this.#group.bind(this.#table);
  }

  open(): void {
    this.#setTimer();
  }

  processBatch(batch: Batch): void {
    if (batch.length === 0) return;
    if (this.#clock.isProcessingTime) this.#fireAll(this.#clock.now() - 1);
    const lateCount = this.#assign(this.#clock.timesOf(batch), batch.length);
    if (lateCount > 0) this.#late.drop(batch, this.#lateRows, lateCount);
    const count = batch.length - lateCount;
    if (count > 0) this.#add(lateCount === 0 ? batch : batch.take(this.#goodRows, count), count);
    this.#setTimer();
  }

  /** Panes of the rows that are not late, in a row; returns how many are late. */
  #assign(times: Float64Array, count: number): number {
    if (this.#panes.length < count) {
      this.#panes = new Float64Array(count);
      this.#slots = new Int32Array(count);
      this.#lateRows = new Int32Array(count);
      this.#goodRows = new Int32Array(count);
    }
    const { paneMs } = this.#windows;
    const { watermark } = this.#clock;
    const panes = this.#panes;
    this.#anyFired = false;
    let good = 0;
    let late = 0;
    // Most rows fall into the pane of the row before.
    let pane = NaN;
    let end = NaN;
    let isLate = false;
    for (let i = 0; i < count; i++) {
      const time = times[i]!;
      if (!(time >= pane && time < end)) {
        if (time !== time) throw noEventTime();
        pane = this.#windows.paneOf(time);
        end = pane + paneMs;
        isLate = this.#windows.lastEnd(pane) - 1 + this.#latenessMs <= watermark;
        if (!isLate && end - 1 <= watermark) this.#anyFired = true;
      }
      if (isLate) {
        this.#lateRows[late++] = i;
      } else {
        panes[good] = pane;
        this.#goodRows[good++] = i;
      }
    }
    return late;
  }

  #add(batch: Batch, count: number): void {
    const keys = this.#keyIndices.map((i) => batch.columns[i]!);
    this.#table.slots(keys, count, this.#panes, this.#slots);
    this.#group.bind(this.#table);
    this.#group.load(batch.columns, count);
    if (this.#anyFired && this.#latenessMs > 0) this.#addAndFireAgain(keys, count);
    else this.#group.add(this.#slots, 0, count);
  }

  #addAndFireAgain(keys: readonly Column[], count: number): void {
    const { paneMs } = this.#windows;
    const { watermark } = this.#clock;
    let from = 0;
    for (let row = 0; row < count; row++) {
      const pane = this.#panes[row]!;
      if (pane + paneMs - 1 > watermark) continue;
      this.#group.add(this.#slots, from, row + 1);
      from = row + 1;
      const lastEnd = Math.min(this.#windows.lastEnd(pane), watermark + 1);
      // Windows that end at or before `watermark + 1 - lateness` are gone for good.
      for (
        let end = firstEndAfter(this.#windows, pane, watermark + 1 - this.#latenessMs);
        end <= lastEnd;
        end += paneMs
      ) {
        this.#fireForRow(keys, row, end);
      }
    }
    this.#group.add(this.#slots, from, count);
    this.#results.flush();
  }

  /** Result of one window for the key of one row. */
  #fireForRow(keys: readonly Column[], row: number, end: number): void {
    const start = this.#windows.startOf(end);
    const own = this.#slotsOfKey(keys, row, start, end);
    if (own.length === 1) {
      this.#results.append(this.#table, this.#group, own, start, end);
      return;
    }
    const merged = this.#merge([own]);
    this.#results.append(this.#table, this.#group, merged, start, end);
    this.#table.removeNamespace(SCRATCH);
  }

  /** Entries of a row's key in the panes of `[start, end)`. */
  #slotsOfKey(keys: readonly Column[], row: number, start: number, end: number): Int32Array {
    const one = keys.map((column) => {
      const builder = columnBuilder(column.type, 1);
      builder.appendRange(column, row, row + 1);
      return builder.finish();
    });
    const found = new Int32Array(1);
    const slots = this.#panesIn(start, end).map((pane) => {
      this.#table.find(one, 1, Float64Array.of(pane), found);
      return found[0]!;
    });
    return Int32Array.from(slots.filter((slot) => slot >= 0));
  }

  /** Panes with entries in `[start, end)`, ascending. */
  #panesIn(start: number, end: number): readonly number[] {
    return this.#table.namespaces().filter((pane) => pane >= start && pane < end);
  }

  /** Merges entries by key into the scratch namespace; returns the entries there. */
  #merge(parts: readonly Int32Array[]): Int32Array {
    for (const part of parts) this.#mergeInto(part, SCRATCH);
    return this.#table.slotsOf(SCRATCH);
  }

  /** Returns the entries there. */
  #mergeInto(slots: Int32Array, namespace: number): Int32Array {
    const into = slots.map((slot) => this.#table.slotIn(slot, namespace));
    this.#group.bind(this.#table);
    this.#group.merge(slots, into, slots.length);
    return into;
  }

  onWatermark(watermark: number): boolean {
    // Processing time does not care, but for the end of the input.
    if (this.#clock.isProcessingTime && watermark !== Infinity) return false;
    return this.#fireSome(watermark);
  }

  onTimer(at: number): void {
    if (this.#clock.isProcessingTime) this.#fireAll(at - 1);
    this.#setTimer();
  }

  #fireAll(watermark: number): void {
    while (this.#fireSome(watermark));
  }

  /** Fires windows up to `watermark` until a batch of results is full; true when there is more. */
  #fireSome(watermark: number): boolean {
    if (watermark <= this.#clock.watermark && this.#firing === null) return false;
    for (;;) {
      this.#firing ??= this.#startFiring(watermark);
      if (this.#firing === null) break;
      const { start, end, slots, at } = this.#firing;
      const next = Math.min(slots.length, at + this.#results.room);
      this.#results.append(this.#table, this.#group, slots.subarray(at, next), start, end);
      this.#firing.at = next;
      if (next === slots.length) this.#endFiring();
      if (this.#results.room === 0) {
        this.#results.flush();
        return true;
      }
    }
    this.#clock.watermark = Math.max(this.#clock.watermark, watermark);
    this.#removeDead();
    this.#results.flush();
    return false;
  }

  /** The first window that has not fired and whose time has come. */
  #startFiring(watermark: number): Firing | null {
    const end = this.#nextEnd();
    if (end - 1 > watermark || end === Infinity) return null;
    const start = this.#windows.startOf(end);
    if (this.#windows.accumulates && this.#latenessMs === 0) this.#settle(start, end);
    const parts = this.#panesIn(start, end).map((pane) => this.#toFire(this.#table.slotsOf(pane), end));
    const slots = parts.length === 1 ? parts[0]! : this.#merge(parts);
    return { start, end, slots, at: 0 };
  }

  /** Those of the entries that have not been in a window with this end, and now are. */
  #toFire(slots: Int32Array, end: number): Int32Array {
    if (!this.#clock.isProcessingTime) return slots;
    const fired = this.#table.f64(FIRED.name);
    const due = slots.filter((slot) => fired[slot]! < end);
    for (const slot of due) fired[slot] = end;
    return due;
  }

  #endFiring(): void {
    this.#clock.watermark = this.#firing!.end - 1;
    this.#firing = null;
    this.#table.removeNamespace(SCRATCH);
  }

  /** End of the first window with entries that has not fired; Infinity when there is none. */
  #nextEnd(): number {
    const fired = this.#clock.watermark + 1;
    const panes = this.#table.namespaces();
    // The first pane that is still in a window to come has it. There may be many panes at the end of a long input: search by halves.
    let low = 0;
    let high = panes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#windows.lastEnd(panes[middle]!) <= fired) low = middle + 1;
      else high = middle;
    }
    return low === panes.length ? Infinity : firstEndAfter(this.#windows, panes[low]!, fired);
  }

  /** Forgets panes whose windows can no longer change, and merges those that differ no longer. */
  #removeDead(): void {
    const unchangeable = this.#clock.watermark + 1 - this.#latenessMs;
    for (const pane of this.#table.namespaces()) {
      if (this.#windows.lastEnd(pane) > unchangeable) break;
      this.#table.removeNamespace(pane);
    }
    if (this.#windows.accumulates) this.#settleAll(unchangeable);
  }

  #settleAll(before: number): void {
    for (const pane of this.#table.namespaces()) {
      if (pane + this.#windows.paneMs > before) break;
      this.#settle(this.#windows.startOf(pane + this.#windows.paneMs), pane + this.#windows.paneMs);
    }
  }

  /** Panes of `[start, end)` become one, at `start`: every window to come holds either all of them or none. */
  #settle(start: number, end: number): void {
    for (const pane of this.#panesIn(start, end)) {
      if (pane === start) continue;
      const from = this.#table.slotsOf(pane);
      const into = this.#mergeInto(from, start);
      if (this.#clock.isProcessingTime) this.#keepFired(from, into);
      this.#table.removeNamespace(pane);
    }
  }

  #keepFired(from: Int32Array, into: Int32Array): void {
    const fired = this.#table.f64(FIRED.name);
    for (let i = 0; i < from.length; i++) fired[into[i]!] = Math.max(fired[into[i]!]!, fired[from[i]!]!);
  }

  #setTimer(): void {
    if (!this.#clock.isProcessingTime) return;
    const end = this.#nextEnd();
    if (end !== Infinity) this.#context.setTimer(end);
  }

  onEnd(): void {
    this.#fireAll(Infinity);
  }

  snapshot(): void {
    assert(this.#firing === null, 'a barrier came in the middle of a firing');
    this.#clock.snapshot();
    this.#group.snapshot();
  }
}

/**
 * Tumbling, hopping and cumulative windows. State: one entry for each key and pane with rows (see aligned-windows.ts).
 *
 * A window fires when the watermark reaches its last millisecond: the panes it holds are merged, into an entry of a scratch
 * namespace unless it is only one pane, and a row a key comes out, by window end, then in the order in which keys first came in
 * the window's panes. A pane goes when no window that holds it can still change. With allowed lateness a row of a window that has
 * fired makes it fire again at once, for that row's key alone, one result a row: so batches do not show in the output.
 */
import { MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import type { Column } from '../../core/column.ts';
import { assert } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { fieldIndex } from '../../core/schema.ts';
import { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { alignedWindows, firstEndAfter, type AlignedWindows } from './aligned-windows.ts';
import { ChangelogResults } from './changelog-results.ts';
import type { RowFiring } from './early-counts.ts';
import { EarlyFirings } from './early-firings.ts';
import { EventClock, noEventTime } from './event-clock.ts';
import { KeyFirings } from './key-firings.ts';
import { LateRows } from './late-rows.ts';
import { Panes, SCRATCH } from './panes.ts';
import { ResultWriter, type WindowResults } from './result-writer.ts';
import { firesEarly, type AggregateWindowConfig } from './spec.ts';
import { isCountWindow } from './window-config.ts';

/** Entries merged in one call: about a millisecond's work. */
const PART_ENTRIES = 4 * MAX_BATCH_ROWS;

/** What goes on over several calls, a part in each. No slot is kept over a `yield`. */
type Work = Generator<undefined, void, undefined>;

export class AlignedWindowOperator implements Operator {
  readonly #windows: AlignedWindows;
  readonly #latenessMs: number;
  readonly #keyIndices: readonly number[];
  readonly #context: OperatorContext;
  readonly #clock: EventClock;
  readonly #group: AggregateGroup;
  readonly #panes: Panes;
  readonly #late: LateRows;
  readonly #results: WindowResults;
  readonly #keyFirings: KeyFirings;
  /** Null when windows do not fire early. */
  readonly #early: EarlyFirings | null;
  /** Windows on their way out. */
  #firing: Work | null = null;
  /** Entries that may still be merged in this call. */
  #entriesLeft = 0;
  /** Of the batch at hand: the pane and slot of each row, and which rows are late or not. */
  #rowPanes = new Float64Array(0);
  #slots = new Int32Array(0);
  #lateRows = new Int32Array(0);
  #goodRows = new Int32Array(0);
  #anyFired = false;

  constructor(plan: OperatorPlan<AggregateWindowConfig>, context: OperatorContext) {
    const { config, inputs, outputs } = plan;
    const { schema } = inputs[0]!.shape;
    assert(!isCountWindow(config.window), 'windows by count are not aligned');
    this.#windows = alignedWindows(config.window);
    this.#clock = new EventClock(config.window.time, plan, context);
    this.#latenessMs = this.#clock.isProcessingTime ? 0 : config.allowedLateness;
    this.#keyIndices = config.groupBy.map((name) => fieldIndex(schema, name));
    this.#context = context;
    this.#group = new AggregateGroup(config.aggregates, schema, context);
    const keys = this.#keyIndices.map((i) => schema.fields[i]!);
    this.#panes = new Panes(context.state, keys, this.#group, this.#clock);
    this.#late = new LateRows(context);
    const out = context.output('out');
    const changelog = firesEarly(config) ? new ChangelogResults(outputs.out!, keys, context.state, out) : null;
    this.#results = changelog ?? new ResultWriter(outputs.out!, keys.length, out);
    this.#keyFirings = new KeyFirings(this.#panes, this.#group, this.#results);
    this.#early =
      changelog === null
        ? null
        : new EarlyFirings(config, this.#windows, keys, this.#clock, changelog, this.#keyFirings, context);
  }

  open(): void {
    this.#early?.open();
    this.#setTimer();
  }

  processBatch(batch: Batch): void {
    if (batch.length === 0) return;
    const lateCount = this.#assign(this.#clock.timesOf(batch), batch.length);
    if (lateCount > 0) this.#late.drop(batch, this.#lateRows, lateCount);
    const count = batch.length - lateCount;
    if (count > 0) this.#add(lateCount === 0 ? batch : batch.take(this.#goodRows, count), count);
    this.#setTimer();
  }

  /** Panes of the rows that are not late, in a row; returns how many are late. */
  #assign(times: Float64Array, count: number): number {
    if (this.#rowPanes.length < count) {
      this.#rowPanes = new Float64Array(count);
      this.#slots = new Int32Array(count);
      this.#lateRows = new Int32Array(count);
      this.#goodRows = new Int32Array(count);
    }
    const { paneMs } = this.#windows;
    const { watermark } = this.#clock;
    const panes = this.#rowPanes;
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
    this.#panes.locate(keys, count, this.#rowPanes, this.#slots);
    this.#group.load(batch.columns, count);
    const early = this.#early?.add(keys, count, this.#rowPanes) ?? [];
    const again = this.#anyFired && this.#latenessMs > 0 ? this.#firingsAgain(count) : [];
    if (early.length + again.length > 0) this.#addAndFire(keys, count, [...early, ...again]);
    else this.#group.add(this.#slots, 0, count);
  }

  /** Each late row makes the windows that hold it and have fired do so again. */
  #firingsAgain(count: number): readonly RowFiring[] {
    const { paneMs } = this.#windows;
    const { watermark } = this.#clock;
    const firings: RowFiring[] = [];
    for (let row = 0; row < count; row++) {
      const pane = this.#rowPanes[row]!;
      const lastEnd = Math.min(this.#windows.lastEnd(pane), watermark + 1);
      for (let end = this.#firstKeptEnd(pane); end <= lastEnd; end += paneMs) firings.push({ row, end });
    }
    return firings;
  }

  /** Windows fire for the keys of rows, with what has come up to each of these rows. */
  #addAndFire(keys: readonly Column[], count: number, firings: RowFiring[]): void {
    firings.sort((a, b) => a.row - b.row || a.end - b.end);
    const rows = [...new Set(firings.map(({ row }) => row))];
    const firstStart = firings.reduce((first, { end }) => Math.min(first, this.#windows.startOf(end)), Infinity);
    const lastEnd = firings.reduce((last, { end }) => Math.max(last, end), -Infinity);
    this.#keyFirings.load(keys, Int32Array.from(rows), firstStart, lastEnd);
    let from = 0;
    let nth = -1;
    for (const { row, end } of firings) {
      if (rows[nth] !== row) nth++;
      this.#group.add(this.#slots, from, row + 1);
      from = row + 1;
      const start = this.#windows.startOf(end);
      if (end - 1 <= this.#clock.watermark) this.#keyFirings.fireAgain(nth, start, end);
      else this.#keyFirings.fireEarly(nth, start, end);
    }
    this.#group.add(this.#slots, from, count);
    this.#results.flush();
  }

  /** End of the first window with a pane that lateness still keeps: those that end at or before are gone for good. */
  #firstKeptEnd(pane: number): number {
    return firstEndAfter(this.#windows, pane, this.#clock.watermark + 1 - this.#latenessMs);
  }

  onWatermark(watermark: number): boolean {
    // Processing time does not care, but for the end of the input.
    if (this.#clock.isProcessingTime && watermark !== Infinity) return false;
    return this.#fireSome(watermark);
  }

  onTimer(at: number): boolean {
    const isUnfinished =
      (this.#clock.isProcessingTime && this.#fireSome(at - 1)) || (this.#early !== null && this.#early.fireSome(at));
    if (!isUnfinished) this.#setTimer();
    return isUnfinished;
  }

  /** Fires windows up to `watermark`, one part of it; true when there is more. */
  #fireSome(watermark: number): boolean {
    if (watermark <= this.#clock.watermark && this.#firing === null) return false;
    this.#firing ??= this.#fireUpTo(watermark);
    this.#entriesLeft = PART_ENTRIES;
    if (this.#firing.next().done === true) this.#firing = null;
    this.#results.flush();
    return this.#firing !== null;
  }

  *#fireUpTo(watermark: number): Work {
    for (let end = this.#nextEnd(); end - 1 <= watermark && end !== Infinity; end = this.#nextEnd()) {
      yield* this.#fire(this.#windows.startOf(end), end);
      this.#clock.watermark = end - 1;
    }
    this.#clock.watermark = Math.max(this.#clock.watermark, watermark);
    yield* this.#removeDead();
  }

  *#fire(start: number, end: number): Work {
    if (this.#windows.accumulates && this.#latenessMs === 0) yield* this.#settle(start, end);
    const panes = this.#panes.within(start, end);
    if (panes.length === 1) {
      yield* this.#emit(panes[0]!, start, end);
      return;
    }
    for (const pane of panes) {
      yield* this.#scan(pane, (slots) => this.#panes.merge(this.#takeDue(slots, pane, end), SCRATCH));
    }
    yield* this.#emit(SCRATCH, start, end);
    yield* this.#remove(SCRATCH);
  }

  /** Results of the entries of a pane, or of scratch. */
  *#emit(namespace: number, start: number, end: number): Work {
    const { table } = this.#panes;
    const scan = table.scan(namespace);
    for (;;) {
      const slots = this.#panes.next(scan, this.#results.room);
      if (slots.length === 0) return;
      const due = namespace === SCRATCH ? slots : this.#takeDue(slots, namespace, end);
      this.#results.append(table, this.#group, due, start, end);
      if (this.#results.room === 0) yield;
    }
  }

  #takeDue(slots: Int32Array, pane: number, end: number): Int32Array {
    return this.#panes.takeDue(slots, end, this.#windows.lastEnd(pane) === end);
  }

  /** All entries of a pane, in parts. */
  *#scan(pane: number, visit: (slots: Int32Array) => void): Work {
    const scan = this.#panes.table.scan(pane);
    for (;;) {
      const slots = this.#panes.next(scan, this.#entriesLeft);
      if (slots.length === 0) return;
      visit(slots);
      this.#entriesLeft -= slots.length;
      if (this.#entriesLeft === 0) yield;
    }
  }

  /** End of the first window with entries that has not fired; Infinity when there is none. */
  #nextEnd(): number {
    const fired = this.#clock.watermark + 1;
    const panes = this.#panes.starts();
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
  *#removeDead(): Work {
    const unchangeable = this.#clock.watermark + 1 - this.#latenessMs;
    for (const pane of this.#panes.starts()) {
      if (this.#windows.lastEnd(pane) > unchangeable) break;
      yield* this.#remove(pane);
    }
    while (this.#early !== null) {
      const removed = this.#early.forgetOver(this.#entriesLeft);
      if (removed < this.#entriesLeft) break;
      this.#entriesLeft = 0;
      yield;
    }
    if (!this.#windows.accumulates) return;
    for (const pane of this.#panes.starts()) {
      const end = pane + this.#windows.paneMs;
      if (end > unchangeable) break;
      yield* this.#settle(this.#windows.startOf(end), end);
    }
  }

  /** Panes of `[start, end)` become one, at `start`: every window to come holds either all of them or none. */
  *#settle(start: number, end: number): Work {
    for (const pane of this.#panes.within(start, end)) {
      if (pane === start) continue;
      yield* this.#scan(pane, (slots) => this.#panes.move(slots, start));
      yield* this.#remove(pane);
    }
  }

  *#remove(pane: number): Work {
    const { table } = this.#panes;
    for (let isUnfinished = true; isUnfinished;) {
      const before = table.size;
      isUnfinished = table.removeNamespace(pane, this.#entriesLeft) === true;
      this.#entriesLeft -= before - table.size;
      if (this.#entriesLeft <= 0) yield;
    }
  }

  #setTimer(): void {
    if (!this.#clock.isProcessingTime) return;
    const end = this.#nextEnd();
    if (end !== Infinity) this.#context.setTimer(end);
  }

  snapshot(): void {
    assert(this.#firing === null && this.#early?.isUnderWay !== true, 'a barrier came in the middle of a firing');
    this.#clock.snapshot();
    this.#group.snapshot();
  }
}

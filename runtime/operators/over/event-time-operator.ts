/**
 * OVER by event time: rows wait until the watermark passes them and then come out by time, those of one time partition by
 * partition. A partition has an entry with its rows, and with its aggregates where frames reach back for ever; a timer stands at each
 * time at which rows wait or the last row leaves the frames.
 */
import { MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { DueTimers, KeyedState, KeyedTable, KeyedTimers } from '../../core/state.ts';
import { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { ReachedWatermark } from '../shared/reached-watermark.ts';
import { rowValues, type RowValues } from '../shared/rows/row-values.ts';
import { boundedFiring, unboundedFiring, type Firing, type Peers } from './firings.ts';
import { firstNeeded, isBounded } from './frames.ts';
import { LateRows } from './late-rows.ts';
import { OverRows } from './over-rows.ts';
import { bufferCodec, emptyBuffer, withFired, withRow, type RowBuffer } from './row-buffer.ts';
import type { Frame, OverConfig } from './spec.ts';

const BUFFER = 'buffer';
/** Timers handled in one call. */
const PART_TIMERS = MAX_BATCH_ROWS;

export class EventTimeOver implements Operator {
  readonly #schema: Schema;
  readonly #frame: Frame;
  readonly #keyIndices: readonly number[];
  readonly #group: AggregateGroup;
  readonly #table: KeyedTable;
  readonly #keyed: KeyedState;
  readonly #timers: KeyedTimers;
  readonly #reached: ReachedWatermark;
  readonly #late: LateRows;
  readonly #firing: Firing;
  readonly #out: OverRows;
  #slots = new Int32Array(0);
  #lateRows = new Int32Array(0);

  constructor(plan: OperatorPlan<OverConfig>, context: OperatorContext) {
    const { config, inputs, outputs } = plan;
    this.#schema = inputs[0]!.shape.schema;
    this.#frame = config.frame;
    this.#keyIndices = config.partitionBy.map((name) => fieldIndex(this.#schema, name));
    this.#group = new AggregateGroup(config.aggregates, this.#schema, context);
    const keys = this.#keyIndices.map((i) => this.#schema.fields[i]!);
    this.#table = context.state.table({
      name: 'partitions',
      keys,
      namespaced: false,
      columns: [
        { name: BUFFER, type: 'object', codec: bufferCodec(this.#schema) },
        ...(isBounded(config.frame) ? [] : this.#group.columns),
      ],
    });
    this.#keyed = context.state.keyed({ name: 'times', keys });
    this.#timers = this.#keyed.timers('due');
    this.#reached = new ReachedWatermark(plan, context.state);
    this.#late = new LateRows(context);
    this.#firing = isBounded(config.frame)
      ? boundedFiring(config.frame, this.#group, this.#schema, outputs.out!.schema)
      : unboundedFiring(config.frame, this.#group, this.#schema, this.#table);
    this.#out = new OverRows(outputs.out!.schema, this.#schema.fields.length, context.output('out'));
  }

  processBatch(batch: Batch): void {
    const count = batch.length;
    if (count === 0) return;
    const { eventTimes } = batch;
    if (eventTimes === null) throw noEventTime();
    const keys = this.#keyIndices.map((i) => batch.columns[i]!);
    if (this.#slots.length < count) this.#slots = new Int32Array(count);
    if (this.#lateRows.length < count) this.#lateRows = new Int32Array(count);
    // Entries are made for rows that stay only.
    this.#table.find(keys, count, null, this.#slots);
    let late = 0;
    for (let row = 0; row < count; row++) {
      if (eventTimes[row] !== eventTimes[row]) throw noEventTime();
      if (this.#isLate(eventTimes[row]!, this.#slots[row]!)) this.#lateRows[late++] = row;
    }
    this.#late.drop(batch, this.#lateRows, late);
    this.#add(late === 0 ? batch : batch.take(...without(this.#lateRows, late, count)));
  }

  /** After a restore partitions may be ahead of the watermark: none gets a row among those that have come out. */
  #isLate(time: number, slot: number): boolean {
    if (time <= this.#reached.watermark) return true;
    const buffer = slot < 0 ? undefined : (this.#table.objects(BUFFER)[slot] as RowBuffer | undefined);
    return buffer !== undefined && buffer.firedTo !== null && time <= buffer.firedTo;
  }

  #add(batch: Batch): void {
    if (batch.length === 0) return;
    const keys = this.#keyIndices.map((i) => batch.columns[i]!);
    this.#table.slots(keys, batch.length, null, this.#slots);
    this.#keyed.load(keys, batch.length);
    const buffers = this.#table.objects(BUFFER) as (RowBuffer | undefined)[];
    for (let row = 0; row < batch.length; row++) {
      const slot = this.#slots[row]!;
      buffers[slot] = withRow(buffers[slot] ?? emptyBuffer(), rowValues(batch, row));
      this.#keyed.select(row);
      this.#timers.add(batch.eventTimes![row]!);
    }
  }

  onWatermark(watermark: number): boolean {
    // At once: what comes after a restore in the middle of a firing is late all the same.
    this.#reached.advance(watermark);
    const due = this.#timers.takeDue(watermark, PART_TIMERS);
    if (due !== null) this.#fire(due);
    // Where there is none, the next is at infinity, as is the last watermark.
    return this.#timers.nextAt <= watermark && this.#timers.nextAt !== Infinity;
  }

  #fire({ keys, at, count }: DueTimers): void {
    if (this.#slots.length < count) this.#slots = new Int32Array(count);
    this.#table.slots(keys, count, null, this.#slots);
    const buffers = this.#table.objects(BUFFER) as (RowBuffer | undefined)[];
    const peers = this.#peers(buffers, at, count);
    this.#firing(peers, this.#out);
    this.#out.flush();
    this.#keyed.load(keys, count);
    this.#settle(buffers, at, count, peers);
  }

  /** The rows of each timer: those of its partition that wait at its time. */
  #peers(buffers: readonly (RowBuffer | undefined)[], at: Float64Array, count: number): Peers[] {
    const next = new Map<number, number>();
    return Array.from({ length: count }, (_, i) => {
      const slot = this.#slots[i]!;
      const buffer = buffers[slot] ?? emptyBuffer();
      const from = next.get(slot) ?? buffer.fired;
      let to = from;
      while (to < buffer.end && buffer.rows[to]!.eventTime <= at[i]!) to++;
      next.set(slot, to);
      return { slot, buffer, from, to };
    });
  }

  /** Drops rows that no frame needs any more, and partitions without any. */
  #settle(buffers: (RowBuffer | undefined)[], at: Float64Array, count: number, peers: readonly Peers[]): void {
    const settled = new Set<number>();
    // The last timer of a partition tells how far it has come.
    for (let i = count - 1; i >= 0; i--) {
      const { slot, buffer, to } = peers[i]!;
      if (settled.has(slot)) continue;
      settled.add(slot);
      const start = isBounded(this.#frame) ? firstNeeded(this.#frame, buffer.rows, buffer.start, to, at[i]!) : to;
      if (start < buffer.end) {
        buffers[slot] = withFired(buffer, to, start);
        this.#keyed.select(i);
        if (start < to) this.#addLeaving(buffer.rows[to - 1]!);
      } else if (isBounded(this.#frame)) {
        this.#table.remove(slot);
      } else {
        buffers[slot] = undefined;
      }
    }
  }

  /** A timer for when the last row that has come out leaves the frames. */
  #addLeaving(last: RowValues): void {
    if (this.#frame.type === 'range') this.#timers.add(last.eventTime + this.#frame.preceding!);
  }

  snapshot(): void {
    this.#group.snapshot();
    this.#reached.snapshot();
  }
}

/** The rows of a batch that `rows[0, count)` does not name, as `take` takes them. */
function without(rows: Int32Array, count: number, length: number): [Int32Array, number] {
  const rest = new Int32Array(length - count);
  for (let row = 0, skipped = 0, kept = 0; row < length; row++) {
    if (skipped < count && rows[skipped] === row) skipped++;
    else rest[kept++] = row;
  }
  return [rest, rest.length];
}

function noEventTime(): StreamError {
  return new StreamError('MR2104', say`a row without an event time cannot be put in order`, { domain: 'user' });
}

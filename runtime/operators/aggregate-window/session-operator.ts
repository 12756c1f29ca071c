/**
 * Session windows. A row opens the session `[time, time + gap)`; sessions of a key that touch become one, so a row may extend,
 * join or found sessions. A session fires when the watermark reaches its last millisecond, in order of their ends, then of their
 * making, and goes; with allowed lateness it stays for that long, and a row that joins it makes it fire again at once, unless it
 * now reaches beyond the watermark: then it fires anew in its time.
 */
import { MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import { assert } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { fieldIndex } from '../../core/schema.ts';
import { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { EventClock, noEventTime } from './event-clock.ts';
import { LateRows } from './late-rows.ts';
import { ResultWriter } from './result-writer.ts';
import { SessionTimers } from './session-timers.ts';
import { Sessions } from './sessions.ts';
import type { AggregateWindowConfig } from './spec.ts';

/** In place of a slot: the row is late. */
const LATE = -1;

export class SessionWindowOperator implements Operator {
  readonly #gapMs: number;
  readonly #latenessMs: number;
  readonly #keyIndices: readonly number[];
  readonly #context: OperatorContext;
  readonly #clock: EventClock;
  readonly #group: AggregateGroup;
  readonly #sessions: Sessions;
  readonly #timers = new SessionTimers();
  readonly #late: LateRows;
  readonly #results: ResultWriter;
  /** Of the batch at hand. */
  #heads = new Int32Array(0);
  #slots = new Int32Array(0);
  #lateRows = new Int32Array(0);
  #noNamespaces = new Float64Array(0);
  /** Rows before this are in the aggregates. */
  #added = 0;

  constructor({ config, inputs, outputs }: OperatorPlan<AggregateWindowConfig>, context: OperatorContext) {
    const { schema } = inputs[0]!.shape;
    assert(config.window.type === 'session', 'not a session window');
    this.#gapMs = config.window.gap;
    this.#clock = new EventClock(config.window.time, context);
    this.#latenessMs = this.#clock.isProcessingTime ? 0 : config.allowedLateness;
    this.#keyIndices = config.groupBy.map((name) => fieldIndex(schema, name));
    this.#context = context;
    this.#group = new AggregateGroup(config.aggregates, schema, context);
    this.#sessions = new Sessions(
      context.state,
      this.#keyIndices.map((i) => schema.fields[i]!),
      this.#group,
    );
    this.#late = new LateRows(context);
    this.#results = new ResultWriter(outputs.out!, config.groupBy.length, context.output('out'));
  }

  open(): void {
    for (const slot of this.#sessions.table.allSlots()) this.#schedule(slot);
    this.#setTimer();
  }

  processBatch(batch: Batch): void {
    const count = batch.length;
    if (count === 0) return;
    if (this.#clock.isProcessingTime) this.#fireAll(this.#clock.now() - 1);
    if (this.#slots.length < count) {
      this.#heads = new Int32Array(count);
      this.#slots = new Int32Array(count);
      this.#lateRows = new Int32Array(count);
      this.#noNamespaces = new Float64Array(count);
    }
    this.#sessions.heads(
      this.#keyIndices.map((i) => batch.columns[i]!),
      count,
      this.#noNamespaces,
      this.#heads,
    );
    this.#group.load(batch.columns, count);
    const lateCount = this.#placeAll(this.#clock.timesOf(batch), count);
    if (lateCount > 0) this.#drop(batch, lateCount);
    this.#results.flush();
    this.#setTimer();
  }

  /** Finds each row its session and adds it there; returns how many are late. */
  #placeAll(times: Float64Array, count: number): number {
    const gapMs = this.#gapMs;
    const sessions = this.#sessions;
    let late = 0;
    this.#added = 0;
    for (let row = 0; row < count; row++) {
      const time = times[row]!;
      if (time !== time) throw noEventTime();
      const head = this.#heads[row]!;
      const { starts, ends } = sessions;
      let slot = head;
      if (sessions.isSingle(head) && time <= ends[head]! && starts[head]! <= time + gapMs) {
        if (time < starts[head]!) starts[head] = time;
        if (time + gapMs > ends[head]!) ends[head] = time + gapMs;
      } else {
        slot = this.#place(row, head, time);
      }
      this.#slots[row] = slot;
      if (slot === LATE) {
        this.#addUpTo(row);
        this.#added = row + 1;
        this.#lateRows[late++] = row;
      } else if (sessions.fired[slot] !== 0) {
        this.#touchFired(row, slot);
      }
    }
    this.#addUpTo(count);
    return late;
  }

  #addUpTo(row: number): void {
    if (this.#added < row) this.#group.add(this.#slots, this.#added, row);
    this.#added = row;
  }

  /** The session of a row for which it is not simply the only one of its key. */
  #place(row: number, head: number, time: number): number {
    const sessions = this.#sessions;
    const end = time + this.#gapMs;
    if (sessions.serials[head] === 0) return this.#found(head, time, end);
    const [into, ...from] = sessions.touching(head, time, end);
    if (into === undefined) return this.#found(head, time, end);
    if (from.length > 0) {
      // Rows that were given to a session that goes now must be in it first.
      this.#addUpTo(row);
      sessions.merge(head, from, into);
    }
    sessions.starts[into] = Math.min(sessions.starts[into]!, time);
    sessions.ends[into] = Math.max(sessions.ends[into]!, end);
    return into;
  }

  /** A new session, unless its time is over already. */
  #found(head: number, time: number, end: number): number {
    const { watermark } = this.#clock;
    if (end - 1 + this.#latenessMs <= watermark) return LATE;
    const slot = this.#sessions.add(head, time, end);
    this.#sessions.fired[slot] = end - 1 <= watermark ? 1 : 0;
    this.#schedule(slot);
    return slot;
  }

  /** A row has come to a session that had fired, or has joined it with one that had not. */
  #touchFired(row: number, slot: number): void {
    const sessions = this.#sessions;
    if (sessions.ends[slot]! - 1 > this.#clock.watermark) {
      sessions.fired[slot] = 0;
      this.#schedule(slot);
      return;
    }
    this.#addUpTo(row + 1);
    this.#append([slot]);
  }

  #drop(batch: Batch, lateCount: number): void {
    this.#late.drop(batch, this.#lateRows, lateCount);
    const heads = Array.from(this.#lateRows.subarray(0, lateCount), (row) => this.#heads[row]!);
    // Heads that were made for late rows alone.
    for (const head of new Set(heads)) if (this.#sessions.serials[head] === 0) this.#sessions.table.remove(head);
  }

  /** Sets the time at which something happens to a session next. */
  #schedule(slot: number): void {
    this.#timers.push({ timeMs: this.#dueAt(slot), serial: this.#sessions.serials[slot]!, slot });
  }

  #dueAt(slot: number): number {
    const last = this.#sessions.ends[slot]! - 1;
    return this.#sessions.fired[slot] === 0 ? last : last + this.#latenessMs;
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

  /** Fires and forgets sessions up to `watermark` until a batch of results is full; true when there is more. */
  #fireSome(watermark: number): boolean {
    const sessions = this.#sessions;
    const firing: number[] = [];
    const over: number[] = [];
    while (this.#timers.isDue(watermark) && firing.length < MAX_BATCH_ROWS) {
      const { timeMs, serial, slot } = this.#timers.pop()!;
      if (sessions.serials[slot] !== serial) continue;
      if (this.#dueAt(slot) > timeMs) {
        // Rows have extended it since.
        this.#schedule(slot);
        continue;
      }
      const fires = sessions.fired[slot] === 0;
      if (fires) {
        firing.push(slot);
        sessions.fired[slot] = 1;
      }
      if (!fires || this.#latenessMs === 0) {
        over.push(slot);
        // No other timer may find it.
        sessions.serials[slot] = 0;
      } else {
        this.#schedule(slot);
      }
    }
    this.#append(firing);
    this.#results.flush();
    for (const moved of sessions.remove(over)) this.#schedule(moved);
    if (this.#timers.isDue(watermark)) return true;
    this.#clock.watermark = Math.max(this.#clock.watermark, watermark);
    return false;
  }

  #append(slots: readonly number[]): void {
    const { table, starts, ends } = this.#sessions;
    this.#results.appendEach(
      table,
      this.#group,
      Int32Array.from(slots),
      (slot) => starts[slot]!,
      (slot) => ends[slot]!,
    );
  }

  #setTimer(): void {
    if (!this.#clock.isProcessingTime) return;
    const next = this.#timers.nextTimeMs;
    if (next !== Infinity) this.#context.setTimer(next + 1);
  }

  onEnd(): void {
    this.#fireAll(Infinity);
  }

  snapshot(): void {
    this.#clock.snapshot();
    this.#group.snapshot();
  }
}

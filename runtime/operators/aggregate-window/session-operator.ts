/**
 * Session windows. A row opens the session `[time, time + gap)`; sessions of a key that touch become one, so a row may extend,
 * join or found sessions. A session fires when the watermark reaches its last millisecond, in order of their ends, then of their
 * making (where more end at once than a batch holds, within each batch), and goes; with allowed lateness it stays for that long, and a row that joins it makes it fire again at once, unless it
 * now reaches beyond the watermark: then it fires anew in its time.
 */
import { BatchBuilder, MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import type { Column } from '../../core/column.ts';
import { assert } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { fieldIndex } from '../../core/schema.ts';
import type { DueTimers, KeyedState, KeyedTimers } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { ChangedKeys, type SomeKeys } from './changed-keys.ts';
import { ChangelogResults } from './changelog-results.ts';
import { EventClock, noEventTime } from './event-clock.ts';
import { LateRows } from './late-rows.ts';
import { ResultWriter, type WindowResults } from './result-writer.ts';
import { Sessions } from './sessions.ts';
import { firesEarly, type AggregateWindowConfig } from './spec.ts';

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
  /** Each session has a timer of its key at the time kept with it; other timers of the key have lost their meaning. */
  readonly #keyed: KeyedState;
  readonly #timers: KeyedTimers;
  readonly #late: LateRows;
  readonly #results: WindowResults;
  /** Where sessions fire early: the results again, how many rows make them, and what does by the clock. */
  readonly #changelog: ChangelogResults | null;
  readonly #earlyCount: number | null;
  readonly #changed: ChangedKeys | null;
  readonly #keyFields: readonly Field[];
  /** Of the batch at hand. */
  #heads = new Int32Array(0);
  #slots = new Int32Array(0);
  #lateRows = new Int32Array(0);
  /** Rows before this are in the aggregates. */
  #added = 0;

  constructor(plan: OperatorPlan<AggregateWindowConfig>, context: OperatorContext) {
    const { config, inputs, outputs } = plan;
    const { schema } = inputs[0]!.shape;
    assert(config.window.type === 'session', 'not a session window');
    this.#gapMs = config.window.gap;
    this.#clock = new EventClock(config.window.time, plan, context);
    this.#latenessMs = this.#clock.isProcessingTime ? 0 : config.allowedLateness;
    this.#keyIndices = config.groupBy.map((name) => fieldIndex(schema, name));
    this.#context = context;
    this.#group = new AggregateGroup(config.aggregates, schema, context);
    const keys = this.#keyIndices.map((i) => schema.fields[i]!);
    this.#keyFields = keys;
    // In batch mode nothing fires before the end.
    this.#earlyCount = context.hasProgress ? config.emitEarlyCount : null;
    const earlyEveryMs = context.hasProgress ? config.emitEarlyEvery : null;
    this.#changed = earlyEveryMs === null ? null : new ChangedKeys(earlyEveryMs, keys, false, context);
    this.#sessions = new Sessions(context.state, keys, this.#group, this.#earlyCount !== null);
    this.#keyed = context.state.keyed({ name: 'sessions', keys });
    this.#timers = this.#keyed.timers('due');
    this.#late = new LateRows(context);
    const out = context.output('out');
    this.#changelog = firesEarly(config) ? new ChangelogResults(outputs.out!, keys, context.state, out) : null;
    this.#results = this.#changelog ?? new ResultWriter(outputs.out!, keys.length, out);
  }

  open(): void {
    this.#changed?.open();
    this.#setTimer();
  }

  processBatch(batch: Batch): void {
    const count = batch.length;
    if (count === 0) return;
    this.#makeRoom(count);
    const keys = this.#keyIndices.map((i) => batch.columns[i]!);
    this.#sessions.heads(keys, count, this.#heads);
    this.#keyed.load(keys, count);
    this.#changed?.mark(keys, count, null);
    this.#group.load(batch.columns, count);
    const lateCount = this.#placeAll(this.#clock.timesOf(batch), count);
    if (lateCount > 0) this.#drop(batch, lateCount);
    this.#results.flush();
    this.#setTimer();
  }

  #makeRoom(count: number): void {
    if (this.#slots.length >= count) return;
    this.#heads = new Int32Array(count);
    this.#slots = new Int32Array(count);
    this.#lateRows = new Int32Array(count);
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
        continue;
      }
      const isDue = sessions.rows !== null && ++sessions.rows[slot]! % this.#earlyCount! === 0;
      if (sessions.fired[slot] !== 0 && this.#staysFired(row, slot)) this.#fireWith(row, slot);
      else if (isDue) this.#fireWith(row, slot);
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
    if (sessions.serials[head] === 0) return this.#found(row, head, time, end);
    const [into, ...from] = sessions.touching(head, time, end);
    if (into === undefined) return this.#found(row, head, time, end);
    if (from.length > 0) {
      // Rows that were given to a session that goes now must be in it first.
      this.#addUpTo(row);
      this.#changelog?.retract(...this.#numbered(from));
      sessions.merge(head, from, into);
    }
    sessions.starts[into] = Math.min(sessions.starts[into]!, time);
    sessions.ends[into] = Math.max(sessions.ends[into]!, end);
    return into;
  }

  /** A new session, unless its time is over already. */
  #found(row: number, head: number, time: number, end: number): number {
    const { watermark } = this.#clock;
    if (end - 1 + this.#latenessMs <= watermark) return LATE;
    const slot = this.#sessions.add(head, time, end);
    this.#sessions.fired[slot] = end - 1 <= watermark ? 1 : 0;
    this.#schedule(row, slot);
    return slot;
  }

  /** A row has come to a session that had fired, or has joined it with one that had not: unless it now ends later. */
  #staysFired(row: number, slot: number): boolean {
    const sessions = this.#sessions;
    if (sessions.ends[slot]! - 1 <= this.#clock.watermark) return true;
    sessions.fired[slot] = 0;
    this.#schedule(row, slot);
    return false;
  }

  /** The result that a session has come to with a row. */
  #fireWith(row: number, slot: number): void {
    this.#addUpTo(row + 1);
    this.#append([slot]);
  }

  #drop(batch: Batch, lateCount: number): void {
    this.#late.drop(batch, this.#lateRows, lateCount);
    const heads = Array.from(this.#lateRows.subarray(0, lateCount), (row) => this.#heads[row]!);
    // Heads that were made for late rows alone.
    for (const head of new Set(heads)) if (this.#sessions.serials[head] === 0) this.#sessions.removeHead(head);
  }

  /** Sets the time at which something happens next to a session of a row's key. */
  #schedule(row: number, slot: number): void {
    const at = this.#dueAt(slot);
    this.#sessions.timers[slot] = at;
    this.#keyed.select(row);
    this.#timers.add(at);
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

  onTimer(at: number): boolean {
    const isUnfinished = (this.#clock.isProcessingTime && this.#fireSome(at - 1)) || this.#fireSomeEarly(at);
    if (!isUnfinished) this.#setTimer();
    return isUnfinished;
  }

  /** Fires and forgets sessions up to `watermark`, a batch of results at a time; true when there is more. */
  #fireSome(watermark: number): boolean {
    const due = this.#timers.takeDue(watermark, MAX_BATCH_ROWS);
    if (due !== null) {
      this.#handle(due);
      return true;
    }
    this.#clock.watermark = Math.max(this.#clock.watermark, watermark);
    return false;
  }

  #handle({ keys, count, at }: DueTimers): void {
    const sessions = this.#sessions;
    this.#makeRoom(count);
    this.#keyed.load(keys, count);
    sessions.findHeads(keys, count, this.#heads);
    const firing: number[] = [];
    const over: number[] = [];
    const headsOfOver: number[] = [];
    for (let row = 0; row < count; row++) {
      const head = this.#heads[row]!;
      if (head < 0) continue;
      for (const slot of sessions.ofKey(head)) {
        // Not this session's timer, or one from before rows extended it.
        if (sessions.timers[slot]! > at[row]!) continue;
        if (this.#dueAt(slot) > at[row]!) {
          this.#schedule(row, slot);
          continue;
        }
        const fires = sessions.fired[slot] === 0;
        if (fires) {
          firing.push(slot);
          sessions.fired[slot] = 1;
        }
        if (fires && this.#latenessMs > 0) {
          this.#schedule(row, slot);
        } else {
          over.push(slot);
          headsOfOver.push(head);
          // No other timer may find it.
          sessions.timers[slot] = Infinity;
        }
      }
    }
    const { ends, serials } = sessions;
    this.#append(firing.sort((a, b) => ends[a]! - ends[b]! || serials[a]! - serials[b]!));
    this.#results.flush();
    this.#changelog?.forget(...this.#numbered(over));
    sessions.remove(headsOfOver, over);
  }

  /** Early results of sessions that have changed, those of some keys at a time; true when there is more. */
  #fireSomeEarly(now: number): boolean {
    if (this.#changed === null || !this.#changed.isDue(now)) return false;
    const some = this.#changed.take(0);
    if (some === null) this.#changed.done();
    else this.#fireEarly(some);
    return some !== null;
  }

  #fireEarly({ keys, count }: SomeKeys): void {
    this.#makeRoom(count);
    this.#sessions.findHeads(keys, count, this.#heads);
    const heads = [...this.#heads.subarray(0, count)].filter((head) => head >= 0);
    const slots = heads.flatMap((head) => this.#sessions.ofKey(head));
    this.#append(slots.filter((slot) => this.#sessions.fired[slot] === 0));
    this.#results.flush();
  }

  /** Keys and numbers of sessions. */
  #numbered(slots: readonly number[]): [keys: readonly Column[], numbers: Float64Array] {
    const { columns } = new BatchBuilder({ fields: this.#keyFields }, slots.length);
    this.#sessions.table.appendKeys(Int32Array.from(slots), slots.length, columns);
    return [
      columns.map((column) => column.finish()),
      Float64Array.from(slots, (slot) => this.#sessions.serials[slot]!),
    ];
  }

  #append(slots: readonly number[]): void {
    const { table, starts, ends, serials } = this.#sessions;
    this.#results.appendEach(
      table,
      this.#group,
      Int32Array.from(slots),
      (slot) => starts[slot]!,
      (slot) => ends[slot]!,
      (slot) => serials[slot]!,
    );
  }

  #setTimer(): void {
    if (!this.#clock.isProcessingTime) return;
    const next = this.#timers.nextAt;
    if (next !== Infinity) this.#context.setTimer(next + 1);
  }

  snapshot(): void {
    this.#clock.snapshot();
    this.#group.snapshot();
    this.#sessions.snapshot();
  }
}

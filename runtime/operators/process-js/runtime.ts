/**
 * Flink's KeyedProcessFunction with the functions in JavaScript. Handlers are called for each row in turn, for each timer in the order
 * of their times, and once at either end. What they emit is gathered, and goes on when they have returned: an error of a later operator
 * is never theirs to catch, and its time not theirs to answer for.
 */
import { MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex } from '../../core/schema.ts';
import type { DueTimers, KeyedTimers } from '../../core/state.ts';
import { MAX_WATERMARK, MIN_WATERMARK } from '../../core/time.ts';
import { ReachedWatermark } from '../shared/reached-watermark.ts';
import { checkCode, type CheckedCode, type Handler } from './check-code.ts';
import { Emitter } from './emitter.ts';
import { handlerContext, type TimeDomain } from './handler-context.ts';
import { KeyAtHand } from './key-at-hand.ts';
import { compileRowView, type RowView } from './row-view.ts';
import type { ProcessJsConfig } from './spec.ts';
import { userError } from './user-error.ts';
import { UserScript, type Handlers } from './user-script.ts';

export const createProcessJs: OperatorFactory<ProcessJsConfig> = (plan, context) =>
  new ProcessJsOperator(plan, context);

/** Timers taken from the state whose turn it is, one after the other. */
interface Firing {
  readonly timers: KeyedTimers;
  readonly due: DueTimers;
  /** Those from here on have been put back. */
  end: number;
}

class ProcessJsOperator implements Operator {
  readonly #context: OperatorContext;
  readonly #code: CheckedCode;
  readonly #script: UserScript;
  readonly #keyIndices: readonly number[];
  /** Null without keys. */
  readonly #key: KeyAtHand | null;
  readonly #reached: ReachedWatermark | null;
  readonly #view: RowView;
  readonly #emitter: Emitter;
  readonly #ctx: unknown;
  #handlers: Handlers = { onOpen: null, onRow: null, onTimer: null, onEnd: null };

  #handler: Handler | null = null;
  #row = 0;
  #eventTime = NaN;
  #timeDomain: TimeDomain | null = null;
  #firing: Firing | null = null;
  /** As the code sees it: it comes before its timers fire. */
  #watermark = MIN_WATERMARK;
  #hasEnded = false;

  constructor(plan: OperatorPlan<ProcessJsConfig>, context: OperatorContext) {
    const { config, inputs } = plan;
    const { schema } = inputs[0]!.shape;
    this.#context = context;
    this.#code = checkCode(config.code);
    this.#script = new UserScript(plan.nodeId);
    this.#keyIndices = config.keys.map((name) => fieldIndex(schema, name));
    this.#key = config.keys.length === 0 ? null : new KeyAtHand(plan, context);
    this.#reached = this.#key === null ? null : new ReachedWatermark(plan, context.state);
    const reached = this.#reached?.watermark ?? MIN_WATERMARK;
    // State holds no infinities.
    this.#watermark = reached === -Number.MAX_VALUE ? MIN_WATERMARK : reached;
    this.#view = compileRowView(schema.fields);
    this.#emitter = new Emitter(plan, context, this.#watermark);
    this.#ctx = handlerContext({
      emitter: this.#emitter,
      key: this.#key,
      clock: context.clock,
      log: (line) => context.log('info', line),
      hasEventTime: inputs[0]!.shape.eventTime,
      setTimer: (domain, at) => this.#setTimer(domain, at),
      deleteTimer: (domain, at) => this.#deleteTimer(domain, at),
      moment: {
        handler: () => this.#handler,
        eventTime: () => this.#eventTime,
        watermark: () => this.#watermark,
        timeDomain: () => this.#timeDomain,
      },
    });
  }

  open(): void {
    this.#handlers = this.#script.open(this.#code, this.#context);
    this.#callOnce('onOpen');
    this.#awaitTimers();
  }

  processBatch(batch: Batch): void {
    const { columns, eventTimes, length } = batch;
    if (length === 0) return;
    this.#view.load(columns);
    this.#key?.load(
      this.#keyIndices.map((i) => columns[i]!),
      length,
    );
    for (let next = 0; next < length;) {
      this.#guarded('onRow', () => {
        next = this.#handleRows(next, length, eventTimes);
      });
      this.#emitter.flush();
    }
    this.#key?.release();
    this.#awaitTimers();
  }

  /** Until there is a batch to send on; returns the row to go on from. */
  #handleRows(from: number, end: number, eventTimes: Float64Array | null): number {
    const { onRow } = this.#handlers;
    const { row } = this.#view;
    let i = from;
    while (i < end && !this.#emitter.isFull) {
      this.#row = i;
      this.#eventTime = eventTimes === null ? NaN : eventTimes[i]!;
      this.#emitter.ofRow(this.#eventTime);
      this.#view.select(i);
      this.#key?.select(i);
      onRow!(row, this.#ctx);
      i++;
    }
    return i;
  }

  onWatermark(watermark: number): boolean {
    this.#watermark = watermark;
    if (this.#key !== null) {
      if (this.#fire('event', this.#key.eventTimers, watermark)) return true;
      // What waits for the clock would be lost: the input has ended.
      if (watermark === MAX_WATERMARK && this.#fire('processing', this.#key.processingTimers, Infinity)) return true;
    }
    if (watermark === MAX_WATERMARK && !this.#hasEnded) this.#end();
    this.#reached?.advance(watermark);
    this.#emitter.watermark = watermark;
    return false;
  }

  #end(): void {
    this.#hasEnded = true;
    this.#emitter.ofClock(this.#context.clock.now());
    this.#callOnce('onEnd');
    this.#emitter.flush();
  }

  onTimer(): boolean {
    const isUnfinished =
      this.#key !== null && this.#fire('processing', this.#key.processingTimers, this.#context.clock.now());
    if (!isUnfinished) this.#awaitTimers();
    return isUnfinished;
  }

  /** Some of what is due; false when nothing was. */
  #fire(domain: TimeDomain, timers: KeyedTimers, time: number): boolean {
    const due = timers.takeDue(time, MAX_BATCH_ROWS);
    if (due === null) return false;
    const firing: Firing = { timers, due, end: due.count };
    this.#key!.load(due.keys, due.count);
    this.#timeDomain = domain;
    for (let next = 0; next < firing.end;) {
      this.#firing = firing;
      this.#guarded('onTimer', () => {
        next = this.#handleTimers(next, firing, domain);
      });
      this.#firing = null;
      this.#emitter.flush();
    }
    this.#timeDomain = null;
    this.#key!.release();
    return true;
  }

  #handleTimers(from: number, firing: Firing, domain: TimeDomain): number {
    const { onTimer } = this.#handlers;
    let i = from;
    while (i < firing.end && !this.#emitter.isFull) {
      const at = firing.due.at[i]!;
      this.#row = i;
      this.#key!.select(i);
      this.#eventTime = domain === 'event' ? at : NaN;
      if (domain === 'event') this.#emitter.ofTimer(at);
      else this.#emitter.ofClock(at);
      // Restored from a savepoint of code that had it.
      if (onTimer !== null) onTimer(at, this.#ctx);
      i++;
    }
    return i;
  }

  #setTimer(domain: TimeDomain, at: number): void {
    const key = this.#key!;
    key.reachTimers();
    if (this.#handlers.onTimer === null) {
      throw userError('MR2303', say`there is no onTimer to be called: export one`);
    }
    if (domain === 'processing' && this.#watermark === MAX_WATERMARK) return;
    const timers = domain === 'event' ? key.eventTimers : key.processingTimers;
    this.#putBackBehind(timers, at);
    timers.add(at);
  }

  #deleteTimer(domain: TimeDomain, at: number): void {
    const key = this.#key!;
    key.reachTimers();
    const timers = domain === 'event' ? key.eventTimers : key.processingTimers;
    this.#putBackBehind(timers, at);
    timers.remove(at);
  }

  /** Timers fire one at a time, each seeing what the one before it set and took away. So when that may touch some that were taken along, those go back. */
  #putBackBehind(timers: KeyedTimers, at: number): void {
    const firing = this.#firing;
    if (firing === null || firing.timers !== timers) return;
    const { due, end } = firing;
    if (this.#row + 1 >= end || at > due.at[end - 1]!) return;
    firing.end = this.#row + 1;
    for (let i = firing.end; i < end; i++) {
      this.#key!.select(i);
      this.#key!.reachTimers();
      timers.add(due.at[i]!);
    }
    this.#key!.select(this.#row);
    this.#key!.reachTimers();
  }

  #awaitTimers(): void {
    const next = this.#key?.processingTimers.nextAt ?? Infinity;
    if (next !== Infinity) this.#context.setTimer(next);
  }

  #callOnce(handler: 'onOpen' | 'onEnd'): void {
    const call = this.#handlers[handler];
    if (call === null) return;
    this.#eventTime = NaN;
    this.#guarded(handler, () => call(this.#ctx));
  }

  #guarded(handler: Handler, run: () => void): void {
    this.#handler = handler;
    try {
      this.#script.guarded(run);
    } catch (error) {
      throw this.#script.blame(error, handler);
    } finally {
      this.#handler = null;
    }
  }

  snapshot(): void {
    this.#reached?.snapshot();
  }
}

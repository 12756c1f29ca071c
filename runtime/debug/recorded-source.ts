/** Stands in for a source in a debug run: gives what was recorded, a row at a time, and has the real one asked when there is no more. */
import type { Batch } from '../core/batch.ts';
import { assert } from '../core/errors.ts';
import type { AnyOperatorFactory, OperatorContext, SourceOperator, SourceStatus } from '../core/operator.ts';
import type { ListState } from '../core/state.ts';
import { oneRow } from './one-row.ts';
import type { SourceCall, SourceLog, SourceRecording } from './source-recording.ts';

interface Position {
  /** Calls made, the one that is being given included. */
  readonly calls: number;
  /** Of that call: effects given, and rows of the next one. */
  readonly effects: number;
  readonly rows: number;
  readonly status: SourceStatus;
  /** Timers that were set and have not fired; those that have, and wait for their call. */
  readonly timers: readonly number[];
  readonly due: readonly number[];
  /** Null before the first. */
  readonly watermark: number | null;
  readonly isIdle: boolean;
}

export function recordedSources(recording: SourceRecording): AnyOperatorFactory {
  return ({ nodeId, subtask }, context) => new RecordedSource(recording.log(nodeId, subtask), recording.heads, context);
}

const NO_CALL: SourceCall = { effects: [], status: null };

class RecordedSource implements SourceOperator {
  readonly #log: SourceLog;
  readonly #heads: WeakSet<Batch>;
  readonly #context: OperatorContext;
  readonly #state: ListState<{ readonly [K in keyof Position]: Position[K] }>;
  #call = NO_CALL;
  #calls = 0;
  #effects = 0;
  #rows = 0;
  #status: SourceStatus = 'ready';
  readonly #timers = new Set<number>();
  #due: number[] = [];
  #watermark: number | null = null;
  #isIdle = false;

  constructor(log: SourceLog, heads: WeakSet<Batch>, context: OperatorContext) {
    this.#log = log;
    this.#heads = heads;
    this.#context = context;
    this.#state = context.state.list('recording', 'split');
  }

  open(): void {
    const [at] = this.#state.get();
    if (at === undefined) return;
    this.#calls = at.calls;
    this.#effects = at.effects;
    this.#rows = at.rows;
    this.#status = at.status;
    this.#due = [...at.due];
    // What it was in the middle of is known: it is asked for by its number only.
    if (at.calls > 0) this.#call = this.#log.call(at.calls - 1, null, this.#context.clock.now());
    for (const timer of at.timers) this.#setTimer(timer);
    // Those behind have forgotten.
    if (at.watermark !== null) this.#emitWatermark(at.watermark);
    if (at.isIdle) this.#emitIdle();
  }

  poll(): SourceStatus {
    for (let hasAsked = false; ;) {
      if (this.#giveRow()) return 'ready';
      if (this.#status === 'ended') return 'ended';
      if (hasAsked && this.#status === 'waiting' && this.#due.length === 0) return 'waiting';
      const timerAt = this.#due.shift() ?? null;
      this.#call = this.#log.call(this.#calls++, timerAt, this.#context.clock.now());
      this.#effects = 0;
      this.#rows = 0;
      if (timerAt === null) {
        hasAsked = true;
        this.#status = this.#call.status!;
      } else this.#status = 'ready';
    }
  }

  /** The next row of the call, with what comes before it and up to the row behind; false when there is none left. */
  #giveRow(): boolean {
    const { effects } = this.#call;
    let hasGiven = false;
    for (; this.#effects < effects.length; this.#effects++, this.#rows = 0) {
      const effect = effects[this.#effects]!;
      switch (effect.type) {
        case 'rows': {
          if (this.#rows === effect.batch.length) break;
          if (hasGiven) return true;
          hasGiven = true;
          const row = oneRow(effect.batch, this.#rows);
          if (this.#rows++ === 0) this.#heads.add(row);
          this.#isIdle = false;
          this.#context.output(effect.port).emit(row);
          if (this.#rows < effect.batch.length) return true;
          break;
        }
        case 'watermark':
          this.#emitWatermark(effect.watermark);
          break;
        case 'idle':
          this.#emitIdle();
          break;
        case 'late':
          this.#context.countLate(effect.rows);
          break;
        case 'timer':
          this.#setTimer(effect.at);
      }
    }
    return hasGiven;
  }

  #emitWatermark(watermark: number): void {
    this.#watermark = watermark;
    this.#isIdle = false;
    this.#context.emitWatermark(watermark);
  }

  #emitIdle(): void {
    this.#isIdle = true;
    this.#context.emitIdle();
  }

  #setTimer(at: number): void {
    this.#timers.add(at);
    this.#context.setTimer(at);
  }

  onTimer(at: number): void {
    if (this.#timers.delete(at)) this.#due.push(at);
  }

  processBatch(): void {
    assert(false, 'a source has no input');
  }

  snapshot(): void {
    this.#state.set([
      {
        calls: this.#calls,
        effects: this.#effects,
        rows: this.#rows,
        status: this.#status,
        timers: [...this.#timers],
        due: this.#due,
        watermark: this.#watermark,
        isIdle: this.#isIdle,
      },
    ]);
  }
}

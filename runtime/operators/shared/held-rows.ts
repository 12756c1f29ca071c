/** Rows that an operator holds back for a while, in their order: backpressure meanwhile, and none of them is ever part of state. */
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import type { OperatorContext, Output, Pending } from '../../core/operator.ts';

export class HeldRows {
  readonly #context: OperatorContext;
  readonly #output: Output;
  readonly #batches: Batch[] = [];
  /** Rows of the first batch that have gone. */
  #gone = 0;
  #count = 0;
  #isWaiting = false;
  #isOver = false;
  #nowMs = -Infinity;

  constructor(context: OperatorContext, output: Output) {
    this.#context = context;
    this.#output = output;
  }

  /** Rows that are held. */
  get count(): number {
    return this.#count;
  }

  /** For the operator's `pending`: no more rows are wanted while some are held, and marks and barriers wait for them. */
  get pending(): Pending {
    return this.#count > 0 ? 'full' : 'none';
  }

  /** Whether the next rows may not go yet. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** The clock in ms, and at least the waits that are over: it moves in batch mode, too. */
  now(): number {
    this.#nowMs = Math.max(this.#nowMs, this.#context.clock.now());
    return this.#nowMs;
  }

  add(batch: Batch): void {
    if (batch.length === 0) return;
    this.#batches.push(batch);
    this.#count += batch.length;
  }

  /** Lets the first `rows` go. */
  release(rows: number): void {
    for (let left = Math.min(rows, this.#count); left > 0;) {
      const [first] = this.#batches as [Batch];
      const end = Math.min(first.length, this.#gone + left);
      this.#output.emit(this.#gone === 0 && end === first.length ? first : rangeOf(first, this.#gone, end));
      left -= end - this.#gone;
      this.#count -= end - this.#gone;
      this.#gone = end;
      if (end < first.length) return;
      this.#batches.shift();
      this.#gone = 0;
    }
  }

  /** Has the operator woken in so many milliseconds. Not a timer: these wait behind a barrier, which waits for the rows. */
  wait(ms: number): void {
    const until = this.now() + ms;
    this.#isWaiting = true;
    void this.#context.delay(ms).then(() => {
      this.#nowMs = Math.max(this.#nowMs, until);
      this.#isOver = true;
      this.#context.wake();
    });
  }

  /** In the operator's `onWake`: whether the wait is over. */
  takeWake(): boolean {
    if (!this.#isOver) return false;
    this.#isOver = false;
    this.#isWaiting = false;
    return true;
  }
}

function rangeOf(batch: Batch, start: number, end: number): Batch {
  const builder = new BatchBuilder(batch.schema, end - start);
  builder.appendRange(batch, start, end);
  return builder.finish();
}

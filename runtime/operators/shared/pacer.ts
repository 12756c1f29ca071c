/** Holds a source to a rate, by the context's clock and timers: nothing waits busily. */
import type { OperatorContext } from '../../core/operator.ts';

/** Rows at a high rate come in bunches this far apart. */
const MIN_PAUSE_MS = 5;
/** After a longer stop (a slow consumer, a sleeping machine) missed rows are not made up for in one go. */
const MAX_BEHIND_MS = 1000;

export class Pacer {
  readonly #rowsPerMs: number;
  readonly #context: OperatorContext;
  /** When the row after the last one is due. */
  #nextAt = -Infinity;

  /** `rowsPerSecond` of the whole operator is shared evenly by its subtasks; null = as fast as it goes. */
  constructor(rowsPerSecond: number | null, parallelism: number, context: OperatorContext) {
    this.#rowsPerMs = rowsPerSecond === null ? Infinity : rowsPerSecond / parallelism / 1000;
    this.#context = context;
  }

  /** Rows that may go out now, at most `limit`; when none may, a timer is set for when the next is due. */
  allow(limit: number): number {
    if (this.#rowsPerMs === Infinity) return limit;
    const now = this.#context.clock.now();
    if (this.#nextAt === -Infinity) this.#nextAt = now;
    this.#nextAt = Math.max(this.#nextAt, now - MAX_BEHIND_MS);
    if (this.#nextAt > now) {
      this.#context.setTimer(Math.ceil(Math.max(this.#nextAt, now + MIN_PAUSE_MS)));
      return 0;
    }
    return Math.min(limit, Math.floor((now - this.#nextAt) * this.#rowsPerMs) + 1);
  }

  took(rows: number): void {
    if (this.#rowsPerMs !== Infinity) this.#nextAt += rows / this.#rowsPerMs;
  }
}

/** Holds a source to a rate, by the context's clock and timers: nothing waits busily. */
import type { OperatorContext } from '../../core/operator.ts';

/** Rows at a high rate come in bunches this far apart. */
const MIN_PAUSE_MS = 5;
/** After a longer stop (a slow consumer, a sleeping machine) missed rows are not made up for in one go. */
const MAX_BEHIND_MS = 1000;

export class Pacer {
  readonly #rowsPerSecond: number | null;
  readonly #context: OperatorContext;
  /** When the row after the last one is due. */
  #nextAt = -Infinity;
  /** Share of the operator's rows that this subtask has to give, above 0 to 1. */
  share: number;

  /** `rowsPerSecond` of the whole operator; null = as fast as it goes. */
  constructor(rowsPerSecond: number | null, share: number, context: OperatorContext) {
    this.#rowsPerSecond = rowsPerSecond;
    this.#context = context;
    this.share = share;
  }

  get #rowsPerMs(): number {
    return this.#rowsPerSecond === null ? Infinity : (this.#rowsPerSecond * this.share) / 1000;
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

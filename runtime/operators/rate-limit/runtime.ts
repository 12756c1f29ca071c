/**
 * Rows that come too soon are held back, which stops the input; nothing goes faster later to make up for a time without rows. So a second
 * has never more than its rows, but for one.
 */
import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Pending } from '../../core/operator.ts';
import { HeldRows } from '../shared/held-rows.ts';
import type { RateLimitConfig } from './spec.ts';

/** Rows at a high rate go in bunches this far apart: timers are no finer. */
const MIN_PAUSE_MS = 5;

export const createRateLimit: OperatorFactory<RateLimitConfig> = (plan, context) =>
  new RateLimitOperator(plan, context);

class RateLimitOperator implements Operator {
  readonly #rowsPerMs: number;
  readonly #held: HeldRows;
  /** When the row after the last one may go. */
  #nextAt = -Infinity;

  constructor({ config, parallelism }: OperatorPlan<RateLimitConfig>, context: OperatorContext) {
    this.#rowsPerMs = config.rowsPerSecond / parallelism / 1000;
    this.#held = new HeldRows(context, context.output('out'));
  }

  processBatch(batch: Batch): void {
    if (this.#held.count === 0) this.#nextAt = Math.max(this.#nextAt, this.#held.now());
    this.#held.add(batch);
    if (!this.#held.isWaiting) this.#release();
  }

  pending(): Pending {
    return this.#held.pending;
  }

  onWake(): void {
    if (this.#held.takeWake()) this.#release();
  }

  #release(): void {
    const early = this.#nextAt - this.#held.now();
    const rows = early > 0 ? 0 : Math.min(this.#held.count, Math.floor(-early * this.#rowsPerMs) + 1);
    this.#held.release(rows);
    this.#nextAt += rows / this.#rowsPerMs;
    if (this.#held.count > 0) this.#held.wait(Math.ceil(Math.max(MIN_PAUSE_MS, this.#nextAt - this.#held.now())));
  }
}

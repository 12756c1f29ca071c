/** Whether and when a failed job is started again, as its settings say. One per job: it remembers. */
import type { RestartSettings } from '../../graph/settings.ts';

export class RestartStrategy {
  readonly #settings: RestartSettings;
  #failures = 0;
  #lastAt = -Infinity;
  /** ms since the epoch; only with a failure rate. */
  #recent: number[] = [];

  constructor(settings: RestartSettings) {
    this.#settings = settings;
  }

  /** Notes a failure at `now` (ms since the epoch). The delay in ms before the next attempt, or null: the job has to give up. */
  fail(now: number): number | null {
    const settings = this.#settings;
    if (settings.strategy === 'exponential-delay' && now - this.#lastAt > settings.resetAfterMs) this.#failures = 0;
    this.#lastAt = now;
    const failures = ++this.#failures;
    switch (settings.strategy) {
      case 'none':
        return null;
      case 'fixed-delay':
        return failures > settings.maxAttempts ? null : settings.delayMs;
      case 'exponential-delay':
        return failures > settings.maxAttempts
          ? null
          : Math.min(settings.maxMs, settings.initialMs * 2 ** (failures - 1));
      case 'failure-rate':
        this.#recent = [...this.#recent.filter((at) => at > now - settings.intervalMs), now];
        return this.#recent.length > settings.maxFailures ? null : settings.delayMs;
    }
  }
}

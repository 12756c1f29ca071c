/** Processing time that moves only when told to. */
import { assert } from '../core/errors.ts';
import type { Clock } from '../core/operator.ts';

/** 2026-01-01T00:00:00Z: a round instant, so that expected values are easy to read. */
export const FAKE_EPOCH_MS = Date.UTC(2026, 0, 1);

export class FakeClock implements Clock {
  #nowMs: number;
  /** Instants with a timer, ascending. */
  readonly #timers: number[] = [];

  constructor(startMs: number = FAKE_EPOCH_MS) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** The same instant twice is one timer. */
  setTimer(at: number): void {
    if (this.#timers.includes(at)) return;
    this.#timers.push(at);
    this.#timers.sort((a, b) => a - b);
  }

  get nextTimer(): number | null {
    return this.#timers[0] ?? null;
  }

  /** Moves to `ms`, firing what is due in order, at its own instant; timers set meanwhile fire too if they are due. */
  advanceTo(ms: number, fire: (at: number) => void): void {
    assert(ms >= this.#nowMs, `the clock cannot go back from ${this.#nowMs} to ${ms}`);
    for (let at = this.#timers[0]; at !== undefined && at <= ms; at = this.#timers[0]) {
      this.#timers.shift();
      this.#nowMs = Math.max(this.#nowMs, at);
      fire(at);
    }
    this.#nowMs = ms;
  }
}

/**
 * Runs the tasks of one worker thread: round and round while anything moves, with a break for the event loop every few
 * milliseconds; asleep when nothing does, until a signal from another thread, a timer or a wake-up from I/O.
 */
import type { Task } from '../task/task.ts';
import type { WakeSignals } from '../network/wake-signals.ts';

/** How long tasks run before commands and I/O get a turn. */
const SLICE_MS = 8;
/** Longest sleep: a lost signal costs no more than this. */
const MAX_SLEEP_MS = 250;

export interface SchedulerHooks {
  /** Before each step of a task. */
  onStep(task: Task): void;
  /** Once a slice and before each sleep: metrics, samples. */
  onSlice(now: number): void;
  onFailure(error: unknown): void;
}

export class ThreadedScheduler {
  readonly #tasks: readonly Task[];
  readonly #worker: number;
  readonly #signals: WakeSignals;
  readonly #now: () => number;
  readonly #bufferTimeoutMs: number;
  readonly #hooks: SchedulerHooks;
  #isStopped = false;

  constructor(
    tasks: readonly Task[],
    options: { worker: number; signals: WakeSignals; now: () => number; bufferTimeoutMs: number },
    hooks: SchedulerHooks,
  ) {
    // Downstream first: queues stay short and what was just written is still in the cache.
    this.#tasks = tasks.toReversed();
    this.#worker = options.worker;
    this.#signals = options.signals;
    this.#now = options.now;
    this.#bufferTimeoutMs = options.bufferTimeoutMs;
    this.#hooks = hooks;
  }

  stop(): void {
    this.#isStopped = true;
    this.#signals.wake(this.#worker);
  }

  /** Settles when stopped, or when a task failed (after `onFailure`). */
  async run(): Promise<void> {
    try {
      while (!this.#isStopped) {
        const seen = this.#signals.current(this.#worker);
        const worked = this.#runSlice();
        this.#hooks.onSlice(this.#now());
        if (worked) await eventLoopTurn();
        else await this.#sleep(seen);
      }
    } catch (error) {
      this.#hooks.onFailure(error);
    }
  }

  /** False when nothing could move any more. */
  #runSlice(): boolean {
    const until = this.#now() + SLICE_MS;
    let worked = true;
    let now = this.#now();
    while (worked && now < until && !this.#isStopped) {
      worked = false;
      for (const task of this.#tasks) {
        this.#hooks.onStep(task);
        if (task.step(now) === 'worked') worked = true;
        now = this.#now();
      }
      // Rather send small batches than wait with nothing to do, unless they are to be full.
      if (!worked && this.#bufferTimeoutMs < Infinity) worked = this.#flush();
    }
    for (const task of this.#tasks) task.flushOlderThan(this.#bufferTimeoutMs, now);
    return worked;
  }

  #flush(): boolean {
    let flushed = false;
    for (const task of this.#tasks) if (task.flush()) flushed = true;
    return flushed;
  }

  async #sleep(seen: number): Promise<void> {
    let wakeAt = this.#now() + MAX_SLEEP_MS;
    for (const task of this.#tasks) wakeAt = Math.min(wakeAt, task.nextTimerAt);
    await this.#signals.sleep(this.#worker, seen, Math.max(0, wakeAt - this.#now()));
  }
}

/** Commands, I/O and timers come first. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

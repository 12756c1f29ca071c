/** How threads wake each other: two words a worker in shared memory, [signals so far, is asleep]. */
const WORDS = 2;
const SIGNAL = 0;
const ASLEEP = 1;

export class WakeSignals {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  static forWorkers(count: number): WakeSignals {
    return new WakeSignals(new SharedArrayBuffer(count * WORDS * 4));
  }

  /** Ends `worker`'s sleep, now or before it begins. */
  wake(worker: number): void {
    const at = worker * WORDS;
    Atomics.add(this.#words, at + SIGNAL, 1);
    if (Atomics.load(this.#words, at + ASLEEP) === 1) Atomics.notify(this.#words, at + SIGNAL);
  }

  /** Read before looking for work; `sleep` returns at once when a signal came since. */
  current(worker: number): number {
    return Atomics.load(this.#words, worker * WORDS + SIGNAL);
  }

  /** Sleeps without blocking the thread's event loop, until a signal after `seen` or for `timeoutMs`. */
  async sleep(worker: number, seen: number, timeoutMs: number): Promise<void> {
    const at = worker * WORDS;
    Atomics.store(this.#words, at + ASLEEP, 1);
    const wait = Atomics.waitAsync(this.#words, at + SIGNAL, seen, timeoutMs);
    if (wait.async) await wait.value;
    Atomics.store(this.#words, at + ASLEEP, 0);
  }
}

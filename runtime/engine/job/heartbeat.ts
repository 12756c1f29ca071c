/** Shared memory in which workers show that they are alive, and what they are at: two words a worker, [turns, chain + 1]. */
const WORDS = 2;

export class Heartbeat {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  static forWorkers(count: number): Heartbeat {
    return new Heartbeat(new SharedArrayBuffer(count * WORDS * 4));
  }

  /** Between two runs of its tasks. */
  beat(worker: number): void {
    const at = worker * WORDS;
    Atomics.add(this.#words, at, 1);
    Atomics.store(this.#words, at + 1, 0);
  }

  /** It runs a subtask of this chain (index in the plan). Plain stores: once a step. */
  enter(worker: number, chain: number): void {
    const at = worker * WORDS;
    this.#words[at]!++;
    this.#words[at + 1] = chain + 1;
  }

  turns(worker: number): number {
    return Atomics.load(this.#words, worker * WORDS);
  }

  /** Index of the chain that the worker is in, or null between two. */
  chain(worker: number): number | null {
    const chain = Atomics.load(this.#words, worker * WORDS + 1);
    return chain === 0 ? null : chain - 1;
  }
}

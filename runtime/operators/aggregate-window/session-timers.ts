/** When sessions are due, earliest first: a binary heap. A session is named by its slot and serial, for slots are used again. */
export interface SessionTimer {
  readonly timeMs: number;
  readonly serial: number;
  readonly slot: number;
}

export class SessionTimers {
  readonly #heap: SessionTimer[] = [];

  /** Infinity when there is none. */
  get nextTimeMs(): number {
    return this.#heap[0]?.timeMs ?? Infinity;
  }

  isDue(timeMs: number): boolean {
    return this.#heap.length > 0 && this.#heap[0]!.timeMs <= timeMs;
  }

  push(timer: SessionTimer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  /** Takes the earliest. */
  pop(): SessionTimer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(timer: SessionTimer): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, timer)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = timer;
  }
}

/** By time, then in order of the sessions' making; serials of several subtasks may tie after a restore. */
function isBefore(a: SessionTimer, b: SessionTimer): boolean {
  return a.timeMs !== b.timeMs ? a.timeMs < b.timeMs : a.serial !== b.serial ? a.serial < b.serial : a.slot < b.slot;
}

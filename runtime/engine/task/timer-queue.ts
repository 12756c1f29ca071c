/** Processing-time timers of a task, earliest first (binary heap); the same owner and time is one timer. */
export interface Timer<T> {
  readonly at: number;
  readonly owner: T;
}

export class TimerQueue<T> {
  readonly #heap: Timer<T>[] = [];
  readonly #known = new Map<T, Set<number>>();

  /** When the next one is due (ms); Infinity when there is none. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  add(at: number, owner: T): void {
    let times = this.#known.get(owner);
    if (times === undefined) this.#known.set(owner, (times = new Set()));
    if (times.has(at)) return;
    times.add(at);
    const heap = this.#heap;
    let i = heap.push({ at, owner }) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent]!.at <= heap[i]!.at) break;
      [heap[parent], heap[i]] = [heap[i]!, heap[parent]!];
      i = parent;
    }
  }

  /** Takes the earliest timer due at `now`, or null. */
  takeDue(now: number): Timer<T> | null {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.at > now) return null;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    this.#known.get(first.owner)!.delete(first.at);
    return first;
  }

  #sink(): void {
    const heap = this.#heap;
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const child = right < heap.length && heap[right]!.at < heap[left]!.at ? right : left;
      if (heap[i]!.at <= heap[child]!.at) return;
      [heap[i], heap[child]] = [heap[child]!, heap[i]!];
      i = child;
    }
  }
}

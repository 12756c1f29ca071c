/**
 * All who look at the jobs of one document: the page that started the one that runs, and those that follow. The engine is asked for the
 * rows that any of them wants; each gets its own, and what was there before it came.
 */
import type { JobId } from '../../runtime/core/ids.ts';
import { EventBatcher } from '../../runtime/dispatcher/event-batcher.ts';
import type { JobEvent, Watch } from '../../runtime/protocol/job.ts';

type RowsEvent = Extract<JobEvent, { readonly type: 'rows' }>;

interface Viewer {
  watches: readonly Watch[];
  /** Takes what it is given when it can: null, the page that started the job, which the engine itself waits for. */
  readonly batcher: EventBatcher | null;
}

export class JobFeed {
  readonly #viewers = new Map<object, Viewer>();
  readonly #askEngine: (jobId: JobId, watches: readonly Watch[]) => Promise<void>;
  #jobId: JobId | null = null;
  #state: JobEvent | null = null;
  #metrics: JobEvent | null = null;
  /** Latest rows of each watched port. */
  readonly #rows = new Map<string, RowsEvent>();

  /** `askEngine` replaces the set of ports that a running job reports rows of. */
  constructor(askEngine: (jobId: JobId, watches: readonly Watch[]) => Promise<void>) {
    this.#askEngine = askEngine;
  }

  /** A job is about to start for `starter`: what was seen of the last one is over. */
  begin(starter: object): void {
    this.#jobId = null;
    this.#metrics = null;
    this.#rows.clear();
    this.#viewers.set(starter, { watches: [], batcher: null });
  }

  async started(jobId: JobId): Promise<void> {
    this.#jobId = jobId;
    await this.#update();
  }

  /** The job has ended, or never began. */
  end(starter: object): void {
    this.#jobId = null;
    this.#viewers.delete(starter);
  }

  /** Hands events on to all followers; returns what the starter sees of them. */
  receive(starter: object, events: readonly JobEvent[]): readonly JobEvent[] {
    for (const event of events) {
      this.#keep(event);
      for (const viewer of this.#viewers.values()) {
        if (viewer.batcher !== null && isFor(viewer, event) && event.type !== 'log' && event.type !== 'print')
          viewer.batcher.add(event);
      }
    }
    const viewer = this.#viewers.get(starter);
    return viewer === undefined ? events : events.filter((event) => isFor(viewer, event));
  }

  /** Returns the way to stop. */
  follow(watches: readonly Watch[], onEvent: (events: readonly JobEvent[]) => unknown): () => void {
    const key = {};
    const viewer: Viewer = { watches, batcher: new EventBatcher(onEvent, schedule) };
    this.#viewers.set(key, viewer);
    for (const event of [this.#state, this.#metrics, ...this.#rows.values()]) {
      if (event !== null && isFor(viewer, event)) viewer.batcher!.add(event);
    }
    void this.#update();
    return () => {
      this.#viewers.delete(key);
      void this.#update();
    };
  }

  /** Replaces what the starter of the running job watches; returns those of its rows that are there already. */
  async watch(starter: object, watches: readonly Watch[]): Promise<readonly JobEvent[]> {
    const viewer = this.#viewers.get(starter);
    if (viewer === undefined) return [];
    const before = viewer.watches;
    viewer.watches = watches;
    await this.#update();
    return [...this.#rows.values()].filter((event) => isWatched(watches, event) && !isWatched(before, event));
  }

  #keep(event: JobEvent): void {
    if (event.type === 'state') this.#state = event;
    else if (event.type === 'metrics') this.#metrics = event;
    else if (event.type === 'rows') this.#rows.set(keyOf(event.sample), event);
  }

  async #update(): Promise<void> {
    const wanted = new Map<string, Watch>();
    for (const { watches } of this.#viewers.values()) for (const watch of watches) wanted.set(keyOf(watch), watch);
    if (this.#jobId === null) return;
    for (const key of this.#rows.keys()) if (!wanted.has(key)) this.#rows.delete(key);
    // It may end meanwhile: there is then nothing left to watch.
    await this.#askEngine(this.#jobId, [...wanted.values()]).catch(() => {});
  }
}

function isFor({ watches }: Viewer, event: JobEvent): boolean {
  return event.type !== 'rows' || isWatched(watches, event);
}

function isWatched(watches: readonly Watch[], { sample }: RowsEvent): boolean {
  return watches.some((watch) => watch.nodeId === sample.nodeId && watch.port === sample.port);
}

function keyOf({ nodeId, port }: Watch): string {
  return `${nodeId}\n${port}`;
}

function schedule(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

/**
 * All who look at the jobs of one document: the page that the one that runs belongs to, and those that follow. The engine is asked for the
 * rows that any of them wants; each gets its own, and what was there before it came.
 */
import type { JobId } from '../../runtime/core/ids.ts';
import { EventBatcher } from '../../runtime/dispatcher/event-batcher.ts';
import { isTerminal, type JobEvent, type Watch } from '../../runtime/protocol/job.ts';

type RowsEvent = Extract<JobEvent, { readonly type: 'rows' }>;
type OnEvents = (events: readonly JobEvent[]) => unknown;

interface Viewer {
  watches: readonly Watch[];
}

/** The engine waits for it. */
interface Owner extends Viewer {
  readonly onEvents: OnEvents;
}

/** Takes what it is given when it can. */
interface Follower extends Viewer {
  readonly batcher: EventBatcher;
}

export class JobFeed {
  readonly #followers = new Set<Follower>();
  readonly #askEngine: (jobId: JobId, watches: readonly Watch[]) => Promise<void>;
  /** null: no job, or nobody's. */
  #owner: Owner | null = null;
  #jobId: JobId | null = null;
  #state: JobEvent | null = null;
  #metrics: JobEvent | null = null;
  /** Latest rows of each port that was watched, and at the end of all. */
  readonly #rows = new Map<string, RowsEvent>();

  /** `askEngine` replaces the set of ports that a running job reports rows of. */
  constructor(askEngine: (jobId: JobId, watches: readonly Watch[]) => Promise<void>) {
    this.#askEngine = askEngine;
  }

  /** Whether any page sees the job. */
  get isSeen(): boolean {
    return this.#owner !== null || this.#followers.size > 0;
  }

  /** A job is about to start for the page that listens with `onEvents`: what was seen of the last one is over. */
  begin(onEvents: OnEvents): void {
    this.#jobId = null;
    this.#metrics = null;
    this.#rows.clear();
    this.#owner = { watches: [], onEvents };
  }

  async started(jobId: JobId): Promise<void> {
    this.#jobId = jobId;
    await this.#update();
  }

  /** The job has ended, or never began. */
  end(): void {
    this.#jobId = null;
  }

  /** Makes a running job that is nobody's that of the page that listens with `onEvents`; what is known of it, null where it is not to be had. */
  adopt(onEvents: OnEvents): readonly JobEvent[] | null {
    if (this.#owner !== null || this.#jobId === null) return null;
    this.#owner = { watches: [], onEvents };
    return [this.#state, this.#metrics].filter((event) => event !== null);
  }

  /** The page that listens with `onEvents` has gone. */
  leave(onEvents: OnEvents): void {
    if (this.#owner?.onEvents !== onEvents) return;
    this.#owner = null;
    void this.#update();
  }

  /** Hands events on. Settles when the owner has taken them. */
  receive(events: readonly JobEvent[]): unknown {
    for (const event of events) {
      this.#keep(event);
      if (event.type === 'log' || event.type === 'print') continue;
      for (const follower of this.#followers) if (isFor(follower, event)) follower.batcher.add(event);
    }
    const owner = this.#owner;
    if (owner === null) return undefined;
    if (events.some((event) => event.type === 'state' && isTerminal(event.state))) this.#owner = null;
    // What nobody asked for is for who looks at it once the job has ended.
    return owner.onEvents(events.filter((event) => isFor(owner, event) || !this.#isFollowed(event)));
  }

  /** Returns the way to stop. */
  follow(watches: readonly Watch[], onEvents: OnEvents): () => void {
    const follower: Follower = { watches, batcher: new EventBatcher(onEvents, schedule) };
    this.#followers.add(follower);
    for (const event of [this.#state, this.#metrics, ...this.#rows.values()]) {
      if (event !== null && isFor(follower, event)) follower.batcher.add(event);
    }
    void this.#update();
    return () => {
      this.#followers.delete(follower);
      void this.#update();
    };
  }

  /** Replaces what the owner of the running job watches; returns those of its rows that are there already. */
  async watch(onEvents: OnEvents, watches: readonly Watch[]): Promise<readonly JobEvent[]> {
    const owner = this.#owner;
    if (owner?.onEvents !== onEvents) return [];
    const before = owner.watches;
    owner.watches = watches;
    await this.#update();
    return [...this.#rows.values()].filter((event) => isWatched(watches, event) && !isWatched(before, event));
  }

  #keep(event: JobEvent): void {
    if (event.type === 'state') this.#state = event;
    else if (event.type === 'metrics') this.#metrics = event;
    else if (event.type === 'rows') this.#rows.set(keyOf(event.sample), event);
  }

  #isFollowed(event: JobEvent): boolean {
    return [...this.#followers].some((follower) => isFor(follower, event));
  }

  async #update(): Promise<void> {
    const wanted = new Map<string, Watch>();
    for (const { watches } of [...(this.#owner === null ? [] : [this.#owner]), ...this.#followers])
      for (const watch of watches) wanted.set(keyOf(watch), watch);
    if (this.#jobId === null) return;
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

/**
 * Gathers a job's events on their way to whoever watches. A batch leaves at most every `BATCH_INTERVAL_MS`, and not before the
 * last one was taken: a slow watcher gets newer metrics and rows, not a queue of old ones. States are never delayed or lost.
 */
import { isTerminal, type JobEvent } from '../protocol/job.ts';
import { say } from '../core/say.ts';

export const BATCH_INTERVAL_MS = 50;
/** Printed lines and log records that wait; beyond it the older ones are left out. */
const MAX_WAITING = 10_000;

/** Calls back once after `ms`; the result cancels. */
export type Schedule = (callback: () => void, ms: number) => () => void;

export class EventBatcher {
  readonly #deliver: (events: readonly JobEvent[]) => unknown;
  readonly #schedule: Schedule;
  #waiting: JobEvent[] = [];
  #lines = 0;
  #leftOut = 0;
  #cancelTimer: (() => void) | null = null;
  #isDelivering = false;
  #isUrgent = false;
  #whenEmpty: (() => void)[] = [];

  constructor(deliver: (events: readonly JobEvent[]) => unknown, schedule: Schedule) {
    this.#deliver = deliver;
    this.#schedule = schedule;
  }

  add(event: JobEvent): void {
    const earlier = supersededBy(event);
    if (earlier !== null) this.#waiting = this.#waiting.filter((one) => !earlier(one));
    this.#waiting.push(event);
    if (isLine(event) && ++this.#lines > MAX_WAITING) this.#leaveOutHalf();
    this.#isUrgent ||= event.type === 'state' && isTerminal(event.state);
    this.#arm();
  }

  /** Settles when all that was added has been taken. */
  drained(): Promise<void> {
    if (this.#waiting.length === 0 && !this.#isDelivering) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  #arm(): void {
    if (this.#isDelivering) return;
    if (this.#isUrgent) void this.#flush();
    else this.#cancelTimer ??= this.#schedule(() => void this.#flush(), BATCH_INTERVAL_MS);
  }

  async #flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const events = this.#take();
    this.#isDelivering = true;
    try {
      await this.#deliver(events);
    } catch {
      // The watcher has gone; its connection says so to those who mind.
    }
    this.#isDelivering = false;
    if (this.#waiting.length > 0) this.#arm();
    else for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  #take(): JobEvent[] {
    const events = this.#waiting;
    if (this.#leftOut > 0) events.unshift(leftOutRecord(this.#leftOut));
    this.#waiting = [];
    this.#lines = 0;
    this.#leftOut = 0;
    this.#isUrgent = false;
    return events;
  }

  #leaveOutHalf(): void {
    let excess = MAX_WAITING / 2;
    this.#leftOut += excess;
    this.#lines -= excess;
    this.#waiting = this.#waiting.filter((event) => !isLine(event) || --excess < 0);
  }
}

/** Which waiting events a newer one makes pointless; null = none. */
function supersededBy(event: JobEvent): ((earlier: JobEvent) => boolean) | null {
  switch (event.type) {
    case 'metrics':
      return (earlier) => earlier.type === 'metrics';
    case 'rows': {
      const { nodeId, port } = event.sample;
      return (earlier) => earlier.type === 'rows' && earlier.sample.nodeId === nodeId && earlier.sample.port === port;
    }
    case 'hot-keys':
    case 'dead-letters': {
      const { nodeId, subtask } = event.report;
      return (earlier) =>
        earlier.type === event.type && earlier.report.nodeId === nodeId && earlier.report.subtask === subtask;
    }
    case 'checkpoint': {
      const { id } = event.checkpoint;
      return (earlier) => earlier.type === 'checkpoint' && earlier.checkpoint.id === id;
    }
    default:
      return null;
  }
}

function isLine(event: JobEvent): boolean {
  return event.type === 'print' || event.type === 'log';
}

function leftOutRecord(count: number): JobEvent {
  const message = say`${count} printed lines and log records were left out: they came faster than they could be shown.`;
  return { type: 'log', record: { at: Date.now(), level: 'warn', message, nodeId: null, subtask: null } };
}

/**
 * A channel carries elements from one subtask to another, in order. Batches need credit: at most `CREDITS` of them are under
 * way, so a slow receiver holds its senders back and nothing queues without bound. Marks need none: there are few of them.
 * Batches in front of a barrier go on overdraft, beyond credit: then all that a checkpoint has to keep is at the receiver's end.
 */
import { assert } from '../../core/errors.ts';
import type { StreamElement } from './stream-element.ts';

/** Batches under way in one channel. Flink's default is 2 exclusive buffers a channel and 8 floating ones a gate. */
export const CREDITS = 8;

export interface ChannelSender {
  /** Whether a batch may be sent now. */
  readonly hasCredit: boolean;
  /** Share of the credits in use, 0 to 1. */
  readonly usage: number;
  /** Sends on; a batch only with credit. */
  send(element: StreamElement): void;
  /** Sends a batch with or without credit. */
  overdraw(element: StreamElement & { type: 'batch' }): void;
}

export interface ChannelReceiver {
  /** The next element, or null when there is none now. Taking a batch gives its credit back. */
  poll(): StreamElement | null;
  readonly isEmpty: boolean;
  /** Whether a barrier is in it: for one look at every channel, cheap where there is none. */
  readonly hasBarrier: boolean;
  /** Takes the barrier of a checkpoint out; the elements in front of it, which stay. Null when it is not there. */
  overtake(checkpointId: number): readonly StreamElement[] | null;
}

/** Between tasks of one thread: a queue. */
export class LocalChannel implements ChannelSender, ChannelReceiver {
  readonly #queue: StreamElement[] = [];
  #head = 0;
  #batches = 0;
  #barriers = 0;

  get hasCredit(): boolean {
    return this.#batches < CREDITS;
  }

  get usage(): number {
    return Math.min(1, this.#batches / CREDITS);
  }

  get isEmpty(): boolean {
    return this.#head === this.#queue.length;
  }

  get hasBarrier(): boolean {
    return this.#barriers > 0;
  }

  send(element: StreamElement): void {
    if (element.type === 'batch') {
      assert(this.hasCredit, 'a batch was sent without credit');
      this.#batches++;
    } else if (element.type === 'barrier') this.#barriers++;
    this.#queue.push(element);
  }

  overdraw(element: StreamElement & { type: 'batch' }): void {
    this.#batches++;
    this.#queue.push(element);
  }

  poll(): StreamElement | null {
    if (this.isEmpty) return null;
    const element = this.#queue[this.#head++]!;
    if (element.type === 'batch') this.#batches--;
    else if (element.type === 'barrier') this.#barriers--;
    if (this.isEmpty) {
      this.#queue.length = 0;
      this.#head = 0;
    } else if (this.#head === 64) {
      this.#queue.splice(0, 64);
      this.#head = 0;
    }
    return element;
  }

  overtake(checkpointId: number): readonly StreamElement[] | null {
    const at = this.#queue.findIndex(
      (element, i) => i >= this.#head && element.type === 'barrier' && element.checkpointId === checkpointId,
    );
    if (at === -1) return null;
    this.#queue.splice(at, 1);
    this.#barriers--;
    return this.#queue.slice(this.#head, at);
  }
}

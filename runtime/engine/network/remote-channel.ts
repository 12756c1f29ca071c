/**
 * A channel between worker threads: batches are encoded into one buffer each, which is transferred through a `MessagePort` and polled
 * with `receiveMessageOnPort` (an event per message was measured to be five times slower, engine.md). Counters in shared
 * memory say how many messages and barriers were sent and how many batches are under way, so neither end makes a call to find nothing.
 */
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { assert } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { decodeBatch, encodeBatch } from '../../core/wire-batch.ts';
import { CREDITS, type ChannelReceiver, type ChannelSender } from './channel.ts';
import type { StreamElement } from './stream-element.ts';
import type { WakeSignals } from './wake-signals.ts';

/** Int32 words a channel takes in the shared counters. */
export const CHANNEL_WORDS = 3;
const SENT = 0;
const IN_FLIGHT = 1;
/** Barriers sent. */
const BARRIERS = 2;

type WireElement = ArrayBuffer | Exclude<StreamElement, { type: 'batch' }>;

/** Where a channel's counters are, and whom its ends wake. */
export interface ChannelCounters {
  readonly words: Int32Array;
  readonly offset: number;
  readonly signals: WakeSignals;
}

export class RemoteSender implements ChannelSender {
  readonly #port: MessagePort;
  readonly #counters: ChannelCounters;
  readonly #receiverWorker: number;

  constructor(port: MessagePort, counters: ChannelCounters, receiverWorker: number) {
    this.#port = port;
    this.#counters = counters;
    this.#receiverWorker = receiverWorker;
  }

  get #inFlight(): number {
    return Atomics.load(this.#counters.words, this.#counters.offset + IN_FLIGHT);
  }

  get hasCredit(): boolean {
    return this.#inFlight < CREDITS;
  }

  get usage(): number {
    return Math.min(1, this.#inFlight / CREDITS);
  }

  send(element: StreamElement): void {
    if (element.type === 'batch') {
      assert(this.hasCredit, 'a batch was sent without credit');
      this.overdraw(element);
      return;
    }
    this.#port.postMessage(element satisfies WireElement);
    const { words, offset } = this.#counters;
    this.#countSent();
    // Behind the count of messages: who sees it finds the barrier.
    if (element.type === 'barrier') Atomics.add(words, offset + BARRIERS, 1);
    this.#wake();
  }

  overdraw(element: StreamElement & { type: 'batch' }): void {
    Atomics.add(this.#counters.words, this.#counters.offset + IN_FLIGHT, 1);
    const buffer = encodeBatch(element.batch);
    this.#port.postMessage(buffer, [buffer]);
    this.#countSent();
    this.#wake();
  }

  #countSent(): void {
    Atomics.add(this.#counters.words, this.#counters.offset + SENT, 1);
  }

  #wake(): void {
    this.#counters.signals.wake(this.#receiverWorker);
  }
}

export class RemoteReceiver implements ChannelReceiver {
  readonly #port: MessagePort;
  readonly #counters: ChannelCounters;
  readonly #schema: Schema;
  readonly #senderWorker: number;
  #received = 0;
  #barriersTaken = 0;
  /** What was taken from the port to look for a barrier, and not handed out yet. */
  #drained: WireElement[] = [];

  constructor(port: MessagePort, counters: ChannelCounters, schema: Schema, senderWorker: number) {
    this.#port = port;
    this.#counters = counters;
    this.#schema = schema;
    this.#senderWorker = senderWorker;
  }

  get #isPortEmpty(): boolean {
    // Wraps with Int32, as the counter does.
    return Atomics.load(this.#counters.words, this.#counters.offset + SENT) === (this.#received | 0);
  }

  get isEmpty(): boolean {
    return this.#drained.length === 0 && this.#isPortEmpty;
  }

  get hasBarrier(): boolean {
    return Atomics.load(this.#counters.words, this.#counters.offset + BARRIERS) !== (this.#barriersTaken | 0);
  }

  poll(): StreamElement | null {
    const element = this.#drained.length > 0 ? this.#drained.shift()! : this.#receive();
    if (element === null) return null;
    if (element instanceof ArrayBuffer) {
      const { words, offset, signals } = this.#counters;
      if (Atomics.sub(words, offset + IN_FLIGHT, 1) === CREDITS) signals.wake(this.#senderWorker);
    } else if (element.type === 'barrier') this.#barriersTaken++;
    return this.#decode(element);
  }

  overtake(checkpointId: number): readonly StreamElement[] | null {
    for (let element = this.#receive(); element !== null; element = this.#receive()) this.#drained.push(element);
    const at = this.#drained.findIndex(
      (element) =>
        !(element instanceof ArrayBuffer) && element.type === 'barrier' && element.checkpointId === checkpointId,
    );
    if (at === -1) return null;
    this.#drained.splice(at, 1);
    this.#barriersTaken++;
    return this.#drained.slice(0, at).map((element) => this.#decode(element));
  }

  #receive(): WireElement | null {
    if (this.#isPortEmpty) return null;
    const message = receiveMessageOnPort(this.#port) as { message: WireElement } | undefined;
    assert(message !== undefined, 'a counted message is not there');
    this.#received++;
    return message.message;
  }

  #decode(element: WireElement): StreamElement {
    // Views of the buffer, made again when it is handed out: nothing is copied.
    return element instanceof ArrayBuffer ? { type: 'batch', batch: decodeBatch(this.#schema, element) } : element;
  }
}

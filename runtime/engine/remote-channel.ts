/**
 * A channel between worker threads: batches are encoded into one buffer each, which is transferred through a `MessagePort` and polled
 * with `receiveMessageOnPort` (an event per message was measured to be five times slower, engine.md). Counters in shared
 * memory say how many messages were sent and how many batches are under way, so neither end makes a call to find nothing.
 */
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { assert } from '../core/errors.ts';
import type { Schema } from '../core/schema.ts';
import { decodeBatch, encodeBatch } from '../core/wire-batch.ts';
import { CREDITS, type ChannelReceiver, type ChannelSender } from './channel.ts';
import type { StreamElement } from './stream-element.ts';
import type { WakeSignals } from './wake-signals.ts';

/** Int32 words a channel takes in the shared counters. */
export const CHANNEL_WORDS = 2;
const SENT = 0;
const IN_FLIGHT = 1;

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
    const { words, offset, signals } = this.#counters;
    if (element.type === 'batch') {
      assert(this.hasCredit, 'a batch was sent without credit');
      Atomics.add(words, offset + IN_FLIGHT, 1);
      const buffer = encodeBatch(element.batch);
      this.#port.postMessage(buffer, [buffer]);
    } else {
      this.#port.postMessage(element satisfies WireElement);
    }
    Atomics.add(words, offset + SENT, 1);
    signals.wake(this.#receiverWorker);
  }
}

export class RemoteReceiver implements ChannelReceiver {
  readonly #port: MessagePort;
  readonly #counters: ChannelCounters;
  readonly #schema: Schema;
  readonly #senderWorker: number;
  #received = 0;

  constructor(port: MessagePort, counters: ChannelCounters, schema: Schema, senderWorker: number) {
    this.#port = port;
    this.#counters = counters;
    this.#schema = schema;
    this.#senderWorker = senderWorker;
  }

  get isEmpty(): boolean {
    // Wraps with Int32, as the counter does.
    return Atomics.load(this.#counters.words, this.#counters.offset + SENT) === (this.#received | 0);
  }

  poll(): StreamElement | null {
    if (this.isEmpty) return null;
    const message = receiveMessageOnPort(this.#port) as { message: WireElement } | undefined;
    assert(message !== undefined, 'a counted message is not there');
    this.#received++;
    if (!(message.message instanceof ArrayBuffer)) return message.message;
    const { words, offset, signals } = this.#counters;
    if (Atomics.sub(words, offset + IN_FLIGHT, 1) === CREDITS) signals.wake(this.#senderWorker);
    return { type: 'batch', batch: decodeBatch(this.#schema, message.message) };
  }
}

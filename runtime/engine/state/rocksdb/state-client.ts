/**
 * A worker's side of its state thread. `call` waits for the answer without giving up the thread: operators are synchronous, and a
 * whole batch of keys goes in one call. `post` does not wait: writes and checkpoints run beside the operators.
 */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { assert, StreamError } from '../../../core/errors.ts';
import { say } from '../../../core/say.ts';
import { fromErrorReport } from '../../../protocol/error-report.ts';
import type { FromStateThread, StateAnswer, StateRequest, StateThreadSetup } from './state-protocol.ts';

/** Bytes of writes under way beyond which the worker waits for the oldest: memory is not where they should pile up. */
const MOST_WRITE_BYTES = 32 << 20;
/** The thread cannot tell when its memory ends; a worker that waits looks up from time to time. */
const WAIT_MS = 1000;

export interface Pending {
  /** Null as long as there is no answer. Throws StreamError when it is an error. */
  poll(): StateAnswer | null;
  /** Waits for it. */
  wait(): StateAnswer;
}

export class StateClient {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal = new Int32Array(new SharedArrayBuffer(8));
  readonly #answers = new Map<number, FromStateThread>();
  /** Writes whose answer nobody waits for, oldest first: id to bytes. */
  readonly #writes = new Map<number, number>();
  #writeBytes = 0;
  #lastId = 0;
  #lastDatabase = 0;
  #lastSnapshot = 0;
  #isClosed = false;

  /** `file`: absolute path of the bundled state thread. */
  constructor(file: string) {
    const { port1, port2 } = new MessageChannel();
    const setup: StateThreadSetup = { port: port2, signal: this.#signal.buffer as SharedArrayBuffer };
    this.#port = port1;
    this.#worker = new Worker(file, { workerData: setup, transferList: [port2], name: 'millrace-state' });
    // Neither keeps a process alive that forgot to close.
    this.#worker.unref();
    port1.unref();
  }

  nextDatabase(): number {
    return ++this.#lastDatabase;
  }

  nextSnapshot(): number {
    return ++this.#lastSnapshot;
  }

  /** Throws StreamError MR2209. */
  call(request: StateRequest): StateAnswer {
    return this.#wait(this.#send(request));
  }

  post(request: StateRequest): Pending {
    const id = this.#send(request);
    let answer: StateAnswer | null = null;
    return {
      poll: () => {
        if (answer === null) {
          this.#receive();
          if (this.#answers.has(id)) answer = this.#take(id);
        }
        return answer;
      },
      wait: () => (answer ??= this.#wait(id)),
    };
  }

  /** Does not wait, unless too much is under way. Throws StreamError MR2209 for an earlier write that failed. */
  write(db: number, operations: ArrayBuffer, count: number): void {
    const bytes = operations.byteLength;
    this.#writes.set(this.#send({ type: 'write', db, operations, count }, [operations]), bytes);
    this.#writeBytes += bytes;
    this.#receive();
    this.#settleWrites(false);
    while (this.#writeBytes > MOST_WRITE_BYTES && this.#writes.size > 0) this.#settleWrites(true);
  }

  /** Databases must be closed before it. */
  close(): void {
    this.#isClosed = true;
    this.#port.close();
    void this.#worker.terminate();
  }

  #send(request: StateRequest, transfer: ArrayBuffer[] = []): number {
    assert(!this.#isClosed, 'the state thread is closed');
    const id = ++this.#lastId;
    this.#port.postMessage({ id, request }, transfer);
    return id;
  }

  /** Takes the answers of writes off the list, the oldest's at any price. */
  #settleWrites(waitsForOldest: boolean): void {
    for (const [id, bytes] of this.#writes) {
      if (!this.#answers.has(id) && !waitsForOldest) return;
      waitsForOldest = false;
      this.#writes.delete(id);
      this.#writeBytes -= bytes;
      this.#wait(id);
    }
  }

  #wait(id: number): StateAnswer {
    for (;;) {
      const seen = Atomics.load(this.#signal, 0);
      this.#receive();
      if (this.#answers.has(id)) return this.#take(id);
      if (Atomics.load(this.#signal, 1) !== 0) throw new StreamError('MR2209', say`The state thread ended by itself.`);
      Atomics.wait(this.#signal, 0, seen, WAIT_MS);
    }
  }

  #take(id: number): StateAnswer {
    const message = this.#answers.get(id);
    assert(message !== undefined, `no answer to request ${id}`);
    this.#answers.delete(id);
    if (message.error !== null) throw fromErrorReport(message.error);
    return message.answer;
  }

  #receive(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as { readonly message: FromStateThread } | undefined;
      if (received === undefined) return;
      this.#answers.set(received.message.id, received.message);
    }
  }
}

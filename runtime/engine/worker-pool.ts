/** The worker threads of one attempt to run a plan: started together, wired to each other, ended together. */
import { MessageChannel, Worker } from 'node:worker_threads';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { StreamError } from '../core/errors.ts';
import { toErrorReport } from '../protocol/error-report.ts';
import type { ErrorReport } from '../protocol/job.ts';
import { CHANNEL_WORDS } from './remote-channel.ts';
import { channelsOf } from './task-builder.ts';
import { WakeSignals } from './wake-signals.ts';
import type { FromWorker, PortAssignment, ToWorker, WorkerSetup } from './worker-protocol.ts';

export type PoolOptions = Pick<WorkerSetup, 'stateFolder' | 'restoreFrom' | 'printTo' | 'watches'> & {
  readonly plan: PhysicalPlan;
  readonly metrics: SharedArrayBuffer;
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
};

export interface PoolListener {
  onMessage(message: FromWorker): void;
  /** A worker failed or died; told once, for the first of them. */
  onFailure(error: ErrorReport): void;
}

export class WorkerPool {
  readonly #workers: Worker[] = [];
  readonly #listener: PoolListener;
  #isOver = false;

  constructor(options: PoolOptions, listener: PoolListener) {
    this.#listener = listener;
    const count = Math.max(1, ...options.plan.chains.map((chain) => chain.parallelism));
    const signals = WakeSignals.forWorkers(count);
    const channels = channelsOf(options.plan).filter(({ from, to }) => from !== to);
    const counters = new SharedArrayBuffer(Math.max(1, channels.length) * CHANNEL_WORDS * 4);
    const senders: PortAssignment[][] = Array.from({ length: count }, () => []);
    const receivers: PortAssignment[][] = Array.from({ length: count }, () => []);
    channels.forEach(({ link, from, to }, i) => {
      const { port1, port2 } = new MessageChannel();
      senders[from]!.push({ link, from, to, counters: i * CHANNEL_WORDS, port: port1 });
      receivers[to]!.push({ link, from, to, counters: i * CHANNEL_WORDS, port: port2 });
    });
    const { plan, metrics, stateFolder, restoreFrom, printTo, watches } = options;
    for (let index = 0; index < count; index++) {
      const setup: WorkerSetup = {
        plan,
        index,
        metrics,
        signals: signals.buffer,
        counters,
        senders: senders[index]!,
        receivers: receivers[index]!,
        stateFolder,
        restoreFrom,
        printTo,
        watches,
      };
      const ports = [...setup.senders, ...setup.receivers].map((assignment) => assignment.port);
      this.#start(
        new Worker(options.workerFile, { workerData: setup, transferList: ports, name: `millrace-${index}` }),
        index,
      );
    }
  }

  get size(): number {
    return this.#workers.length;
  }

  broadcast(message: ToWorker): void {
    if (this.#isOver) return;
    for (const worker of this.#workers) worker.postMessage(message);
  }

  /** Closes operators, then ends the threads. */
  async shutdown(): Promise<void> {
    if (this.#isOver) return;
    const exits = this.#workers.map((worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve())));
    this.broadcast({ type: 'shutdown' });
    this.#isOver = true;
    await Promise.all(exits);
  }

  /** Ends the threads at once, as a failure does. */
  async terminate(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(worker: Worker, index: number): void {
    this.#workers.push(worker);
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'failed') this.#fail(message.error);
      else if (!this.#isOver) this.#listener.onMessage(message);
    });
    worker.on('error', (error: unknown) => this.#fail(toErrorReport(error)));
    worker.on('exit', (code) => {
      this.#fail(toErrorReport(new StreamError('MR2002', `Worker ${index} ended by itself (exit code ${code}).`)));
    });
  }

  #fail(error: ErrorReport): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.onFailure(error);
  }
}

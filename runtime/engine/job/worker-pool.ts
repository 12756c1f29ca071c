/** The worker threads of one attempt to run a plan: started together, wired to each other, ended together. */
import path from 'node:path';
import type { EventLoopUtilization } from 'node:perf_hooks';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import { toErrorReport } from '../../protocol/error-report.ts';
import type { ErrorReport } from '../../protocol/job.ts';
import { Heartbeat } from './heartbeat.ts';
import { workerHeapMb } from '../worker/managed-memory.ts';
import { CHANNEL_WORDS } from '../network/remote-channel.ts';
import { preciseNow, type SystemTimers } from './system-timers.ts';
import { channelsOf } from '../task/task-builder.ts';
import { WakeSignals } from '../network/wake-signals.ts';
import { Watchdog } from './watchdog.ts';
import type { FromWorker, PortAssignment, ToWorker, WorkerSetup } from '../worker/worker-protocol.ts';

export type PoolOptions = Pick<
  WorkerSetup,
  'stateFolder' | 'spillFolder' | 'restoreFrom' | 'printTo' | 'watches' | 'keeps' | 'mends'
> & {
  readonly plan: PhysicalPlan;
  readonly metrics: SharedArrayBuffer;
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
  readonly timers: SystemTimers;
};

export interface PoolListener {
  onMessage(message: FromWorker): void;
  /** A worker failed or died; told once, for the first of them. */
  onFailure(error: ErrorReport): void;
}

/** How long a worker may take to close its operators, and then to end, before nobody waits for it any more. */
const CLOSE_LIMIT_MS = 10_000;
const END_LIMIT_MS = 5000;

export class WorkerPool {
  readonly #workers: Worker[] = [];
  /** As they were looked at last. */
  readonly #loads: EventLoopUtilization[] = [];
  readonly #listener: PoolListener;
  readonly #timers: SystemTimers;
  readonly #watchdog: Watchdog;
  #isOver = false;

  constructor(options: PoolOptions, listener: PoolListener) {
    this.#listener = listener;
    this.#timers = options.timers;
    const count = Math.max(1, ...options.plan.chains.map((chain) => chain.parallelism));
    const signals = WakeSignals.forWorkers(count);
    const heartbeat = Heartbeat.forWorkers(count);
    const channels = channelsOf(options.plan).filter(({ from, to }) => from !== to);
    const counters = new SharedArrayBuffer(Math.max(1, channels.length) * CHANNEL_WORDS * 4);
    const senders: PortAssignment[][] = Array.from({ length: count }, () => []);
    const receivers: PortAssignment[][] = Array.from({ length: count }, () => []);
    channels.forEach(({ link, from, to }, i) => {
      const { port1, port2 } = new MessageChannel();
      senders[from]!.push({ link, from, to, counters: i * CHANNEL_WORDS, port: port1 });
      receivers[to]!.push({ link, from, to, counters: i * CHANNEL_WORDS, port: port2 });
    });
    const startedAt = Math.floor(preciseNow());
    const { plan, metrics, stateFolder, spillFolder, restoreFrom, printTo, watches, keeps, mends } = options;
    for (let index = 0; index < count; index++) {
      const setup: WorkerSetup = {
        plan,
        index,
        startedAt,
        metrics,
        signals: signals.buffer,
        heartbeat: heartbeat.buffer,
        counters,
        senders: senders[index]!,
        receivers: receivers[index]!,
        stateFolder,
        spillFolder,
        stateThreadFile: path.join(path.dirname(options.workerFile), 'state-thread.cjs'),
        restoreFrom,
        printTo,
        watches,
        keeps,
        mends,
      };
      const ports = [...setup.senders, ...setup.receivers].map((assignment) => assignment.port);
      this.#start(
        new Worker(options.workerFile, {
          workerData: setup,
          transferList: ports,
          name: `millrace-${index}`,
          resourceLimits: { maxOldGenerationSizeMb: workerHeapMb(plan) },
        }),
        index,
      );
    }
    const { chains } = plan;
    this.#watchdog = new Watchdog(heartbeat, { workers: count, chains, timers: options.timers }, (error) =>
      this.#fail(toErrorReport(error)),
    );
  }

  get size(): number {
    return this.#workers.length;
  }

  /** Share of its time that each thread was at work since it was asked last: not waiting for rows, room or requests. */
  takeLoads(): readonly number[] {
    return this.#workers.map(({ performance }, i) => {
      const now = performance.eventLoopUtilization();
      const before = this.#loads[i];
      this.#loads[i] = now;
      // Without the second it would compare the first with this very moment.
      return before === undefined ? now.utilization : performance.eventLoopUtilization(now, before).utilization;
    });
  }

  broadcast(message: ToWorker): void {
    if (this.#isOver) return;
    if (message.type === 'start') this.#watchdog.started();
    for (const worker of this.#workers) worker.postMessage(message);
  }

  /** Closes operators, then ends the threads; also those that do not answer. */
  async shutdown(): Promise<void> {
    if (this.#isOver) return;
    const exits = this.#workers.map((worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve())));
    this.broadcast({ type: 'shutdown' });
    this.#end();
    if (!(await this.#within(CLOSE_LIMIT_MS, Promise.all(exits)))) await this.terminate();
  }

  /** Ends the threads at once, as a failure does. One that a system call holds ends when the call returns: it runs nothing more. */
  async terminate(): Promise<void> {
    this.#end();
    await this.#within(END_LIMIT_MS, Promise.all(this.#workers.map((worker) => worker.terminate())));
  }

  #end(): void {
    this.#isOver = true;
    this.#watchdog.close();
  }

  /** Whether `work` settled in time. */
  #within(ms: number, work: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const cancel = this.#timers.after(ms, () => resolve(false));
      work.then(() => resolve(true), reject).finally(cancel);
    });
  }

  #start(worker: Worker, index: number): void {
    this.#workers.push(worker);
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'failed') this.#fail(message.error);
      else if (!this.#isOver) this.#listener.onMessage(message);
    });
    worker.on('error', (error: unknown) => this.#fail(toErrorReport(error)));
    worker.on('exit', (code) => {
      this.#fail(toErrorReport(new StreamError('MR2002', say`Worker ${index} ended by itself (exit code ${code}).`)));
    });
  }

  #fail(error: ErrorReport): void {
    if (this.#isOver) return;
    this.#end();
    this.#listener.onFailure(error);
  }
}

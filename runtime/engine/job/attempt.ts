/** One attempt to run a job: its workers, and the checkpoints taken of them. */
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import type { Mend } from '../../core/dead-letters.ts';
import type { NodeId } from '../../core/ids.ts';
import type { CheckpointReport, ErrorReport, JobEvent, LogLevel, Watch } from '../../protocol/job.ts';
import { CheckpointRunner } from '../checkpoint/checkpoint-runner.ts';
import type { CheckpointStorage } from '../checkpoint/storage.ts';
import { MetricsLayout } from '../metrics/metrics-layout.ts';
import { MetricsReader } from '../metrics/metrics-reader.ts';
import type { SampleBoard } from './sample-board.ts';
import { preciseNow, type Cancel, type SystemTimers } from './system-timers.ts';
import { WorkerPool } from './worker-pool.ts';
import type { FromWorker, StartPoint } from '../worker/worker-protocol.ts';

export interface AttemptOptions {
  readonly plan: PhysicalPlan;
  readonly storage: CheckpointStorage;
  readonly spillFolder: string;
  readonly startPoint: StartPoint | null;
  /** Of the newest checkpoint there is. */
  readonly lastCheckpoint: number;
  /** A checkpoint of the storage that is not ours to remove. */
  readonly sparedCheckpoint: number | null;
  readonly printTo: 'stdout' | 'events';
  readonly watches: readonly Watch[];
  readonly keeps: readonly Watch[];
  readonly mends: readonly Mend[];
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
  readonly timers: SystemTimers;
  readonly samples: SampleBoard;
}

export interface AttemptListener {
  onEvent(event: JobEvent): void;
  log(level: LogLevel, message: string): void;
  /** All operators are open; they wait for `begin`. */
  onOpened(attempt: Attempt): void;
  onCheckpoint(report: CheckpointReport): void;
  /** Told once, or several times: the first counts. */
  onFailure(attempt: Attempt, error: ErrorReport): void;
  /** Every worker has committed the final checkpoint. */
  onEnd(attempt: Attempt): void;
}

/** How often metrics are read: 2 Hz, as engine.md says. */
const METRICS_MS = 500;

export class Attempt {
  readonly checkpoints: CheckpointRunner;
  readonly #options: AttemptOptions;
  readonly #listener: AttemptListener;
  readonly #pool: WorkerPool;
  readonly #reader: MetricsReader;
  readonly #subtasks: number;
  #cancelMetrics: Cancel | null = null;
  #opened = 0;
  #ended = 0;
  /** Workers that have committed the final checkpoint. */
  #committed = 0;
  #isOver = false;

  constructor(options: AttemptOptions, listener: AttemptListener) {
    const { plan, storage, startPoint, lastCheckpoint, sparedCheckpoint, timers } = options;
    const { spillFolder, printTo, watches, keeps, mends, workerFile } = options;
    this.#options = options;
    this.#listener = listener;
    this.#subtasks = plan.chains.reduce((sum, chain) => sum + chain.parallelism, 0);
    const metrics = new MetricsLayout(plan).allocate();
    this.#reader = new MetricsReader(plan, metrics, preciseNow());
    this.#pool = new WorkerPool(
      {
        plan,
        metrics: metrics.buffer,
        stateFolder: storage.location,
        spillFolder,
        restoreFrom: startPoint,
        printTo,
        watches,
        keeps,
        mends,
        workerFile,
        timers,
      },
      {
        onMessage: (message) => this.#receive(message),
        onFailure: (error) => this.#fail(error),
      },
    );
    this.checkpoints = new CheckpointRunner(
      { plan, storage, lastId: lastCheckpoint, sparedId: sparedCheckpoint, timers, now: preciseNow },
      {
        send: (message) => this.#pool.broadcast(message),
        onReport: (report) => listener.onCheckpoint(report),
        log: (level, message) => listener.log(level, message),
        onFailure: (error) => this.#fail(error),
      },
    );
  }

  /** Rows may flow. */
  begin(): void {
    const { timers, startPoint } = this.#options;
    this.#pool.broadcast({ type: 'start' });
    if (startPoint !== null) {
      const { checkpointId: id, kind, folder: path } = startPoint;
      this.#listener.onEvent({ type: 'restored', restore: { id, kind, at: preciseNow(), path } });
    }
    this.#cancelMetrics = timers.every(METRICS_MS, () => this.publishMetrics());
    this.checkpoints.start();
  }

  watch(watches: readonly Watch[]): void {
    this.#pool.broadcast({ type: 'watch', watches });
  }

  sampleKeys(nodeIds: readonly NodeId[]): void {
    this.#pool.broadcast({ type: 'sample-keys', nodeIds });
  }

  mend(mends: readonly Mend[]): void {
    this.#pool.broadcast({ type: 'mend', mends });
  }

  publishMetrics(): void {
    const metrics = { ...this.#reader.read(preciseNow()), threadLoads: this.#pool.takeLoads() };
    this.#listener.onEvent({ type: 'metrics', metrics });
  }

  /** Nothing more happens to it: its timers stop, and a checkpoint under way has failed. The threads go on until `shutdown` or `terminate`. */
  windUp(why: string): void {
    this.#isOver = true;
    this.checkpoints.end(why);
    this.#cancelMetrics?.();
  }

  /** Closes operators, then ends the threads. */
  shutdown(): Promise<void> {
    return this.#pool.shutdown();
  }

  /** Ends the threads at once. */
  terminate(): Promise<void> {
    return this.#pool.terminate();
  }

  #fail(error: ErrorReport): void {
    if (!this.#isOver) this.#listener.onFailure(this, error);
  }

  #receive(message: FromWorker): void {
    if (this.#isOver) return;
    switch (message.type) {
      case 'opened':
        if (++this.#opened === this.#pool.size) this.#listener.onOpened(this);
        break;
      case 'acknowledged':
        this.checkpoints.acknowledge(message.checkpointId, message.detail, message.file);
        break;
      case 'declined':
        this.checkpoints.decline(message.checkpointId, message.error);
        break;
      case 'ended':
        if (++this.#ended === this.#subtasks) this.checkpoints.takeFinal(null);
        break;
      case 'committed':
        if (message.checkpointId === this.checkpoints.completedFinal && ++this.#committed === this.#pool.size)
          this.#listener.onEnd(this);
        break;
      case 'samples':
        for (const sample of message.samples) {
          this.#listener.onEvent({ type: 'rows', sample: this.#options.samples.update(sample) });
        }
        break;
      case 'dead-letters':
      case 'hot-keys':
      case 'print':
      case 'log':
        this.#listener.onEvent(message);
        break;
      case 'failed':
      case 'closed':
        break;
    }
  }
}

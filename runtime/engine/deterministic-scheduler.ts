/**
 * Runs a whole job in one thread: the same tasks as the worker threads run, with a virtual clock, local channels and an order of
 * steps drawn from a seed. Equal seed and input, equal run: tests try interleavings and crashes with it, the debugger will step through it.
 */
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { assert } from '../core/errors.ts';
import type { FileIo } from '../core/file-io.ts';
import type { NodeId } from '../core/ids.ts';
import type { SubtaskCheckpoint } from '../protocol/job.ts';
import { LocalChannel } from './channel.ts';
import { CheckpointCoordinator } from './checkpoint/coordinator.ts';
import { decodeTaskState, encodeTaskState } from './checkpoint/task-state-file.ts';
import type { Environment } from './environment.ts';
import { MetricsLayout } from './metrics.ts';
import { seededRandom } from '../core/random.ts';
import type { StateSnapshot } from './state/index.ts';
import { buildTask, channelsOf, type RestoredState, type Wiring } from './task-builder.ts';
import type { Task, TaskListener } from './task.ts';

/** A completed checkpoint, as bytes: what a restore starts from. */
export interface KeptCheckpoint {
  readonly id: number;
  readonly files: readonly Uint8Array[];
}

export interface SchedulerOptions {
  readonly seed: number;
  readonly files: FileIo;
  /** Where the virtual clock starts, in ms since the epoch. */
  readonly startAt?: number;
  readonly restoreFrom?: KeptCheckpoint | null;
  /** Called for rows that a sink publishes or prints. */
  readonly onPrint?: (nodeId: NodeId, text: string) => void;
}

export class DeterministicScheduler {
  readonly #tasks: readonly Task[];
  readonly #random: () => number;
  readonly #coordinator: CheckpointCoordinator;
  readonly #restoreFrom: KeptCheckpoint | null;
  readonly metrics: Float64Array;
  #now: number;
  #pendingFiles: Uint8Array[] = [];
  #ended = 0;
  #committed = 0;
  #isFinalTriggered = false;
  #finalId: number | null = null;
  /** Newest completed checkpoint; null before the first. */
  latest: KeptCheckpoint | null;
  /** Every input was handled and the final checkpoint committed. */
  isFinished = false;

  constructor(plan: PhysicalPlan, options: SchedulerOptions) {
    const random = seededRandom(options.seed);
    this.#random = random;
    this.#now = options.startAt ?? 0;
    this.#restoreFrom = options.restoreFrom ?? null;
    this.latest = this.#restoreFrom;
    const layout = new MetricsLayout(plan);
    this.metrics = layout.allocate();
    const environment: Environment = {
      now: () => this.#now,
      random,
      createChooser: () => (count) => Math.floor(random() * count),
      files: options.files,
      print: (nodeId, text) => options.onPrint?.(nodeId, text),
      log: () => undefined,
      wake: (task) => task.wake(),
    };
    const builder = {
      plan,
      wiring: localWiring(plan),
      environment,
      restored: restoredState(this.#restoreFrom),
      layout,
      metrics: this.metrics,
      listener: this.#listener,
    };
    this.#tasks = plan.chains.flatMap((chain) =>
      Array.from({ length: chain.parallelism }, (_, subtask) => buildTask(builder, chain, subtask)),
    );
    this.#coordinator = new CheckpointCoordinator(
      this.#tasks.map((task) => ({ nodeId: task.id, subtask: task.subtask })),
      this.#restoreFrom?.id ?? 0,
      () => this.#now,
    );
  }

  /** Virtual time, in ms since the epoch. */
  get now(): number {
    return this.#now;
  }

  async open(): Promise<void> {
    for (const task of this.#tasks.toReversed()) await task.open(this.#restoreFrom?.id ?? null);
  }

  close(): void {
    for (const task of this.#tasks) task.close();
  }

  /** Starts a checkpoint unless one is under way or the job is at its end. */
  triggerCheckpoint(): void {
    if (this.#coordinator.pendingId === null && !this.#isFinalTriggered) this.#trigger(false);
  }

  /** One step of one task, drawn from the seed; time moves only when nothing else can. Throws when nothing ever will. */
  step(): void {
    assert(!this.isFinished, 'the job is over');
    if (this.#stepSome()) return;
    let flushed = false;
    for (const task of this.#tasks) if (task.flush()) flushed = true;
    if (flushed) return;
    const nextAt = Math.min(...this.#tasks.map((task) => task.nextTimerAt));
    if (nextAt < Infinity) {
      this.#now = Math.max(this.#now, nextAt);
      return;
    }
    assert(this.#ended === this.#tasks.length, 'deadlock: no task can move and the input has not ended');
    assert(!this.#isFinalTriggered, 'deadlock: the final checkpoint does not complete');
    this.#trigger(true);
  }

  /** Runs to the end, with a checkpoint about every `checkpointEvery` steps (0 = only the final one). */
  run(checkpointEvery = 0): void {
    while (!this.isFinished) {
      this.step();
      if (checkpointEvery > 0 && this.#random() * checkpointEvery < 1) this.triggerCheckpoint();
    }
  }

  #stepSome(): boolean {
    const count = this.#tasks.length;
    const first = Math.floor(this.#random() * count);
    for (let i = 0; i < count; i++) {
      if (this.#tasks[(first + i) % count]!.step(this.#now) === 'worked') return true;
    }
    return false;
  }

  #trigger(isFinal: boolean): void {
    if (this.#coordinator.pendingId !== null) this.#coordinator.finish('failed', 'overtaken');
    const { id } = this.#coordinator.trigger(isFinal);
    this.#pendingFiles = [];
    if (isFinal) {
      this.#isFinalTriggered = true;
      this.#finalId = id;
    }
    for (const task of this.#tasks) if (task.isSource) task.triggerCheckpoint(id, isFinal);
  }

  readonly #listener: TaskListener = {
    onSnapshot: (task, { checkpointId, operators, alignmentMs, syncMs }) => {
      const bytes = encodeTaskState(operators);
      const detail: SubtaskCheckpoint = {
        nodeId: task.id,
        subtask: task.subtask,
        alignmentMs,
        syncMs,
        asyncMs: 0,
        sizeBytes: bytes.length,
      };
      if (!this.#coordinator.acknowledge(checkpointId, detail)) return;
      this.#pendingFiles.push(bytes);
      if (!this.#coordinator.isAcknowledged) return;
      this.#coordinator.finish('completed', null);
      this.latest = { id: checkpointId, files: this.#pendingFiles };
      for (const other of this.#tasks) other.completeCheckpoint(checkpointId);
    },
    onEnded: () => {
      this.#ended++;
    },
    onCommitted: (_task, checkpointId) => {
      if (checkpointId === this.#finalId && ++this.#committed === this.#tasks.length) this.isFinished = true;
    },
  };
}

function localWiring(plan: PhysicalPlan): Wiring {
  const channels = new Map(channelsOf(plan).map((c) => [`${c.link}:${c.from}:${c.to}`, new LocalChannel()]));
  const end = (link: number, from: number, to: number): LocalChannel => channels.get(`${link}:${from}:${to}`)!;
  return { sender: end, receiver: end };
}

function restoredState(checkpoint: KeptCheckpoint | null): RestoredState {
  const state = new Map<NodeId, StateSnapshot[]>();
  for (const file of checkpoint?.files ?? []) {
    for (const [nodeId, snapshot] of decodeTaskState(file)) state.set(nodeId, [...(state.get(nodeId) ?? []), snapshot]);
  }
  return state;
}

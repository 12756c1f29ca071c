/**
 * Runs a whole job in one thread: the same tasks as the worker threads run, with a virtual clock, local channels and an order of
 * steps drawn from a seed. Equal seed and input, equal run: tests try interleavings and crashes with it, the debugger will step through it.
 */
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { assert } from '../core/errors.ts';
import type { FileIo } from '../core/file-io.ts';
import type { NodeId } from '../core/ids.ts';
import type { SubtaskCheckpoint } from '../protocol/job.ts';
import { LocalChannel, type ChannelReceiver, type ChannelSender } from './channel.ts';
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

export type Channel = ChannelSender & ChannelReceiver;

/** Which channel: of which link (index in the plan), between which subtasks. */
export interface ChannelAddress {
  readonly link: number;
  readonly from: number;
  readonly to: number;
}

/**
 * What a step came to: a task did something; nothing can move but tasks that `mayStep` holds; batches that were not full went out;
 * time moved to the next timer; the final checkpoint began.
 */
export type StepOutcome = 'worked' | 'held' | 'flushed' | 'waited' | 'ending';

export interface SchedulerOptions {
  readonly seed: number;
  readonly files: FileIo;
  /** Where the virtual clock starts, in ms since the epoch. */
  readonly startAt?: number;
  readonly restoreFrom?: KeptCheckpoint | null;
  /** Checkpoints get higher numbers; that of `restoreFrom` unless given. */
  readonly lastCheckpointId?: number;
  /** Called for rows that a sink publishes or prints. */
  readonly onPrint?: (nodeId: NodeId, text: string) => void;
  /** A checkpoint is complete; no task has committed it yet. */
  readonly onCheckpoint?: (checkpoint: KeptCheckpoint) => void;
  /** Stands in for a channel, to watch it. */
  readonly watchChannel?: (channel: Channel, address: ChannelAddress) => Channel;
  /** False holds a task back, as if its thread had no processor; every task may step unless given. */
  readonly mayStep?: (task: Task) => boolean;
}

export class DeterministicScheduler {
  readonly tasks: readonly Task[];
  readonly #options: SchedulerOptions;
  readonly #bufferTimeoutMs: number;
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
    this.#options = options;
    this.#bufferTimeoutMs = plan.settings.bufferTimeoutMs;
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
      wiring: localWiring(plan, options.watchChannel),
      environment,
      restored: restoredState(this.#restoreFrom),
      layout,
      metrics: this.metrics,
      listener: this.#listener,
    };
    this.tasks = plan.chains.flatMap((chain) =>
      Array.from({ length: chain.parallelism }, (_, subtask) => buildTask(builder, chain, subtask)),
    );
    this.#coordinator = new CheckpointCoordinator(
      this.tasks.map((task) => ({ nodeId: task.id, subtask: task.subtask })),
      options.lastCheckpointId ?? this.#restoreFrom?.id ?? 0,
      () => this.#now,
    );
  }

  /** Virtual time, in ms since the epoch. */
  get now(): number {
    return this.#now;
  }

  async open(): Promise<void> {
    for (const task of this.tasks.toReversed()) await task.open(this.#restoreFrom?.id ?? null);
  }

  close(): void {
    for (const task of this.tasks) task.close();
  }

  /** Starts a checkpoint unless one is under way or the job is at its end; whether it did. */
  triggerCheckpoint(): boolean {
    if (this.#coordinator.pendingId !== null || this.#isFinalTriggered) return false;
    this.#trigger(false);
    return true;
  }

  /** Gives up the checkpoint under way, as a time-out does; its barriers go on. Whether there was one. */
  abandonCheckpoint(): boolean {
    if (this.#coordinator.pendingId === null || this.#isFinalTriggered) return false;
    this.#coordinator.finish('expired', 'given up');
    return true;
  }

  /** Ends the job before its input does: a final checkpoint, after which `isFinished` comes. */
  stop(): void {
    if (!this.#isFinalTriggered) this.#trigger(true);
  }

  /** Lets time go by, in ms. */
  elapse(ms: number): void {
    this.#now += ms;
  }

  /** One step of one task, drawn from the seed; of itself, time moves only when nothing else can. Throws when nothing ever will. */
  step(): StepOutcome {
    assert(!this.isFinished, 'the job is over');
    if (this.#ended === this.tasks.length && !this.#isFinalTriggered) {
      this.#trigger(true);
      return 'ending';
    }
    // Batches that have waited for too long go, as between two slices of a thread.
    for (const task of this.tasks) task.flushOlderThan(this.#bufferTimeoutMs, this.#now);
    const outcome = this.#stepSome();
    if (outcome !== null) return outcome;
    let flushed = false;
    for (const task of this.tasks) if (task.flush()) flushed = true;
    if (flushed) return 'flushed';
    // Timers that are due have fired: nothing else is left to do now.
    const nextAt = Math.min(...this.tasks.map((task) => task.nextTimerAt));
    if (nextAt < Infinity) {
      assert(nextAt > this.#now, 'a timer is due and does not fire');
      this.#now = nextAt;
      return 'waited';
    }
    throw new Error(`deadlock: ${this.#whatHangs()}`);
  }

  #whatHangs(): string {
    if (this.#isFinalTriggered) return 'the final checkpoint does not complete';
    const waiting = this.tasks.filter((task) => !task.isEnded).map((task) => `${task.id}#${task.subtask}`);
    return `the input of ${waiting.join(', ')} has not ended, and no task can move`;
  }

  /** Runs to the end, with a checkpoint about every `checkpointEvery` steps (0 = only the final one). */
  run(checkpointEvery = 0): void {
    while (!this.isFinished) {
      this.step();
      if (checkpointEvery > 0 && this.#random() * checkpointEvery < 1) this.triggerCheckpoint();
    }
  }

  /** Null when no task can move. */
  #stepSome(): 'worked' | 'held' | null {
    const count = this.tasks.length;
    const first = Math.floor(this.#random() * count);
    let isHeld = false;
    for (let i = 0; i < count; i++) {
      const task = this.tasks[(first + i) % count]!;
      if (this.#options.mayStep?.(task) === false) isHeld = true;
      else if (task.step(this.#now) === 'worked') return 'worked';
    }
    return isHeld ? 'held' : null;
  }

  #trigger(isFinal: boolean): void {
    if (this.#coordinator.pendingId !== null) this.#coordinator.finish('failed', 'overtaken');
    const { id } = this.#coordinator.trigger(isFinal);
    this.#pendingFiles = [];
    if (isFinal) {
      this.#isFinalTriggered = true;
      this.#finalId = id;
    }
    for (const task of this.tasks) if (task.isSource) task.triggerCheckpoint(id, isFinal);
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
      this.#options.onCheckpoint?.(this.latest);
      for (const other of this.tasks) other.completeCheckpoint(checkpointId);
    },
    onEnded: () => {
      this.#ended++;
    },
    onCommitted: (_task, checkpointId) => {
      if (checkpointId === this.#finalId && ++this.#committed === this.tasks.length) this.isFinished = true;
    },
  };
}

function localWiring(plan: PhysicalPlan, watch: SchedulerOptions['watchChannel']): Wiring {
  const channels = new Map<string, Channel>();
  for (const address of channelsOf(plan)) {
    const channel = new LocalChannel();
    channels.set(keyOf(address), watch?.(channel, address) ?? channel);
  }
  const end = (link: number, from: number, to: number): Channel => channels.get(keyOf({ link, from, to }))!;
  return { sender: end, receiver: end };
}

function keyOf({ link, from, to }: ChannelAddress): string {
  return `${link}:${from}:${to}`;
}

function restoredState(checkpoint: KeptCheckpoint | null): RestoredState {
  const state = new Map<NodeId, StateSnapshot[]>();
  for (const file of checkpoint?.files ?? []) {
    for (const [nodeId, snapshot] of decodeTaskState(file)) state.set(nodeId, [...(state.get(nodeId) ?? []), snapshot]);
  }
  return state;
}

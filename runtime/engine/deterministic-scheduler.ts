/**
 * Runs a whole job in one thread: the same tasks as the worker threads run, with a virtual clock, local channels and an order of
 * steps drawn from a seed. Equal seed and input, equal run: tests try interleavings and crashes with it, the debugger steps through it.
 */
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { assert } from '../core/errors.ts';
import type { FileIo } from '../core/file-io.ts';
import type { NodeId } from '../core/ids.ts';
import type { NetworkIo } from '../core/network-io.ts';
import { spillAfterBytes } from './batch/blocking-input.ts';
import type { CheckpointReport } from '../protocol/job.ts';
import { restoreChannels } from './network/channel-restore.ts';
import { LocalChannel, type ChannelReceiver, type ChannelSender } from './network/channel.ts';
import { CheckpointCoordinator } from './checkpoint/coordinator.ts';
import type { CheckpointKind } from './checkpoint/manifest.ts';
import { decodeTaskState, type TaskState } from './checkpoint/task-state-file.ts';
import { unalignedAt } from './checkpoint/unaligned-at.ts';
import type { Environment } from './task/environment.ts';
import { MetricsLayout } from './metrics/metrics-layout.ts';
import { seededRandom } from '../core/random.ts';
import { SnapshotWork } from './worker/snapshot-work.ts';
import type { StateSnapshot } from './state/index.ts';
import {
  buildTask,
  channelsOf,
  parallelismByOperator,
  type FindRuntime,
  type TaskBuilderOptions,
  type Wiring,
} from './task/task-builder.ts';
import type { Task, TaskListener } from './task/task.ts';

/** A completed checkpoint, as bytes: what a restore starts from. */
export interface KeptCheckpoint {
  readonly id: number;
  readonly kind: CheckpointKind;
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
 * time moved to the next timer; the final checkpoint began; requests are under way and nothing can move before `outside` has been awaited.
 */
export type StepOutcome = 'worked' | 'held' | 'flushed' | 'waited' | 'ending' | 'outside';

interface Delay {
  readonly at: number;
  readonly settle: () => void;
}

export interface SchedulerOptions {
  readonly seed: number;
  readonly files: FileIo;
  /** None unless given. */
  readonly network?: NetworkIo;
  /** Where the virtual clock starts, in ms since the epoch. */
  readonly startAt?: number;
  readonly restoreFrom?: KeptCheckpoint | null;
  /** Checkpoints get higher numbers; that of `restoreFrom` unless given. */
  readonly lastCheckpointId?: number;
  /** Called for rows that a sink publishes or prints. */
  readonly onPrint?: (nodeId: NodeId, text: string) => void;
  /** A checkpoint or savepoint is complete; no task has committed it yet. */
  readonly onCheckpoint?: (checkpoint: KeptCheckpoint, report: CheckpointReport) => void;
  /** Stands in for a channel, to watch it. */
  readonly watchChannel?: (channel: Channel, address: ChannelAddress) => Channel;
  /** Bytes of state from which on it is spilled behind a blocking exchange; its share of the managed memory unless given. */
  readonly spillAfterBytes?: number;
  /** Makes an operator in place of its runtime; null: its runtime does. */
  readonly findRuntime?: FindRuntime;
  /** False holds a task back, as if its thread had no processor; every task may step unless given. */
  readonly mayStep?: (task: Task) => boolean;
  /** Any task at any time, drawn from the seed (unless given), or those that can move from the end of the plan on: so a row goes all its way before a source is asked for the next. */
  readonly order?: 'seeded' | 'downstream-first';
  /** True: the work on a snapshot is done when it is taken, and not in steps of its own: so looking at state meanwhile changes no step. */
  readonly snapshotsAtOnce?: boolean;
  /** Restored state of another shape, or of no operator: an error unless given. */
  readonly onMismatch?: 'refuse' | 'drop';
}

const SPILL_FOLDER = '/spill';

export class DeterministicScheduler {
  readonly tasks: readonly Task[];
  readonly #options: SchedulerOptions;
  readonly #isBatch: boolean;
  readonly #bufferTimeoutMs: number;
  readonly #random: () => number;
  readonly #plan: PhysicalPlan;
  readonly #coordinator: CheckpointCoordinator;
  readonly #restoreFrom: KeptCheckpoint | null;
  readonly metrics: Float64Array;
  #now: number;
  #pendingFiles: Uint8Array[] = [];
  #pendingKind: CheckpointKind = 'checkpoint';
  /** Snapshots that are being made into files, the newest of each task. */
  readonly #works = new Map<Task, { readonly work: SnapshotWork; readonly since: number }>();
  #ended = 0;
  #committed = 0;
  #isFinalTriggered = false;
  #isGivenUp = false;
  #finalId: number | null = null;
  /** Requests that wait for the clock. */
  #delays: Delay[] = [];
  /** Whether requests under way have had a turn, and none of them came back. */
  #isQuietOutside = false;
  /** Newest completed checkpoint, not a savepoint unless the job ended with it; null before the first. */
  latest: KeptCheckpoint | null;
  /** Every input was handled and the final checkpoint committed. */
  isFinished = false;

  constructor(plan: PhysicalPlan, options: SchedulerOptions) {
    const random = seededRandom(options.seed);
    this.#options = options;
    this.#plan = plan;
    this.#isBatch = plan.settings.runtimeMode === 'batch';
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
      get network() {
        assert(options.network !== undefined, 'the scheduler was given no network');
        return options.network;
      },
      print: (nodeId, text) => options.onPrint?.(nodeId, text),
      log: () => undefined,
      wake: () => {
        this.#isQuietOutside = false;
      },
      delay: (ms) =>
        new Promise((settle) => {
          this.#delays.push({ at: this.#now + ms, settle });
        }),
    };
    const files = (this.#restoreFrom?.files ?? []).map(decodeTaskState);
    const restored = byOperator(files);
    const parallelism = parallelismByOperator(plan);
    const { onMismatch = 'refuse' } = options;
    const builder: TaskBuilderOptions = {
      plan,
      wiring: localWiring(plan, options.watchChannel),
      environment,
      startedAt: Math.floor(this.#now),
      rocksdb: null,
      spill: { folder: SPILL_FOLDER, afterBytes: options.spillAfterBytes ?? spillAfterBytes(plan) },
      restored,
      restoredChannels: restoreChannels(
        files.flatMap(({ channels }) => channels),
        {
          plan,
          parallelism: (node) => parallelism.get(node)!,
          parallelismBefore: (node) => restored.get(node)?.length,
          onMismatch,
        },
      ),
      onMismatch,
      layout,
      metrics: this.metrics,
      listener: this.#listener,
      ...(options.findRuntime === undefined ? {} : { findRuntime: options.findRuntime }),
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
    const { files } = this.#options;
    // An attempt that died may have left its own.
    if (this.#isBatch) for (const path of files.list(SPILL_FOLDER)) files.remove(path);
    for (const task of this.tasks.toReversed()) await task.open(this.#restoreFrom?.id ?? null);
  }

  close(): void {
    for (const { work } of this.#works.values()) work.discard();
    this.#works.clear();
    for (const task of this.tasks) task.close();
  }

  /** Starts a checkpoint unless one is under way, the job is at its end or in batch mode; whether it did. */
  triggerCheckpoint(kind: CheckpointKind = 'checkpoint'): boolean {
    if (this.#isBatch || this.#coordinator.pendingId !== null || this.#isFinalTriggered) return false;
    this.#trigger(kind, false);
    return true;
  }

  /** Gives up the checkpoint under way, as a time-out does; its barriers go on. Whether there was one. */
  abandonCheckpoint(): boolean {
    if (this.#coordinator.pendingId === null || this.#isFinalTriggered) return false;
    this.#coordinator.finish('expired', 'given up');
    return true;
  }

  /** Ends the job before its input does: by a final checkpoint, after which `isFinished` comes; in batch mode with the next step, without a result. */
  stop(): void {
    if (this.#isFinalTriggered) return;
    if (this.#isBatch) this.#isGivenUp = true;
    else this.#trigger('checkpoint', true);
  }

  /** Lets time go by, in ms. */
  elapse(ms: number): void {
    this.#now += ms;
  }

  /** One step of one task, drawn from the seed; of itself, time moves only when nothing else can. Throws when nothing ever will. */
  step(): StepOutcome {
    const outcome = this.stepNow();
    if (outcome !== null) return outcome;
    const { nextAt } = this;
    if (nextAt < Infinity) {
      this.waitUntil(nextAt);
      return 'waited';
    }
    if (this.tasks.some((task) => task.hasUnderWay)) return 'outside';
    throw new Error(`deadlock: ${this.#whatHangs()}`);
  }

  /** As `step`, but time stands still: null when nothing can move before it does. */
  stepNow(): Exclude<StepOutcome, 'waited'> | null {
    assert(!this.isFinished, 'the job is over');
    if (this.#isGivenUp) {
      this.isFinished = true;
      return 'ending';
    }
    if (this.#ended === this.tasks.length && !this.#isFinalTriggered) {
      this.#trigger('checkpoint', true);
      return 'ending';
    }
    // Batches that have waited for too long go, as between two slices of a thread.
    for (const task of this.tasks) task.flushOlderThan(this.#bufferTimeoutMs, this.#now);
    const outcome = this.#stepSome();
    if (outcome !== null) return outcome;
    let flushed = false;
    if (this.#bufferTimeoutMs < Infinity) for (const task of this.tasks) if (task.flush()) flushed = true;
    if (flushed) return 'flushed';
    if (!this.#isQuietOutside && this.tasks.some((task) => task.hasUnderWay)) return 'outside';
    // Timers that are due have fired: nothing else is left to do now.
    assert(this.#timerAt > this.#now, 'a timer is due and does not fire');
    return null;
  }

  /** When the next timer is due or the next delay over, in ms since the epoch; Infinity when there is neither. */
  get nextAt(): number {
    return Math.min(this.#timerAt, ...this.#delays.map(({ at }) => at));
  }

  get #timerAt(): number {
    return Math.min(...this.tasks.map((task) => task.nextTimerAt));
  }

  /** Moves time on to `at`, at most to the next timer: what is due then comes with the steps that follow. */
  waitUntil(at: number): void {
    this.#now = Math.max(this.#now, at);
    this.#settleDelays();
  }

  #whatHangs(): string {
    if (this.#isFinalTriggered) return 'the final checkpoint does not complete';
    const waiting = this.tasks.filter((task) => !task.isEnded).map((task) => `${task.id}#${task.subtask}`);
    return `the input of ${waiting.join(', ')} has not ended, and no task can move`;
  }

  #settleDelays(): void {
    const due = this.#delays.filter(({ at }) => at <= this.#now);
    if (due.length === 0) return;
    this.#delays = this.#delays.filter(({ at }) => at > this.#now);
    for (const { settle } of due) settle();
    this.#isQuietOutside = false;
  }

  /** Gives requests under way a turn of the event loop. Those that come back in the same one always do: so such runs can be repeated. */
  async outside(): Promise<void> {
    this.#isQuietOutside = true;
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Runs to the end, with a checkpoint about every `checkpointEvery` steps (0 = only the final one). */
  async run(checkpointEvery = 0): Promise<void> {
    while (!this.isFinished) {
      if (this.step() === 'outside') await this.outside();
      if (checkpointEvery > 0 && this.#random() * checkpointEvery < 1) this.triggerCheckpoint();
    }
  }

  /** Null when no task can move. */
  #stepSome(): 'worked' | 'held' | null {
    if (this.#options.order === 'downstream-first') return this.#stepFurthest();
    const count = this.tasks.length + (this.#works.size > 0 ? 1 : 0);
    const first = Math.floor(this.#random() * count);
    let isHeld = false;
    for (let i = 0; i < count; i++) {
      const task = this.tasks[(first + i) % count];
      if (task === undefined) {
        if (this.#stepSnapshot()) return 'worked';
      } else if (this.#options.mayStep?.(task) === false) isHeld = true;
      else if (task.step(this.#now) === 'worked') return 'worked';
    }
    return isHeld ? 'held' : null;
  }

  /** As `#stepSome`, of the task furthest from the sources. Which source comes first is drawn, so that none waits for another to end. */
  #stepFurthest(): 'worked' | 'held' | null {
    if (this.#works.size > 0 && this.#stepSnapshot()) return 'worked';
    let isHeld = false;
    for (let i = this.tasks.length - 1; i >= 0; i--) {
      const task = this.tasks[i]!;
      if (task.isSource) continue;
      if (this.#options.mayStep?.(task) === false) isHeld = true;
      else if (task.step(this.#now) === 'worked') return 'worked';
    }
    const sources = this.tasks.filter((task) => task.isSource);
    const first = Math.floor(this.#random() * sources.length);
    for (let i = 0; i < sources.length; i++) {
      const task = sources[(first + i) % sources.length]!;
      if (this.#options.mayStep?.(task) === false) isHeld = true;
      else if (task.step(this.#now) === 'worked') return 'worked';
    }
    return isHeld ? 'held' : null;
  }

  /** A step of the work on some snapshot; false when only barriers are missing. */
  #stepSnapshot(): boolean {
    const works = [...this.#works];
    const first = Math.floor(this.#random() * works.length);
    for (let i = 0; i < works.length; i++) {
      const [task, { work, since }] = works[(first + i) % works.length]!;
      if (!work.isDiscarded && work.step()) return true;
      if (!work.isDiscarded && !work.isReady) continue;
      this.#works.delete(task);
      if (work.isReady) this.#acknowledge(work, since);
      work.discard();
      return true;
    }
    return false;
  }

  #trigger(kind: CheckpointKind, isFinal: boolean): void {
    if (this.#coordinator.pendingId !== null) this.#coordinator.finish('failed', 'overtaken');
    const { id, triggeredAt } = this.#coordinator.trigger(kind);
    this.#pendingFiles = [];
    this.#pendingKind = kind;
    if (isFinal) {
      this.#isFinalTriggered = true;
      this.#finalId = id;
    }
    const barrier = {
      type: 'barrier',
      checkpointId: id,
      kind,
      triggeredAt,
      unalignedAt: unalignedAt(this.#plan.settings.checkpoint, { kind, isFinal, triggeredAt }),
    } as const;
    for (const task of this.tasks) task.triggerCheckpoint(barrier, isFinal);
  }

  #acknowledge(work: SnapshotWork, since: number): void {
    const id = work.checkpointId;
    const { bytes, detailAfter } = work.result();
    if (!this.#coordinator.acknowledge(id, detailAfter(this.#now - since))) return;
    this.#pendingFiles.push(bytes);
    if (!this.#coordinator.isAcknowledged) return;
    const report = this.#coordinator.finish('completed', null);
    const kept = { id, kind: this.#pendingKind, files: this.#pendingFiles };
    this.#options.onCheckpoint?.(kept, report);
    // Nothing is committed with a savepoint but at the end: failures go back to checkpoints.
    if (kept.kind === 'savepoint' && id !== this.#finalId) return;
    this.latest = kept;
    for (const task of this.tasks) task.completeCheckpoint(id);
  }

  readonly #listener: TaskListener = {
    onSnapshot: (task, snapshot) => {
      this.#works.get(task)?.work.discard();
      const work = new SnapshotWork(task, snapshot);
      if (this.#options.snapshotsAtOnce === true) while (work.step());
      this.#works.set(task, { work, since: this.#now });
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

function byOperator(files: readonly TaskState[]): Map<NodeId, StateSnapshot[]> {
  const state = new Map<NodeId, StateSnapshot[]>();
  for (const { operators } of files) {
    for (const [nodeId, snapshot] of operators) state.set(nodeId, [...(state.get(nodeId) ?? []), snapshot]);
  }
  return state;
}

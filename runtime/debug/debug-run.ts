/**
 * A run that can be moved along its moments: a replica at the present one, and another that is a step ahead, which knows what comes next.
 * Forwards, only that one goes, and the other follows to where it stops; backwards, both start again from a checkpoint.
 */
import type { Batch } from '../core/batch.ts';
import type { NodeId } from '../core/ids.ts';
import type { OperatorNode } from '../engine/task/operator-node.ts';
import type { DebugOptions, Moment, RowId } from '../protocol/debug.ts';
import { RunCheckpoints, startAt, type RunCheckpoint } from './checkpoints.ts';
import type { DebugPlan } from './debug-plan.ts';
import { DecisionLog, type Decision } from './decisions.ts';
import { History } from './history.ts';
import type { OutsideWorld } from './outside-world.ts';
import { Replica, type MadeStep, type RunContext } from './replica.ts';
import { RowStore } from './row-store.ts';
import type { Side } from './breakpoints.ts';
import type { SourceRecording } from './source-recording.ts';
import { StateChangeWatch, type ChangedEntry } from './state-change-watch.ts';
import { both, type StateWatch } from './state-watch.ts';

export interface RunOptions extends Required<
  Pick<DebugOptions, 'schedule' | 'seed' | 'checkpointEvery' | 'checkpointBytes'>
> {
  readonly debug: DebugPlan;
  readonly world: OutsideWorld;
  readonly findRuntime: RunContext['findRuntime'];
  readonly files: RunContext['files'];
  /** Where it starts; its moment is 0. */
  readonly from: RunCheckpoint;
  readonly onMismatch: RunContext['onMismatch'];
}

/** Where a run stops; `isFirst`: the step was known before, and stands where the run stood. */
export type Look = (step: MadeStep, changes: readonly ChangedEntry[], isFirst: boolean) => Side | null;

/** How a move ended: at a wanted place, at a step that fails, because it was told to, or since nothing more can be done. */
export type MoveEnd = 'found' | 'error' | 'paused' | 'end';

/** Steps are made for so long, in ms, before others have their turn. */
const SLICE_MS = 10;

export class DebugRun {
  readonly debug: DebugPlan;
  readonly history: History;
  readonly rows = new RowStore();
  readonly decisions = new DecisionLog();
  readonly checkpoints: RunCheckpoints;
  readonly #context: RunContext;
  readonly #world: OutsideWorld;
  #present!: Replica;
  #ahead!: Replica;
  #watch: StateChangeWatch | null = null;
  #watched: ReadonlySet<NodeId> = new Set();
  #tracker: (() => StateWatch) | null = null;
  #isPaused = false;
  #tell: (() => void) | null = null;

  constructor(options: RunOptions) {
    const { debug, world, from, schedule, seed, checkpointEvery, findRuntime, files, onMismatch } = options;
    this.debug = debug;
    this.#world = world;
    this.history = new History(debug.plan);
    this.checkpoints = new RunCheckpoints(from, options.checkpointBytes);
    this.#context = {
      ...debug,
      findRuntime,
      files,
      recording: world.recording,
      decisions: this.decisions,
      history: this.history,
      rows: this.rows,
      seed,
      schedule,
      checkpointEvery,
      onMismatch,
      onCheckpoint: (checkpoint) => this.checkpoints.keep(checkpoint),
      awaitsOutside: (nextAt) => world.awaits(nextAt),
    };
  }

  static start(now: number): RunCheckpoint {
    return startAt(now);
  }

  async open(): Promise<void> {
    for (const { nodeId, subtask } of this.#world.live) this.noteArrival(nodeId, subtask);
    this.#present = this.replicaAt(0);
    await this.#present.advanceTo(0);
    this.#ahead = this.#newAhead(0);
    await this.#lookAhead(0);
  }

  close(): void {
    this.#present.close();
    this.#ahead.close();
  }

  get moment(): Moment {
    return this.#present.moment;
  }

  get present(): Replica {
    return this.#present;
  }

  /** The run after the next step; null when there is none. */
  get ahead(): Replica | null {
    return this.#ahead.moment === this.moment + 1 ? this.#ahead : null;
  }

  get next(): MadeStep | null {
    return this.ahead?.last ?? null;
  }

  /** All that sources have given. */
  get input(): SourceRecording {
    return this.#world.recording;
  }

  /** Whether a row is the first of what a source has read at a time. */
  isBatchHead(batch: Batch): boolean {
    return this.#world.recording.heads.has(batch);
  }

  /** Subtasks of an operator. */
  nodes(replica: Replica, nodeId: NodeId): readonly OperatorNode[] {
    return replica.tasks.flatMap((task) => task.nodes.filter((node) => node.nodeId === nodeId));
  }

  /** A run of its own from the last checkpoint before a moment on. `settle` before its first step. */
  replicaAt(moment: Moment, watch: StateWatch | null = null): Replica {
    return new Replica(this.#context, this.checkpoints.before(moment), watch);
  }

  /** A run of its own from the start on. */
  replicaFromStart(watch: StateWatch): Replica {
    return new Replica(this.#context, this.checkpoints.before(0), watch);
  }

  /**
   * What is looked at in every step from now on: changes of the state of these nodes, and (`tracker`) which rows rows are made of. The
   * latter needs the run from its start on, also after each way back.
   */
  async watch(nodes: ReadonlySet<NodeId>, tracker: (() => StateWatch) | null): Promise<void> {
    const isSame = nodes.size === this.#watched.size && [...nodes].every((id) => this.#watched.has(id));
    if (isSame && (tracker === null) === (this.#tracker === null)) return;
    this.#watched = nodes;
    this.#tracker = tracker;
    await this.#renewAhead();
  }

  /** Something a source waits for is there. */
  noteArrival(nodeId: NodeId, subtask: number): void {
    const at = this.history.length;
    this.#addArrival(at, nodeId, subtask, this.#ahead?.moment === at ? this.#ahead.attempts : 0);
    this.#tell?.();
  }

  #addArrival(at: Moment, nodeId: NodeId, subtask: number, attempts: number): void {
    this.decisions.add(at, { type: 'arrival', nodeId, subtask, now: this.#world.now(), attempts });
  }

  pause(): void {
    this.#isPaused = true;
    this.#tell?.();
  }

  /** Forwards, until `look` says where to stop. */
  async forward(look: Look, onProgress: (moment: Moment) => void = () => undefined): Promise<MoveEnd> {
    this.#isPaused = false;
    let sliceEnds = performance.now() + SLICE_MS;
    let step = this.next ?? (await this.#stepAhead(true));
    for (let isFirst = true; ; isFirst = false) {
      if (step === null) return this.#stopAt(this.#ahead.moment, this.#isPaused ? 'paused' : 'end');
      const side = look(step, this.#watch?.take() ?? [], isFirst);
      if (step.error !== null) return this.#stopAt(step.moment - 1, 'error');
      if (side === 'behind') return this.#stopAt(step.moment, 'found');
      if (side === 'before' && !isFirst) return this.#stopAt(step.moment - 1, 'found');
      if (performance.now() > sliceEnds) {
        onProgress(step.moment);
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#isPaused) return this.#stopAt(step.moment, 'paused');
        sliceEnds = performance.now() + SLICE_MS;
      }
      step = await this.#stepAhead(true);
    }
  }

  async #stopAt(moment: Moment, end: MoveEnd): Promise<MoveEnd> {
    await this.moveTo(moment);
    return end;
  }

  /** To any moment up to the frontier. */
  async moveTo(moment: Moment): Promise<void> {
    if (moment !== this.#present.moment) {
      // From one before it, so that the step that leads there is seen.
      const from = this.checkpoints.before(Math.max(0, moment - 1));
      if (this.#present.moment > moment || this.#present.moment < from.moment) {
        if (this.#isOneBehind(moment)) {
          // One step back: what was the present is what comes next, and is not made again.
          this.#ahead.close();
          this.#ahead = this.#present;
        } else this.#present.close();
        this.#present = this.replicaAt(Math.max(0, moment - 1));
      }
      await this.#present.advanceTo(moment);
    }
    await this.#lookAhead(moment);
  }

  /** Looks at steps `(checkpoint before to, to]` again, on the side. */
  async review(
    from: Moment,
    to: Moment,
    look: (step: MadeStep, changes: readonly ChangedEntry[]) => void,
  ): Promise<void> {
    const watch = this.#newWatch();
    const replica = this.replicaAt(from, watch);
    await replica.advanceTo(to, (step) => look(step, watch?.take() ?? []));
    replica.close();
  }

  /** Does something to the run as it is now; what came after is forgotten. */
  async change(decision: Decision): Promise<void> {
    const { moment } = this;
    this.decisions.forgetAfter(moment);
    this.history.forgetAfter(moment);
    this.history.forgetRows(this.#present.probe.nextRow - 1);
    this.rows.forgetFrom(this.#present.probe.nextRow);
    this.checkpoints.forgetAfter(moment);
    this.decisions.add(moment, decision);
    // What came meanwhile is in the recording still: they have to ask for it.
    for (const { nodeId, subtask } of this.#world.live) this.#addArrival(moment, nodeId, subtask, 0);
    this.#present.applyDecisions();
    await this.#renewAhead();
  }

  /** The id that the next row will get. */
  get nextRow(): RowId {
    return this.#present.probe.nextRow;
  }

  async #renewAhead(): Promise<void> {
    this.#ahead.close();
    this.#ahead = this.#newAhead(this.moment);
    await this.#lookAhead(this.moment);
  }

  #newAhead(moment: Moment): Replica {
    this.#watch = this.#newWatch();
    if (this.#tracker === null) return this.replicaAt(moment, this.#watch);
    const tracker = this.#tracker();
    return this.replicaFromStart(this.#watch === null ? tracker : both(tracker, this.#watch));
  }

  #newWatch(): StateChangeWatch | null {
    return this.#watched.size > 0 ? new StateChangeWatch(this.#watched) : null;
  }

  /** Whether the present is a step behind a moment, with no watch that would have to have seen that step. */
  #isOneBehind(moment: Moment): boolean {
    return this.#watch === null && this.#tracker === null && this.#present.last?.moment === moment + 1;
  }

  /** Whether a checkpoint is nearer. */
  #isFarBehind(moment: Moment): boolean {
    return this.#tracker === null && this.#ahead.moment < this.checkpoints.before(moment).moment;
  }

  /** The replica ahead to one step after a moment, if there is one yet. */
  async #lookAhead(moment: Moment): Promise<void> {
    if (this.#ahead.moment === moment + 1) return;
    if (this.#ahead.moment > moment || this.#isFarBehind(moment)) {
      this.#ahead.close();
      this.#ahead = this.#newAhead(moment);
    }
    await this.#ahead.advanceTo(moment);
    this.#watch?.take();
    await this.#stepAhead(false);
  }

  /** Null: there is nothing left to do, or (unless `waits`) nothing before something comes from outside. */
  async #stepAhead(waits: boolean): Promise<MadeStep | null> {
    const ahead = this.#ahead;
    for (;;) {
      if (ahead.step()) return ahead.last;
      if (ahead.isFinished || ahead.hasFailed) return null;
      if (ahead.isWaiting) {
        if (!waits || this.#isPaused) return null;
        await this.#arrival();
      }
      await ahead.settle();
    }
  }

  /** Until a source has more, a timer is due in real time, or the run is paused. */
  async #arrival(): Promise<void> {
    const { nextAt } = this.#ahead.scheduler;
    await new Promise<void>((resolve) => {
      const stop = nextAt < Infinity ? this.#world.later(Math.max(0, nextAt - this.#world.now()), resolve) : null;
      this.#tell = () => {
        stop?.();
        resolve();
      };
    });
    this.#tell = null;
  }
}

/**
 * A debug run from one of its checkpoints on, made step by step. Replicas of a session are equal at equal moments: input comes from the
 * recording, chance from seeds, and what happened from outside from the log of decisions.
 *
 * About every so many steps a replica stops by a final checkpoint and starts again from it. So all runs have been restored at the same
 * moments, whichever checkpoint they started from, and nothing that operators keep beside their state tells one from the other.
 */
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import type { Batch } from '../core/batch.ts';
import { assert } from '../core/errors.ts';
import type { FileIo } from '../core/file-io.ts';
import type { NodeId } from '../core/ids.ts';
import type { AnyOperatorFactory } from '../core/operator.ts';
import { DeterministicScheduler, type ChannelAddress, type StepOutcome } from '../engine/deterministic-scheduler.ts';
import type { Task } from '../engine/task/task.ts';
import type { DebugOptions, Moment } from '../protocol/debug.ts';
import { createCapturedSink } from './captured-sink.ts';
import type { RunCheckpoint } from './checkpoints.ts';
import { DebugChannel } from './debug-channel.ts';
import type { ChannelPlace, Decision, DecisionLog } from './decisions.ts';
import type { History } from './history.ts';
import { observed } from './observed-operator.ts';
import { recordedSources } from './recorded-source.ts';
import type { RowStore } from './row-store.ts';
import type { SourceRecording } from './source-recording.ts';
import type { StateWatch } from './state-watch.ts';
import { StepProbe, type OperatorCall } from './step-probe.ts';

/** What the replicas of a session have in common. */
export interface RunContext {
  readonly plan: PhysicalPlan;
  /** Nodes that read from outside, and those that write to it. */
  readonly sources: ReadonlySet<NodeId>;
  readonly sinks: ReadonlySet<NodeId>;
  readonly findRuntime: (type: string) => AnyOperatorFactory | undefined;
  readonly files: FileIo;
  readonly recording: SourceRecording;
  readonly decisions: DecisionLog;
  readonly history: History;
  readonly rows: RowStore;
  readonly seed: number;
  readonly schedule: NonNullable<DebugOptions['schedule']>;
  readonly checkpointEvery: number;
  /** State that no longer fits, of a run that goes on with a changed document, is dropped. */
  readonly onMismatch: 'refuse' | 'drop';
  readonly onCheckpoint: (checkpoint: RunCheckpoint) => void;
  /** Whether a source may get something before `nextAt` (ms), at the frontier. */
  readonly awaitsOutside: (nextAt: number) => boolean;
}

/** A step that was made: the last call of an operator in it, and what went wrong. */
export interface MadeStep {
  readonly moment: Moment;
  readonly call: OperatorCall | null;
  /** Virtual time then, ms since the epoch. */
  readonly now: number;
  readonly error: { readonly thrown: unknown } | null;
}

/** A barrier, a snapshot, a commit, and watermarks again take about ten. */
const STEPS_PER_TASK = 30;

export class Replica {
  readonly #context: RunContext;
  readonly #watch: StateWatch | null;
  #probe: StepProbe;
  #scheduler!: DeterministicScheduler;
  readonly #channels = new Map<string, DebugChannel>();
  #senders = new Map<Task, readonly DebugChannel[]>();
  #start: RunCheckpoint;
  moment: Moment;
  #applied = 0;
  #isStopping = false;
  #mustRestart = true;
  #holdsNobody = false;
  #isOutside = false;
  #attempts = 0;
  /** Something is under way: it gets its turn after every step, or it would depend on the speed of a run which step it comes back at. */
  #needsTurn = false;
  /** The step that led here; null right after a restart. */
  last: MadeStep | null = null;
  isFinished = false;

  /** `settle` before the first step. */
  constructor(context: RunContext, from: RunCheckpoint, watch: StateWatch | null = null) {
    this.#context = context;
    this.#watch = watch;
    this.#start = from;
    this.moment = from.moment;
    this.#probe = new StepProbe(from.nextRow);
  }

  get now(): number {
    return this.#scheduler.now;
  }

  get tasks(): readonly Task[] {
    return this.#scheduler.tasks;
  }

  get scheduler(): DeterministicScheduler {
    return this.#scheduler;
  }

  get channels(): readonly DebugChannel[] {
    return [...this.#channels.values()];
  }

  get probe(): StepProbe {
    return this.#probe;
  }

  /** Whether the last step failed: there is no way past it. */
  get hasFailed(): boolean {
    return this.last !== null && this.last.error !== null;
  }

  /** Whether `settle` has to be awaited before another step. */
  get needsToSettle(): boolean {
    return this.#mustRestart || this.#isOutside || this.#needsTurn;
  }

  /** Whether nothing can be done before something comes from outside. */
  get isWaiting(): boolean {
    return this.#isOutside && this.moment === this.#context.history.length && !this.tasks.some((t) => t.hasUnderWay);
  }

  channel({ link, from, to }: ChannelPlace): DebugChannel | undefined {
    return this.#channels.get(keyOf({ link, from, to }));
  }

  /** One step; false when `settle` must be awaited first, or nothing is left to do. */
  step(): boolean {
    if (this.isFinished || this.hasFailed || this.needsToSettle) return false;
    this.applyDecisions();
    if (!this.#isStopping && this.moment - this.#start.moment >= this.#checkpointEvery) this.#stop();
    this.#probe.take();
    let error: MadeStep['error'] = null;
    try {
      const outcome = this.#stepScheduler();
      if (outcome === 'outside') {
        this.#isOutside = true;
        return false;
      }
      this.#holdsNobody = outcome === 'held';
    } catch (thrown) {
      error = { thrown };
    }
    if (this.#attempts > 0) this.#context.decisions.add(this.moment, { type: 'waited', attempts: this.#attempts });
    this.#attempts = 0;
    this.moment++;
    this.#applied = 0;
    this.last = { moment: this.moment, call: this.#probe.take(), now: this.#scheduler.now, error };
    this.#remember(this.last);
    this.#needsTurn = this.tasks.some((task) => task.hasUnderWay);
    if (error === null && this.#scheduler.isFinished) {
      if (this.tasks.every((task) => task.isEnded)) this.isFinished = true;
      else this.#mustRestart = true;
    }
    return true;
  }

  /** At least so many steps that what a new start costs, a few for each task, is a small part. */
  get #checkpointEvery(): number {
    return Math.max(this.#context.checkpointEvery, STEPS_PER_TASK * this.tasks.length);
  }

  /** As the scheduler's step, but time does not jump while something may come from outside. */
  #stepScheduler(): StepOutcome {
    const scheduler = this.#scheduler;
    const outcome = scheduler.stepNow();
    if (outcome !== null) return outcome;
    const { nextAt } = scheduler;
    if (this.#awaitsOutside(nextAt)) {
      this.#attempts++;
      return 'outside';
    }
    // Nothing is left to do: the scheduler says what hangs, or that something is under way.
    if (nextAt === Infinity) return scheduler.step();
    scheduler.waitUntil(nextAt);
    return 'waited';
  }

  /**
   * Looks in vain for something to do since the last decision or step: each has drawn from chance, and has to be repeated by whoever makes
   * this moment again.
   */
  get attempts(): number {
    const decided = this.#context.decisions.at(this.moment).slice(this.#applied);
    return this.#attempts - decided.reduce((sum, one) => sum + ('attempts' in one ? one.attempts : 0), 0);
  }

  #repeat(attempts: number): void {
    for (; this.#attempts < attempts; this.#attempts++) {
      const outcome = this.#scheduler.stepNow();
      assert(outcome === null, `a run that is made again did something else at moment ${this.moment}: ${outcome}`);
    }
    this.#attempts -= attempts;
  }

  /** Does what a step has to wait for. */
  async settle(): Promise<void> {
    if (this.#mustRestart) await this.#restart();
    else if (this.#isOutside) {
      this.#isOutside = false;
      await this.#scheduler.outside();
    } else if (this.#needsTurn) {
      this.#needsTurn = false;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** To a later moment. `onStep`: after each step. */
  async advanceTo(moment: Moment, onStep?: (step: MadeStep) => void): Promise<void> {
    while (this.moment < moment && !this.isFinished && !this.hasFailed) {
      if (this.step()) onStep?.(this.last!);
      else await this.settle();
    }
    if (this.#mustRestart) await this.#restart();
    if (!this.hasFailed && !this.isFinished) this.applyDecisions();
  }

  /** What happened from outside at this moment, as far as it is not done yet. */
  applyDecisions(): void {
    const decisions = this.#context.decisions.at(this.moment);
    for (; this.#applied < decisions.length; this.#applied++) this.#apply(decisions[this.#applied]!);
  }

  close(): void {
    this.#scheduler?.close();
  }

  #stop(): void {
    this.#isStopping = true;
    this.#scheduler.stop();
  }

  async #restart(): Promise<void> {
    const { plan, files, seed, schedule, onMismatch, findRuntime } = this.#context;
    const isFirst = this.#scheduler === undefined;
    if (!isFirst) {
      const progress = new Map([...this.#channels].map(([key, channel]) => [key, channel.progress]));
      const { latest, now } = this.#scheduler;
      this.#start = { moment: this.moment, kept: latest, now, nextRow: this.#probe.nextRow, progress };
      this.#context.onCheckpoint(this.#start);
      this.#scheduler.close();
    }
    const { moment, kept, now, nextRow, progress } = this.#start;
    const probe = new StepProbe(nextRow);
    probe.watch = this.#watch;
    this.#probe = probe;
    this.#channels.clear();
    const types = new Map(plan.operators.map(({ nodeId, type }) => [nodeId, type]));
    const factory: AnyOperatorFactory = (operatorPlan, context) =>
      observed(this.#factoryOf(operatorPlan.nodeId, types.get(operatorPlan.nodeId)!), probe)(operatorPlan, context);
    this.#scheduler = new DeterministicScheduler(plan, {
      seed: seed + moment,
      files,
      startAt: now,
      restoreFrom: kept,
      order: schedule,
      snapshotsAtOnce: true,
      onMismatch,
      findRuntime: ({ type }) => (findRuntime(type) === undefined ? null : factory),
      watchChannel: (_, address) => this.#addChannel(address, progress),
      mayStep: (task) => this.#holdsNobody || !(this.#senders.get(task)?.some((channel) => channel.isFull) ?? false),
    });
    this.#senders = this.#sendersOf(plan);
    this.#isStopping = false;
    this.#mustRestart = false;
    this.#isOutside = false;
    this.#attempts = 0;
    this.#needsTurn = false;
    this.#holdsNobody = false;
    await this.#scheduler.open();
  }

  #factoryOf(nodeId: NodeId, type: string): AnyOperatorFactory {
    const { sources, sinks, recording, findRuntime } = this.#context;
    if (sources.has(nodeId)) return recordedSources(recording);
    if (sinks.has(nodeId)) return createCapturedSink;
    return findRuntime(type)!;
  }

  #addChannel(address: ChannelAddress, progress: RunCheckpoint['progress']): DebugChannel {
    const key = keyOf(address);
    const probe = this.#probe;
    const hand = probe.handOf(this.#context.plan.links[address.link]!.to, address.to);
    const channel = new DebugChannel(address, hand, () => probe.sentRow, progress.get(key));
    this.#channels.set(key, channel);
    return channel;
  }

  #sendersOf({ links, chains }: PhysicalPlan): Map<Task, readonly DebugChannel[]> {
    const headOf = new Map(chains.flatMap(({ id, operators }) => operators.map((one) => [one, id] as const)));
    return new Map(
      this.tasks.map((task) => [
        task,
        this.channels.filter(
          ({ address }) => headOf.get(links[address.link]!.from) === task.id && address.from === task.subtask,
        ),
      ]),
    );
  }

  /** Behind the frontier it is known what happened: nothing came that is not among the decisions. */
  #awaitsOutside(nextAt: number): boolean {
    if (this.moment < this.#context.history.length) return false;
    return this.#context.awaitsOutside(nextAt);
  }

  #remember({ moment, call, error }: MadeStep): void {
    const { history, rows } = this.#context;
    history.addStep(moment, call, error !== null);
    if (call === null) return;
    const { nodeId, subtask, row } = call;
    for (const { id, port, batch } of call.emitted) {
      history.addRow({ id, nodeId, port, subtask, moment, cause: row });
      rows.add(id, batch);
    }
  }

  #apply(decision: Decision): void {
    switch (decision.type) {
      case 'waited':
        this.#repeat(decision.attempts);
        break;
      case 'arrival': {
        this.#repeat(decision.attempts);
        const task = this.tasks.find((one) => one.id === decision.nodeId && one.subtask === decision.subtask);
        assert(task !== undefined, `no source ${decision.nodeId}#${decision.subtask}`);
        this.#scheduler.elapse(Math.max(0, decision.now - this.#scheduler.now));
        task.nodes[0]!.context.wake();
        this.#isOutside = false;
        break;
      }
      case 'edit': {
        const id = this.#probe.nextRow++;
        const before = this.#channelAt(decision.channel).replace(decision.index, decision.row, id);
        this.#addRow(decision.channel, decision.row, id, before);
        break;
      }
      case 'drop':
        this.#channelAt(decision.channel).drop(decision.index);
        break;
      case 'inject': {
        const id = this.#probe.nextRow++;
        for (const channel of decision.channels) this.#channelAt(channel).inject(decision.row, id);
        this.#addRow(decision.channels[0]!, decision.row, id, 0);
        break;
      }
      case 'watermark':
        for (const channel of decision.channels) this.#channelAt(channel).injectWatermark(decision.watermark);
        break;
      case 'checkpoint':
        if (!this.#isStopping) this.#stop();
    }
  }

  #channelAt(place: ChannelPlace): DebugChannel {
    const channel = this.channel(place);
    assert(channel !== undefined, `no channel ${keyOf(place)}`);
    return channel;
  }

  #addRow(channel: ChannelPlace, row: Batch, id: number, cause: number): void {
    const { from, fromPort } = this.#context.plan.links[channel.link]!;
    this.#context.history.addRow({
      id,
      nodeId: from,
      port: fromPort,
      subtask: channel.from,
      moment: this.moment,
      cause,
    });
    this.#context.rows.add(id, row);
  }
}

function keyOf({ link, from, to }: ChannelPlace): string {
  return `${link}:${from}:${to}`;
}

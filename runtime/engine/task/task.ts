/**
 * A subtask of a chain: a mailbox that handles one thing at a time (a command, a due timer, a mark on its way through the
 * chain, an input element, a poll of the source), and nothing while its outputs have no room. Operators may have requests under way
 * meanwhile: what comes back of them is handled first. Knows no threads: schedulers call `step`.
 */
import { assert } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import { isSource } from '../../core/operator.ts';
import { ChannelRecording } from '../network/channel-recording.ts';
import type { GateEvent, InputGate } from '../network/input-gate.ts';
import { BACKPRESSURED_MS, BUSY_MS, IDLE_MS } from '../metrics/metrics-layout.ts';
import type { OperatorNode } from './operator-node.ts';
import { stepMark, type ChainMark } from './operator-node.ts';
import type { OutputWriter } from '../network/output-writer.ts';
import type { Replay } from './replay.ts';
import type { SnapshotInProgress } from '../state/state-backend.ts';
import type { Barrier } from '../network/stream-element.ts';
import type { TimerQueue } from './timer-queue.ts';
import { UnderWay } from './under-way.ts';
import { ALIGNMENT_CHECK_MS, type WatermarkAlignment } from './watermark-alignment.ts';

/** A source sends a latency marker this often, in ms: five a second, whatever its rows. */
const LATENCY_INTERVAL_MS = 200;

/** What a step found: nothing to do, something done, no room at an output, or that it has to wait for what an operator has under way. */
export type StepResult = 'idle' | 'worked' | 'blocked' | 'waiting';

/** State of a task at a barrier. Whoever gets it steps the operators' snapshots to their end, or discards them. */
export interface TaskSnapshot {
  readonly barrier: Barrier;
  readonly operators: ReadonlyMap<NodeId, SnapshotInProgress>;
  /** What was under way in its channels: may have to go on until barriers that were overtaken have come. */
  readonly recording: ChannelRecording;
  readonly syncMs: number;
}

export interface TaskListener {
  onSnapshot(task: Task, snapshot: TaskSnapshot): void;
  /** All input was handled; barriers may still come. */
  onEnded(task: Task): void;
  /** What a completed checkpoint holds was committed here. */
  onCommitted(task: Task, checkpointId: number): void;
}

export interface TaskOptions {
  readonly id: NodeId;
  readonly subtask: number;
  /** In topological order, the head first. */
  readonly nodes: readonly OperatorNode[];
  readonly writers: readonly OutputWriter[];
  /** Null for a source. */
  readonly gate: InputGate | null;
  readonly replay: Replay;
  /** Of a source that waits for others. */
  readonly alignment: WatermarkAlignment | null;
  readonly timers: TimerQueue<OperatorNode>;
  readonly listener: TaskListener;
  readonly now: () => number;
  readonly metrics: Float64Array;
  /** Where the chain's times go. */
  readonly metricsAt: number;
}

const TIME_SLOTS: Readonly<Record<StepResult, number>> = {
  worked: BUSY_MS,
  waiting: BUSY_MS,
  idle: IDLE_MS,
  blocked: BACKPRESSURED_MS,
};

type Command = Barrier | { readonly type: 'complete'; readonly checkpointId: number };

export class Task {
  readonly id: NodeId;
  readonly subtask: number;
  readonly nodes: readonly OperatorNode[];
  readonly #options: TaskOptions;
  #commands: Command[] = [];
  #marks: readonly ChainMark[] = [];
  readonly #underWay = new UnderWay();
  /** A barrier that has come, and waits until nothing is under way. */
  #barrier: ChannelRecording | null = null;
  #isEnded = false;
  #canPoll = true;
  /** Set with the barrier of a final checkpoint: a source that stops says nothing after it. */
  #isStopping = false;
  #nextLatencyAt = -Infinity;
  /** Set while a source waits for others of its group. */
  #lookAgainAt = Infinity;
  #lastResult: StepResult = 'worked';
  #lastAt: number;
  /** After a step that was `waiting`. */
  #waitsFor: OperatorNode | null = null;

  constructor(options: TaskOptions) {
    this.id = options.id;
    this.subtask = options.subtask;
    this.nodes = options.nodes;
    this.#options = options;
    this.#lastAt = options.now();
  }

  get isSource(): boolean {
    return this.#options.gate === null;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** When the next timer is due, or a barrier may overtake (ms); Infinity when there is neither. */
  get nextTimerAt(): number {
    const { timers, gate, now } = this.#options;
    const nextAt = Math.min(this.#canFire ? timers.nextAt : Infinity, this.#lookAgainAt);
    const overtakesAt = gate?.overtakesAt ?? Infinity;
    // Past that instant it waits for something else.
    return overtakesAt < nextAt && overtakesAt > now() ? overtakesAt : nextAt;
  }

  /** Whether it waits for what its operators have under way, or might have more to do once that is back. */
  get hasUnderWay(): boolean {
    return !this.#underWay.isNone;
  }

  /** Opens the operators, tail first, so that a source finds its consumers ready. */
  async open(restoredCheckpoint: number | null): Promise<void> {
    for (const node of this.nodes.toReversed()) {
      try {
        await node.operator.open?.();
        node.state.settle();
        if (restoredCheckpoint !== null) node.operator.checkpointComplete?.(restoredCheckpoint);
      } catch (error) {
        throw node.blame(error);
      }
    }
    this.#underWay.watch(this.nodes);
    this.#lastAt = this.#options.now();
  }

  close(): void {
    for (const node of this.nodes) {
      node.operator.close?.();
      node.state.close();
    }
  }

  /** Starts a checkpoint at a source (`isFinal`: nothing is emitted after its barrier); elsewhere its barriers are to come. */
  triggerCheckpoint(barrier: Barrier, isFinal: boolean): void {
    const { gate } = this.#options;
    if (gate !== null) {
      gate.expect(barrier);
      return;
    }
    this.#commands.push(barrier);
    if (isFinal) this.#isStopping = true;
  }

  completeCheckpoint(checkpointId: number): void {
    this.#commands.push({ type: 'complete', checkpointId });
  }

  /** One of its operators has asked for it: a source may have rows again, requests may be back. */
  wake(node: OperatorNode): void {
    if (node === this.nodes[0]) this.#canPoll = true;
    this.#underWay.wake(node);
  }

  /** Handles one thing. `now` in ms since the epoch. */
  step(now: number): StepResult {
    this.#account(now);
    const result = this.#step(now);
    this.#lastResult = result;
    return result;
  }

  /** Sends what waits for its batch to fill; whether there was any. */
  flush(): boolean {
    let flushed = false;
    for (const writer of this.#options.writers) if (writer.flush()) flushed = true;
    return flushed;
  }

  /** Sends what has waited longer than `maxMs`. */
  flushOlderThan(maxMs: number, now: number): void {
    for (const writer of this.#options.writers) writer.flushOlderThan(now - maxMs);
  }

  /** Brings the metrics up to date that are not counted as rows go by. */
  measure(): void {
    for (const node of this.nodes) node.measureState();
    for (const writer of this.#options.writers) writer.measureUsage();
  }

  /**
   * The time since the last visit belongs to what was found then. A task that could have gone on counts as busy, as in Flink, and so
   * does one that waits for requests to come back before it takes more: there too it is at its limit, and those before it are backpressured.
   */
  #account(now: number): void {
    const { metrics, metricsAt } = this.#options;
    metrics[metricsAt + TIME_SLOTS[this.#lastResult]]! += now - this.#lastAt;
    if (this.#lastResult === 'waiting') this.#waitsFor?.countWaiting(now - this.#lastAt);
    this.#lastAt = now;
  }

  #step(now: number): StepResult {
    this.#lookAgainAt = Infinity;
    // A part of what waits may go: then those downstream have work, and must be asked before all go to sleep.
    if (!this.#outputsReady()) {
      if (this.#drainOutputs()) return 'worked';
      // What is under way goes out in front of a barrier, room or not: the barrier needs none either.
      if (this.#barrier !== null) {
        if (this.#handleWake()) return 'worked';
        this.#underWay.flush(true);
      }
      return this.#marks.length === 0 && this.#serve(now) ? 'worked' : 'blocked';
    }
    if (this.#handleWake() || this.#advanceMarks() || this.#serve(now)) return 'worked';
    if (this.#canFire) {
      const timer = this.#options.timers.takeDue(now);
      if (timer !== null) {
        this.#fire(timer.owner, timer.at);
        return 'worked';
      }
    }
    if (this.#isHeldUp()) {
      this.#underWay.flush(this.#barrier !== null);
      this.#waitsFor = this.#underWay.holder;
      return 'waiting';
    }
    if (!this.#options.replay.isDone) {
      this.#stepReplay(this.#options.replay);
      return 'worked';
    }
    if (this.#options.gate !== null) return this.#read(this.#options.gate);
    const result = this.#poll(now);
    if (result === 'worked' && now >= this.#nextLatencyAt) this.#sendLatencyMarker(now);
    return result;
  }

  #handleWake(): boolean {
    if (!this.#underWay.handleWake()) return false;
    this.#collectMarks();
    return true;
  }

  /** Marks wait while an operator of the chain wants no rows: they may make some. */
  #advanceMarks(): boolean {
    if (this.#underWay.isFull) return false;
    if (this.#marks.length > 0) {
      const [first, ...rest] = this.#marks;
      this.#marks = [...stepMark(first!), ...rest];
      if (first!.type === 'timer') this.#collectMarks();
      return true;
    }
    const resumed = this.#underWay.resume();
    if (resumed === null) return false;
    this.#marks = resumed;
    this.#collectMarks();
    return true;
  }

  /** Timers come one at a time, behind what was under way at the checkpoint before, and not between a barrier and its snapshot. */
  get #canFire(): boolean {
    return this.#options.replay.isDone && this.#marks.length === 0 && this.#barrier === null;
  }

  /** Whether it has to wait for requests before it takes anything new. */
  #isHeldUp(): boolean {
    return this.#marks.length > 0 || this.#barrier !== null || this.#underWay.isFull || this.#underWay.hasDeferred;
  }

  /** Behind the rows of this poll, since they wait with it for their outputs; not a timer: an idle job must not keep itself awake. */
  #sendLatencyMarker(now: number): void {
    if (this.#isEnded || this.#isStopping) return;
    this.#nextLatencyAt = now + LATENCY_INTERVAL_MS;
    this.nodes[0]!.passLatency(now, this.#options.now());
  }

  /** Most rows that a source should emit at a time, as its outputs stand. */
  get rowsAtATime(): number {
    return this.#options.writers.reduce((rows, writer) => Math.min(rows, writer.rowsAtATime), Infinity);
  }

  /** Commands, and barriers that overtake: they need no room at outputs, only a chain between two elements. */
  #serve(now: number): boolean {
    if (this.#barrier !== null && this.#marks.length === 0 && this.#underWay.isNone) {
      this.#snapshot(this.#barrier);
      return true;
    }
    if (this.#commands.length > 0) {
      // A barrier that may not overtake comes behind what was under way at the checkpoint before.
      const { replay } = this.#options;
      const at = this.#commands.findIndex((c) => c.type === 'complete' || replay.isDone || c.unalignedAt <= now);
      if (at >= 0) {
        const [command] = this.#commands.splice(at, 1) as [Command];
        this.#obey(command);
        return true;
      }
    }
    const event = this.#options.gate?.overtake() ?? null;
    if (event === null) return false;
    this.#handle(event);
    return true;
  }

  #outputsReady(): boolean {
    for (const writer of this.#options.writers) if (!writer.isReady) return false;
    return true;
  }

  /** Whether anything that waited for credit was sent. */
  #drainOutputs(): boolean {
    let hasSent = false;
    for (const writer of this.#options.writers) if (writer.drain()) hasSent = true;
    return hasSent;
  }

  #fire(node: OperatorNode, at: number): void {
    // A due timer may be what a waiting source waits for.
    this.#canPoll = true;
    if (node.fireTimer(at)) this.#marks = [{ type: 'timer', node, at }];
    this.#collectMarks();
  }

  /** Marks of operators before it in the chain wait until all is replayed: they come behind it. */
  #stepReplay(replay: Replay): void {
    const at = this.nodes.indexOf(replay.node);
    this.#marks = replay.step();
    this.#collectMarks(this.nodes.slice(at));
  }

  /** Watermarks that operators of this chain emitted during the last call: ahead of what is left to do, the last of the chain first. */
  #collectMarks(nodes = this.nodes): void {
    for (const node of nodes) {
      const marks = node.takeOwnMarks();
      if (marks.length > 0) this.#marks = [...marks, ...this.#marks];
    }
  }

  #obey(command: Command): void {
    if (command.type === 'barrier') {
      // One that has waited longer was given up.
      this.#commands = this.#commands.filter((c) => c.type !== 'barrier' || c.checkpointId > command.checkpointId);
      this.#meet(ChannelRecording.ofSource(command, this.#options.now()));
    } else {
      for (const node of this.nodes) {
        try {
          node.operator.checkpointComplete?.(command.checkpointId);
        } catch (error) {
          throw node.blame(error);
        }
      }
      this.#options.listener.onCommitted(this, command.checkpointId);
    }
  }

  #poll(now: number): StepResult {
    if (this.#isEnded || this.#isStopping || !this.#canPoll) return 'idle';
    if (this.#options.alignment?.isAhead === true) {
      this.#lookAgainAt = now + ALIGNMENT_CHECK_MS;
      return 'idle';
    }
    const [head] = this.nodes;
    assert(head !== undefined && isSource(head.operator), 'the head of a chain without inputs is a source');
    // Before the call: the source may wake itself in it.
    this.#canPoll = false;
    let status;
    try {
      status = head.operator.poll();
    } catch (error) {
      throw head.blame(error);
    }
    this.#collectMarks();
    if (status === 'ended') {
      this.#marks = [...this.#marks, ...head.forwardWatermark(Infinity)];
      this.#end();
    } else if (status === 'ready') {
      this.#canPoll = true;
    }
    return 'worked';
  }

  #read(gate: InputGate): StepResult {
    const event = gate.next();
    if (event === null) return 'idle';
    this.#handle(event);
    return 'worked';
  }

  #handle(event: GateEvent): void {
    const [head] = this.nodes;
    switch (event.type) {
      case 'batch':
        head!.process(event.element.batch, event.input);
        this.#collectMarks();
        break;
      case 'watermark':
        this.#marks = [{ type: 'watermark', node: head!, watermark: event.watermark }];
        break;
      case 'status':
        this.#marks = [{ type: 'status', node: head!, isIdle: event.isIdle }];
        break;
      case 'latency':
        head!.passLatency(event.at, this.#options.now());
        break;
      case 'barrier':
        this.#meet(event.recording);
        break;
      case 'end':
        this.#end();
        break;
      case 'absorbed':
        break;
    }
  }

  #end(): void {
    const [head] = this.nodes;
    this.#marks = [...this.#marks, { type: 'end', node: head! }];
    this.#isEnded = true;
    this.#options.listener.onEnded(this);
  }

  /** A barrier that finds another waiting takes its place: that checkpoint was given up. */
  #meet(recording: ChannelRecording): void {
    this.#barrier = recording;
    if (this.#marks.length === 0 && this.#underWay.isNone) this.#snapshot(recording);
  }

  #snapshot(recording: ChannelRecording): void {
    this.#barrier = null;
    const { writers, replay, now, listener } = this.#options;
    const { barrier } = recording;
    // The barrier goes first: those downstream can align while this task takes its snapshot.
    for (const writer of writers) writer.barrier(barrier);
    const startedAt = now();
    const operators = new Map<NodeId, SnapshotInProgress>();
    for (const node of this.nodes) {
      try {
        node.operator.snapshot?.(barrier.checkpointId);
        operators.set(node.nodeId, node.state.snapshot(barrier.kind));
        node.state.settle();
      } catch (error) {
        throw node.blame(error);
      }
    }
    replay.recordIn(recording);
    this.measure();
    listener.onSnapshot(this, { barrier, operators, recording, syncMs: now() - startedAt });
  }
}

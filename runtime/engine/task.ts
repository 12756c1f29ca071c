/**
 * A subtask of a chain: a mailbox that handles one thing at a time (a command, a due timer, a mark on its way through the
 * chain, an input element, a poll of the source), and nothing while its outputs have no room. Knows no threads: schedulers call `step`.
 */
import { assert } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import { isSource } from '../core/operator.ts';
import type { GateEvent, InputGate } from './input-gate.ts';
import { BACKPRESSURED_MS, BUSY_MS, IDLE_MS } from './metrics.ts';
import type { OperatorNode } from './operator-node.ts';
import { stepMark, type ChainMark } from './operator-node.ts';
import type { OutputWriter } from './output-writer.ts';
import type { StateSnapshot } from './state/index.ts';
import type { TimerQueue } from './timer-queue.ts';

/** What a step found: nothing to do, something done, or no room at an output. */
export type StepResult = 'idle' | 'worked' | 'blocked';

/** State of a task's operators at a barrier. */
export interface TaskSnapshot {
  readonly checkpointId: number;
  readonly operators: ReadonlyMap<NodeId, StateSnapshot>;
  readonly alignmentMs: number;
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
  readonly timers: TimerQueue<OperatorNode>;
  readonly listener: TaskListener;
  readonly now: () => number;
  readonly metrics: Float64Array;
  /** Where the chain's times go. */
  readonly metricsAt: number;
}

type Command =
  | { readonly type: 'barrier'; readonly checkpointId: number }
  | { readonly type: 'complete'; readonly checkpointId: number };

export class Task {
  readonly id: NodeId;
  readonly subtask: number;
  readonly nodes: readonly OperatorNode[];
  readonly #options: TaskOptions;
  readonly #commands: Command[] = [];
  #marks: readonly ChainMark[] = [];
  #isEnded = false;
  #canPoll = true;
  /** Set with the barrier of a final checkpoint: a source that stops says nothing after it. */
  #isStopping = false;
  #lastResult: StepResult = 'worked';
  #lastAt: number;

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

  /** When the next timer is due (ms); Infinity when there is none. */
  get nextTimerAt(): number {
    return this.#options.timers.nextAt;
  }

  /** Opens the operators, tail first, so that a source finds its consumers ready. */
  async open(restoredCheckpoint: number | null): Promise<void> {
    for (const node of this.nodes.toReversed()) {
      try {
        await node.operator.open?.();
        if (restoredCheckpoint !== null) node.operator.checkpointComplete?.(restoredCheckpoint);
      } catch (error) {
        throw node.blame(error);
      }
    }
    this.#lastAt = this.#options.now();
  }

  close(): void {
    for (const node of this.nodes) {
      node.operator.close?.();
      node.state.close();
    }
  }

  /** Sources: starts a checkpoint here. `isFinal`: nothing is emitted after its barrier. */
  triggerCheckpoint(checkpointId: number, isFinal: boolean): void {
    assert(this.isSource, 'a checkpoint is triggered at a source');
    this.#commands.push({ type: 'barrier', checkpointId });
    if (isFinal) this.#isStopping = true;
  }

  completeCheckpoint(checkpointId: number): void {
    this.#commands.push({ type: 'complete', checkpointId });
  }

  /** The source may have rows again. */
  wake(): void {
    this.#canPoll = true;
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

  /** The time since the last visit belongs to what was found then; a task that could have gone on counts as busy, as in Flink. */
  #account(now: number): void {
    const { metrics, metricsAt } = this.#options;
    const slot = this.#lastResult === 'worked' ? BUSY_MS : this.#lastResult === 'idle' ? IDLE_MS : BACKPRESSURED_MS;
    metrics[metricsAt + slot]! += now - this.#lastAt;
    this.#lastAt = now;
  }

  #step(now: number): StepResult {
    // A part of what waits may go: then those downstream have work, and must be asked before all go to sleep.
    if (!this.#outputsReady()) return this.#drainOutputs() ? 'worked' : 'blocked';
    if (this.#marks.length > 0) {
      const [first, ...rest] = this.#marks;
      this.#marks = [...stepMark(first!), ...rest];
      return 'worked';
    }
    const command = this.#commands.shift();
    if (command !== undefined) {
      this.#obey(command);
      return 'worked';
    }
    const timer = this.#options.timers.takeDue(now);
    if (timer !== null) {
      this.#fire(timer.owner, timer.at);
      return 'worked';
    }
    return this.#options.gate === null ? this.#poll() : this.#read(this.#options.gate);
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
    try {
      node.operator.onTimer?.(at);
    } catch (error) {
      throw node.blame(error);
    }
    this.#collectMarks();
  }

  /** Watermarks that operators of this chain emitted during the last call. */
  #collectMarks(): void {
    for (const node of this.nodes) {
      const marks = node.takeOwnMarks();
      if (marks.length > 0) this.#marks = [...this.#marks, ...marks];
    }
  }

  #obey(command: Command): void {
    if (command.type === 'barrier') this.#snapshot(command.checkpointId, 0);
    else {
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

  #poll(): StepResult {
    if (this.#isEnded || this.#isStopping || !this.#canPoll) return 'idle';
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
      case 'barrier':
        this.#snapshot(event.checkpointId, event.alignmentMs);
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

  #snapshot(checkpointId: number, alignmentMs: number): void {
    const { writers, now, listener } = this.#options;
    // The barrier goes first: those downstream can align while this task copies its state.
    for (const writer of writers) writer.mark({ type: 'barrier', checkpointId });
    const startedAt = now();
    const operators = new Map<NodeId, StateSnapshot>();
    for (const node of this.nodes) {
      try {
        node.operator.snapshot?.(checkpointId);
      } catch (error) {
        throw node.blame(error);
      }
      operators.set(node.nodeId, node.state.snapshot());
    }
    this.measure();
    listener.onSnapshot(this, { checkpointId, operators, alignmentMs, syncMs: now() - startedAt });
  }
}

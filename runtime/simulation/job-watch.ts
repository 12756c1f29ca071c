/** Watches one attempt of a job from the inside: every channel, and everything that a task tells its operators. */
import type { Batch } from '../core/batch.ts';
import type { NodeId } from '../core/ids.ts';
import type { Channel, ChannelAddress } from '../engine/deterministic-scheduler.ts';
import type { StreamElement } from '../engine/stream-element.ts';
import type { Task } from '../engine/task.ts';
import type { OperatorNode } from '../engine/operator-node.ts';
import type { ReferenceJob } from '../testing/reference/pipeline.ts';
import { isTimely, rowsOf } from '../testing/reference/streams.ts';
import type { Trace } from './trace.ts';
import { must } from './violation.ts';
import { WatchedChannel } from './watched-channel.ts';

/** Event times of the rows that each operator has had. */
export type Arrivals = ReadonlyMap<NodeId, readonly number[]>;

export class JobWatch {
  readonly #reference: ReferenceJob;
  readonly #trace: Trace;
  /** What was there before the checkpoint that the attempt starts from. */
  readonly #before: Arrivals;
  readonly #channels: WatchedChannel[] = [];
  readonly #operators = new Map<NodeId, OperatorWatch>();
  readonly #timers: TimerWatch[] = [];
  readonly #atCheckpoint = new Map<number, Map<NodeId, readonly number[]>>();

  constructor(reference: ReferenceJob, before: Arrivals, trace: Trace) {
    this.#reference = reference;
    this.#before = before;
    this.#trace = trace;
  }

  readonly watchChannel = (channel: Channel, { link, from, to }: ChannelAddress): Channel => {
    const index = this.#channels.length;
    const watched = new WatchedChannel(`channel ${link}:${from}→${to}`, channel, (element) =>
      traceElement(this.#trace, index, element),
    );
    this.#channels.push(watched);
    return watched;
  };

  /** Before the tasks open. */
  watchTasks(tasks: readonly Task[]): void {
    for (const task of tasks) for (const node of task.nodes) this.#watchNode(node);
  }

  /** What each operator had had at the barrier of a completed checkpoint. */
  arrivalsAt(checkpointId: number): Arrivals {
    return this.#atCheckpoint.get(checkpointId) ?? new Map();
  }

  /** Where time has to move because nothing else could: all that was sent was taken, and all timers due at `now` have fired. */
  checkQuiet(now: number): void {
    for (const channel of this.#channels) {
      must(channel.isEmpty, 'progress', () => `no task moves, and there is something to take in ${channel.name}`);
    }
    for (const timers of this.#timers) timers.check(now);
  }

  /** After the job's end. */
  checkDrained(): void {
    for (const channel of this.#channels) channel.checkDrained();
  }

  #watchNode(node: OperatorNode): void {
    const { nodeId } = node;
    let watch = this.#operators.get(nodeId);
    if (watch === undefined) {
      watch = new OperatorWatch(nodeId, this.#expectedTimes(nodeId), this.#before.get(nodeId) ?? []);
      this.#operators.set(nodeId, watch);
    }
    const subtask = watch.addSubtask();
    const timers = new TimerWatch(`${nodeId}#${node.subtask}`);
    this.#timers.push(timers);
    intercept(node, {
      onBatch: (batch) => subtask.take(batch),
      onWatermark: (watermark) => subtask.advance(watermark),
      onSetTimer: (at) => timers.set(at),
      onTimer: (at) => timers.fire(at),
      onSnapshot: (checkpointId) => this.#keepArrivals(nodeId, subtask.received, checkpointId),
    });
  }

  /** Null where rows may be late. */
  #expectedTimes(nodeId: NodeId): readonly number[] | null {
    const inputs = this.#reference.inputs.get(nodeId) ?? [];
    const known = inputs.filter((stream) => stream !== null);
    if (known.length < inputs.length || !known.every(isTimely)) return null;
    return known.flatMap((stream) => rowsOf(stream).map((row) => row.eventTime));
  }

  #keepArrivals(nodeId: NodeId, received: readonly number[], checkpointId: number): void {
    let all = this.#atCheckpoint.get(checkpointId);
    if (all === undefined) this.#atCheckpoint.set(checkpointId, (all = new Map()));
    all.set(nodeId, [...(all.get(nodeId) ?? this.#before.get(nodeId) ?? []), ...received]);
  }
}

/** All subtasks of an operator. */
class OperatorWatch {
  readonly nodeId: NodeId;
  /** Of all rows there will ever be; null = not known, or some may be late. */
  readonly expected: readonly number[] | null;
  readonly #before: readonly number[];
  readonly #subtasks: SubtaskWatch[] = [];
  #checkedTo = -Infinity;

  constructor(nodeId: NodeId, expected: readonly number[] | null, before: readonly number[]) {
    this.nodeId = nodeId;
    this.expected = expected;
    this.#before = before;
  }

  addSubtask(): SubtaskWatch {
    const subtask = new SubtaskWatch(this);
    this.#subtasks.push(subtask);
    return subtask;
  }

  /** Once all subtasks have come to a watermark, all rows up to it are there. */
  checkComplete(): void {
    const watermark = Math.min(...this.#subtasks.map((subtask) => subtask.watermark));
    if (this.expected === null || watermark <= this.#checkedTo) return;
    this.#checkedTo = watermark;
    const received = [this.#before, ...this.#subtasks.map((subtask) => subtask.received)];
    const count = received.reduce((sum, times) => sum + countUpTo(times, watermark), 0);
    const wanted = countUpTo(this.expected, watermark);
    must(
      count === wanted,
      'complete',
      () => `${this.nodeId} is at watermark ${watermark} and has had ${count} of ${wanted} rows up to it`,
    );
  }
}

class SubtaskWatch {
  readonly #operator: OperatorWatch;
  readonly received: number[] = [];
  watermark = -Infinity;

  constructor(operator: OperatorWatch) {
    this.#operator = operator;
  }

  take(batch: Batch): void {
    const { nodeId, expected } = this.#operator;
    for (let row = 0; row < batch.length; row++) {
      const time = batch.eventTimes?.[row] ?? NaN;
      this.received.push(time);
      must(
        expected === null || time > this.watermark,
        'late rows',
        () => `${nodeId} got a row of ${time} behind watermark ${this.watermark}`,
      );
    }
  }

  advance(watermark: number): void {
    must(
      watermark >= this.watermark,
      'watermarks',
      () => `${this.#operator.nodeId} was at watermark ${this.watermark} and is told ${watermark}`,
    );
    // Told again: it has more to emit at this one.
    if (watermark === this.watermark) return;
    this.watermark = watermark;
    this.#operator.checkComplete();
  }
}

class TimerWatch {
  readonly #name: string;
  readonly #pending = new Set<number>();

  constructor(name: string) {
    this.#name = name;
  }

  set(at: number): void {
    this.#pending.add(at);
  }

  fire(at: number): void {
    must(this.#pending.delete(at), 'timers', () => `${this.#name} was called for a timer at ${at} that it has not set`);
  }

  check(now: number): void {
    for (const at of this.#pending) {
      must(at > now, 'timers', () => `it is ${now} and the timer of ${this.#name} for ${at} has not fired`);
    }
  }
}

interface Listener {
  onBatch(batch: Batch): void;
  /** Before the operator sees it. */
  onWatermark(watermark: number): void;
  onSetTimer(at: number): void;
  onTimer(at: number): void;
  onSnapshot(checkpointId: number): void;
}

/** Puts the listener before methods of the very operator, so that whatever else it can do stays as it is. */
function intercept({ operator, context }: OperatorNode, listener: Listener): void {
  const { processBatch, onWatermark, onTimer, snapshot } = operator;
  const { setTimer } = context;
  Object.assign(operator, {
    processBatch(batch: Batch, input: number) {
      listener.onBatch(batch);
      processBatch.call(operator, batch, input);
    },
    onWatermark(watermark: number) {
      listener.onWatermark(watermark);
      return onWatermark?.call(operator, watermark);
    },
    onTimer(at: number) {
      listener.onTimer(at);
      onTimer?.call(operator, at);
    },
    snapshot(checkpointId: number) {
      listener.onSnapshot(checkpointId);
      return snapshot?.call(operator, checkpointId);
    },
  });
  Object.assign(context, {
    setTimer(at: number) {
      listener.onSetTimer(at);
      setTimer(at);
    },
  });
}

function countUpTo(times: readonly number[], watermark: number): number {
  return times.reduce((count, time) => (time <= watermark ? count + 1 : count), 0);
}

const ELEMENT_TYPES: readonly StreamElement['type'][] = ['batch', 'watermark', 'status', 'barrier', 'end'];

function traceElement(trace: Trace, channel: number, element: StreamElement): void {
  trace.add(channel);
  trace.add(ELEMENT_TYPES.indexOf(element.type));
  if (element.type === 'batch') trace.add(element.batch.length);
  else if (element.type === 'watermark') trace.add(element.watermark);
  else if (element.type === 'barrier') trace.add(element.checkpointId);
}

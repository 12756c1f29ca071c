/** Watches one attempt of a job from the inside: every channel, and everything that a task tells its operators. */
import type { Batch } from '../core/batch.ts';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import type { NodeId } from '../core/ids.ts';
import { isSource } from '../core/operator.ts';
import { decodeTaskState } from '../engine/checkpoint/task-state-file.ts';
import type { Channel, ChannelAddress, KeptCheckpoint } from '../engine/deterministic-scheduler.ts';
import type { StreamElement } from '../engine/network/stream-element.ts';
import type { Task } from '../engine/task/task.ts';
import type { OperatorNode } from '../engine/task/operator-node.ts';
import type { ReferenceJob } from '../testing/reference/pipeline.ts';
import { isTimely, rowsOf } from '../testing/reference/streams.ts';
import type { Trace } from './trace.ts';
import { must } from './violation.ts';
import { WatchedChannel } from './watched-channel.ts';

/** Event times of the rows that each operator has had. */
export type Arrivals = ReadonlyMap<NodeId, readonly number[]>;

export interface KnownCheckpoint {
  readonly kept: KeptCheckpoint;
  /** What operators had had by then. */
  readonly arrivals: Arrivals;
}

export class JobWatch {
  readonly #plan: PhysicalPlan;
  readonly #reference: ReferenceJob;
  readonly #trace: Trace;
  /** What was there before the checkpoint that the attempt starts from. */
  readonly #before: Arrivals;
  /** Rows that were under way to each operator at that checkpoint. */
  readonly #underWay: ReadonlyMap<NodeId, number>;
  /** Watermarks to go on from, by operator and subtask, where all is as it was at that checkpoint. */
  readonly #resumed: ReadonlyMap<string, number>;
  readonly #channels: WatchedChannel[] = [];
  /** By the operator they lead to. */
  readonly #channelsTo = new Map<NodeId, WatchedChannel[]>();
  readonly #operators = new Map<NodeId, OperatorWatch>();
  readonly #timers: TimerWatch[] = [];
  readonly #atCheckpoint = new Map<number, Map<NodeId, readonly number[]>>();

  constructor(plan: PhysicalPlan, reference: ReferenceJob, restored: KnownCheckpoint | null, trace: Trace) {
    this.#plan = plan;
    this.#reference = reference;
    this.#before = restored?.arrivals ?? new Map();
    this.#underWay = restored === null ? new Map() : rowsUnderWay(restored.kept);
    this.#resumed = restored === null ? new Map() : watermarksAt(restored.kept, plan);
    this.#trace = trace;
  }

  readonly watchChannel = (channel: Channel, { link, from, to }: ChannelAddress): Channel => {
    const index = this.#channels.length;
    const watched = new WatchedChannel(`channel ${link}:${from}→${to}`, channel, (element) =>
      traceElement(this.#trace, index, element),
    );
    this.#channels.push(watched);
    const { to: target } = this.#plan.links[link]!;
    this.#channelsTo.set(target, [...(this.#channelsTo.get(target) ?? []), watched]);
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

  /** Of a completed checkpoint: each row that went before a barrier was handled before the snapshot, or is kept, once. */
  checkInFlight(kept: KeptCheckpoint): void {
    const isExact = this.#plan.settings.checkpoint.mode === 'exactly-once';
    const underWay = rowsUnderWay(kept);
    const arrivals = this.arrivalsAt(kept.id);
    for (const [nodeId, channels] of this.#channelsTo) {
      const sent = channels.reduce((sum, channel) => sum + channel.rowsBefore(kept.id), 0);
      const wanted = (this.#before.get(nodeId)?.length ?? 0) + (this.#underWay.get(nodeId) ?? 0) + sent;
      const [handled, recorded] = [arrivals.get(nodeId)?.length ?? 0, underWay.get(nodeId) ?? 0];
      must(
        isExact ? handled + recorded === wanted : handled + recorded >= wanted,
        'in flight',
        () =>
          `${wanted} rows went to ${nodeId} before checkpoint ${kept.id}: ${handled} were handled before its snapshot, ` +
          `${recorded} are kept with it`,
      );
    }
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
      const mayComeAgain = this.#plan.settings.checkpoint.mode === 'at-least-once' && this.#before.size > 0;
      watch = new OperatorWatch(nodeId, this.#expectedTimes(nodeId), this.#before.get(nodeId) ?? [], mayComeAgain);
      this.#operators.set(nodeId, watch);
    }
    const subtask = watch.addSubtask(this.#resumed.get(`${nodeId}#${node.subtask}`) ?? -Infinity);
    const timers = new TimerWatch(`${nodeId}#${node.subtask}`);
    this.#timers.push(timers);
    intercept(node, {
      onBatch: (batch) => subtask.take(batch),
      onWatermark: (watermark) => subtask.advance(watermark),
      onSetTimer: (at) => {
        // In batch mode time stands still but for sources.
        if (node.context.hasProgress || isSource(node.operator)) timers.set(at);
      },
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
  /** Rows that were there before a restore may come once more. */
  readonly #mayComeAgain: boolean;
  readonly #subtasks: SubtaskWatch[] = [];
  #checkedTo = -Infinity;

  constructor(nodeId: NodeId, expected: readonly number[] | null, before: readonly number[], mayComeAgain: boolean) {
    this.nodeId = nodeId;
    this.expected = expected;
    this.#before = before;
    this.#mayComeAgain = mayComeAgain;
  }

  addSubtask(resumesAt: number): SubtaskWatch {
    const subtask = new SubtaskWatch(this, resumesAt);
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
      this.#mayComeAgain ? count >= wanted : count === wanted,
      'complete',
      () => `${this.nodeId} is at watermark ${watermark} and has had ${count} of ${wanted} rows up to it`,
    );
  }
}

class SubtaskWatch {
  readonly #operator: OperatorWatch;
  readonly received: number[] = [];
  watermark = -Infinity;

  /** What it is told before its first row, at least. */
  readonly #resumesAt: number;

  constructor(operator: OperatorWatch, resumesAt: number) {
    this.#operator = operator;
    this.#resumesAt = resumesAt;
  }

  take(batch: Batch): void {
    const { nodeId, expected } = this.#operator;
    must(
      this.watermark >= this.#resumesAt,
      'watermarks',
      () => `${nodeId} had come to watermark ${this.#resumesAt}, was restored and gets rows at ${this.watermark}`,
    );
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
  /** A timer that is handled in parts comes due once. */
  let isTimerUnfinished = false;
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
      if (!isTimerUnfinished) listener.onTimer(at);
      isTimerUnfinished = onTimer?.call(operator, at) === true;
      return isTimerUnfinished;
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

/** Of inputs that waited for no idle channel; none when the plan has not the parallelism of the checkpoint. */
function watermarksAt(kept: KeptCheckpoint, plan: PhysicalPlan): ReadonlyMap<string, number> {
  const files = kept.files.map(decodeTaskState);
  const subtasks = (id: NodeId): number => files.filter(({ operators }) => operators.has(id)).length;
  const watermarks = new Map<string, number>();
  if (plan.chains.some(({ operators, parallelism }) => operators.some((id) => subtasks(id) !== parallelism))) {
    return watermarks;
  }
  for (const { to, receiver, watermark, isIdle } of files.flatMap(({ channels }) => channels)) {
    const key = `${to}#${receiver}`;
    watermarks.set(key, Math.min(watermarks.get(key) ?? Infinity, isIdle ? -Infinity : watermark));
  }
  return watermarks;
}

/** By the operator they were under way to. */
function rowsUnderWay(kept: KeptCheckpoint): ReadonlyMap<NodeId, number> {
  const rows = new Map<NodeId, number>();
  for (const { to, elements } of kept.files.flatMap((file) => decodeTaskState(file).channels)) {
    for (const element of elements) {
      // A batch begins with its length.
      if (element.type === 'batch') rows.set(to, (rows.get(to) ?? 0) + new Int32Array(element.buffer, 0, 1)[0]!);
    }
  }
  return rows;
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

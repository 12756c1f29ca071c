/** An operator inside a task: where its rows and marks go, and the context it sees. */
import type { Batch } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Operator, OperatorContext, Output, Pending, SourceOperator } from '../../core/operator.ts';
import { MIN_WATERMARK } from '../../core/time.ts';
import { recordLatency } from '../metrics/latency-histogram.ts';
import {
  INPUT_WATERMARK,
  IS_IDLE,
  LATE,
  OUTPUT_WATERMARK,
  RECORDS_IN,
  STATE_BYTES,
  STATE_ENTRIES,
  WAITING_MS,
} from '../metrics/metrics-layout.ts';
import type { OutputWriter } from '../network/output-writer.ts';
import type { RowTap } from './row-tap.ts';
import type { ViewTap } from './view-tap.ts';
import type { StateBackend } from '../state/index.ts';

/** Where a port's rows go: the next operator of the chain, or out of the task. */
interface Target {
  accept(batch: Batch): void;
}

class ChainedTarget implements Target {
  readonly node: OperatorNode;

  constructor(node: OperatorNode) {
    this.node = node;
  }

  accept(batch: Batch): void {
    // A chained operator has exactly one input.
    this.node.process(batch, 0);
  }
}

class WriterTarget implements Target {
  readonly writer: OutputWriter;

  constructor(writer: OutputWriter) {
    this.writer = writer;
  }

  accept(batch: Batch): void {
    this.writer.write(batch);
  }
}

export class PortOutput implements Output {
  readonly #node: OperatorNode;
  readonly #counterAt: number;
  readonly #targets: Target[] = [];
  tap: RowTap | null = null;

  constructor(node: OperatorNode, counterAt: number) {
    this.#node = node;
    this.#counterAt = counterAt;
  }

  get isConnected(): boolean {
    return this.#targets.length > 0;
  }

  chainTo(node: OperatorNode): void {
    this.#targets.push(new ChainedTarget(node));
  }

  writeTo(writer: OutputWriter): void {
    this.#targets.push(new WriterTarget(writer));
  }

  emit(batch: Batch): void {
    if (batch.length === 0) return;
    this.#node.beforeEmit();
    this.#node.metrics[this.#counterAt]! += batch.length;
    if (this.tap !== null) this.tap.offer(batch);
    for (let i = 0; i < this.#targets.length; i++) this.#targets[i]!.accept(batch);
  }
}

/** Marks on their way through a chain, and timers half handled, oldest first: one step at a time so that outputs can drain in between. */
export type ChainMark =
  | { readonly type: 'timer'; readonly node: OperatorNode; readonly at: number }
  | { readonly type: 'watermark'; readonly node: OperatorNode; readonly watermark: number }
  | { readonly type: 'status'; readonly node: OperatorNode; readonly isIdle: boolean }
  | { readonly type: 'end'; readonly node: OperatorNode };

/** What waits in front of an operator: a mark until nothing is under way in it, then what came behind the mark. */
type Deferred = ChainMark | { readonly type: 'batch'; readonly batch: Batch; readonly input: number };

export interface NodeOptions {
  readonly nodeId: NodeId;
  readonly subtask: number;
  readonly assignsWatermarks: boolean;
  /** This subtask's slots are from `metricsAt` on. */
  readonly metrics: Float64Array;
  readonly metricsAt: number;
  /** Sinks: where their latency histogram is. */
  readonly latencyAt: number | null;
  readonly state: StateBackend;
}

export class OperatorNode {
  readonly nodeId: NodeId;
  readonly subtask: number;
  readonly state: StateBackend;
  readonly metrics: Float64Array;
  readonly outputs = new Map<string, PortOutput>();
  /** Published rows (`context.publish`). */
  readonly publishTap: { tap: RowTap | null } = { tap: null };
  viewTap: ViewTap | null = null;
  readonly chained: OperatorNode[] = [];
  readonly writers: OutputWriter[] = [];
  operator!: Operator | SourceOperator;
  context!: OperatorContext;
  readonly #assignsWatermarks: boolean;
  readonly #at: number;
  readonly #latencyAt: number | null;
  #outputWatermark = MIN_WATERMARK;
  /** Lower watermarks are behind what has been. */
  #resumesAt = MIN_WATERMARK;
  #isIdle = false;
  /** A watermark the operator emitted that has not gone on yet: it goes before the next batch, or by `takeOwnMark`. */
  #ownWatermark: number | null = null;
  #ownIdle = false;
  readonly #deferred: Deferred[] = [];

  constructor(options: NodeOptions) {
    this.nodeId = options.nodeId;
    this.subtask = options.subtask;
    this.state = options.state;
    this.metrics = options.metrics;
    this.#at = options.metricsAt;
    this.#latencyAt = options.latencyAt;
    this.#assignsWatermarks = options.assignsWatermarks;
  }

  process(batch: Batch, input: number): void {
    if (this.#deferred.length > 0) this.#deferred.push({ type: 'batch', batch, input });
    else this.#process(batch, input);
  }

  #process(batch: Batch, input: number): void {
    this.metrics[this.#at + RECORDS_IN]! += batch.length;
    try {
      this.operator.processBatch(batch, input);
      this.state.settle();
    } catch (error) {
      throw this.blame(error);
    }
  }

  get pending(): Pending {
    return this.operator.pending?.() ?? 'none';
  }

  /** Has the operator emit what has come back. */
  wakeUp(): void {
    try {
      this.operator.onWake?.();
      this.state.settle();
    } catch (error) {
      throw this.blame(error);
    }
  }

  /** Has the operator start what it holds back. */
  flush(): void {
    try {
      this.operator.flush?.();
    } catch (error) {
      throw this.blame(error);
    }
  }

  /** Whether the mark has to wait here, behind what is under way; then it has been taken. */
  defer(mark: ChainMark): boolean {
    if (this.#deferred.length === 0 && this.pending === 'none') return false;
    this.#deferred.push(mark);
    return true;
  }

  get hasDeferred(): boolean {
    return this.#deferred.length > 0;
  }

  /** Whether the first of what waits here may go on. */
  get canResume(): boolean {
    const [first] = this.#deferred;
    return first !== undefined && (first.type === 'batch' || this.pending === 'none');
  }

  /** One step of the first of what waits here, which may go on: what is left to do of it behind the operator. */
  resume(): readonly ChainMark[] {
    const [first] = this.#deferred as [Deferred];
    if (first.type === 'batch') {
      this.#deferred.shift();
      this.#process(first.batch, first.input);
      return NO_MARKS;
    }
    const left = passMark(first);
    // It wants to be called again.
    if (left[0] === first) return NO_MARKS;
    this.#deferred.shift();
    return left;
  }

  /** Names the node in an error that leaves it; the innermost operator of a chain is first. */
  blame(error: unknown): unknown {
    if (error instanceof StreamError) {
      error.nodeId ??= this.nodeId;
      return error;
    }
    const message = error instanceof Error ? error.message : String(error);
    const wrapped = new StreamError('MR2001', message, { domain: 'internal', cause: error });
    if (error instanceof Error && error.stack !== undefined) wrapped.stack = error.stack;
    wrapped.nodeId = this.nodeId;
    return wrapped;
  }

  /** For operators that assign watermarks: remembered until the operator returns or emits again. */
  emitWatermark(watermark: number): void {
    if (watermark <= this.#outputWatermark && !this.#isIdle) return;
    if (this.#ownWatermark !== null && watermark <= this.#ownWatermark) return;
    this.#ownWatermark = watermark;
    this.#ownIdle = false;
  }

  emitIdle(): void {
    if (this.#isIdle) return;
    this.#ownIdle = true;
  }

  /** Rows must not overtake a watermark that was emitted before them. */
  beforeEmit(): void {
    if (this.#isIdle) for (const mark of this.forwardStatus(false)) runToEnd(mark);
    if (this.#ownWatermark === null) return;
    const watermark = this.#ownWatermark;
    this.#ownWatermark = null;
    for (const mark of this.forwardWatermark(watermark)) runToEnd(mark);
  }

  /** Marks that the operator emitted and that have not gone on yet. */
  takeOwnMarks(): readonly ChainMark[] {
    if (this.#ownWatermark !== null) {
      const watermark = this.#ownWatermark;
      this.#ownWatermark = null;
      return this.forwardWatermark(watermark);
    }
    if (this.#ownIdle) {
      this.#ownIdle = false;
      return this.forwardStatus(true);
    }
    return NO_MARKS;
  }

  /** Tells the operator; true when it wants to be called again with the same watermark. */
  advance(watermark: number): boolean {
    this.metrics[this.#at + INPUT_WATERMARK] = watermark;
    try {
      const isUnfinished = this.operator.onWatermark?.(watermark) === true;
      this.state.settle();
      return isUnfinished;
    } catch (error) {
      throw this.blame(error);
    }
  }

  /** Tells the operator; true when it wants to be called again for the same timer. */
  fireTimer(at: number): boolean {
    try {
      const isUnfinished = this.operator.onTimer?.(at) === true;
      this.state.settle();
      return isUnfinished;
    } catch (error) {
      throw this.blame(error);
    }
  }

  /** After `advance`: passes the watermark on, unless the operator makes its own. The end of the input always goes through. */
  forwardAfterAdvance(watermark: number): readonly ChainMark[] {
    if (!this.#assignsWatermarks) return this.forwardWatermark(watermark);
    return watermark === Infinity ? this.forwardWatermark(watermark) : this.takeOwnMarks();
  }

  /** The job goes on from a checkpoint at which those behind it had, or are about to get, this watermark. */
  resumeAt(watermark: number): void {
    this.#resumesAt = Math.max(watermark, this.#resumesAt);
  }

  forwardWatermark(watermark: number): readonly ChainMark[] {
    if (watermark < this.#resumesAt) return NO_MARKS;
    if (watermark <= this.#outputWatermark && !this.#isIdle) return NO_MARKS;
    this.#outputWatermark = Math.max(watermark, this.#outputWatermark);
    this.#isIdle = false;
    this.#ownWatermark = null;
    this.metrics[this.#at + OUTPUT_WATERMARK] = this.#outputWatermark;
    this.metrics[this.#at + IS_IDLE] = 0;
    for (const writer of this.writers) writer.markWatermark(this.#outputWatermark);
    return this.chained.map((node) => ({ type: 'watermark', node, watermark: this.#outputWatermark }));
  }

  /** Idleness of the input: passed on, unless the operator makes its own. */
  forwardInputStatus(isIdle: boolean): readonly ChainMark[] {
    return this.#assignsWatermarks ? NO_MARKS : this.forwardStatus(isIdle);
  }

  forwardStatus(isIdle: boolean): readonly ChainMark[] {
    if (this.#isIdle === isIdle) return NO_MARKS;
    this.#isIdle = isIdle;
    this.metrics[this.#at + IS_IDLE] = isIdle ? 1 : 0;
    for (const writer of this.writers) writer.mark({ type: 'status', isIdle });
    return this.chained.map((node) => ({ type: 'status', node, isIdle }));
  }

  end(): readonly ChainMark[] {
    try {
      this.operator.onEnd?.();
      this.state.settle();
    } catch (error) {
      throw this.blame(error);
    }
    for (const writer of this.writers) writer.mark({ type: 'end' });
    return this.chained.map((node) => ({ type: 'end', node }));
  }

  /** A latency marker goes past the operators, also those that hold rows back, and is recorded at sinks: as in Flink. */
  passLatency(at: number, now: number): void {
    if (this.#latencyAt !== null) recordLatency(this.metrics, this.#latencyAt, now - at);
    for (const writer of this.writers) writer.markLatency(at);
    for (const node of this.chained) node.passLatency(at, now);
  }

  countLate(rows: number): void {
    this.metrics[this.#at + LATE]! += rows;
  }

  /** Its task has waited for what is under way here. */
  countWaiting(ms: number): void {
    this.metrics[this.#at + WAITING_MS]! += ms;
  }

  measureState(): void {
    this.metrics[this.#at + STATE_BYTES] = this.state.bytes;
    this.metrics[this.#at + STATE_ENTRIES] = this.state.entries;
  }
}

const NO_MARKS: readonly ChainMark[] = [];

/** One step of a mark: what is left to do of it, in order; nothing when it waits at its operator. */
export function stepMark(mark: ChainMark): readonly ChainMark[] {
  return mark.type !== 'timer' && mark.node.defer(mark) ? NO_MARKS : passMark(mark);
}

function passMark(mark: ChainMark): readonly ChainMark[] {
  const { node } = mark;
  switch (mark.type) {
    case 'timer':
      return node.fireTimer(mark.at) ? [mark] : NO_MARKS;
    case 'watermark':
      return node.advance(mark.watermark) ? [mark] : node.forwardAfterAdvance(mark.watermark);
    case 'status':
      return node.forwardInputStatus(mark.isIdle);
    case 'end':
      return node.end();
  }
}

/** A mark at once, outputs ready or not: only inside an operator's call, where order leaves no choice. */
export function runToEnd(mark: ChainMark): void {
  for (let left = stepMark(mark); left.length > 0;) {
    const [first, ...rest] = left;
    left = [...stepMark(first!), ...rest];
  }
}

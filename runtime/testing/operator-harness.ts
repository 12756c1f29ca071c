/**
 * Runs one subtask of one operator as a task would, with everything around it faked: rows and watermarks go in by hand,
 * and all that comes out is kept.
 */
import { MAX_BATCH_ROWS, type Batch, type ChangeKind } from '../core/batch.ts';
import { checkConfig } from '../core/config.ts';
import type { DeadLetters } from '../core/dead-letters.ts';
import { hasErrors, type Diagnostic } from '../core/diagnostics.ts';
import { assert } from '../core/errors.ts';
import { keyGroupRange } from '../core/hash.ts';
import { nodeId } from '../core/ids.ts';
import {
  isSource,
  type InputStream,
  type Operator,
  type OperatorContext,
  type OperatorFactory,
  type OperatorPlan,
  type OperatorSpec,
  type OperatorView,
  type Pending,
  type SourceOperator,
  type SourceStatus,
} from '../core/operator.ts';
import type { StreamShape } from '../core/schema.ts';
import { MAX_WATERMARK, MIN_WATERMARK } from '../core/time.ts';
import type { Value } from '../core/types.ts';
import { seededRandom } from '../core/random.ts';
import {
  decodeStateSnapshot,
  encodeStateSnapshot,
  finishSnapshot,
  type StateBackend,
  type StateBackendOptions,
} from '../engine/state/index.ts';
import { MemoryBackend } from '../engine/state/memory-backend.ts';
import { batch as batchOf } from './builders.ts';
import { FakeClock } from './fake-clock.ts';
import type { Literal } from './literals.ts';
import { MemoryFiles } from './memory-files.ts';
import { MemoryNetwork } from './memory-network.ts';
import { MovingBackend } from './moving-backend.ts';

/** A row that left an operator. */
export interface OutputRow {
  readonly values: readonly Value[];
  /** Null where the stream has no event time. */
  readonly eventTime: number | null;
  readonly kind: ChangeKind;
}

/** What left the operator, in the order it left. */
export type HarnessEvent =
  | { readonly type: 'row'; readonly port: string; readonly row: OutputRow }
  | { readonly type: 'watermark'; readonly watermark: number }
  | { readonly type: 'idle' };

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** State of one subtask at a checkpoint. */
export interface HarnessSnapshot {
  readonly checkpointId: number;
  /** As a checkpoint stores it. */
  readonly state: Uint8Array<ArrayBuffer>;
}

/** `moving`: see moving-backend.ts. Others are made by the test, which closes them. */
export type HarnessBackend = 'memory' | 'moving' | ((options: StateBackendOptions) => StateBackend);

export interface HarnessOptions<C> {
  readonly spec: OperatorSpec<C>;
  readonly create: OperatorFactory<C>;
  /** As a document writes it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** One per input edge. A bare shape goes to the port of the same position, or to the last one when there are more edges than ports. */
  readonly inputs?: readonly (StreamShape | InputStream)[];
  readonly subtask?: number;
  readonly parallelism?: number;
  readonly baseFolder?: string;
  readonly files?: MemoryFiles;
  readonly network?: MemoryNetwork;
  /** Output ports that an edge leaves; all of them unless given. */
  readonly connected?: readonly string[];
  /** Snapshots of all subtasks of the run before. */
  readonly restoreFrom?: readonly HarnessSnapshot[];
  /** `memory` unless given. */
  readonly backend?: HarnessBackend;
  readonly clock?: FakeClock;
  readonly seed?: number;
  /** Most rows that a source emits at a time. */
  readonly batchRows?: number;
}

/** Stops a source that never waits or ends, so that a test fails and does not hang. */
const MAX_POLLS = 100_000;

/** Infers shapes, builds the operator and opens it; throws on diagnostics that are errors. */
export async function createHarness<C>(options: HarnessOptions<C>): Promise<OperatorHarness> {
  const { spec, config: raw, subtask = 0, parallelism = 1, restoreFrom = [] } = options;
  const { config, inputs, outputs, diagnostics } = inferOperator(spec, raw, options.inputs ?? []);
  if (config === null || hasErrors(diagnostics)) {
    throw new Error(`${spec.type}: ${diagnostics.map((d) => `${d.code} ${d.path ?? ''} ${d.message}`).join('; ')}`);
  }
  const plan: OperatorPlan<C> = {
    nodeId: nodeId('under-test'),
    config,
    inputs,
    outputs,
    subtask,
    parallelism,
    baseFolder: options.baseFolder ?? '/data-folder',
    batchRows: options.batchRows ?? MAX_BATCH_ROWS,
  };
  const clock = options.clock ?? new FakeClock();
  const backend = backendOf(options.backend ?? 'memory', {
    keyGroups: keyGroupRange(subtask, parallelism),
    subtask,
    parallelism,
    restored: restoreFrom.map(({ state }) => decodeStateSnapshot(state)),
    onMismatch: 'refuse',
    now: () => clock.now(),
  });
  const harness = new OperatorHarness({
    plan,
    backend,
    assignsWatermarks: spec.traits(config).assignsWatermarks,
    create: (context) => options.create(plan, context),
    clock,
    files: options.files ?? new MemoryFiles(),
    network: options.network ?? new MemoryNetwork(),
    seed: options.seed ?? 1,
    connected: options.connected ?? Object.keys(outputs),
  });
  await harness.open(restoreFrom[0]?.checkpointId ?? null);
  return harness;
}

function backendOf(kind: HarnessBackend, options: StateBackendOptions): StateBackend {
  switch (kind) {
    case 'memory':
      return new MemoryBackend(options);
    case 'moving':
      return new MovingBackend(options);
    default:
      return kind(options);
  }
}

/** Config, input streams and output shapes of an operator as the compiler would find them. */
export function inferOperator<C>(
  spec: OperatorSpec<C>,
  raw: Readonly<Record<string, unknown>>,
  inputs: readonly (StreamShape | InputStream)[],
): {
  readonly config: C | null;
  readonly inputs: readonly InputStream[];
  readonly outputs: Readonly<Record<string, StreamShape>>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const ports = spec.ports(raw).inputs;
  const streams = inputs.map((input, i): InputStream => {
    if ('shape' in input) return input;
    const port = ports[Math.min(i, ports.length - 1)];
    assert(port !== undefined, `${spec.type} has no input port`);
    return { port: port.name, shape: input };
  });
  const { value: config, problems } = checkConfig(spec.config, raw);
  const diagnostics: Diagnostic[] = problems.map((problem) => ({ severity: 'error', ...problem }));
  const outputs =
    config === null
      ? {}
      : spec.infer(config, streams, (problem) => diagnostics.push({ severity: 'error', ...problem }));
  return { config, inputs: streams, outputs, diagnostics };
}

interface HarnessParts {
  readonly plan: OperatorPlan<unknown>;
  readonly backend: StateBackend;
  readonly assignsWatermarks: boolean;
  readonly create: (context: OperatorContext) => Operator | SourceOperator;
  readonly clock: FakeClock;
  readonly files: MemoryFiles;
  readonly network: MemoryNetwork;
  readonly seed: number;
  readonly connected: readonly string[];
}

export class OperatorHarness {
  readonly plan: OperatorPlan<unknown>;
  readonly clock: FakeClock;
  readonly files: MemoryFiles;
  readonly network: MemoryNetwork;
  readonly events: HarnessEvent[] = [];
  readonly logs: LogLine[] = [];
  readonly published: Batch[] = [];
  printed = '';
  lateRows = 0;
  /** True once the operator asked to be polled or woken. */
  isAwake = false;
  readonly #parts: HarnessParts;
  readonly #operator: Operator | SourceOperator;
  readonly #batches = new Map<string, Batch[]>();
  readonly #inputWatermarks: number[];
  /** Minimum over the inputs, as last seen by the operator. */
  #inputWatermark = MIN_WATERMARK;
  /** Last one sent downstream. */
  #watermark = MIN_WATERMARK;
  #hasEnded = false;
  #delays: { readonly at: number; readonly settle: () => void }[] = [];

  constructor(parts: HarnessParts) {
    this.#parts = parts;
    this.plan = parts.plan;
    this.clock = parts.clock;
    this.files = parts.files;
    this.network = parts.network;
    this.#inputWatermarks = parts.plan.inputs.map(() => MIN_WATERMARK);
    this.#operator = parts.create(this.#context());
  }

  /** What a sink keeps for whoever watches it. */
  get view(): OperatorView | null {
    return this.#operator.view ?? null;
  }

  /** Opens the operator; `createHarness` has done so. */
  async open(restoredCheckpoint: number | null): Promise<void> {
    await this.#operator.open?.();
    this.#parts.backend.settle();
    this.network.settle();
    if (restoredCheckpoint !== null) this.checkpointComplete(restoredCheckpoint);
  }

  /**
   * Rows into an input: a batch, or literals. Where the input has event time and none are given, its first TIMESTAMP
   * field gives them.
   */
  push(input: number, rows: Batch | readonly (readonly Literal[])[], eventTimes?: readonly (number | string)[]): void {
    const stream = this.plan.inputs[input];
    assert(stream !== undefined, `there is no input ${input}`);
    assert(this.pending !== 'full', 'the operator wants no rows now: settle first');
    const batch = 'columns' in rows ? rows : batchOf(stream.shape.schema, rows, eventTimes);
    this.#operator.processBatch(this.#timed(batch, stream.shape), input);
    this.#parts.backend.settle();
    this.network.settle();
  }

  /** A watermark on one input, or on all. The operator sees the minimum over its inputs once it rises. */
  watermark(watermark: number, input?: number): void {
    for (let i = 0; i < this.#inputWatermarks.length; i++) {
      if (input === undefined || input === i) {
        this.#inputWatermarks[i] = Math.max(this.#inputWatermarks[i]!, watermark);
      }
    }
    const minimum = this.#inputWatermarks.reduce((a, b) => Math.min(a, b), MAX_WATERMARK);
    if (this.#inputWatermarks.length > 0) this.#handleWatermark(minimum);
  }

  /** Whether the operator has requests under way. */
  get pending(): Pending {
    return this.#operator.pending?.() ?? 'none';
  }

  /** Waits until no request is under way, as a mark or a barrier does, and lets the operator emit what comes back; the clock moves when only that helps. */
  async settle(): Promise<void> {
    while (this.pending !== 'none') {
      this.#operator.flush?.();
      const isMoved = await this.turn();
      if (!isMoved) this.advanceToNext();
    }
  }

  /** Moves processing time on to the next timer or delay, if there is one. */
  advanceToNext(): void {
    const at = Math.min(...this.#delays.map((delay) => delay.at), this.clock.nextTimer ?? Infinity);
    if (at < Infinity) this.advanceTo(at);
  }

  /** Gives requests under way a turn of the event loop, and lets the operator emit what has come back; whether anything has. */
  async turn(): Promise<boolean> {
    this.network.settle();
    await new Promise((resolve) => setImmediate(resolve));
    const isWoken = this.isAwake;
    if (isWoken) {
      this.isAwake = false;
      this.#operator.onWake?.();
      this.#parts.backend.settle();
      this.network.settle();
    }
    return isWoken;
  }

  #assertSettled(what: string): void {
    assert(this.pending === 'none', `${what} waits until nothing is under way: settle first`);
  }

  #handleWatermark(watermark: number): void {
    if (watermark <= this.#inputWatermark) return;
    this.#assertSettled('a watermark');
    this.#inputWatermark = watermark;
    this.#inParts(() => this.#operator.onWatermark?.(watermark));
    if (!this.#parts.assignsWatermarks || watermark === MAX_WATERMARK) this.#forward(watermark);
  }

  /** Calls a method as often as it asks for. */
  #inParts(call: () => boolean | void): void {
    for (let isUnfinished = true; isUnfinished;) {
      isUnfinished = call() === true;
      this.#parts.backend.settle();
    }
  }

  /** Of a source that keeps the rows it rejects. */
  get deadLetters(): DeadLetters {
    const { deadLetters } = this.#operator;
    assert(deadLetters !== undefined, 'the operator keeps no rejected rows');
    return deadLetters;
  }

  /** Polls a source once. */
  pollOnce(): SourceStatus {
    const source = this.#operator;
    assert(isSource(source), 'only sources are polled');
    this.network.settle();
    this.isAwake = false;
    const status = source.poll();
    this.network.settle();
    if (status === 'ended') this.end();
    return status;
  }

  /** Polls a source until it waits or has ended. */
  poll(): SourceStatus {
    for (let i = 0; i < MAX_POLLS; i++) {
      const status = this.pollOnce();
      if (status === 'ended' || (status === 'waiting' && !this.isAwake)) return status;
    }
    throw new Error(`still ready after ${MAX_POLLS} polls`);
  }

  /** Moves processing time on, firing the timers that come due and settling the delays. */
  advanceTo(ms: number): void {
    this.clock.advanceTo(ms, (at) => this.#inParts(() => this.#operator.onTimer?.(at)));
    const due = this.#delays.filter((delay) => delay.at <= ms);
    this.#delays = this.#delays.filter((delay) => delay.at > ms);
    for (const { settle } of due) settle();
    this.network.settle();
  }

  /** All inputs end: the last watermark, then `onEnd`. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#inputWatermarks.fill(MAX_WATERMARK);
    this.#handleWatermark(MAX_WATERMARK);
    this.#assertSettled('the end');
    this.#operator.onEnd?.();
    this.#parts.backend.settle();
  }

  snapshot(checkpointId: number): HarnessSnapshot {
    return this.beginSnapshot(checkpointId)();
  }

  /** As a barrier does: state is copied later, while rows go on, by the function that is answered. */
  beginSnapshot(checkpointId: number): () => HarnessSnapshot {
    this.#assertSettled('a barrier');
    this.#operator.snapshot?.(checkpointId);
    // In the form that every backend reads.
    const snapshot = this.#parts.backend.snapshot('savepoint');
    return () => ({ checkpointId, state: encodeStateSnapshot(finishSnapshot(snapshot)) });
  }

  checkpointComplete(checkpointId: number): void {
    this.#operator.checkpointComplete?.(checkpointId);
    this.network.settle();
  }

  close(): void {
    this.#operator.close?.();
    this.#parts.backend.close();
  }

  /** All rows that have left a port. */
  output(port = 'out'): readonly OutputRow[] {
    return this.events.flatMap((event) => (event.type === 'row' && event.port === port ? [event.row] : []));
  }

  /** Values of all rows that have left a port. */
  rows(port = 'out'): readonly (readonly Value[])[] {
    return this.output(port).map((row) => row.values);
  }

  /** The batches that have left a port, empty ones left out. */
  batches(port = 'out'): readonly Batch[] {
    return this.#batches.get(port) ?? [];
  }

  /** Watermarks that went downstream, ascending. */
  watermarks(): readonly number[] {
    return this.events.flatMap((event) => (event.type === 'watermark' ? [event.watermark] : []));
  }

  /** Bytes of state held. */
  get stateBytes(): number {
    return this.#parts.backend.bytes;
  }

  #forward(watermark: number): void {
    if (watermark <= this.#watermark) return;
    this.#watermark = watermark;
    this.events.push({ type: 'watermark', watermark });
  }

  #timed(batch: Batch, shape: StreamShape): Batch {
    if (!shape.eventTime || batch.eventTimes !== null) return batch;
    const index = shape.schema.fields.findIndex((f) => f.type.kind === 'TIMESTAMP');
    assert(index >= 0, 'an input with event time has no TIMESTAMP field: give the event times');
    return batch.withEventTimes(
      new Float64Array(batch.columns[index]!.values.subarray(0, batch.length) as Float64Array),
    );
  }

  #emit(port: string, batch: Batch): void {
    if (batch.length === 0) return;
    const batches = this.#batches.get(port) ?? [];
    this.#batches.set(port, batches);
    batches.push(batch);
    for (let i = 0; i < batch.length; i++) {
      const row = { values: batch.row(i), eventTime: batch.eventTimes?.[i] ?? null, kind: batch.kind(i) };
      this.events.push({ type: 'row', port, row });
    }
  }

  #context(): OperatorContext {
    const { plan, backend, clock, files, network, connected, seed } = this.#parts;
    const outputs = new Map(
      Object.keys(plan.outputs).map((port) => [
        port,
        { isConnected: connected.includes(port), emit: (batch: Batch) => this.#emit(port, batch) },
      ]),
    );
    return {
      clock,
      random: seededRandom(seed),
      state: backend,
      files,
      network,
      output: (port) => {
        const output = outputs.get(port);
        assert(output !== undefined, `${port} is no output port with an inferred shape`);
        return output;
      },
      hasProgress: true,
      emitWatermark: (watermark) => this.#forward(watermark),
      emitIdle: () => this.events.push({ type: 'idle' }),
      setTimer: (at) => clock.setTimer(at),
      wake: () => {
        this.isAwake = true;
      },
      delay: (ms) =>
        new Promise((settle) => {
          this.#delays.push({ at: clock.now() + ms, settle });
        }),
      countLate: (rows) => {
        this.lateRows += rows;
      },
      print: (text) => {
        this.printed += text;
      },
      publish: (batch) => this.published.push(batch),
      log: (level, message) => this.logs.push({ level, message }),
    };
  }
}

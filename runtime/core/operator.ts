/**
 * The operator contract. An operator is a folder: `spec.ts` (an `OperatorSpec`: pure, known to compiler and app) and
 * `runtime.ts` (an `OperatorFactory`: known to the engine). architecture.md, "The one place where an operator lives".
 */
import type { Batch } from './batch.ts';
import type { ConfigSpec } from './config.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Diagnostic } from './diagnostics.ts';
import type { Expansion } from './expansion.ts';
import type { FileIo } from './file-io.ts';
import type { NodeId } from './ids.ts';
import type { NetworkIo } from './network-io.ts';
import type { Say } from './say.ts';
import type { Schema, StreamShape } from './schema.ts';
import type { StateStore } from './state.ts';
import type { Boundary, SubPipeline } from './sub-pipeline.ts';
import type { Tile } from './tile.ts';

export type OperatorCategory = 'source' | 'transform' | 'aggregate' | 'join' | 'pattern' | 'code' | 'sink';

export interface PortSpec {
  readonly name: string;
  readonly label: string;
  /** An output that may stay unconnected without a warning (`late`, `rejected`). */
  readonly isOptional?: boolean;
  /** An input that takes any number of edges. */
  readonly isMultiple?: boolean;
}

export interface Ports {
  readonly inputs: readonly PortSpec[];
  readonly outputs: readonly PortSpec[];
}

/** What planner, validator, exporters and canvas ask. Ask a trait, never a type. */
export interface Traits {
  /** Keeps state between batches that results depend on. */
  readonly isStateful: boolean;
  /** Rows leave in the order they came, per subtask. */
  readonly keepsOrder: boolean;
  /** Needs watermarks on its inputs to ever emit, but for early results that are updated. */
  readonly needsEventTime: boolean;
  /** Makes its own watermarks; those of its input end here. Sources with an event time do, and `watermark`. */
  readonly assignsWatermarks: boolean;
  /** Sources: which of them wait for each other in event time. */
  readonly watermarkAlignment?: WatermarkAlignment | null;
  /** With `assignsWatermarks`: where the event time of its rows comes from, for whoever plays its part. Null or left out: nobody can tell. */
  readonly rowTime?: RowTime | null;
  /** May emit rows behind a watermark it has forwarded (late firings). */
  readonly emitsBehindWatermark: boolean;
  readonly acceptsUpdates: boolean;
  /** Stateful ones: every row that leaves has the fields of one that came in, or of one of each input, one after the other. So it shows which they were. */
  readonly passesRows?: boolean;
  /** Most subtasks it can run as; null = any number. */
  readonly maxParallelism: number | null;
  /** Runs code that the document brings along: only where its workspace is trusted. */
  readonly runsUserCode?: boolean;
  /** Sinks: what they write can be seen outside once a checkpoint has completed. */
  readonly commitsWithCheckpoint?: boolean;
}

/** A source whose watermark is more than `maxDriftMs` ahead of the smallest one in its group is not polled until that one comes up. */
export interface WatermarkAlignment {
  readonly group: string;
  readonly maxDriftMs: number;
}

/** Event time by a field of the row, with watermarks that far behind the latest one; or by the clock when the row is read. */
export type RowTime =
  | {
      readonly time: 'event';
      readonly field: string;
      readonly maxOutOfOrdernessMs: number;
      /** 0 = never idle. */
      readonly idleTimeoutMs: number;
    }
  | { readonly time: 'ingestion' };

/** Traits of an operator that handles each row by itself; spread and override. */
export const ROW_WISE: Traits = {
  isStateful: false,
  keepsOrder: true,
  needsEventTime: false,
  assignsWatermarks: false,
  emitsBehindWatermark: false,
  acceptsUpdates: true,
  maxParallelism: null,
};

/** How the rows of an input must be dealt out over subtasks. */
export type Distribution =
  | { readonly type: 'any' }
  | { readonly type: 'hash'; readonly fields: readonly string[] }
  | { readonly type: 'single' }
  | { readonly type: 'broadcast' };

/** One edge into the operator. Inputs are ordered by port, then by the edges' order in the document. */
export interface InputStream {
  readonly port: string;
  readonly shape: StreamShape;
}

/** A problem found by `infer`; the validator adds the node. */
export type Report = (
  problem: Omit<Diagnostic, 'nodeId' | 'edge' | 'severity'> & { severity?: Diagnostic['severity'] },
) => void;

/** What is said of every operator. `C` is its checked config. */
interface OperatorFace<C> {
  /** `aggregate.window`; its folder is `operatorFolder` of it. */
  readonly type: string;
  /** Version of its config; older ones are brought up by `migrations[from]`. */
  readonly version: number;
  readonly migrations?: Readonly<Record<number, (raw: Readonly<Record<string, unknown>>) => Record<string, unknown>>>;
  readonly label: string;
  /** One sentence for the palette. */
  readonly summary: string;
  readonly category: OperatorCategory;
  /** Further words to find it by. */
  readonly keywords?: readonly string[];
  readonly config: ConfigSpec<C>;
  /** From raw config, which may be half edited: must not throw. */
  ports(raw: Readonly<Record<string, unknown>>): Ports;
  /** A line under the label on the canvas, such as `1 minute by page`: words are said with `say`, what the user wrote stays as it is. */
  describe(config: C, say: Say): string;
}

/** When an operator that holds rows back lets go of results: what tells somebody who waits for them how long. Times in ms since the epoch. */
export type Firing =
  /** At each end of a window: in event time once the watermark is at 1 ms before it, else by the clock. */
  | { readonly type: 'aligned'; readonly time: 'event' | 'processing'; endAfter(instant: number): number }
  /** Once a group has had no row for so long. */
  | { readonly type: 'session'; readonly time: 'event' | 'processing'; readonly gapMs: number }
  /** With every so many rows of a group. */
  | { readonly type: 'rows'; readonly rows: number };

/** What an operator with a runtime of its own is: pure, runs anywhere. */
export interface OperatorSpec<C> extends OperatorFace<C> {
  traits(config: C): Traits;
  /** `any` where it says nothing. */
  distribution?(config: C, port: string): Distribution;
  /** Shape of every output port. Pure and total: problems are reported, and a port that cannot be known is left out. */
  infer(config: C, inputs: readonly InputStream[], report: Report): Readonly<Record<string, StreamShape>>;
  /** When it fires; left out by operators that do not hold rows back for a time or a number of rows. */
  firing?(config: C): Firing;
  /** The rate that the config holds it to, rows/s of all its subtasks together; null or left out: none. */
  rowsPerSecond?(config: C): number | null;
  /** Sinks whose rows go no farther than to whoever looks at them: a preview runs them as they are. */
  readonly showsOnly?: true;
  /** Sinks: what of their `OperatorView` a dashboard shows, and how. */
  tile?(config: C): Tile;
  /** The config with which it mends a problem when it reads the stream that has it: before a node, or (MR1109) behind an output; null: it does not. */
  mends?(code: DiagnosticCode, input: StreamShape): Readonly<Record<string, unknown>> | null;
  /** The config with which it hands rows on with some fields under new names, and changes nothing else; left out: there is none. */
  renames?(schema: Schema, names: ReadonlyMap<string, string>): Readonly<Record<string, unknown>>;
}

/** An operator that stands for others. It has no runtime, and what is known of its streams is known of theirs. */
export interface CompositeSpec<C> extends OperatorFace<C> {
  /**
   * The operators it stands for. Pure and total: problems are reported, and null is answered when nothing can be made of the config. The
   * same operator has the same id while unrelated parts of the config change: its state is found by it.
   */
  expand(config: C, inputs: readonly InputStream[], report: Report): Expansion | null;
  /** The file of the document that it stands for, from raw config; null while none is named. */
  refersTo?(raw: Readonly<Record<string, unknown>>): string | null;
  /** What it is once that document is known: its ports and parameters are those that are declared there. */
  bind?(found: SubPipeline): AnyCompositeSpec;
  /** Of an operator where rows come into a sub-pipeline or leave it. */
  boundary?(config: C): Boundary;
}

/* The erased forms that lists hold. */
/* eslint-disable @typescript-eslint/no-explicit-any -- erases C, as in a list of specs */
export type AnyCompositeSpec = CompositeSpec<any>;
export type AnyPrimitiveSpec = OperatorSpec<any>;
/* eslint-enable @typescript-eslint/no-explicit-any */
export type AnyOperatorSpec = AnyPrimitiveSpec | AnyCompositeSpec;

export function isComposite(spec: AnyOperatorSpec): spec is AnyCompositeSpec {
  return 'expand' in spec;
}

/** Whether rows end at a node: all that leaves a sink, if anything, are rows that it refuses. */
export function isSink({ spec, ports }: { readonly spec: AnyOperatorSpec | null; readonly ports: Ports }): boolean {
  return ports.outputs.length === 0 || spec?.category === 'sink';
}

/** Whether it is a sink that writes to something outside. */
export function writesOutside(spec: AnyOperatorSpec): boolean {
  return spec.category === 'sink' && !isComposite(spec) && spec.showsOnly !== true;
}

/** What one subtask's operator is built from: no lookup of documents at run time. */
export interface OperatorPlan<C> {
  readonly nodeId: NodeId;
  readonly config: C;
  readonly inputs: readonly InputStream[];
  readonly outputs: Readonly<Record<string, StreamShape>>;
  readonly subtask: number;
  readonly parallelism: number;
  /** Absolute; relative paths in config are resolved against it. */
  readonly baseFolder: string;
  /** Most rows of a batch that a source emits now: under backpressure fewer. Ask at each poll. */
  readonly batchRows: number;
}

export interface Output {
  /** False when no edge leaves the port: what would go there may be counted instead. */
  readonly isConnected: boolean;
  /** Hands rows on. The batch must not be written to afterwards. Empty batches are allowed and ignored. */
  emit(batch: Batch): void;
}

export interface Clock {
  /** Milliseconds since the epoch. In batch mode the job's start for all but sources, and no timer of theirs comes due. */
  now(): number;
}

/** All that reaches an operator from outside its inputs. */
export interface OperatorContext {
  readonly clock: Clock;
  /** In [0, 1). */
  random(): number;
  readonly state: StateStore;
  readonly files: FileIo;
  readonly network: NetworkIo;
  output(port: string): Output;
  /** False in batch mode: event time stands still until the end of the input, so watermarks and idleness before it are dropped and need not be made. */
  readonly hasProgress: boolean;
  /** For operators that `assignsWatermarks`: never lower than the one before (lower ones are ignored). */
  emitWatermark(watermark: number): void;
  /** For operators that `assignsWatermarks`: do not wait for this subtask's watermark until rows or a watermark come again. */
  emitIdle(): void;
  /** Calls `onTimer(at)` once processing time reaches `at`. The same `at` twice is one timer. Timers do not outlive a restart: set them again in `open`. */
  setTimer(at: number): void;
  /** Has the task call `onWake`, and poll a source that answered `waiting`. Safe to call from an I/O callback, also after `close`. */
  wake(): void;
  /**
   * Settles after `ms`, for requests under way: between two attempts, say. Unlike a timer it does so outside the task, in batch mode too,
   * and is not heard of any more once the job has ended.
   */
  delay(ms: number): Promise<void>;
  countLate(rows: number): void;
  /** Text to standard output (`sink.print`), newline included. */
  print(text: string): void;
  /** Rows for whoever watches this node (`sink.table`). Watchers see the latest, at screen rate. */
  publish(batch: Batch): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
}

/** What an operator has under way: nothing; something; as much as it may have, so that it wants no more rows for now. */
export type Pending = 'none' | 'some' | 'full';

/** What a sink keeps for whoever watches its node, in place of rows that it publishes. Asked for at screen rate while somebody watches, and never otherwise. */
export interface OperatorView {
  /** Grows with every change. */
  readonly version: number;
  /** All of it. */
  rows(): Batch;
}

/**
 * One subtask of an operator. The task calls one method at a time; only `open` may be asynchronous.
 *
 * An operator may have requests under way (Flink's async I/O): it starts them in `processBatch` and returns, keeps what comes back, calls
 * `context.wake()`, and emits in `onWake`, where it also throws what went wrong. It says how much is under way in `pending`, and the
 * task sees to the order: marks (watermark, idle, end) and barriers wait in front of it until nothing is. So results keep their place with regard
 * to watermarks, nothing under way is ever part of state, and a sink that has sent all when it is asked for a snapshot is at least once.
 */
export interface Operator {
  readonly view?: OperatorView;
  /** Before the first row, with restored state at hand. */
  open?(): void | Promise<void>;
  /** Rows of input `input` (index into `plan.inputs`). */
  processBatch(batch: Batch, input: number): void;
  /** Asked often: must be cheap. While it is `full`, which only started requests may make it, the task takes no more input; a call on its way may still bring rows. */
  pending?(): Pending;
  /** After `context.wake()`: emits what has come back. The only place besides the other methods where an operator may emit. */
  onWake?(): void;
  /** A mark or a barrier waits until nothing is under way: do not wait for more rows to fill a request. May be called again and again. */
  flush?(): void;
  /**
   * Event time has come to `watermark` (the minimum over the inputs, +Infinity at the end). The task forwards it afterwards.
   * Return true to be called again with the same watermark first: so a large firing is emitted in parts, as outputs have room.
   */
  onWatermark?(watermark: number): boolean | void;
  /** Return true to be called again with the same `at` before anything else, as `onWatermark`. */
  onTimer?(at: number): boolean | void;
  /** All inputs have ended and the last watermark was handled. */
  onEnd?(): void;
  /** A barrier: put what must survive into state (`context.state`); sinks pre-commit here. */
  snapshot?(checkpointId: number): void;
  /** The checkpoint is complete on all subtasks: sinks commit. Also called after a restore, for the restored checkpoint. */
  checkpointComplete?(checkpointId: number): void;
  /** Always called, also after a failure: free what `open` took, and abandon what is under way. */
  close?(): void;
  /** What it keeps of its rejected rows. */
  readonly deadLetters?: DeadLetters;
}

/** What a source's `poll` found: more at once, nothing until `wake` or a timer, or the end of its input. */
export type SourceStatus = 'ready' | 'waiting' | 'ended';

/** A source has no inputs: the task polls it whenever its outputs have room. */
export interface SourceOperator extends Operator {
  /** Emits at most one batch (up to the batch size). Must not block for long. */
  poll(): SourceStatus;
}

export type OperatorFactory<C> = (plan: OperatorPlan<C>, context: OperatorContext) => Operator | SourceOperator;
export type AnyOperatorFactory = OperatorFactory<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- erases C, as above

export function isSource(operator: Operator | SourceOperator): operator is SourceOperator {
  return 'poll' in operator;
}

/**
 * What a debug session is asked, and what it tells: plain data, it crosses processes. A session runs a document one row at a time; a
 * *moment* is how many steps it has made from the start, and every moment so far can be gone back to.
 */
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import type {
  DebugPlanInfo,
  DebugQueue,
  DebugRow,
  DebugStep,
  DebugWatermark,
  Explanation,
  Lineage,
  Moment,
  NodeState,
  RowId,
  StateQuery,
  SubexpressionValue,
  Timeline,
} from './debug-views.ts';

export * from './debug-views.ts';

export interface DebugOptions {
  readonly params?: Readonly<Record<string, string>>;
  /** Subtasks of every operator but sources, in place of the document's. */
  readonly parallelism?: number;
  /** Whether operators may run code of the document; otherwise a document with such code is refused, MR2305. */
  readonly allowsUserCode: boolean;
  /** `downstream-first`: a row goes all its way before the next one starts, so that steps read like calls. `seeded`: any task at any time, to look for races. */
  readonly schedule?: 'downstream-first' | 'seeded';
  /** Draws what is random: interleaving, RAND(), which source comes next. */
  readonly seed?: number;
  /** A checkpoint to go back to after about so many steps. */
  readonly checkpointEvery?: number;
  /** Memory for them, in bytes; beyond it every other one of the older ones goes. */
  readonly checkpointBytes?: number;
  /** Memory for what is read from sources, in bytes: a source that would give more fails. */
  readonly inputBytes?: number;
  /** Recordings to start from instead of nodes, by these: paths from the document's folder. */
  readonly recordings?: Readonly<Record<NodeId, string>>;
}

export type BreakpointPlace =
  /** A row is about to be handled; `port`: that came to this input. */
  | { readonly type: 'node'; readonly nodeId: NodeId; readonly port?: string }
  /** A row has left by this port, and waits in front of those behind it. */
  | { readonly type: 'output'; readonly nodeId: NodeId; readonly port: string }
  /** At one operator, or (null) at any: rows leave without a row coming in, since a watermark or timer has come. */
  | { readonly type: 'firing'; readonly nodeId: NodeId | null }
  | { readonly type: 'late'; readonly nodeId: NodeId | null }
  /** One is due, of processing or of event time. */
  | { readonly type: 'timer'; readonly nodeId: NodeId | null }
  /** The operator's watermark reaches `atLeast` (ms since the epoch; null: any). */
  | { readonly type: 'watermark'; readonly nodeId: NodeId | null; readonly atLeast: number | null }
  | { readonly type: 'barrier'; readonly nodeId: NodeId | null }
  /** State under a key changes: under any, or under that of `key` (field values, as text, in the order of the key). */
  | { readonly type: 'state'; readonly nodeId: NodeId; readonly table?: string; readonly key?: readonly string[] }
  | { readonly type: 'error'; readonly nodeId: NodeId | null }
  /** A row is about to be handled that `row` was made of, or that was made of it. */
  | { readonly type: 'lineage'; readonly row: RowId; readonly nodeId: NodeId | null };

export interface BreakpointRequest {
  readonly id: string;
  readonly place: BreakpointPlace;
  /** `log`: writes a message and goes on. */
  readonly mode: 'enabled' | 'disabled' | 'log';
  /**
   * Over the row (with `firing` and `output`: any row that leaves); with `state` over the entry after the change: the key's fields, the
   * state's columns (`object` ones as JSON text) and, where there is one, `namespace`. Must be TRUE.
   */
  readonly condition?: string;
  /** Stops only at every `n`th hit, from the `n`th on, or at that one. */
  readonly hits?: { readonly type: 'every' | 'from' | 'at'; readonly n: number };
  /** With `{expression}` for values; a line that says what happened when left out. */
  readonly message?: string;
}

export interface BreakpointState {
  readonly id: string;
  /** Null when it can be hit. */
  readonly problem: string | null;
  /** Up to the present moment, as far as was looked. */
  readonly hits: number;
}

export type StepTarget =
  /** The next thing that an operator does: one row is one step. */
  | { readonly to: 'into' }
  /** Past all that the current row leads to behind the operator it is at. */
  | { readonly to: 'over' }
  /** Past all that the row before the current one on its way leads to. */
  | { readonly to: 'out' }
  /** The next row that is handled, at any operator or at one. */
  | { readonly to: 'row'; readonly nodeId?: NodeId }
  /** The next batch that a source reads. */
  | { readonly to: 'batch' }
  | { readonly to: 'watermark' | 'firing' | 'timer' | 'barrier'; readonly nodeId?: NodeId }
  /** The next completed checkpoint. */
  | { readonly to: 'checkpoint' };

/** `waiting`: paused while a source had nothing to give. */
export type StopReason = 'entry' | 'step' | 'breakpoint' | 'pause' | 'error' | 'waiting' | 'end' | 'jump' | 'change';

/** Where the session stands. */
export interface DebugStop {
  readonly moment: Moment;
  /** The furthest moment so far. */
  readonly frontier: Moment;
  readonly reason: StopReason;
  readonly breakpoints: readonly string[];
  /** What the next step will do: it has not happened yet. Null at the end, and while a source waits for the outside. */
  readonly next: DebugStep | null;
  /** What led here; null at the start. */
  readonly last: DebugStep | null;
  /** The next step's row, the row that it was made from, and so on up to a source's: its way. */
  readonly path: readonly DebugRow[];
  /** Virtual time, ms since the epoch. */
  readonly now: number;
  readonly isFinished: boolean;
}

export interface EvaluateRequest {
  readonly expression: string;
  /** The next step's row unless given. */
  readonly row?: RowId;
}

/** What a row in a queue is changed to: values in field order, as `DebugRow` has them. */
export interface RowEdit {
  readonly values: readonly unknown[];
  readonly eventTime?: number | null;
  readonly changeKind?: DebugRow['changeKind'];
}

export interface QueuePlace {
  readonly link: number;
  readonly fromSubtask: number;
  readonly toSubtask: number;
  /** From the next one on. */
  readonly index: number;
}

export type DebugEvent =
  | { readonly type: 'running' }
  | { readonly type: 'stopped'; readonly stop: DebugStop }
  /** While it runs, a few times a second. */
  | { readonly type: 'progress'; readonly moment: Moment }
  /** From `log` breakpoints. */
  | { readonly type: 'log'; readonly breakpoint: string; readonly moment: Moment; readonly message: string }
  /** It was hit, or it turned out that it cannot be: told with the next stop. */
  | { readonly type: 'breakpoint'; readonly breakpoint: BreakpointState };

export interface DebugStart {
  readonly plan: DebugPlanInfo;
  readonly diagnostics: readonly Diagnostic[];
  readonly stop: DebugStop;
}

/** Calls are handled one after the other; `pause` ends the one that runs. */
export interface DebugSessionApi {
  setBreakpoints(breakpoints: readonly BreakpointRequest[]): Promise<readonly BreakpointState[]>;
  /** Until a breakpoint, an error, `pause` or the end. */
  resume(): Promise<DebugStop>;
  pause(): Promise<void>;
  step(target: StepTarget, times?: number): Promise<DebugStop>;
  /** Back to before the last thing that an operator did. */
  stepBack(times?: number): Promise<DebugStop>;
  /** Back to the breakpoint before, or to the start. */
  reverse(): Promise<DebugStop>;
  /** To any moment up to the frontier. */
  jump(moment: Moment): Promise<DebugStop>;
  /** Takes a checkpoint here, which the run goes on from. */
  checkpoint(): Promise<DebugStop>;

  plan(): Promise<DebugPlanInfo>;
  /** In the order in which they run (`seeded`: any may be next). */
  queues(): Promise<readonly DebugQueue[]>;
  watermarks(): Promise<readonly DebugWatermark[]>;
  state(nodeId: NodeId, query?: StateQuery): Promise<NodeState>;
  explain(): Promise<Explanation | null>;
  evaluate(request: EvaluateRequest): Promise<readonly SubexpressionValue[]>;
  /** Newest last: what a sink, or any node, was given. */
  rowsInto(nodeId: NodeId, limit: number): Promise<readonly DebugRow[]>;
  timeline(from: Moment, to: Moment, parts: number): Promise<Timeline>;
  lineage(row: RowId, direction: 'backward' | 'forward'): Promise<Lineage>;

  /** What happened after this moment is forgotten: it would happen otherwise now. */
  editRow(place: QueuePlace, edit: RowEdit): Promise<DebugStop>;
  /** A row, a watermark or an idle mark. */
  dropElement(place: QueuePlace): Promise<DebugStop>;
  /** A row into an edge, in front of all that waits there; its subtask follows the edge's exchange. */
  injectRow(link: number, edit: RowEdit): Promise<DebugStop>;
  /** A watermark (ms since the epoch) into all subtasks of an edge, in front of all that waits there: rows up to it are late from then on. */
  injectWatermark(link: number, time: number): Promise<DebugStop>;
  /** Writes what the sink was given up to the present moment, by the sink itself, as a job that ends here would. Nothing is written otherwise. */
  writeSink(nodeId: NodeId): Promise<{ readonly rows: number }>;
  /**
   * Writes what a node gave to a file, to start other sessions from: of a source all that was read, of another node what left it up to the
   * present moment. `file`: from the document's folder.
   */
  record(nodeId: NodeId, file: string): Promise<{ readonly rows: number }>;
  /** From the start, with the same input. */
  restart(change?: Pick<DebugOptions, 'parallelism' | 'schedule' | 'seed'>): Promise<DebugStop>;
  /** Goes on with a changed document from the last checkpoint, with the state that still fits and the same input. Rejects with diagnostics when it has errors. */
  replaceDocument(text: string): Promise<DebugStop>;
  close(): Promise<void>;
}

/** What a session is started with. */
export interface DebugRequest {
  /** Chosen by who asks, to call it by. */
  readonly sessionId: string;
  readonly text: string;
  /** Texts of the documents that it stands on, by path from `folder`. */
  readonly subPipelines?: Readonly<Record<string, string>>;
  /** Absolute: where the document's relative paths start from. */
  readonly folder: string;
  readonly options: DebugOptions;
}

export const DEBUG_METHODS = [
  'setBreakpoints',
  'resume',
  'pause',
  'step',
  'stepBack',
  'reverse',
  'jump',
  'checkpoint',
  'plan',
  'queues',
  'watermarks',
  'state',
  'explain',
  'evaluate',
  'rowsInto',
  'timeline',
  'lineage',
  'editRow',
  'dropElement',
  'injectRow',
  'injectWatermark',
  'writeSink',
  'record',
  'restart',
  'replaceDocument',
  'close',
] as const satisfies readonly (keyof DebugSessionApi)[];
export type DebugMethod = keyof DebugSessionApi;
export type DebugArguments<M extends DebugMethod> = Parameters<DebugSessionApi[M]>;
export type DebugAnswer<M extends DebugMethod> = Awaited<ReturnType<DebugSessionApi[M]>>;

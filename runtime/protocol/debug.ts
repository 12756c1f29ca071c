/**
 * What a debug session is asked, and what it tells: plain data, it crosses processes. A session runs a document one row at a time; a
 * *moment* is how many steps it has made from the start, and every moment so far can be gone back to.
 */
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import type { Exchange } from '../compiler/physical-plan.ts';
import type { ErrorReport } from './job.ts';

/** Steps from the start of the run; 0 = nothing has happened. */
export type Moment = number;
/** A row as it left one port: the same row has another id behind the next operator. From 1 on, in the order in which they were made. */
export type RowId = number;

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

export interface DebugColumn {
  readonly name: string;
  /** `DECIMAL(10,2)`. */
  readonly type: string;
}

export interface DebugPort {
  readonly name: string;
  readonly fields: readonly DebugColumn[];
}

/** An operator of the plan: a composite of the document is there as what it stands for. */
export interface DebugOperator {
  readonly nodeId: NodeId;
  /** Node of the document that it belongs to: itself, unless that is a composite. */
  readonly documentNode: NodeId;
  readonly label: string;
  readonly type: string;
  readonly subtasks: number;
  /** An entry for each edge into it. */
  readonly inputs: readonly DebugPort[];
  readonly outputs: readonly DebugPort[];
}

/** An edge of the plan. `link` names it in requests. */
export interface DebugLink {
  readonly link: number;
  readonly from: NodeId;
  readonly fromPort: string;
  readonly to: NodeId;
  readonly toPort: string;
  readonly exchange: Exchange;
}

export interface DebugPlanInfo {
  readonly name: string;
  readonly operators: readonly DebugOperator[];
  readonly links: readonly DebugLink[];
}

export interface DebugRow {
  readonly id: RowId;
  /** The port it left. */
  readonly nodeId: NodeId;
  readonly port: string;
  readonly subtask: number;
  /** The step that made it. */
  readonly moment: Moment;
  /** In field order, each as JSONL would write it (BIGINT beyond 2^53 as text). */
  readonly values: readonly unknown[];
  /** ms since the epoch. */
  readonly eventTime: number | null;
  readonly changeKind: '+I' | '-U' | '+U' | '-D';
}

/**
 * What a step does: `row`: an operator handles a row; `source`: a source gives a row, or looks for one; `watermark`, `idle`, `barrier`
 * and `end` come to an operator; `timer`: one of processing time is due; `answer`: something an operator has asked for is back;
 * `checkpoint`: a task is told that one is complete; `internal`: time moves, or the machinery works.
 */
export const STEP_KINDS = [
  'internal',
  'row',
  'source',
  'watermark',
  'idle',
  'timer',
  'answer',
  'barrier',
  'checkpoint',
  'end',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** A step in full. The step with moment `m` leads from moment `m - 1` to `m`. */
export interface DebugStep {
  readonly moment: Moment;
  readonly kind: StepKind;
  /** Null for what belongs to no operator. */
  readonly nodeId: NodeId | null;
  readonly subtask: number;
  /** `row`: what is handled, and the input port it came to. */
  readonly row: DebugRow | null;
  readonly inputPort: string | null;
  /** `watermark`: 'end' for the last one. `timer`: when it was due. ms since the epoch. */
  readonly time: number | 'end' | null;
  /** Rows that left, in order. */
  readonly emitted: readonly DebugRow[];
  /** Rows that were dropped, or sent aside, since the watermark had passed them. */
  readonly lateRows: number;
  /** What was thrown: the step can be looked at, but not passed. */
  readonly error: ErrorReport | null;
}

export type BreakpointPlace =
  /** A row is about to be handled; `port`: that came to this input. */
  | { readonly type: 'node'; readonly nodeId: NodeId; readonly port?: string }
  /** A row has left by this port, and waits in front of those behind it. */
  | { readonly type: 'output'; readonly nodeId: NodeId; readonly port: string }
  /** At one operator, or (null) at any: rows leave without a row coming in, since a watermark or timer has come. */
  | { readonly type: 'firing'; readonly nodeId: NodeId | null }
  | { readonly type: 'late'; readonly nodeId: NodeId | null }
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
  /** Stops only at every `n`th hit, or from the `n`th on. */
  readonly hits?: { readonly type: 'every' | 'from'; readonly n: number };
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

export type QueueElement =
  | { readonly type: 'row'; readonly row: DebugRow }
  | { readonly type: 'watermark'; readonly watermark: number | 'end' }
  | { readonly type: 'idle'; readonly isIdle: boolean }
  | { readonly type: 'barrier'; readonly checkpointId: number }
  | { readonly type: 'end' };

/** What waits between two subtasks, next first. */
export interface DebugQueue {
  readonly link: number;
  readonly fromSubtask: number;
  readonly toSubtask: number;
  readonly elements: readonly QueueElement[];
  /** The last watermark that was taken from it; null before the first. */
  readonly watermark: number | 'end' | null;
  readonly isIdle: boolean;
}

export interface StateEntry {
  readonly subtask: number;
  /** Key values, in the order of `keys`. */
  readonly key: readonly unknown[];
  /** What an entry is numbered by beside its key (a window's start, a row number); null where nothing is. */
  readonly namespace: number | null;
  /** In the order of `columns`. */
  readonly values: readonly unknown[];
}

export interface StateTable {
  readonly name: string;
  readonly keys: readonly DebugColumn[];
  /** None: timers, whose `namespace` is when they are due. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** All there are, also those that are not in `shown`. */
  readonly entries: number;
  readonly bytes: number;
  readonly shown: readonly StateEntry[];
}

export interface StateList {
  readonly name: string;
  readonly subtask: number;
  readonly values: readonly unknown[];
}

export interface NodeState {
  readonly nodeId: NodeId;
  /** Estimated, in memory. */
  readonly bytes: number;
  readonly tables: readonly StateTable[];
  readonly lists: readonly StateList[];
}

/** Which entries to show: those whose key's values, as text, begin with `key`; from `offset` on, `limit` of them. */
export interface StateQuery {
  readonly key?: readonly string[];
  readonly table?: string;
  readonly offset?: number;
  readonly limit?: number;
}

/** An entry that the next step makes, changes or removes. */
export interface StateChange {
  readonly table: string;
  readonly subtask: number;
  readonly key: readonly unknown[];
  readonly namespace: number | null;
  readonly columns: readonly string[];
  readonly before: readonly unknown[] | null;
  readonly after: readonly unknown[] | null;
}

export interface DebugWatermark {
  readonly nodeId: NodeId;
  readonly subtask: number;
  /** Null before the first. */
  readonly watermark: number | 'end' | null;
  readonly inputs: readonly {
    readonly port: string;
    readonly from: NodeId;
    readonly fromSubtask: number;
    readonly watermark: number | 'end' | null;
    readonly isIdle: boolean;
    /** It has the smallest of those that count. */
    readonly holdsBack: boolean;
  }[];
}

export interface SubexpressionValue {
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly type: string;
  readonly value: unknown;
  /** It cannot be computed on this row. */
  readonly error: string | null;
}

/** An expression of a node's config, on the row at hand: the whole first, then its parts. */
export interface ExpressionValues {
  /** `cases[0].condition`. */
  readonly path: string;
  readonly label: string;
  readonly text: string;
  readonly parts: readonly SubexpressionValue[];
}

/** What the next step does with its row, and why. */
export interface Explanation {
  readonly step: DebugStep;
  readonly outcome: 'emitted' | 'kept' | 'dropped' | 'late' | 'failed' | 'none';
  readonly expressions: readonly ExpressionValues[];
  readonly changes: readonly StateChange[];
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

/** How exact an answer about lineage is: `superset`: more rows than needed may be in it, none is missing. */
export type LineageExactness = 'exact' | 'superset';

export interface LineageHop {
  readonly row: DebugRow;
  /** Rows that it was made of, each a hop of this answer. */
  readonly parents: readonly RowId[];
  readonly exactness: LineageExactness;
}

export interface Lineage {
  /** `row` itself first. */
  readonly hops: readonly LineageHop[];
  /** Rows of sources among them (backward), or of sinks (forward). */
  readonly ends: readonly RowId[];
  readonly exactness: LineageExactness;
  /** Hops that were left out since there are too many. */
  readonly omitted: number;
}

/** What happened between two moments, for a strip of time: counts in equal parts. */
export interface TimelinePart {
  readonly from: Moment;
  readonly to: Moment;
  readonly rows: number;
  readonly watermarks: number;
  readonly firings: number;
  readonly timers: number;
  readonly barriers: number;
  readonly late: number;
  readonly errors: number;
}

export interface Timeline {
  readonly frontier: Moment;
  readonly parts: readonly TimelinePart[];
  /** Moments that are gone back to at once. */
  readonly checkpoints: readonly Moment[];
  /** Moments with changes by hand. */
  readonly changes: readonly Moment[];
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
  dropElement(place: QueuePlace): Promise<DebugStop>;
  /** A row into an edge, in front of all that waits there; its subtask follows the edge's exchange. */
  injectRow(link: number, edit: RowEdit): Promise<DebugStop>;
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
  'writeSink',
  'record',
  'restart',
  'replaceDocument',
  'close',
] as const satisfies readonly (keyof DebugSessionApi)[];
export type DebugMethod = keyof DebugSessionApi;
export type DebugArguments<M extends DebugMethod> = Parameters<DebugSessionApi[M]>;
export type DebugAnswer<M extends DebugMethod> = Awaited<ReturnType<DebugSessionApi[M]>>;

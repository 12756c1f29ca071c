/** What there is to see in a debug session: its plan, rows, steps, queues, state, and where rows came from. */
import type { EdgeRef } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import type { Exchange } from '../compiler/physical-plan.ts';
import type { ErrorReport } from './job.ts';

/** Steps from the start of the run; 0 = nothing has happened. */
export type Moment = number;
/** A row as it left one port: the same row has another id behind the next operator. From 1 on, in the order in which they were made. */
export type RowId = number;

export interface DebugColumn {
  readonly name: string;
  /** `DECIMAL(10,2)`. */
  readonly type: string;
}

export interface DebugPort {
  readonly name: string;
  readonly fields: readonly DebugColumn[];
  /** Its rows have an event time. */
  readonly hasEventTime: boolean;
  /** Its rows may be updates and deletions. */
  readonly isChangelog: boolean;
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
  /** The edge of the document that it is; null inside a composite. */
  readonly edge: EdgeRef | null;
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
 * and `end` come to an operator; `timer`: one of processing time is due (those of event time come with a watermark); `answer`: something an operator has asked for is back;
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

/** Why a node has no output: what `explainSilence` answers. */
import type { NodeId } from '../core/ids.ts';
import type { JobState } from '../protocol/job.ts';
import type { Watermark } from './observed-job.ts';

/** Where to look. */
export interface Place {
  readonly nodeId: NodeId;
  /** An input of the node. */
  readonly input?: string;
  /** An output of the node. */
  readonly output?: string;
}

/** Numbers are rows, shares of time (0 to 1), durations in ms, and times in ms since the epoch. */
export type SilenceReason =
  /** Null: it was not started. */
  | { readonly code: 'notRunning'; readonly state: JobState | null }
  | { readonly code: 'failed'; readonly message: string }
  /** Over: what there was has been. */
  | { readonly code: 'ended'; readonly state: JobState }
  /** The job was started before the node was there. */
  | { readonly code: 'notInJob' }
  /** It runs, and has not reported yet. */
  | { readonly code: 'starting' }
  /** There is output; of a sink, rows have come. */
  | { readonly code: 'flowing'; readonly rows: number; readonly rowsPerSecond: number }
  /** There was output, but none in the last report. */
  | { readonly code: 'paused'; readonly rows: number }
  /** A source: */
  | { readonly code: 'sourceEnded' }
  | { readonly code: 'sourceIdle' }
  | { readonly code: 'sourceSilent' }
  | { readonly code: 'sourceAligned'; readonly group: string; readonly driftMs: number; readonly maxDriftMs: number }
  /** Rows were sent to it and it has read none of them. */
  | { readonly code: 'rowsQueued'; readonly rows: number; readonly busy: number }
  /** It waits for requests under way, or holds rows back. */
  | { readonly code: 'waitsOutside'; readonly rows: number; readonly waiting: number }
  /** All rows left by another output: `late`, `rejected`, a route. */
  | { readonly code: 'otherOutput'; readonly rows: number; readonly of: number }
  | { readonly code: 'allLate'; readonly rows: number; readonly watermark: Watermark }
  | { readonly code: 'someLate'; readonly rows: number; readonly of: number }
  /** Rows came in and no row satisfied its condition. */
  | { readonly code: 'allFiltered'; readonly rows: number }
  /** A side of a join has had no rows. */
  | { readonly code: 'sideEmpty'; readonly otherRows: number }
  /** All sides have had rows, none of which go together. */
  | { readonly code: 'noMatch'; readonly rows: number }
  /** No watermark has come by this input. It begins at `origin`. */
  | { readonly code: 'watermarkMissing'; readonly origin: NodeId; readonly subtask: number | null }
  /** Event time waits for this input, `behindMs` behind the others (null where they have ended or this is not known). */
  | {
      readonly code: 'watermarkHeld';
      readonly origin: NodeId;
      readonly subtask: number | null;
      readonly watermark: number;
      readonly behindMs: number | null;
    }
  /** The inputs say that they are idle: event time stands still. */
  | { readonly code: 'inputsIdle'; readonly watermark: Watermark }
  /** The next window to close ends at `windowEnd`; `missingMs` of its time are still to come. */
  | {
      readonly code: 'windowOpen';
      readonly time: 'event' | 'processing';
      readonly windowEnd: number;
      readonly now: number;
      readonly missingMs: number;
    }
  /** A session closes when its group has had no row for so long. */
  | { readonly code: 'sessionOpen'; readonly time: 'event' | 'processing'; readonly gapMs: number }
  /** Fires with every so many rows of a group. */
  | { readonly code: 'tooFewRows'; readonly needed: number; readonly rows: number }
  /** Gives rows out once the watermark has passed them. */
  | { readonly code: 'behindWatermark'; readonly watermark: number }
  /** Batch mode: results come at the end of the input. */
  | { readonly code: 'endOfInput' }
  /** Keeps rows in its state and has had no reason to give any out. */
  | { readonly code: 'holdsRows'; readonly rows: number; readonly stateBytes: number }
  /** A sink: rows can be seen once a checkpoint has completed. `intervalMs` 0: only the final one. */
  | {
      readonly code: 'waitsForCheckpoint';
      readonly rows: number;
      readonly intervalMs: number;
      readonly lastCompletedAt: number | null;
      readonly lastFailure: string | null;
    };

export interface SilenceCause {
  readonly place: Place;
  readonly reason: SilenceReason;
}

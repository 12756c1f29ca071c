/** What the run of a test case tells. Plain data: it crosses processes. */
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import type { ErrorReport, SampledRow } from './job.ts';

/** `error`: it could not be run to its end, so nothing is said about its rows. */
export type TestStatus = 'passed' | 'failed' | 'error';

export interface TestReport {
  /** Of the case, in the document. */
  readonly index: number;
  readonly name: string;
  readonly status: TestStatus;
  /** Wall-clock time of all its runs, in ms. */
  readonly durationMs: number;
  /** At which it failed, or the last one it ran with. */
  readonly parallelism: number;
  /** One for each expectation, in order; those of the run at `parallelism`. Empty with `error`. */
  readonly checks: readonly RowCheck[];
  /** Why it could not run: problems of the document or of the case. */
  readonly diagnostics: readonly Diagnostic[];
  /** What failed while it ran. */
  readonly error: ErrorReport | null;
  /** The step (from 0) in which it failed; null: before the first one, or behind the last. */
  readonly failedStep: number | null;
}

/** One expectation, compared. */
export interface RowCheck {
  readonly nodeId: NodeId;
  /** Null: what came to the node. */
  readonly port: string | null;
  readonly fields: readonly string[];
  readonly hasUpdates: boolean;
  readonly isMet: boolean;
  /** Rows by how they compare, as far as `MAX_ROWS`; those that are expected in their order, others where they belong among them. */
  readonly rows: readonly ComparedRow[];
  readonly expectedCount: number;
  readonly actualCount: number;
}

/** `moved`: there, but at another place than the order says. */
export type Comparison = 'same' | 'changed' | 'missing' | 'unexpected' | 'moved';

export interface ComparedRow {
  readonly comparison: Comparison;
  readonly expected: CheckedRow | null;
  readonly actual: CheckedRow | null;
  /** Of a changed row: the fields that differ; `CHANGE_KEY` and `TIME_KEY` may be among them. */
  readonly changed: readonly string[];
}

/** Values as JSONL would write them. */
export type CheckedRow = Omit<SampledRow, 'seenAt' | 'subtask'>;

/** Most compared rows of a report. */
export const MAX_ROWS = 2000;

/** Which cases of a document to run, and how. */
export interface TestRequest {
  /** Chosen by who asks, to cancel it by. */
  readonly runId: string;
  readonly text: string;
  /** Absolute folder that relative paths start from. */
  readonly folder: string;
  /** Places in the document's list; null = all. */
  /** Texts of the documents that it stands on, by path from `folder`. */
  readonly subPipelines?: Readonly<Record<string, string>>;
  readonly cases: readonly number[] | null;
  /** See `RunOptions.allowsUserCode`. */
  readonly allowsUserCode: boolean;
  /** For each run of a case, wall clock. */
  readonly timeoutMs: number;
}

export function passed(reports: readonly TestReport[]): boolean {
  return reports.every(({ status }) => status === 'passed');
}

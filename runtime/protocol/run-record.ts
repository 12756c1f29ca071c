/** What is kept of a document's runs, whether they go on or not: the app's Runs view lists it. */
import type { ErrorReport, JobState, RuntimeMode } from './job.ts';

/** Where its rows went: out, nowhere, or to another cluster. */
export type RunKind = 'run' | 'preview' | 'flink';

/** How a run was started, for the next one like it. */
export interface RunChoices {
  readonly params: Readonly<Record<string, string>>;
  /** null: as the document says. */
  readonly parallelism: number | null;
  /** null: as the document says. */
  readonly runtimeMode: RuntimeMode | null;
}

export interface RunRecord extends RunChoices {
  readonly id: string;
  /** Of the document, in the workspace. */
  readonly path: string;
  readonly kind: RunKind;
  /** null: the app ended while it ran. */
  readonly state: JobState | null;
  readonly attempt: number;
  readonly error: Pick<ErrorReport, 'code' | 'message' | 'remedy'> | null;
  /** ms since the epoch. */
  readonly startedAt: number;
  /** null: it runs, or nobody saw its end. */
  readonly endedAt: number | null;
  /** What its sources gave since its last (re)start. */
  readonly rows: number;
  /** Its latest complete checkpoint or savepoint. */
  readonly checkpoint: number | null;
}

/** What is run here and on a real engine, and compared. */
import type { NodeId } from '../../core/ids.ts';
import type { PipelineDocument } from '../../graph/index.ts';

export interface Case {
  /** `template clicks`, `nexmark q7`, `operator dedup`, `semantics late rows`. */
  readonly name: string;
  readonly document: PipelineDocument;
  readonly params?: Readonly<Record<string, string>>;
  /** Absolute; paths in the document are resolved against it. */
  readonly baseFolder: string;
  /** Text by name, for files that the document reads; they are written into its folder first, which is then a fresh one. */
  readonly files?: Readonly<Record<string, string>>;
  /** Late rows are late, as its sources say; otherwise none is, so that results do not depend on how fast sources are. */
  readonly isLateAllowed?: boolean;
  /** Its sources are what it is about: they run as they are, and no recorded files in their place. */
  readonly keepsSources?: boolean;
  /** What of the rows is compared, of sinks whose rows depend on the clock; all unless given. */
  readonly compared?: Readonly<Record<string, (rows: readonly Row[]) => readonly Row[]>>;
}

/** Values of a row in the order of the fields, as texts by which equal values are equal (`canonical`). */
export type Row = readonly unknown[];

/** The rows that are left at each sink in the end. */
export type SinkRows = ReadonlyMap<NodeId, readonly Row[]>;

/** A job whose sources are files and whose sinks are to be observed. */
export interface Job {
  readonly document: PipelineDocument;
  readonly params: Readonly<Record<string, string>>;
  readonly baseFolder: string;
  /** Empty folder for what an engine needs to write. */
  readonly scratch: string;
}

/** A real engine at work. */
export interface Engine {
  /** `Apache Flink 2.3.0`. */
  readonly label: string;
  /** Rejects with the engine's reason when it refuses the job or fails. */
  run(job: Job): Promise<SinkRows>;
  stop(): Promise<void>;
}

/** How an engine is got: downloaded once, started for a run of `verify-engines`. Rejects with `JavaMissing` when it cannot be had here. */
export interface EngineSetup {
  /** Of the target that it proves. */
  readonly target: string;
  start(): Promise<Engine>;
}

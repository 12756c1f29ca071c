/** A real engine, and what it is given to run. */
import type { SubPipelineTexts } from '../compiler/index.ts';
import type { NodeId } from '../core/ids.ts';
import type { PipelineDocument } from '../graph/index.ts';
import type { EngineName } from '../protocol/comparison.ts';

/** Values of a row in the order of the fields, as texts by which equal values are equal (`canonical`). */
export type Row = readonly unknown[];

/** The rows that are left at each sink in the end. */
export type SinkRows = ReadonlyMap<NodeId, readonly Row[]>;

/** What a document is read with. */
export interface JobContext {
  readonly params: Readonly<Record<string, string>>;
  /** Absolute; paths in the document are resolved against it. */
  readonly baseFolder: string;
  readonly subPipelines?: SubPipelineTexts | undefined;
}

/** A job whose sources are files and whose sinks are to be observed. */
export interface Job extends JobContext {
  readonly document: PipelineDocument;
  /** Empty folder for what an engine needs to write. */
  readonly scratch: string;
}

/** At work. */
export interface Engine {
  /** Rejects with the engine's reason when it refuses the job or fails. */
  run(job: Job): Promise<SinkRows>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** How long a job may take, in seconds. */
  readonly patienceSeconds?: number;
  /** Ends fetching and processes at once; calls then reject. */
  readonly signal?: AbortSignal | undefined;
}

/** How an engine is had: fetched once, started when it is wanted. */
export interface EngineSetup {
  readonly name: EngineName;
  /** `Apache Flink 2.3.0`. */
  readonly label: string;
  /** Id of the export that it runs. */
  readonly target: string;
  /** Whether what is impossible for a stream is tried as a batch job. */
  readonly triesBatch: boolean;
  /** Rejects with `ToolMissing` when it cannot be had here, and with the end of its log when it does not start. */
  start(options: EngineOptions): Promise<Engine>;
}

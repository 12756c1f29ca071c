/**
 * What an operator becomes in another system: the contract of `export.ts` in its folder. Pure; runs anywhere. An operator joins a target by
 * the member of its exporter that is named after it; the target (`exporters/<target>`) puts the parts together.
 */
import type { Schema } from './schema.ts';

/** What a query can know of a stream beside its fields. */
export interface StreamFacts {
  /** The column with the event time of its rows: a field, or one beside the fields that queries hand on; null: there is none. */
  readonly time: string | null;
  /** Its `window_start` and `window_end` are those of the window that its rows are in. */
  readonly isWindowed: boolean;
}

/** A stream into an operator, and what is known of it. */
export interface KnownStream extends StreamFacts {
  readonly port: string;
  readonly schema: Schema;
}

/** Who reads a query: our own operator `sql`, which takes expressions as they are written here, or another system. */
export type SqlDialect = 'millrace' | 'flink' | 'spark';

/** A table that a query reads from. */
export interface ExportedInput extends KnownStream {
  readonly table: string;
  /** The columns of the table: the fields, and behind them `time` where it is none of them and is handed on. */
  readonly columns: readonly string[];
  readonly dialect: SqlDialect;
}

export interface OutputPort {
  readonly port: string;
  readonly schema: Schema;
}

/** What a query is to give. */
export interface ExportedOutput extends OutputPort {
  /** Of the query, if it is a table itself. */
  readonly table: string;
  /** The column that the query gives behind the fields, with the event time; null: none is asked for. */
  readonly extraTime: string | null;
  /** `base`, or with a number behind it what no table is called yet. */
  freshTable(base: string): string;
  /** Absolute `file:` URL of a path in a config. */
  fileUrl(path: string): string;
}

export interface NamedQuery {
  readonly name: string;
  readonly select: string;
}

/** How near what is exported comes to what runs here: `note`: the same rows, but something is to be known. */
export type Fidelity = 'exact' | 'note' | 'approximate' | 'impossible';

/** Something that whoever runs the export has to know: a sentence or two. */
export interface Remark {
  readonly fidelity: Exclude<Fidelity, 'exact' | 'impossible'>;
  readonly text: string;
}

/** Why there is nothing for it in the target, and what to use instead: a sentence without its subject, `is no part of a query`. */
export interface Unsupported {
  readonly unsupported: string;
}

export interface SqlQuery {
  readonly select: string;
  readonly before?: readonly NamedQuery[];
  /** Tables that it reads beside its inputs; in scripts of Flink only. */
  readonly tables?: readonly { readonly name: string; readonly table: SqlTable }[];
  readonly remarks?: readonly Remark[];
}

/** A SELECT that reads its inputs by their names, or why there is none. */
export type SqlFragment = SqlQuery | Unsupported;

/** The table that is asked of a source or sink. */
export interface TableRequest {
  /** What it will be called. */
  readonly table: string;
  /** Of the rows: those that leave port `out`, or those that come in. */
  readonly schema: Schema;
  /** Whether rows come in that change others. */
  readonly isChangelog: boolean;
  /** Ports that somebody reads. */
  readonly readPorts: readonly string[];
  /** Absolute `file:` URL of a path in a config. */
  fileUrl(path: string): string;
}

/** A table of Flink: what stands in its CREATE TABLE. */
export interface SqlTable {
  /** Columns, watermarks and keys, as its statement has them. */
  readonly columns: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  /** Sinks: columns that its files are parted by. */
  readonly partitionedBy?: readonly string[];
  /** Sinks: what is written beside the fields, behind them; each over the incoming rows. */
  readonly computed?: readonly { readonly name: string; readonly text: string }[];
  /** Sources: the rows of ports other than `out`, or of `out` where they are not the table's own: a SELECT from the table, whose name is given. */
  readonly ports?: Readonly<Record<string, (table: string) => string>>;
  /** What its connector and format need beside Flink itself: Maven coordinates without the version. */
  readonly needs?: readonly string[];
  readonly remarks?: readonly Remark[];
}

/** How a Spark program runs: once over all there is, or in micro-batches. */
export interface SparkJob {
  readonly mode: 'batch' | 'streaming';
  /** Absolute `file:` URL of a path in a config. */
  fileUrl(path: string): string;
}

/** A DataFrame that a variable of the program, called as `table`, holds. */
export interface SparkInput extends ExportedInput {
  /** Whether rows come in that change others. */
  readonly isChangelog: boolean;
  /** Whether a streaming query keeps state on the way to it. */
  readonly isStateful: boolean;
  /** Whether a streaming query has a watermark on the way to it. */
  readonly isWatermarked: boolean;
}

export interface PythonCall {
  readonly method: string;
  /** Python text of each; null: no call, but an attribute. */
  readonly args: readonly string[] | null;
}

/** `start.method(…).method(…)` */
export interface PythonChain {
  readonly start: string;
  readonly calls: readonly PythonCall[];
}

export interface SparkQuery {
  readonly frame: PythonChain;
  /** DataFrames that it reads, in variables of their own. */
  readonly before?: readonly { readonly name: string; readonly frame: PythonChain }[];
  /** Whether a streaming query keeps state for it. */
  readonly isStateful?: boolean;
  /** Whether a streaming query gives rows only once the watermark has passed them, so that the last ones of bounded input stay out. */
  readonly waitsForWatermark?: boolean;
  readonly remarks?: readonly Remark[];
}

export type SparkFragment = SparkQuery | Unsupported;

/** Where rows go: the part of `writeStream` or `write` that is the sink's own. */
export interface SparkSink {
  /** From the variable on: `rows.writeStream.format("console")`, or in batch a whole statement. */
  readonly writer: PythonChain;
  readonly remarks?: readonly Remark[];
}

/** A stream into a bolt of Storm. */
export interface StormInput extends OutputPort {
  /** Whether rows come in that change others. */
  readonly isChangelog: boolean;
}

/** The class of a spout or bolt, beside what every one has: its name and its other outputs. */
export interface StormClass {
  /** The class of the export's library that it extends. */
  readonly base: string;
  /** Java of what its constructor is given. */
  readonly args: readonly string[];
  /** Java: further statements of its constructor. */
  readonly setup?: readonly string[];
  /** Java: methods, each from its first line on. */
  readonly members?: readonly string[];
  /** Whether it keeps rows, or what came of them. */
  readonly isStateful?: boolean;
  readonly remarks?: readonly Remark[];
}

/** What a Storm class can know of the topology that it is part of. */
export interface StormJob {
  /** Absolute `file:` URL of a path in a config. */
  fileUrl(path: string): string;
}

/** `C` is the operator's checked config. */
export interface Exporter<C> {
  /** What is known of an output's rows; left out: what is known of the first input's. `dialect`: of who reads the query. */
  facts?(config: C, inputs: readonly KnownStream[], output: OutputPort, dialect: SqlDialect): StreamFacts;
  /** Whether its query names the event time of its inputs. */
  readsTime?(config: C): boolean;
  /** The rows of port `out` in Flink SQL. */
  flink(config: C, inputs: readonly ExportedInput[], output: ExportedOutput): SqlFragment;
  /** The rows of any other port in a script of Flink; left out where no query tells them. */
  flinkPort?(config: C, inputs: readonly ExportedInput[], output: ExportedOutput): SqlFragment;
  /** Of sources and sinks: the table that stands for them in a script of Flink. Left out by all others. */
  flinkTable?(config: C, request: TableRequest): SqlTable | Unsupported;
  /** The rows of an output port as a DataFrame; of sources without inputs. */
  spark(config: C, inputs: readonly SparkInput[], output: ExportedOutput, job: SparkJob): SparkFragment;
  /** Of sinks. */
  sparkSink?(config: C, input: SparkInput, job: SparkJob): SparkSink | Unsupported;
  /** The spout or bolt; left out where Storm has none. `outputs`: by port. */
  storm?(
    config: C,
    inputs: readonly StormInput[],
    outputs: Readonly<Record<string, OutputPort>>,
    job: StormJob,
  ): StormClass | Unsupported;
}

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- erases C, as in a list of exporters */
export type AnyExporter = Exporter<any>;

export const UNKNOWN_STREAM: StreamFacts = { time: null, isWindowed: false };

/** Of an operator that no query stands for. `spark`, `storm`: why there is nothing in those, where the reason is another. */
export function noQuery(reason: string, spark = reason, storm = spark): AnyExporter {
  return {
    facts: () => UNKNOWN_STREAM,
    flink: () => ({ unsupported: reason }),
    spark: () => ({ unsupported: spark }),
    sparkSink: () => ({ unsupported: spark }),
    storm: () => ({ unsupported: storm }),
  };
}

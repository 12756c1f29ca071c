/** What an operator becomes in another system: the contract of `export.ts` in its folder. Pure; runs anywhere. */
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

/** A table that a query reads from. */
export interface ExportedInput extends KnownStream {
  readonly table: string;
  /** The columns of the table: the fields, and behind them `time` where it is none of them and is handed on. */
  readonly columns: readonly string[];
}

export interface OutputPort {
  readonly port: string;
  readonly schema: Schema;
}

/** What a query is to give. */
export interface ExportedOutput {
  /** Of the query, if it is a table itself. */
  readonly table: string;
  readonly schema: Schema;
  /** The column that the query gives behind the fields, with the event time; null: none is asked for. */
  readonly extraTime: string | null;
  /** `base`, or with a number behind it what no table is called yet. */
  freshTable(base: string): string;
}

export interface NamedQuery {
  readonly name: string;
  readonly select: string;
}

/** A SELECT that reads its inputs by their names, or why there is none: a sentence without its subject, `is no part of a query`. */
export type SqlFragment =
  { readonly select: string; readonly before?: readonly NamedQuery[] } | { readonly unsupported: string };

/** `C` is the operator's checked config. */
export interface Exporter<C> {
  /** What is known of an output's rows; left out: what is known of the first input's. */
  facts?(config: C, inputs: readonly KnownStream[], output: OutputPort): StreamFacts;
  /** Whether its query names the event time of its inputs. */
  readsTime?(config: C): boolean;
  /** The rows of port `out` in Flink SQL. */
  flink(config: C, inputs: readonly ExportedInput[], output: ExportedOutput): SqlFragment;
}

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- erases C, as in a list of exporters */
export type AnyExporter = Exporter<any>;

export const UNKNOWN_STREAM: StreamFacts = { time: null, isWindowed: false };

/** Of an operator that no query stands for. */
export function noQuery(reason: string): AnyExporter {
  return { facts: () => UNKNOWN_STREAM, flink: () => ({ unsupported: reason }) };
}

/**
 * What a table of Flink becomes here: the contract of `import.ts` in the folder of a source or sink, the way back of its `export.ts`.
 * Pure; runs anywhere.
 */
import type { DataType } from './types.ts';

export interface ImportedColumn {
  readonly name: string;
  /** Null: it is computed, and its statement says no type. */
  readonly type: DataType | null;
  readonly nullable: boolean;
  /** What it is computed from; null: it is read. */
  readonly expr: string | null;
}

/** What a CREATE TABLE says. */
export interface ImportedTable {
  readonly columns: readonly ImportedColumn[];
  /** Bound in ms. */
  readonly watermark: { readonly field: string; readonly boundMs: number } | null;
  readonly options: Readonly<Record<string, string>>;
  readonly partitionedBy: readonly string[];
  /** Rows are inserted into it. */
  readonly isSink: boolean;
}

export interface NotImported {
  /** Why, and what to do: a sentence without its subject. */
  readonly unsupported: string;
}

export interface Importer {
  /** Of the table: `filesystem`. */
  readonly connector: string;
  readonly isSink: boolean;
  /** The config of the operator. */
  config(table: ImportedTable): Readonly<Record<string, unknown>> | NotImported;
}

/** What comparing a pipeline's rows here with those of a real engine asks and tells. Plain data: it crosses processes. */
import type { NodeId } from '../core/ids.ts';
import type { RowCheck } from './test-report.ts';

export const ENGINE_NAMES = ['flink', 'spark', 'storm'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** Ids of the exports that they run. */
export const ENGINE_TARGETS: Readonly<Record<EngineName, string>> = {
  flink: 'flink-sql',
  spark: 'spark',
  storm: 'storm',
};

export interface ComparisonOptions {
  readonly engine: EngineName;
  readonly params: Readonly<Record<string, string>>;
  /** Most rows that are taken of each source. */
  readonly maxRows: number;
  /** How long rows of each source are waited for, in seconds. */
  readonly maxSeconds: number;
  /** Rows that sources call late are late; otherwise none is, so that the result does not depend on how fast an engine is. */
  readonly isLateAllowed: boolean;
}

/** In the order in which they are taken. */
export const COMPARISON_STEPS = ['start', 'record', 'here', 'there'] as const;
/** `start` the engine, `record` the input, run it `here` and `there`. */
export type ComparisonStep = (typeof COMPARISON_STEPS)[number];

export interface ComparisonProgress {
  readonly step: ComparisonStep;
  /** Rows recorded so far. */
  readonly rows: number;
}

/** The input, of a port of a source: the same for both. */
export interface ComparedInput {
  readonly nodeId: NodeId;
  readonly port: string;
  readonly rows: number;
  /** The source came to its end before a limit was reached. */
  readonly isWhole: boolean;
}

export interface ComparisonReport {
  readonly engine: EngineName;
  /** `Apache Flink 2.3.0`. */
  readonly label: string;
  /** Whether it ran there as a batch job, since it is impossible as a stream. */
  readonly isBatch: boolean;
  readonly inputs: readonly ComparedInput[];
  /** Of each sink: expected are the rows here, actual those of the engine; of updates, the rows that are left in the end. */
  readonly checks: readonly RowCheck[];
  readonly durationMs: number;
}

/** The comparison of a document that a host asks for. */
export interface ComparisonRequest {
  /** Chosen by who asks, to cancel it by. */
  readonly comparisonId: string;
  readonly text: string;
  /** Absolute folder that relative paths start from. */
  readonly folder: string;
  /** Texts of the documents that it stands on, by path from `folder`. */
  readonly subPipelines?: Readonly<Record<string, string>>;
  readonly options: ComparisonOptions;
  /** See `RunOptions.allowsUserCode`. */
  readonly allowsUserCode: boolean;
}

/** What a comparison does unless told otherwise. */
export const COMPARISON_DEFAULTS = { maxRows: 10_000, maxSeconds: 10, isLateAllowed: false } as const;

/** The highest of each; rows are in memory on their way. */
export const COMPARISON_LIMITS = { maxRows: 1_000_000, maxSeconds: 3600 } as const;

export function isSame({ checks }: ComparisonReport): boolean {
  return checks.every(({ isMet }) => isMet);
}

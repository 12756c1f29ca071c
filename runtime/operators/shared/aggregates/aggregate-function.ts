import type { Result } from '../../../core/result.ts';
import type { DataType } from '../../../core/types.ts';
import type { Accumulator } from './accumulator.ts';

/** Arguments beside the expression; null where the document gives none. */
export interface AggregateOptions {
  /** In [0, 1]. */
  readonly percentile: number | null;
  readonly separator: string | null;
}

export interface AggregateResult {
  readonly type: DataType;
  /** NULL when there was no value; also on overflow; or never. */
  readonly nulls: 'never' | 'if-empty' | 'possible';
}

/** An aggregate function, declared once: what it takes and gives, and how it is computed. */
export interface AggregateFunction {
  readonly name: string;
  /** One sentence for help. */
  readonly summary: string;
  readonly options: readonly (keyof AggregateOptions)[];
  /**
   * What DISTINCT means to it: values are counted once by a set in front of it; it needs no set, because it sees to it itself or
   * duplicates change nothing; or it makes no sense.
   */
  readonly distinct: 'set' | 'none-needed' | 'refused';
  /** Result for an argument of a type that is not NULL; the error says what the function takes. */
  infer(argument: DataType): Result<AggregateResult>;
  /** `distinct` only tells those that see to it themselves. */
  create(argument: DataType, options: AggregateOptions, distinct: boolean): Accumulator;
}

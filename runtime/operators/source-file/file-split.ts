/** One file on its way through a source. */
import type { BatchBuilder } from '../../core/batch.ts';
import type { CsvLayout, ReaderPosition, RejectedRow } from '../../formats/index.ts';
import type { ParquetPosition } from '../../formats/parquet/index.ts';
import type { SplitTime } from '../shared/event-time.ts';

/** What a source says about a file in its state. */
export type SplitState = {
  readonly path: string;
  readonly position: ReaderPosition | ParquetPosition;
  readonly isDone: boolean;
  /** Null before the first row with an event time. */
  readonly maxEventTime: number | null;
};

/** What a split is made from: the state of an earlier one, or a file that is new. */
export type StartState = Pick<SplitState, 'path' | 'isDone'> & Partial<SplitState>;

export interface FileSplit {
  readonly path: string;
  /** Progress of event time; null when the stream has none. */
  readonly time: SplitTime | null;
  readonly isDone: boolean;
  readonly state: SplitState;
  /** It holds a part of its file in memory: others wait until that is read. */
  readonly keepsTurn: boolean;
  /** CSV: how the cells of its records lie, once its header is read. */
  readonly layout: CsvLayout | null;
  /** Up to `limit` rows, good or bad; fewer when the file has no more for now, or is done. */
  read(into: BatchBuilder, limit: number): number;
  /** The bad rows since the last call. */
  takeRejected(): readonly RejectedRow[];
  /** A followed file that has become shorter was written anew: true, and reading starts over. */
  startOverIfCut(): boolean;
  /** Another file has its turn: lets go of what can be read again. */
  release(): void;
}

export function splitState(
  { path, isDone, time }: Pick<FileSplit, 'path' | 'isDone' | 'time'>,
  position: SplitState['position'],
): SplitState {
  const max = time?.maxEventTime ?? -Infinity;
  return { path, position, isDone, maxEventTime: max === -Infinity ? null : max };
}

/** Where the frame of a row begins among the rows of its partition. */
import type { RowValues } from '../shared/rows/row-values.ts';
import type { Frame } from './spec.ts';

/** A frame that does not reach back for ever. */
export interface BoundedFrame {
  readonly type: Frame['type'];
  /** Rows, or milliseconds. */
  readonly preceding: number;
}

export function isBounded(frame: Frame): frame is Frame & { readonly preceding: number } {
  return frame.preceding !== null;
}

/** Index of the first row in the frame of row `index`, not below `from`, where the frame of an earlier row began. */
export function frameStart(frame: BoundedFrame, rows: readonly RowValues[], index: number, from: number): number {
  if (frame.type === 'rows') return Math.max(from, index - frame.preceding);
  const earliest = rows[index]!.eventTime - frame.preceding;
  let start = from;
  while (rows[start]!.eventTime < earliest) start++;
  return start;
}

/** Index of the first of the rows `[from, fired)` that the frames of rows after `time` may hold. */
export function firstNeeded(
  frame: BoundedFrame,
  rows: readonly RowValues[],
  from: number,
  fired: number,
  time: number,
): number {
  if (frame.type === 'rows') return Math.max(from, fired - frame.preceding);
  let first = from;
  while (first < fired && rows[first]!.eventTime + frame.preceding <= time) first++;
  return first;
}

/** What a naive model knows of a stream: its rows, and as much about their order and watermarks as no interleaving can change. */
import type { Schema } from '../../core/schema.ts';
import type { Value } from '../../core/types.ts';

export interface ReferenceRow {
  readonly type: 'row';
  readonly values: readonly Value[];
  /** NaN = none. */
  readonly eventTime: number;
}

export type ReferenceEvent = ReferenceRow | { readonly type: 'watermark'; readonly watermark: number };

export interface ReferenceStream {
  readonly schema: Schema;
  /** With watermarks between the rows where these are exact; the last one, +Infinity, is left out. */
  readonly events: readonly ReferenceEvent[];
  /** All rows come through one subtask, in this order; else they are a bag. */
  readonly isOrdered: boolean;
  /**
   * `exact`: watermarks come just where `events` has them (then it is ordered). `timely`: no row is ever at or behind a watermark.
   * `still`: batch mode, no watermark comes before the end. `unknown`: which rows are late depends on the interleaving, or there
   * is no event time.
   */
  readonly clock: 'exact' | 'timely' | 'still' | 'unknown';
}

export function rowsOf(stream: ReferenceStream): readonly ReferenceRow[] {
  return stream.events.filter((event) => event.type === 'row');
}

/** The stream with other rows in place of each. */
export function mapRows(
  stream: ReferenceStream,
  schema: Schema,
  rowsFor: (row: ReferenceRow) => readonly ReferenceRow[],
): ReferenceStream {
  return {
    ...stream,
    schema,
    events: stream.events.flatMap<ReferenceEvent>((e) => (e.type === 'row' ? rowsFor(e) : [e])),
  };
}

/** Whether no row is at or behind a watermark. */
export function isTimely(stream: ReferenceStream): boolean {
  if (stream.clock !== 'exact') return stream.clock !== 'unknown';
  let watermark = -Infinity;
  for (const event of stream.events) {
    if (event.type === 'watermark') watermark = event.watermark;
    else if (event.eventTime <= watermark) return false;
  }
  return true;
}

/** What is left to know once the rows went through several subtasks. */
export function asBag(stream: ReferenceStream): ReferenceStream {
  return { ...stream, events: rowsOf(stream), isOrdered: false, clock: clockOfAll([stream]) };
}

/** What is left to know of the clock of streams that come in any order. */
export function clockOfAll(streams: readonly ReferenceStream[]): 'timely' | 'still' | 'unknown' {
  if (streams.length > 0 && streams.every((stream) => stream.clock === 'still')) return 'still';
  return streams.every(isTimely) ? 'timely' : 'unknown';
}

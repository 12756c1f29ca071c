/**
 * Rows of a partition by time, those of one time by arrival: first those that have come out and later frames need, then those
 * that wait. A buffer never changes, so that a snapshot may go on reading it; the array behind it is shared and only appended to.
 */
import type { Schema } from '../../core/schema.ts';
import type { Json, StateCodec } from '../../core/state.ts';
import { rowCodec, type RowValues } from '../shared/rows/row-values.ts';

export interface RowBuffer {
  readonly rows: RowValues[];
  /** Rows `[start, fired)` have come out, `[fired, end)` wait. */
  readonly start: number;
  readonly fired: number;
  readonly end: number;
  /** Time of the last row that has come out; null when none has. */
  readonly firedTo: number | null;
}

/** Unused rows at the front before it is worth copying the others. */
const SLACK_ROWS = 64;

export function emptyBuffer(): RowBuffer {
  return { rows: [], start: 0, fired: 0, end: 0, firedTo: null };
}

/** With a row that waits. */
export function withRow(buffer: RowBuffer, row: RowValues): RowBuffer {
  const { rows, start, fired, end } = buffer;
  let at = end;
  while (at > fired && rows[at - 1]!.eventTime > row.eventTime) at--;
  if (at === end && rows.length === end) {
    rows.push(row);
    return { ...buffer, end: end + 1 };
  }
  const copy = [...rows.slice(start, at), row, ...rows.slice(at, end)];
  return { ...buffer, rows: copy, start: 0, fired: fired - start, end: copy.length };
}

/** With the rows before `fired` come out, and those before `start` gone. */
export function withFired(buffer: RowBuffer, fired: number, start: number): RowBuffer {
  const { rows, end } = buffer;
  const firedTo = fired > buffer.fired ? rows[fired - 1]!.eventTime : buffer.firedTo;
  if (start < SLACK_ROWS || 2 * start < end) return { rows, start, fired, end, firedTo };
  return { rows: rows.slice(start, end), start: 0, fired: fired - start, end: end - start, firedTo };
}

export function bufferCodec(schema: Schema): StateCodec {
  const codec = rowCodec(schema);
  return {
    toJson(value) {
      const { rows, start, fired, end, firedTo } = value as RowBuffer;
      return [fired - start, firedTo, rows.slice(start, end).map((row) => codec.toJson(row))];
    },
    fromJson(json): RowBuffer {
      const [fired, firedTo, rows] = json as readonly [number, number | null, readonly Json[]];
      const restored = rows.map((row) => codec.fromJson(row) as RowValues);
      return { rows: restored, start: 0, fired, end: restored.length, firedTo };
    },
    // Rows are taken to be as large as the newest.
    sizeOf(value) {
      const { rows, start, end } = value as RowBuffer;
      return 128 + (end === start ? 0 : (rows.length - start) * (8 + codec.sizeOf(rows[end - 1])));
    },
  };
}

/** What is known of a key between two rows: the rows that matter, and the matches that may still come of them. */
import type { Schema } from '../../core/schema.ts';
import type { Json, StateCodec } from '../../core/state.ts';
import { rowCodec, type RowValues } from '../shared/rows/row-values.ts';

/** Which variable each row of a match is of, the last one first: ways that part share what they have in common. */
export interface Path {
  readonly variable: string;
  readonly previous: Path | null;
  readonly length: number;
}

/** A match from its first row to one of its rows. Rows of a match follow each other without a gap. */
export interface MatchView {
  readonly rows: readonly RowValues[];
  /** Index of the first row. */
  readonly start: number;
  readonly path: Path;
}

/** One way the automaton has gone. */
export interface Thread {
  /** State of the automaton that takes the next row. */
  readonly state: number;
  readonly path: Path;
}

/** All that begins at one row. */
export interface Attempt {
  /** Index of its first row in `rows`. */
  start: number;
  /** Preferred ones first; none once there is a match. */
  threads: readonly Thread[];
  /** Whole, but it waits for an earlier attempt to fail. */
  match: Path | null;
}

export interface MatchState {
  readonly rows: RowValues[];
  /** By start. */
  attempts: Attempt[];
}

export function matchStateCodec(schema: Schema): StateCodec {
  const rows = rowCodec(schema);
  return {
    toJson(value) {
      const state = value as MatchState;
      return [
        state.rows.map((row) => rows.toJson(row)),
        state.attempts.map(({ start, match, threads }) => [
          start,
          match === null ? null : runsOf(match),
          threads.map((thread) => [thread.state, runsOf(thread.path)]),
        ]),
      ];
    },
    fromJson(json): MatchState {
      const [storedRows, attempts] = json as [Json[], [number, Run[] | null, [number, Run[]][]][]];
      return {
        rows: storedRows.map((row) => rows.fromJson(row) as RowValues),
        attempts: attempts.map(([start, match, threads]) => ({
          start,
          match: match === null ? null : pathOf(match),
          threads: threads.map(([state, runs]) => ({ state, path: pathOf(runs) })),
        })),
      };
    },
    sizeOf(value) {
      const state = value as MatchState;
      const paths = state.attempts.flatMap(({ match, threads }) => [match, ...threads.map((thread) => thread.path)]);
      return (
        state.rows.reduce((sum, row) => sum + rows.sizeOf(row), 64) +
        state.attempts.length * 64 +
        // Mostly shared: each thread has added its last row.
        paths.length * 96
      );
    },
  };
}

/** So many rows of a variable in a row. */
type Run = readonly [variable: string, rows: number];

function runsOf(path: Path): Run[] {
  const runs: [string, number][] = [];
  for (let at: Path | null = path; at !== null; at = at.previous) {
    const last = runs.at(-1);
    if (last?.[0] === at.variable) last[1]++;
    else runs.push([at.variable, 1]);
  }
  return runs.reverse();
}

function pathOf(runs: readonly Run[]): Path {
  let path: Path | null = null;
  for (const [variable, rows] of runs) for (let i = 0; i < rows; i++) path = extended(path, variable);
  return path!;
}

export function extended(path: Path | null, variable: string): Path {
  return { variable, previous: path, length: (path?.length ?? 0) + 1 };
}

/**
 * Looks for matches in the rows of one key, which come in the order of their event times. As Flink's NFA with an after-match skip
 * strategy: every row may begin an attempt; an attempt goes all ways that its rows allow at once, and its first whole way is its
 * match; a match of a later attempt waits until those before it have failed, and then takes away the attempts it skips.
 */
import type { RowValues } from '../shared/rows/row-values.ts';
import { resumeAt, type AfterMatch } from './after-match.ts';
import type { Automaton } from './automaton.ts';
import { extended, type Attempt, type MatchState, type MatchView, type Path, type Thread } from './match-state.ts';

export interface MatcherPlan {
  readonly automaton: Automaton;
  /** Whether the last row of a match may be of its variable, by variable; one that is not there takes any row. */
  readonly conditions: ReadonlyMap<string, (match: MatchView) => boolean>;
  /** Ways that stand at the same state go on alike: only the preferred one is followed. */
  readonly isForgetful: boolean;
  /** Rows before a match that expressions look at. */
  readonly rowsBefore: number;
  /** A match is shorter than this; null = as long as it takes. */
  readonly withinMs: number | null;
  readonly afterMatch: AfterMatch;
  /** `at` is when it was certain: the event time of its last row, unless an earlier attempt had to fail first. */
  onMatch(match: MatchView, at: number): void;
  /** The preferred way of an attempt that took too long, at the end of its time. */
  onTimeout(match: MatchView, at: number): void;
}

export class Matcher {
  readonly #plan: MatcherPlan;

  constructor(plan: MatcherPlan) {
    this.#plan = plan;
  }

  /** The next row of the key. */
  take(state: MatchState, row: RowValues): void {
    this.advanceTo(state, row.eventTime);
    const start = state.rows.push(row) - 1;
    const attempts: Attempt[] = [];
    for (const attempt of state.attempts) {
      if (attempt.match === null) this.#follow(attempt, state.rows);
      if (attempt.match !== null || attempt.threads.length > 0) attempts.push(attempt);
    }
    const begun: Attempt = { start, threads: [], match: null };
    const { automaton } = this.#plan;
    this.#settleWays(begun, this.#step(automaton.start, null, start, state.rows));
    if (begun.match !== null || begun.threads.length > 0) attempts.push(begun);
    state.attempts = attempts;
    this.#report(state, row.eventTime);
    this.#trim(state);
  }

  /** No row before `time` comes any more: attempts that began too long ago fail. */
  advanceTo(state: MatchState, time: number): void {
    const { withinMs, onTimeout } = this.#plan;
    if (withinMs === null) return;
    for (;;) {
      // What comes first is at work, or there is nothing.
      const [first] = state.attempts;
      if (first === undefined) break;
      const deadline = state.rows[first.start]!.eventTime + withinMs;
      if (time < deadline) break;
      onTimeout({ rows: state.rows, start: first.start, path: first.threads[0]!.path }, deadline);
      state.attempts.shift();
      this.#report(state, deadline);
    }
    this.#trim(state);
  }

  /** When `advanceTo` has something to do; Infinity = never. */
  deadlineOf({ attempts, rows }: MatchState): number {
    const [first] = attempts;
    const { withinMs } = this.#plan;
    return first === undefined || withinMs === null ? Infinity : rows[first.start]!.eventTime + withinMs;
  }

  #follow(attempt: Attempt, rows: readonly RowValues[]): void {
    const ways: Thread[] = [];
    for (const { state, path } of attempt.threads) ways.push(...this.#step(state, path, attempt.start, rows));
    this.#settleWays(attempt, ways);
  }

  #settleWays(attempt: Attempt, ways: readonly Thread[]): void {
    const { automaton, isForgetful } = this.#plan;
    const whole = ways.find(({ state }) => automaton.isAccepting[state]);
    attempt.match = whole?.path ?? null;
    attempt.threads = whole !== undefined ? [] : isForgetful ? firstOfEachState(ways) : ways;
  }

  /** The ways on from a state with the newest row, preferred ones first. */
  #step(from: number, path: Path | null, start: number, rows: readonly RowValues[]): Thread[] {
    const { automaton, conditions } = this.#plan;
    const state = automaton.states[from]!;
    switch (state.type) {
      case 'accept':
        return [];
      case 'take': {
        const longer = extended(path, state.variable);
        const fits = conditions.get(state.variable)?.({ rows, start, path: longer }) ?? true;
        return fits ? [{ state: state.next, path: longer }] : [];
      }
      case 'fork': {
        const first = this.#step(state.first, path, start, rows);
        if (state.isExclusive && first.length > 0) return first;
        return [...first, ...this.#step(state.second, path, start, rows)];
      }
    }
  }

  /** Hands on the matches that no earlier attempt can take away. */
  #report(state: MatchState, at: number): void {
    const { onMatch, afterMatch } = this.#plan;
    for (let [first] = state.attempts; first !== undefined && first.match !== null; [first] = state.attempts) {
      const match = { rows: state.rows, start: first.start, path: first.match };
      onMatch(match, at);
      const resume = resumeAt(match, afterMatch);
      state.attempts = state.attempts.filter((attempt) => attempt.start >= resume);
    }
  }

  /** Forgets the rows that nobody looks at any more. */
  #trim(state: MatchState): void {
    const { rows, attempts } = state;
    const from = (attempts[0]?.start ?? rows.length) - this.#plan.rowsBefore;
    if (from <= 0) return;
    rows.splice(0, from);
    for (const attempt of attempts) attempt.start -= from;
  }
}

function firstOfEachState(ways: readonly Thread[]): readonly Thread[] {
  const seen = new Set<number>();
  return ways.filter(({ state }) => !seen.has(state) && seen.add(state));
}

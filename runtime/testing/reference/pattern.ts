/**
 * Row patterns by trying the rows one after the other: from each row that may begin a match, all ways are followed, one row at a time,
 * with what is left of the pattern in hand. Everything is computed anew at every watermark. The oracle of operators/pattern.
 */
import type { Value } from '../../core/types.ts';

export type ReferencePatternNode =
  | { readonly variable: string }
  | { readonly sequence: readonly ReferencePatternNode[] }
  | { readonly alternatives: readonly ReferencePatternNode[] }
  | { readonly item: ReferencePatternNode; readonly min: number; readonly max: number; readonly isGreedy: boolean };

export interface ReferenceRow {
  readonly values: readonly Value[];
  readonly eventTime: number;
}

/** Rows of a match so far, with their variables, and all rows of the key up to the last of them. */
export interface ReferenceMatch {
  readonly rows: readonly (ReferenceRow & { readonly variable: string })[];
  readonly before: readonly ReferenceRow[];
}

export interface ReferencePatternOptions {
  readonly key: number;
  readonly pattern: ReferencePatternNode;
  /** By variable; the last row is the one to decide on. */
  readonly conditions: Readonly<Record<string, (match: ReferenceMatch) => boolean>>;
  readonly measures: (match: ReferenceMatch) => readonly Value[];
  readonly withinMs: number | null;
  readonly afterMatch:
    | { readonly type: 'past-last-row' | 'to-next-row' }
    | { readonly type: 'to-first' | 'to-last'; readonly variable: string };
}

export interface ReferenceResult {
  readonly port: 'out' | 'timedOut';
  readonly values: readonly Value[];
  readonly eventTime: number;
}

interface Way {
  readonly rest: readonly ReferencePatternNode[];
  readonly match: ReferenceMatch;
}

/** How an attempt ended, and when that was known. */
type Outcome =
  | { readonly type: 'match'; readonly match: ReferenceMatch; readonly at: number }
  | { readonly type: 'timeout'; readonly match: ReferenceMatch; readonly at: number }
  | { readonly type: 'failure'; readonly at: number }
  | { readonly type: 'open' };

export class ReferencePattern {
  readonly #options: ReferencePatternOptions;
  readonly #rows = new Map<Value, ReferenceRow[]>();
  readonly #reported = new Map<Value, number>();
  #watermark = -Infinity;

  constructor(options: ReferencePatternOptions) {
    this.#options = options;
  }

  /** Whether the row was on time. */
  row(values: readonly Value[], eventTime: number): boolean {
    if (eventTime <= this.#watermark) return false;
    const key = values[this.#options.key]!;
    this.#rows.set(key, [...(this.#rows.get(key) ?? []), { values, eventTime }]);
    return true;
  }

  watermark(watermark: number): readonly ReferenceResult[] {
    this.#watermark = watermark;
    return [...this.#rows].flatMap(([key, rows]) => {
      const passed = rows.filter((row) => row.eventTime <= watermark).sort((a, b) => a.eventTime - b.eventTime);
      const results = this.#search(passed);
      const reported = this.#reported.get(key) ?? 0;
      this.#reported.set(key, results.length);
      return results.slice(reported).map((one) => ({ ...one, values: [key, ...one.values] }));
    });
  }

  #search(rows: readonly ReferenceRow[]): ReferenceResult[] {
    const results: ReferenceResult[] = [];
    let certain = -Infinity;
    for (let start = 0; start < rows.length;) {
      const outcome = this.#attempt(rows, start);
      if (outcome.type === 'open') break;
      certain = Math.max(certain, outcome.at);
      if (outcome.type === 'match') {
        results.push({ port: 'out', values: this.#options.measures(outcome.match), eventTime: certain });
        start = Math.max(start + 1, this.#resume(outcome.match, start));
        continue;
      }
      if (outcome.type === 'timeout') {
        results.push({ port: 'timedOut', values: this.#options.measures(outcome.match), eventTime: outcome.at });
      }
      start++;
    }
    return results;
  }

  #resume({ rows }: ReferenceMatch, start: number): number {
    const { afterMatch } = this.#options;
    switch (afterMatch.type) {
      case 'past-last-row':
        return start + rows.length;
      case 'to-next-row':
        return start + 1;
      case 'to-first':
        return start + rows.findIndex((row) => row.variable === afterMatch.variable);
      case 'to-last':
        return start + rows.findLastIndex((row) => row.variable === afterMatch.variable);
    }
  }

  #attempt(rows: readonly ReferenceRow[], start: number): Outcome {
    const { pattern, withinMs } = this.#options;
    const deadline = withinMs === null ? Infinity : rows[start]!.eventTime + withinMs;
    let ways: readonly Way[] = [{ rest: [pattern], match: { rows: [], before: rows.slice(0, start) } }];
    for (let i = start; i < rows.length; i++) {
      const row = rows[i]!;
      if (row.eventTime >= deadline) return { type: 'timeout', match: ways[0]!.match, at: deadline };
      ways = ways.flatMap((way) => this.#waysOn(way.rest, way.match, row));
      const whole = ways.find((way) => way.rest.every(canBeEmpty));
      if (whole !== undefined) return { type: 'match', match: whole.match, at: row.eventTime };
      if (ways.length === 0) return { type: 'failure', at: row.eventTime };
    }
    return withinMs !== null && deadline <= this.#watermark
      ? { type: 'timeout', match: ways[0]!.match, at: deadline }
      : { type: 'open' };
  }

  #waysOn(rest: readonly ReferencePatternNode[], match: ReferenceMatch, row: ReferenceRow): readonly Way[] {
    const [node, ...tail] = rest;
    if (node === undefined) return [];
    if ('variable' in node) {
      const longer = {
        rows: [...match.rows, { ...row, variable: node.variable }],
        before: [...match.before, row],
      };
      return (this.#options.conditions[node.variable]?.(longer) ?? true) ? [{ rest: tail, match: longer }] : [];
    }
    if ('sequence' in node) return this.#waysOn([...node.sequence, ...tail], match, row);
    if ('alternatives' in node) return node.alternatives.flatMap((one) => this.#waysOn([one, ...tail], match, row));
    const { item, min, max, isGreedy } = node;
    if (max === 0) return this.#waysOn(tail, match, row);
    const again = [item, { ...node, min: Math.max(0, min - 1), max: max - 1 }, ...tail];
    if (min > 0) return this.#waysOn(again, match, row);
    if (!isGreedy) return [...this.#waysOn(tail, match, row), ...this.#waysOn(again, match, row)];
    const taken = this.#waysOn(again, match, row);
    return taken.length > 0 ? taken : this.#waysOn(tail, match, row);
  }
}

function canBeEmpty(node: ReferencePatternNode): boolean {
  if ('variable' in node) return false;
  if ('sequence' in node) return node.sequence.every(canBeEmpty);
  if ('alternatives' in node) return node.alternatives.some(canBeEmpty);
  return node.min === 0 || canBeEmpty(node.item);
}

/** ROW_NUMBER() <= n from the whole history: sorted anew after every row, and compared with what it was. Oracle of operators/topn. */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE, type ChangeKind } from '../../core/batch.ts';
import type { Value } from '../../core/types.ts';

export interface ReferenceTopnRow {
  readonly values: readonly Value[];
  readonly eventTime: number;
}

export interface ReferenceTopnChange {
  readonly kind: ChangeKind;
  readonly values: readonly Value[];
  readonly eventTime: number;
}

export interface ReferenceTopnConfig {
  readonly n: number;
  readonly hasRank: boolean;
  /** Field with the end of the window that the result waits for; null when it changes with every row. */
  readonly windowEnd: number | null;
  /** A text for each partition (and window). */
  readonly keyOf: (row: ReferenceTopnRow) => string;
  readonly compare: (a: readonly Value[], b: readonly Value[]) => number;
}

export class ReferenceTopn {
  readonly #config: ReferenceTopnConfig;
  /** Rows that are there, by arrival. */
  #rows: ReferenceTopnRow[] = [];
  #watermark = -Infinity;

  constructor(config: ReferenceTopnConfig) {
    this.#config = config;
  }

  /** What a row changes; null when it is late. */
  row(row: ReferenceTopnRow, isTakenBack: boolean): readonly ReferenceTopnChange[] | null {
    const { keyOf, windowEnd } = this.#config;
    if (windowEnd !== null && (row.values[windowEnd] as number) - 1 <= this.#watermark) return null;
    const before = this.#best(keyOf(row));
    if (isTakenBack) {
      const text = JSON.stringify(row.values, toText);
      const at = this.#rows.findLastIndex((other) => JSON.stringify(other.values, toText) === text);
      this.#rows = this.#rows.filter((_, i) => i !== at);
    } else {
      this.#rows.push(row);
    }
    if (windowEnd !== null) return [];
    const after = this.#best(keyOf(row));
    return this.#config.hasRank ? this.#ranked(before, after) : this.#unranked(before, after);
  }

  /** Windows that end, by their end; partitions of one end in any order. */
  watermark(watermark: number): readonly ReferenceTopnChange[] {
    this.#watermark = watermark;
    const { windowEnd, keyOf } = this.#config;
    if (windowEnd === null) return [];
    const lastOf = (row: ReferenceTopnRow): number => (row.values[windowEnd] as number) - 1;
    const due = this.#rows.filter((row) => lastOf(row) <= watermark).sort((a, b) => lastOf(a) - lastOf(b));
    const results = [...new Set(due.map(keyOf))].flatMap((key) =>
      this.#best(key).map((row, at) => ({ ...this.#change(row, at, INSERT), eventTime: lastOf(row) })),
    );
    this.#rows = this.#rows.filter((row) => !due.includes(row));
    return results;
  }

  #best(key: string): readonly ReferenceTopnRow[] {
    const { keyOf, compare, n } = this.#config;
    return this.#rows
      .filter((row) => keyOf(row) === key)
      .sort((a, b) => compare(a.values, b.values))
      .slice(0, n);
  }

  #ranked(before: readonly ReferenceTopnRow[], after: readonly ReferenceTopnRow[]): readonly ReferenceTopnChange[] {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => {
      const [old, now] = [before[at], after[at]];
      if (old === now) return [];
      if (old === undefined) return [this.#change(now!, at, INSERT)];
      if (now === undefined) return [this.#change(old, at, DELETE)];
      return [this.#change(old, at, UPDATE_BEFORE), this.#change(now, at, UPDATE_AFTER)];
    }).flat();
  }

  #unranked(before: readonly ReferenceTopnRow[], after: readonly ReferenceTopnRow[]): readonly ReferenceTopnChange[] {
    return [
      ...before.filter((row) => !after.includes(row)).map((row) => this.#change(row, 0, DELETE)),
      ...after.filter((row) => !before.includes(row)).map((row) => this.#change(row, 0, INSERT)),
    ];
  }

  #change({ values, eventTime }: ReferenceTopnRow, at: number, kind: ChangeKind): ReferenceTopnChange {
    return { kind, values: this.#config.hasRank ? [...values, BigInt(at + 1)] : values, eventTime };
  }
}

function toText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' || typeof value === 'number' ? `${typeof value} ${String(value)}` : value;
}

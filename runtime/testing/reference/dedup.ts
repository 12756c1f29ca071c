/** Deduplication from the whole history: what the answer for a key is, looked up anew after every row. Oracle of operators/dedup. */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE, type ChangeKind } from '../../core/batch.ts';
import type { Value } from '../../core/types.ts';

export interface ReferenceRow {
  readonly values: readonly Value[];
  readonly eventTime: number;
}

export interface ReferenceChange {
  readonly kind: ChangeKind;
  readonly row: ReferenceRow;
}

export interface ReferenceDedupConfig {
  readonly keep: 'first' | 'last';
  readonly time: 'processing' | 'event';
}

export class ReferenceDedup {
  readonly #config: ReferenceDedupConfig;
  readonly #keyOf: (row: ReferenceRow) => string;
  /** All rows so far that were not late and are not taken back, by arrival. */
  #history: readonly ReferenceRow[] = [];
  readonly #answered = new Set<string>();
  #watermark = -Infinity;

  /** `keyOf`: a text for each key. */
  constructor(config: ReferenceDedupConfig, keyOf: (row: ReferenceRow) => string) {
    this.#config = config;
    this.#keyOf = keyOf;
  }

  get #waitsForWatermark(): boolean {
    return this.#config.keep === 'first' && this.#config.time === 'event';
  }

  /** What a row changes that comes, or is taken back; null when it is late. */
  row(row: ReferenceRow, isTakenBack = false): readonly ReferenceChange[] | null {
    if (this.#waitsForWatermark && row.eventTime < this.#watermark) return null;
    const key = this.#keyOf(row);
    const before = this.#answer(key);
    const gone = isTakenBack ? this.#history.findIndex((other) => isSame(other, row)) : -1;
    this.#history = isTakenBack ? this.#history.filter((_, i) => i !== gone) : [...this.#history, row];
    const after = this.#answer(key);
    if (this.#waitsForWatermark || before === after) return [];
    if (before === undefined) return [{ kind: INSERT, row: after! }];
    if (after === undefined) return [{ kind: DELETE, row: before }];
    return [
      { kind: UPDATE_BEFORE, row: before },
      { kind: UPDATE_AFTER, row: after },
    ];
  }

  /** What a watermark lets pass, by event time. */
  watermark(watermark: number): readonly ReferenceChange[] {
    // Watermarks rise; one said again is none.
    if (watermark <= this.#watermark) return [];
    this.#watermark = watermark;
    if (!this.#waitsForWatermark) return [];
    const open = [...new Set(this.#history.map(this.#keyOf))].filter((key) => !this.#answered.has(key));
    const due = open.filter((key) => this.#answer(key)!.eventTime <= watermark);
    for (const key of due) this.#answered.add(key);
    return due
      .map((key) => ({ kind: INSERT, row: this.#answer(key)! }) as const)
      .sort((a, b) => a.row.eventTime - b.row.eventTime);
  }

  /** A stable sort leaves rows that are equal in time as they arrived. */
  #answer(key: string): ReferenceRow | undefined {
    const rows = this.#history.filter((row) => this.#keyOf(row) === key);
    const sorted = this.#config.time === 'event' ? rows.toSorted((a, b) => a.eventTime - b.eventTime) : rows;
    return this.#config.keep === 'first' ? sorted[0] : sorted.at(-1);
  }
}

/** -0 is 0; a row that is taken back has the time it came with. */
function isSame(a: ReferenceRow, b: ReferenceRow): boolean {
  const print = ({ values }: ReferenceRow): string => JSON.stringify(values, (_, value: unknown) => toText(value));
  return a.eventTime === b.eventTime && print(a) === print(b);
}

function toText(value: unknown): unknown {
  if (typeof value === 'number') return String(value + 0);
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** OVER that keeps every row for ever and looks for each frame among all of them: the oracle of operators/over, event time. */
import type { Value } from '../../core/types.ts';
import { aggregate, type ReferenceAggregate } from './aggregates.ts';

export interface ReferenceFrame {
  readonly type: 'rows' | 'range';
  /** Rows or milliseconds; null = all before. */
  readonly preceding: number | null;
}

export interface ReferenceOverRow {
  /** Fields, aggregates. */
  readonly values: readonly Value[];
  readonly eventTime: number;
}

interface Kept {
  readonly values: readonly Value[];
  readonly eventTime: number;
}

export class ReferenceOver {
  readonly #frame: ReferenceFrame;
  readonly #isSamePartition: (a: readonly Value[], b: readonly Value[]) => boolean;
  readonly #aggregates: readonly ReferenceAggregate[];
  /** By arrival. */
  readonly #rows: Kept[] = [];
  #watermark = -Infinity;

  constructor(frame: ReferenceFrame, keys: readonly number[], aggregates: readonly ReferenceAggregate[]) {
    this.#frame = frame;
    this.#isSamePartition = (a, b) => keys.every((key) => a[key] === b[key]);
    this.#aggregates = aggregates;
  }

  /** False when the row is late. */
  row(values: readonly Value[], eventTime: number): boolean {
    if (eventTime <= this.#watermark) return false;
    this.#rows.push({ values, eventTime });
    return true;
  }

  /** By time, those of one time by arrival. */
  watermark(watermark: number): readonly ReferenceOverRow[] {
    const due = this.#rows.filter(({ eventTime }) => eventTime > this.#watermark && eventTime <= watermark);
    this.#watermark = watermark;
    return due
      .toSorted((a, b) => a.eventTime - b.eventTime)
      .map((row) => {
        const frame = this.#frameOf(row).map(({ values }) => values);
        const results = this.#aggregates.map((spec) => aggregate(spec, frame));
        return { values: [...row.values, ...results], eventTime: row.eventTime };
      });
  }

  #frameOf(row: Kept): readonly Kept[] {
    const ordered = this.#rows
      .filter((other) => this.#isSamePartition(other.values, row.values))
      .toSorted((a, b) => a.eventTime - b.eventTime);
    const { type, preceding } = this.#frame;
    if (type === 'rows') {
      const at = ordered.indexOf(row);
      return ordered.slice(preceding === null ? 0 : Math.max(0, at - preceding), at + 1);
    }
    return ordered.filter(
      ({ eventTime }) => eventTime <= row.eventTime && (preceding === null || eventTime >= row.eventTime - preceding),
    );
  }
}

/** Joins of two streams that keep every row for ever and look at all of them each time: the oracle of the joins' operators. */
import { DELETE, INSERT, UPDATE_AFTER, type ChangeKind } from '../../core/batch.ts';
import type { Value } from '../../core/types.ts';

export type Side = 'left' | 'right';

export interface JoinResult {
  readonly port: 'out' | 'late';
  readonly eventTime: number;
  /** Left's, then right's, then what the join adds. */
  readonly values: readonly Value[];
}

export interface JoinRow {
  readonly side: Side;
  readonly values: readonly Value[];
  readonly time: number;
  /** Has found a match, or has left without. */
  isDone: boolean;
}

export interface ReferenceJoinOptions {
  /** Fields by position. */
  readonly on: readonly { readonly left: number; readonly right: number }[];
  readonly keeps: readonly Side[];
  readonly condition: (left: readonly Value[], right: readonly Value[]) => boolean;
  readonly width: Readonly<Record<Side, number>>;
}

abstract class ReferenceJoin {
  protected readonly options: ReferenceJoinOptions;
  protected watermarkMs = -Infinity;

  constructor(options: ReferenceJoinOptions) {
    this.options = options;
  }

  protected matches(a: JoinRow, b: JoinRow): boolean {
    if (!this.hasSameKey(a, b)) return false;
    const [left, right] = a.side === 'left' ? [a, b] : [b, a];
    return this.options.condition(left.values, right.values);
  }

  protected hasSameKey(a: JoinRow, b: JoinRow): boolean {
    if (a.side === b.side) return false;
    return this.options.on.every((pair) => {
      const value = a.values[pair[a.side]]!;
      return value !== null && value === b.values[pair[b.side]];
    });
  }

  protected alone(
    row: JoinRow,
    eventTime: number,
    tail: readonly Value[] = [],
    port: 'out' | 'late' = 'out',
  ): JoinResult {
    const { width } = this.options;
    const left = row.side === 'left' ? row.values : Array<Value>(width.left).fill(null);
    const right = row.side === 'right' ? row.values : Array<Value>(width.right).fill(null);
    return { port, eventTime, values: [...left, ...right, ...tail] };
  }

  protected both(a: JoinRow, b: JoinRow, eventTime: number, tail: readonly Value[] = []): JoinResult {
    const [left, right] = a.side === 'left' ? [a, b] : [b, a];
    return { port: 'out', eventTime, values: [...left.values, ...right.values, ...tail] };
  }

  protected keeps(side: Side): boolean {
    return this.options.keeps.includes(side);
  }

  protected hasNullKey({ side, values }: JoinRow): boolean {
    return this.options.on.some((pair) => values[pair[side]] === null);
  }
}

export class ReferenceIntervalJoin extends ReferenceJoin {
  readonly #lower: number;
  readonly #upper: number;
  readonly #rows: JoinRow[] = [];

  constructor(lower: number, upper: number, options: ReferenceJoinOptions) {
    super(options);
    this.#lower = lower;
    this.#upper = upper;
  }

  row(side: Side, values: readonly Value[], time: number): readonly JoinResult[] {
    const row: JoinRow = { side, values, time, isDone: false };
    if (time < this.watermarkMs) return [this.alone(row, time, [], 'late')];
    if (this.hasNullKey(row)) return this.keeps(side) ? [this.alone(row, this.#doneAt(row))] : [];
    const matching = this.#rows.filter((other) => this.#isNear(row, other) && this.matches(row, other));
    for (const other of matching) other.isDone = true;
    row.isDone = matching.length > 0;
    this.#rows.push(row);
    return matching.map((other) => this.both(row, other, Math.max(time, other.time)));
  }

  watermark(watermark: number): readonly JoinResult[] {
    this.watermarkMs = watermark;
    const over = this.#rows.filter((row) => !row.isDone && this.keeps(row.side) && this.#endOf(row) < watermark);
    for (const row of over) row.isDone = true;
    return over.map((row) => this.alone(row, this.#doneAt(row)));
  }

  #isNear(a: JoinRow, b: JoinRow): boolean {
    const [left, right] = a.side === 'left' ? [a, b] : [b, a];
    return left.time + this.#lower <= right.time && right.time <= left.time + this.#upper;
  }

  /** The last instant at which a row could match. */
  #endOf({ side, time }: JoinRow): number {
    return side === 'left' ? time + this.#upper : time - this.#lower;
  }

  #doneAt(row: JoinRow): number {
    return Math.max(row.time, this.#endOf(row) + 1);
  }
}

/** Every window that holds an instant, as start and end. */
export type WindowsOf = (time: number) => readonly (readonly [start: number, end: number])[];

export class ReferenceWindowJoin extends ReferenceJoin {
  readonly #windowsOf: WindowsOf;
  #open: { readonly start: number; readonly end: number; readonly row: JoinRow }[] = [];

  constructor(windowsOf: WindowsOf, options: ReferenceJoinOptions) {
    super(options);
    this.#windowsOf = windowsOf;
  }

  row(side: Side, values: readonly Value[], time: number): readonly JoinResult[] {
    const row: JoinRow = { side, values, time, isDone: false };
    const open = this.#windowsOf(time).filter(([, end]) => end - 1 > this.watermarkMs);
    for (const [start, end] of open) this.#open.push({ start, end, row });
    return open.length === 0 ? [this.alone(row, time, [], 'late')] : [];
  }

  watermark(watermark: number): readonly JoinResult[] {
    this.watermarkMs = watermark;
    const firing = this.#open.filter(({ end }) => end - 1 <= watermark);
    this.#open = this.#open.filter(({ end }) => end - 1 > watermark);
    return firing.flatMap((one) => {
      const tail = [one.start, one.end];
      const matching = firing.filter(
        (other) => other.start === one.start && other.end === one.end && this.matches(one.row, other.row),
      );
      if (matching.length === 0) return this.keeps(one.row.side) ? [this.alone(one.row, one.end - 1, tail)] : [];
      // Each pair once, from its left row.
      return one.row.side === 'left' ? matching.map(({ row }) => this.both(one.row, row, one.end - 1, tail)) : [];
    });
  }
}

export interface JoinChange {
  readonly kind: ChangeKind;
  readonly values: readonly Value[];
}

/** The join of two tables as SQL says, made anew after every row: what a row changes is the difference. */
export class ReferenceStreamJoin extends ReferenceJoin {
  #rows: JoinRow[] = [];

  /** A row that is taken back must have come before. */
  change(kind: ChangeKind, side: Side, values: readonly Value[]): readonly JoinChange[] {
    const before = this.result(this.#rows);
    if (kind === INSERT || kind === UPDATE_AFTER) {
      this.#rows.push({ side, values, time: NaN, isDone: false });
    } else {
      const at = this.#rows.findLastIndex((row) => row.side === side && row.values.every((v, i) => v === values[i]));
      this.#rows = this.#rows.filter((_, i) => i !== at);
    }
    const after = this.result(this.#rows);
    // An inner join hands on whether its input changed or replaced a row.
    const isOuter = this.options.keeps.length > 0;
    return [
      ...without(before, after).map((one) => ({ kind: isOuter ? DELETE : kind, values: one })),
      ...without(after, before).map((one) => ({ kind: isOuter ? INSERT : kind, values: one })),
    ];
  }

  /** Of the rows of both sides. */
  result(rows: readonly JoinRow[]): readonly (readonly Value[])[] {
    return rows.flatMap((row) => {
      const matching = rows.filter((other) => this.matches(row, other));
      if (matching.length === 0) return this.keeps(row.side) ? [this.alone(row, NaN).values] : [];
      // Each pair once, from its left row.
      return row.side === 'left' ? matching.map((other) => this.both(row, other, NaN).values) : [];
    });
  }
}

/** Rows of `a` that are not in `b`, each as often as it is there more often. */
function without(a: readonly (readonly Value[])[], b: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  const left = b.map((row) => row.map(String).join(' | '));
  return a.filter((row) => {
    const at = left.indexOf(row.map(String).join(' | '));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** As of the left row's time: every version is kept for ever, and looked through for each left row. */
export class ReferenceTemporalJoin extends ReferenceJoin {
  readonly #versions: (JoinRow & { readonly isDeletion: boolean })[] = [];
  #waiting: JoinRow[] = [];

  left(values: readonly Value[], time: number): readonly JoinResult[] {
    const row: JoinRow = { side: 'left', values, time, isDone: false };
    if (time < this.watermarkMs) return [this.alone(row, time, [], 'late')];
    this.#waiting.push(row);
    return [];
  }

  right(values: readonly Value[], time: number, isDeletion: boolean): void {
    this.#versions.push({ side: 'right', values, time, isDone: false, isDeletion });
  }

  watermark(watermark: number): readonly JoinResult[] {
    this.watermarkMs = watermark;
    const due = this.#waiting.filter((row) => row.time <= watermark);
    this.#waiting = this.#waiting.filter((row) => row.time > watermark);
    return due.flatMap((row) => {
      // The sort is stable: of versions of one time the last to come is last.
      const version = this.#versions
        .filter((other) => this.hasSameKey(row, other) && other.time <= row.time)
        .toSorted((a, b) => a.time - b.time)
        .at(-1);
      if (version !== undefined && !version.isDeletion && this.matches(row, version)) {
        return [this.both(row, version, row.time)];
      }
      return this.keeps('left') ? [this.alone(row, row.time)] : [];
    });
  }
}

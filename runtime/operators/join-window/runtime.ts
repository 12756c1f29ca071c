/** Rows wait in their windows until the watermark reaches the last millisecond of one; then what it holds is joined, key by key. */
import { MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import { assert } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan } from '../../core/operator.ts';
import { fieldIndex } from '../../core/schema.ts';
import { keepsLeft, keepsRight } from '../shared/joins/config.ts';
import { JoinClock, timesOf } from '../shared/joins/join-clock.ts';
import { JoinedRows } from '../shared/joins/joined-rows.ts';
import { hasNullKey, takeKeys } from '../shared/joins/keys.ts';
import { LateJoinRows } from '../shared/joins/late-join-rows.ts';
import { rowValues, type RowValues } from '../shared/rows/row-values.ts';
import type { JoinWindowConfig } from './spec.ts';
import { windowEnds, type WindowEnds } from './window-ends.ts';
import { WindowRowsTable, type WindowRows } from './window-rows.ts';

export const createJoinWindow: OperatorFactory<JoinWindowConfig> = (plan, context) =>
  new JoinWindowOperator(plan, context);

/** Keys removed in one call: about a millisecond's work. */
const PART_ENTRIES = 4 * MAX_BATCH_ROWS;

/** What goes on over several calls, a part in each. No slot is kept over a `yield`. */
type Work = Generator<undefined, void, undefined>;

interface Side {
  readonly port: 'left' | 'right';
  readonly keyIndices: readonly number[];
  readonly isOuter: boolean;
}

class JoinWindowOperator implements Operator {
  readonly #sides: readonly Side[];
  readonly #keepsLeft: boolean;
  readonly #keepsRight: boolean;
  readonly #ends: WindowEnds;
  readonly #clock: JoinClock;
  readonly #late: LateJoinRows;
  readonly #windows: WindowRowsTable;
  readonly #joined: JoinedRows<RowValues>;
  /** Rows of the key at hand that have found a match. */
  readonly #matched = new Set<RowValues>();
  /** Windows on their way out. */
  #firing: Work | null = null;

  constructor(plan: OperatorPlan<JoinWindowConfig>, context: OperatorContext) {
    const { config, inputs, outputs } = plan;
    const { on, kind, condition, window } = config;
    const left = inputs.find(({ port }) => port === 'left')!.shape.schema;
    const right = inputs.find(({ port }) => port === 'right')!.shape.schema;
    this.#keepsLeft = keepsLeft(kind);
    this.#keepsRight = keepsRight(kind);
    this.#sides = inputs.map(({ port, shape }) =>
      port === 'right'
        ? {
            port,
            keyIndices: on.map((pair) => fieldIndex(shape.schema, pair.right)),
            isOuter: this.#keepsRight,
          }
        : {
            port: 'left',
            keyIndices: on.map((pair) => fieldIndex(shape.schema, pair.left)),
            isOuter: this.#keepsLeft,
          },
    );
    this.#ends = windowEnds(window);
    this.#clock = new JoinClock(plan, context);
    this.#late = new LateJoinRows(outputs.late!.schema, context);
    this.#windows = new WindowRowsTable(
      context.state,
      on.map((pair) => left.fields[fieldIndex(left, pair.left)]!),
      left,
      right,
    );
    this.#joined = new JoinedRows(
      {
        left,
        right,
        out: outputs.out!.schema,
        condition,
        onMatch: (ofLeft, ofRight) => {
          if (this.#keepsLeft) this.#matched.add(ofLeft);
          if (this.#keepsRight) this.#matched.add(ofRight);
        },
      },
      context,
    );
  }

  processBatch(batch: Batch, input: number): void {
    const side = this.#sides[input]!;
    const times = timesOf(batch);
    const { watermark } = this.#clock;
    const keys = side.keyIndices.map((i) => batch.columns[i]!);
    const late = new Int32Array(batch.length);
    const kept = new Int32Array(batch.length);
    let lateCount = 0;
    let count = 0;
    for (let row = 0; row < batch.length; row++) {
      if (this.#ends.last(times[row]!) - 1 <= watermark) late[lateCount++] = row;
      else if (side.isOuter || !hasNullKey(keys, row)) kept[count++] = row;
    }
    if (lateCount > 0) this.#late.drop(batch, late, lateCount, side.port);
    if (count > 0) this.#add(batch, side, times, kept.subarray(0, count));
  }

  /** Puts rows into all of their windows that have not fired. */
  #add(batch: Batch, side: Side, times: Float64Array, kept: Int32Array): void {
    const { first, last, stepMs, most } = this.#ends;
    const keys = side.keyIndices.map((i) => batch.columns[i]!);
    const values = new Map<number, RowValues>();
    for (const row of kept) values.set(row, rowValues(batch, row));
    const ends = new Float64Array(kept.length);
    const rows = new Int32Array(kept.length);
    for (let nth = 0; nth < most; nth++) {
      let count = 0;
      for (const row of kept) {
        const time = times[row]!;
        const end = first(time) + nth * stepMs;
        if (end > last(time) || end - 1 <= this.#clock.watermark) continue;
        ends[count] = end;
        rows[count++] = row;
      }
      if (count === 0) continue;
      this.#windows.add(
        side.port,
        takeKeys(keys, batch.length, rows, count),
        ends,
        Array.from(rows.subarray(0, count), (row) => values.get(row)!),
      );
    }
  }

  onWatermark(to: number): boolean {
    this.#firing ??= this.#fireUpTo(this.#clock.advance(to));
    this.#joined.added = 0;
    if (this.#firing.next().done === true) this.#firing = null;
    this.#joined.flush();
    return this.#firing !== null;
  }

  *#fireUpTo(watermark: number): Work {
    for (const end of this.#windows.ends()) {
      if (end - 1 > watermark) return;
      yield* this.#fire(end);
      while (this.#windows.remove(end, PART_ENTRIES)) yield;
    }
  }

  *#fire(end: number): Work {
    const tail = [this.#ends.startOf(end), end];
    const scan = this.#windows.scan(end);
    for (;;) {
      const entries = this.#windows.next(scan);
      if (entries.length === 0) return;
      for (const entry of entries) yield* this.#join(entry, end - 1, tail);
    }
  }

  /** All that a key has in a window. */
  *#join({ left, right, hasNullKey: isAlone }: WindowRows, time: number, tail: readonly number[]): Work {
    this.#matched.clear();
    for (const ofLeft of isAlone ? [] : left) {
      for (const ofRight of right) {
        this.#joined.pair(ofLeft, ofRight, time, tail);
        if (this.#joined.added >= MAX_BATCH_ROWS) yield;
      }
    }
    if (this.#keepsLeft || this.#keepsRight) this.#joined.settle();
    for (const row of this.#keepsLeft ? left : []) {
      if (!this.#matched.has(row)) this.#joined.alone(row, null, time, tail);
      if (this.#joined.added >= MAX_BATCH_ROWS) yield;
    }
    for (const row of this.#keepsRight ? right : []) {
      if (!this.#matched.has(row)) this.#joined.alone(null, row, time, tail);
      if (this.#joined.added >= MAX_BATCH_ROWS) yield;
    }
  }

  snapshot(): void {
    assert(this.#firing === null, 'a barrier came in the middle of a firing');
    this.#clock.snapshot();
  }
}

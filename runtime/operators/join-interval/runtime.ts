/**
 * A row looks at once for its matches among the rows of the other side that wait, and then waits itself. A row is late when it is
 * behind the watermark (one at the watermark is not): what it might have matched may be gone.
 */
import { MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan } from '../../core/operator.ts';
import { keepsLeft, keepsRight } from '../shared/joins/config.ts';
import { JoinClock, timesOf } from '../shared/joins/join-clock.ts';
import { JoinedRows } from '../shared/joins/joined-rows.ts';
import { hasNullKey } from '../shared/joins/keys.ts';
import { LateJoinRows } from '../shared/joins/late-join-rows.ts';
import { JoinSide, type WaitingRow } from './join-side.ts';
import type { JoinIntervalConfig } from './spec.ts';

export const createJoinInterval: OperatorFactory<JoinIntervalConfig> = (plan, context) =>
  new JoinIntervalOperator(plan, context);

/** The finer, the fewer rows are looked at in vain and the sooner state goes; each costs a look-up. */
const BUCKETS_PER_INTERVAL = 4;
const SHORTEST_BUCKET_MS = 100;
/** Buckets looked through for rows without a match in one call. */
const PART_BUCKETS = 256;

class JoinIntervalOperator implements Operator {
  readonly #left: JoinSide;
  readonly #right: JoinSide;
  readonly #isRight: readonly boolean[];
  readonly #clock: JoinClock;
  readonly #late: LateJoinRows;
  readonly #joined: JoinedRows<WaitingRow>;

  constructor(plan: OperatorPlan<JoinIntervalConfig>, context: OperatorContext) {
    const { config, inputs, outputs } = plan;
    const { on, kind, condition, lowerBound, upperBound } = config;
    const left = inputs.find(({ port }) => port === 'left')!.shape.schema;
    const right = inputs.find(({ port }) => port === 'right')!.shape.schema;
    const span = upperBound - lowerBound + 1;
    const bucketMs = Math.max(SHORTEST_BUCKET_MS, Math.ceil(span / BUCKETS_PER_INTERVAL));
    this.#left = new JoinSide(
      {
        port: 'left',
        schema: left,
        keys: on.map((pair) => pair.left),
        from: lowerBound,
        to: upperBound,
        isOuter: keepsLeft(kind),
        bucketMs,
      },
      context,
    );
    this.#right = new JoinSide(
      {
        port: 'right',
        schema: right,
        keys: on.map((pair) => pair.right),
        from: -upperBound,
        to: -lowerBound,
        isOuter: keepsRight(kind),
        bucketMs,
      },
      context,
    );
    this.#isRight = inputs.map(({ port }) => port === 'right');
    this.#clock = new JoinClock(plan, context);
    this.#late = new LateJoinRows(outputs.late!.schema, context);
    this.#joined = new JoinedRows(
      {
        left,
        right,
        out: outputs.out!.schema,
        condition,
        onMatch: (ofLeft, ofRight) => {
          ofLeft.isMatched = true;
          ofRight.isMatched = true;
        },
      },
      context,
    );
  }

  processBatch(batch: Batch, input: number): void {
    const side = this.#isRight[input] === true ? this.#right : this.#left;
    const times = timesOf(batch);
    const { watermark } = this.#clock;
    const good = new Int32Array(batch.length);
    const late = new Int32Array(batch.length);
    let goodCount = 0;
    let lateCount = 0;
    for (let row = 0; row < batch.length; row++) {
      if (times[row]! < watermark) late[lateCount++] = row;
      else good[goodCount++] = row;
    }
    if (lateCount > 0) this.#late.drop(batch, late, lateCount, side.port);
    if (goodCount > 0) this.#join(lateCount === 0 ? batch : batch.take(good, goodCount), side);
    this.#joined.flush();
  }

  #join(batch: Batch, side: JoinSide): void {
    const other = side === this.#left ? this.#right : this.#left;
    const times = timesOf(batch);
    const keys = side.keysOf(batch);
    const rows = Array.from({ length: batch.length }, (_, row): WaitingRow => ({
      values: batch.row(row),
      eventTime: times[row]!,
      isMatched: false,
    }));
    const waiting = new Int32Array(batch.length);
    let count = 0;
    // Those before row `next` are done with, but for their matches.
    let next = 0;
    const passUpTo = (end: number): void => {
      for (; next < end; next++) {
        if (!hasNullKey(keys, next)) waiting[count++] = next;
        else if (side.isOuter) this.#alone(rows[next]!, side);
      }
    };
    other.probe(keys, times, batch.length, side, (nth, bucket, slot) => {
      passUpTo(nth);
      this.#match(rows[nth]!, side, other, bucket.rows, slot);
    });
    passUpTo(batch.length);
    this.#joined.settle();
    if (!side.isOuter) count = this.#keepMatchable(rows, side, waiting, count);
    side.add(keys, batch.length, rows, waiting, count);
  }

  #match(row: WaitingRow, side: JoinSide, other: JoinSide, candidates: readonly WaitingRow[], slot: number): void {
    const first = row.eventTime + side.from;
    const last = row.eventTime + side.to;
    let isTouched = !other.isOuter;
    for (const candidate of candidates) {
      const time = candidate.eventTime;
      if (time < first || time > last) continue;
      if (!isTouched && !candidate.isMatched) {
        other.touch(slot);
        isTouched = true;
      }
      const later = Math.max(row.eventTime, time);
      if (side === this.#left) this.#joined.pair(row, candidate, later);
      else this.#joined.pair(candidate, row, later);
    }
  }

  /** Leaves out rows that nothing to come can match. */
  #keepMatchable(rows: readonly WaitingRow[], side: JoinSide, waiting: Int32Array, count: number): number {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const row = waiting[i]!;
      if (side.deadline(rows[row]!.eventTime) > this.#clock.watermark) waiting[kept++] = row;
    }
    return kept;
  }

  #alone(row: WaitingRow, side: JoinSide): void {
    const time = side.unmatchedTime(row.eventTime);
    if (side === this.#left) this.#joined.alone(row, null, time);
    else this.#joined.alone(null, row, time);
  }

  onWatermark(to: number): boolean {
    const watermark = this.#clock.advance(to);
    this.#joined.added = 0;
    for (const side of [this.#left, this.#right]) {
      while (side.takeUnmatched(watermark, PART_BUCKETS, (row) => this.#alone(row, side))) {
        if (this.#joined.added < MAX_BATCH_ROWS) continue;
        this.#joined.flush();
        return true;
      }
    }
    this.#joined.flush();
    return this.#left.removeDead(watermark) || this.#right.removeDead(watermark);
  }

  snapshot(): void {
    this.#clock.snapshot();
  }
}

/**
 * Flink's event-time temporal join (its TemporalRowTimeJoinOperator). Left rows wait until the watermark of both inputs reaches their time: by
 * then all versions of the right up to it are known. A left row behind the watermark is late: the version valid at its time may be
 * gone. A right row behind it is none too late: rows to come may see it.
 */
import { MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import { assert } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan } from '../../core/operator.ts';
import { fieldIndex } from '../../core/schema.ts';
import { keepsLeft } from '../shared/joins/config.ts';
import { JoinClock, timesOf } from '../shared/joins/join-clock.ts';
import { JoinedRows } from '../shared/joins/joined-rows.ts';
import { hasNullKey, takeKeys } from '../shared/joins/keys.ts';
import { LateJoinRows } from '../shared/joins/late-join-rows.ts';
import { rowValues, type RowValues } from '../shared/rows/row-values.ts';
import type { JoinTemporalConfig } from './spec.ts';
import { validAt, Versions } from './versions.ts';
import { WaitingRows, type DueRows } from './waiting-rows.ts';

export const createJoinTemporal: OperatorFactory<JoinTemporalConfig> = (plan, context) =>
  new JoinTemporalOperator(plan, context);

/** Keys removed, or looked through for versions to drop, in one call. */
const PART_KEYS = 4096;

/** What goes on over several calls, a part in each. No slot is kept over a `yield`. */
type Work = Generator<undefined, void, undefined>;

class JoinTemporalOperator implements Operator {
  readonly #keyIndices: readonly (readonly number[])[];
  readonly #isRight: readonly boolean[];
  readonly #keepsLeft: boolean;
  readonly #clock: JoinClock;
  readonly #late: LateJoinRows;
  readonly #waiting: WaitingRows;
  readonly #versions: Versions;
  readonly #joined: JoinedRows<RowValues>;
  /** Left rows at hand that have found their version. */
  readonly #matched = new Set<RowValues>();
  #firing: Work | null = null;

  constructor(plan: OperatorPlan<JoinTemporalConfig>, context: OperatorContext) {
    const { config, inputs, outputs } = plan;
    const { on, kind, condition } = config;
    const left = inputs.find(({ port }) => port === 'left')!.shape.schema;
    const right = inputs.find(({ port }) => port === 'right')!.shape.schema;
    const keys = on.map((pair) => left.fields[fieldIndex(left, pair.left)]!);
    this.#isRight = inputs.map(({ port }) => port === 'right');
    this.#keyIndices = inputs.map(({ port, shape }) =>
      on.map((pair) => fieldIndex(shape.schema, port === 'right' ? pair.right : pair.left)),
    );
    this.#keepsLeft = keepsLeft(kind);
    this.#clock = new JoinClock(plan, context);
    this.#late = new LateJoinRows(outputs.late!.schema, context);
    this.#waiting = new WaitingRows(context.state, keys, left);
    this.#versions = new Versions(context, keys, right);
    this.#joined = new JoinedRows(
      { left, right, out: outputs.out!.schema, condition, onMatch: (row) => this.#matched.add(row) },
      context,
    );
  }

  processBatch(batch: Batch, input: number): void {
    const keys = this.#keyIndices[input]!.map((i) => batch.columns[i]!);
    const times = timesOf(batch);
    if (this.#isRight[input] === true) {
      this.#versions.add(batch, keys);
      return;
    }
    const late = new Int32Array(batch.length);
    const kept = new Int32Array(batch.length);
    let lateCount = 0;
    let count = 0;
    for (let row = 0; row < batch.length; row++) {
      if (times[row]! < this.#clock.watermark) late[lateCount++] = row;
      else if (this.#keepsLeft || !hasNullKey(keys, row)) kept[count++] = row;
    }
    if (lateCount > 0) this.#late.drop(batch, late, lateCount, 'left');
    if (count === 0) return;
    const rows = Array.from(kept.subarray(0, count), (row) => rowValues(batch, row));
    const keptTimes = Float64Array.from(rows, ({ eventTime }) => eventTime);
    this.#waiting.add(takeKeys(keys, batch.length, kept, count), keptTimes, rows);
  }

  onWatermark(to: number): boolean {
    this.#firing ??= this.#fireUpTo(this.#clock.advance(to));
    this.#joined.added = 0;
    if (this.#firing.next().done === true) this.#firing = null;
    this.#joined.flush();
    return this.#firing !== null;
  }

  *#fireUpTo(watermark: number): Work {
    for (const time of this.#waiting.dueTimes(watermark)) {
      const scan = this.#waiting.scan(time);
      for (let due = this.#waiting.next(scan); due !== null; due = this.#waiting.next(scan)) {
        this.#join(due, time);
        if (this.#joined.added >= MAX_BATCH_ROWS) yield;
      }
      while (this.#waiting.remove(time, PART_KEYS)) yield;
    }
    while (this.#versions.dropOutdated(watermark, PART_KEYS)) yield;
  }

  #join({ keys, rows }: DueRows, time: number): void {
    this.#matched.clear();
    const histories = this.#versions.find(keys, rows.length);
    rows.forEach((ofKey, i) => {
      const version = validAt(histories[i]!, time);
      if (version !== null) for (const row of ofKey) this.#joined.pair(row, version, time);
    });
    this.#joined.settle();
    if (!this.#keepsLeft) return;
    for (const ofKey of rows) for (const row of ofKey) if (!this.#matched.has(row)) this.#joined.alone(row, null, time);
  }

  snapshot(): void {
    assert(this.#firing === null, 'a barrier came in the middle of a firing');
    this.#clock.snapshot();
  }
}

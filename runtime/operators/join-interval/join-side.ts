/**
 * One input of an interval join: its rows that may still be matched, and when the time of those without a match is over.
 *
 * Rows are kept by key and by bucket, a stretch of event time of fixed width: a row of the other side looks into the few buckets that
 * its interval touches, and buckets behind the watermark go as a whole. Outer sides have a timer for the first row of each bucket that
 * may have to leave without a match.
 */
import type { Batch } from '../../core/batch.ts';
import type { Column } from '../../core/column.ts';
import type { OperatorContext } from '../../core/operator.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { DueTimers, Json, KeyedState, KeyedTable, KeyedTimers, StateCodec } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import { takeKeys } from '../shared/joins/keys.ts';
import { rowCodec, type RowValues } from '../shared/rows/row-values.ts';

/** A row that waits for matches. */
export interface WaitingRow extends RowValues {
  isMatched: boolean;
}

export interface Bucket {
  rows: WaitingRow[];
  /** Of outer sides: no unmatched row's time is over before. */
  nextAt: number;
}

export interface JoinSideOptions {
  readonly port: 'left' | 'right';
  readonly schema: Schema;
  readonly keys: readonly string[];
  /** A row at `t` matches rows of the other side at `t + from` to `t + to`. */
  readonly from: number;
  readonly to: number;
  readonly isOuter: boolean;
  readonly bucketMs: number;
}

interface Deadlines {
  readonly state: KeyedState;
  readonly timers: KeyedTimers;
}

const COLUMN = 'rows';
/** Entries removed in one call: about a millisecond's work. */
const PART_ENTRIES = 8192;

export class JoinSide {
  readonly port: 'left' | 'right';
  readonly from: number;
  readonly to: number;
  readonly isOuter: boolean;
  readonly #bucketMs: number;
  readonly #keyIndices: readonly number[];
  readonly #table: KeyedTable;
  readonly #deadlines: Deadlines | null;
  /** Of the batch at hand. */
  #namespaces = new Float64Array(0);
  #slots = new Int32Array(0);
  readonly #one = new Int32Array(1);

  constructor({ port, schema, keys, from, to, isOuter, bucketMs }: JoinSideOptions, context: OperatorContext) {
    this.port = port;
    this.from = from;
    this.to = to;
    this.isOuter = isOuter;
    this.#bucketMs = bucketMs;
    this.#keyIndices = keys.map((name) => fieldIndex(schema, name));
    const fields: readonly Field[] = this.#keyIndices.map((i) => schema.fields[i]!);
    this.#table = context.state.table({
      name: port,
      keys: fields,
      namespaced: true,
      columns: [{ name: COLUMN, type: 'object', codec: bucketCodec(schema) }],
    });
    this.#deadlines = isOuter ? deadlinesOf(context.state.keyed({ name: `${port}Unmatched`, keys: fields })) : null;
  }

  keysOf(batch: Batch): readonly Column[] {
    return this.#keyIndices.map((i) => batch.columns[i]!);
  }

  /** When nothing can match a row at `time` any more: a watermark of that much says so. */
  deadline(time: number): number {
    return time + this.to + 1;
  }

  /** Event time of a row at `time` that has found no match: when that is certain, but not before the row itself. */
  unmatchedTime(time: number): number {
    return Math.max(time, this.deadline(time));
  }

  /** Finds the buckets that rows of the other side look into: `visit` is called with each, by row, then by time. */
  probe(
    keys: readonly Column[],
    times: Float64Array,
    count: number,
    other: JoinSide,
    visit: (row: number, bucket: Bucket, slot: number) => void,
  ): void {
    if (this.#table.size === 0) return;
    const found: Int32Array[] = [];
    const width = this.#bucketMs;
    const namespaces = new Float64Array(count);
    const most = Math.floor((other.to - other.from) / width) + 1;
    for (let nth = 0; nth <= most; nth++) {
      for (let row = 0; row < count; row++) namespaces[row] = this.#bucketOf(times[row]! + other.from) + nth * width;
      const slots = new Int32Array(count);
      this.#table.find(keys, count, namespaces, slots);
      found.push(slots);
    }
    const buckets = this.#table.objects(COLUMN) as Bucket[];
    for (let row = 0; row < count; row++) {
      for (const slots of found) if (slots[row]! >= 0) visit(row, buckets[slots[row]!]!, slots[row]!);
    }
  }

  /** The bucket in `slot`, that `probe` has found, is about to be changed. */
  touch(slot: number): void {
    this.#one[0] = slot;
    this.#table.touch(this.#one, 1);
  }

  /** Keeps rows `which[0, count)` of a batch. */
  add(keys: readonly Column[], length: number, rows: readonly WaitingRow[], which: Int32Array, count: number): void {
    if (count === 0) return;
    const own = takeKeys(keys, length, which, count);
    this.#reserve(count);
    for (let i = 0; i < count; i++) this.#namespaces[i] = this.#bucketOf(rows[which[i]!]!.eventTime);
    this.#table.slots(own, count, this.#namespaces, this.#slots);
    const buckets = this.#table.objects(COLUMN) as (Bucket | undefined)[];
    this.#deadlines?.state.load(own, count);
    for (let i = 0; i < count; i++) {
      const row = rows[which[i]!]!;
      const bucket = (buckets[this.#slots[i]!] ??= { rows: [], nextAt: Infinity });
      bucket.rows.push(row);
      if (!row.isMatched) this.#await(i, bucket, this.deadline(row.eventTime));
    }
  }

  /** Has a look at the bucket of the `nth` loaded key at `deadline`, unless it has one before. */
  #await(nth: number, bucket: Bucket, deadline: number): void {
    if (this.#deadlines === null || deadline >= bucket.nextAt) return;
    bucket.nextAt = deadline;
    this.#deadlines.state.select(nth);
    this.#deadlines.timers.add(deadline);
  }

  /** Takes rows out whose time is over without a match, of up to `max` buckets; false when there are none left. */
  takeUnmatched(watermark: number, max: number, take: (row: WaitingRow) => void): boolean {
    const due = this.#deadlines?.timers.takeDue(watermark, max) ?? null;
    if (due === null) return false;
    this.#takeDue(due, this.#deadlines!, watermark, take);
    return true;
  }

  #takeDue(
    { keys, at, count }: DueTimers,
    { state }: Deadlines,
    watermark: number,
    take: (row: WaitingRow) => void,
  ): void {
    this.#reserve(count);
    // A timer is set for the deadline of a row in the bucket.
    for (let i = 0; i < count; i++) this.#namespaces[i] = this.#bucketOf(at[i]! - this.to - 1);
    this.#table.find(keys, count, this.#namespaces, this.#slots);
    const buckets = this.#table.objects(COLUMN) as Bucket[];
    state.load(keys, count);
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i]!;
      if (slot < 0 || buckets[slot]!.nextAt > watermark) continue;
      this.touch(slot);
      const bucket = buckets[slot]!;
      const kept: WaitingRow[] = [];
      let next = Infinity;
      for (const row of bucket.rows) {
        const deadline = this.deadline(row.eventTime);
        if (!row.isMatched && deadline <= watermark) {
          take(row);
          continue;
        }
        kept.push(row);
        if (!row.isMatched) next = Math.min(next, deadline);
      }
      bucket.rows = kept;
      bucket.nextAt = Infinity;
      if (next < Infinity) this.#await(i, bucket, next);
    }
  }

  /** Removes buckets that no row can match any more; true when there are more. */
  removeDead(watermark: number): boolean {
    for (const bucket of [...this.#table.namespaces()]) {
      if (this.deadline(bucket + this.#bucketMs - 1) > watermark) return false;
      if (this.#table.removeNamespace(bucket, PART_ENTRIES) === true) return true;
    }
    return false;
  }

  #bucketOf(time: number): number {
    return Math.floor(time / this.#bucketMs) * this.#bucketMs + 0;
  }

  #reserve(count: number): void {
    if (this.#slots.length >= count) return;
    this.#namespaces = new Float64Array(count);
    this.#slots = new Int32Array(count);
  }
}

function deadlinesOf(state: KeyedState): Deadlines {
  return { state, timers: state.timers('deadlines') };
}

const BUCKET_BYTES = 96;

function bucketCodec(schema: Schema): StateCodec {
  const rows = rowCodec(schema);
  return {
    toJson(value): Json {
      const bucket = value as Bucket;
      const nextAt = bucket.nextAt === Infinity ? null : bucket.nextAt;
      return [nextAt, ...bucket.rows.map((row): Json => [row.isMatched, rows.toJson(row)])];
    },
    fromJson(json): Bucket {
      const [nextAt, ...waiting] = json as readonly [number | null, ...(readonly [boolean, Json])[]];
      return {
        nextAt: nextAt ?? Infinity,
        rows: waiting.map(([isMatched, row]) => ({ ...(rows.fromJson(row) as RowValues), isMatched })),
      };
    },
    sizeOf: (value) => (value as Bucket).rows.reduce((sum, row) => sum + 8 + rows.sizeOf(row), BUCKET_BYTES),
  };
}

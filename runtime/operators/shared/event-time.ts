/**
 * Event time of a stream, and the watermarks that follow from it.
 *
 * By a field: each split (a file, a subtask's share of a generator) has its largest event time; with out-of-orderness bound B the watermark
 * is the smallest of these over the splits that are neither idle nor at their end, minus B. It moves after every batch, or
 * with `perRow` after every row, for which a batch is cut behind each row that moves it.
 */
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import type { OperatorContext, Output } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import { MIN_WATERMARK } from '../../core/time.ts';
import type { EventTimeConfig, SourceTimeConfig } from './event-time-config.ts';
import { IngestionTimes } from './ingestion-times.ts';

/** How far one split has come. */
export interface SplitTime {
  /** -Infinity before the first row. */
  readonly maxEventTime: number;
}

/** Puts event times on the rows of splits and watermarks behind them. The operator `assignsWatermarks` and hands its timers on. */
export interface EventTimes {
  /** Add all splits that are known before the first row: the watermark waits for each of them. */
  addSplit(maxEventTime?: number): SplitTime;
  /** The split has ended: others no longer wait for it. */
  removeSplit(split: SplitTime): void;
  /** After a restore: says again how far event time had come, so that what was late stays late. */
  announce(): void;
  /** Emits rows of one split with their event times, and the watermark. Throws StreamError MR2103 on a row without event time. */
  emit(batch: Batch, from: SplitTime): void;
  /** Emits rows out of their order, with their event times: they move no watermark, and may be late. */
  emitAside(batch: Batch): void;
  /** The split was asked and had no rows. */
  foundNothing(from: SplitTime): void;
  onTimer(): void;
}

export function createEventTimes(
  config: SourceTimeConfig,
  schema: Schema,
  context: OperatorContext,
  output: Output,
): EventTimes {
  return config.time === 'ingestion'
    ? new IngestionTimes(context, output)
    : new WatermarkGenerator(config, schema, context, output);
}

class Split implements SplitTime {
  maxEventTime: number;
  isIdle = false;
  /** Processing time since when the split has given nothing; null while it gives rows. */
  silentSince: number | null = null;

  constructor(maxEventTime: number) {
    this.maxEventTime = maxEventTime;
  }
}

/** Event time by a field. */
export class WatermarkGenerator implements EventTimes {
  readonly #config: EventTimeConfig;
  readonly #field: number;
  readonly #context: OperatorContext;
  readonly #output: Output;
  readonly #splits = new Set<Split>();
  #watermark = MIN_WATERMARK;
  #isIdle = false;

  constructor(config: EventTimeConfig, schema: Schema, context: OperatorContext, output: Output) {
    this.#config = config;
    this.#field = fieldIndex(schema, config.field);
    this.#context = context;
    this.#output = output;
  }

  addSplit(maxEventTime: number = MIN_WATERMARK): SplitTime {
    const split = new Split(maxEventTime);
    this.#splits.add(split);
    return split;
  }

  removeSplit(split: SplitTime): void {
    this.#splits.delete(split as Split);
    this.#advance();
  }

  announce(): void {
    this.#advance();
  }

  emit(batch: Batch, from: SplitTime): void {
    if (batch.length === 0) return;
    const split = from as Split;
    const times = this.#timesOf(batch);
    const timed = batch.withEventTimes(times);
    split.isIdle = false;
    split.silentSince = null;
    this.#isIdle = false;
    if (this.#config.perRow && this.#context.hasProgress) this.#emitByRow(timed, times, split);
    else {
      this.#output.emit(timed);
      split.maxEventTime = Math.max(split.maxEventTime, maxOf(times, batch.length));
      this.#advance();
    }
  }

  emitAside(batch: Batch): void {
    this.#output.emit(batch.withEventTimes(this.#timesOf(batch)));
    // Rows end idleness, but these say nothing of how far the splits have come.
    if (this.#isIdle) this.#context.emitIdle();
  }

  /** Its time to idleness runs. */
  foundNothing(from: SplitTime): void {
    const split = from as Split;
    if (!this.#context.hasProgress || this.#config.idleTimeoutMs === 0 || split.silentSince !== null) return;
    split.silentSince = this.#context.clock.now();
    this.#context.setTimer(split.silentSince + this.#config.idleTimeoutMs);
  }

  onTimer(): void {
    const now = this.#context.clock.now();
    for (const split of this.#splits) {
      split.isIdle ||= split.silentSince !== null && now - split.silentSince >= this.#config.idleTimeoutMs;
    }
    this.#advance();
  }

  #emitByRow(batch: Batch, times: Float64Array, split: Split): void {
    let start = 0;
    for (let row = 0; row < batch.length; row++) {
      if (times[row]! <= split.maxEventTime) continue;
      split.maxEventTime = times[row]!;
      if (this.#current() <= this.#watermark) continue;
      this.#output.emit(slice(batch, start, row + 1));
      start = row + 1;
      this.#advance();
    }
    this.#output.emit(slice(batch, start, batch.length));
  }

  #timesOf(batch: Batch): Float64Array<ArrayBuffer> {
    const column = batch.columns[this.#field]!;
    if (column.validity !== null) {
      for (let row = 0; row < batch.length; row++) if (column.isNull(row)) throw this.#noEventTime(batch, row);
    }
    // Columns are never written to, so the event times may be the very same array.
    return column.values as Float64Array<ArrayBuffer>;
  }

  #noEventTime(batch: Batch, row: number): StreamError {
    const cells = batch.schema.fields.map((f, i) => `${f.name} = ${String(batch.columns[i]!.value(row))}`);
    return new StreamError(
      'MR2103',
      say`the event-time field "${this.#config.field}" is NULL in the row ${cells.join(', ')}`,
      {
        domain: 'user',
        remedy: say`Filter out rows without "${this.#config.field}" before, or give them a time with COALESCE.`,
      },
    );
  }

  /** The watermark as the splits stand; -Infinity while one that is not idle has given nothing. */
  #current(): number {
    let min = Infinity;
    for (const split of this.#splits) if (!split.isIdle && split.maxEventTime < min) min = split.maxEventTime;
    return min === Infinity ? MIN_WATERMARK : min - this.#config.maxOutOfOrdernessMs;
  }

  #advance(): void {
    if (!this.#context.hasProgress) return;
    const watermark = this.#current();
    if (watermark > this.#watermark) {
      this.#watermark = watermark;
      this.#context.emitWatermark(watermark);
    } else if (!this.#isIdle && this.#areAllIdle()) {
      this.#isIdle = true;
      this.#context.emitIdle();
    }
  }

  #areAllIdle(): boolean {
    for (const split of this.#splits) if (!split.isIdle) return false;
    return this.#splits.size > 0;
  }
}

function maxOf(times: Float64Array, count: number): number {
  let max = times[0]!;
  for (let i = 1; i < count; i++) if (times[i]! > max) max = times[i]!;
  return max;
}

function slice(batch: Batch, start: number, end: number): Batch {
  if (start === 0 && end === batch.length) return batch;
  const builder = new BatchBuilder(batch.schema, Math.max(1, end - start));
  builder.appendRange(batch, start, end);
  return builder.finish();
}

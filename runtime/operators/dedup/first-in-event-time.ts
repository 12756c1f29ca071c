import { BatchBuilder, MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorPlan, Output } from '../../core/operator.ts';
import type { DueTimers, KeyedState, KeyedTable, KeyedTimers } from '../../core/state.ts';
import { ReachedWatermark } from '../shared/reached-watermark.ts';
import { StoredRows } from '../shared/rows/stored-rows.ts';
import { columnsAt } from '../shared/rows/columns-at.ts';
import { eventTimesOf, keyIndices } from './key-entries.ts';
import { ttlOf } from '../shared/state-ttl.ts';
import type { DedupConfig } from './spec.ts';

const HAS_ROW = 'hasRow';

/**
 * Holds the earliest row of each key until the watermark has come to its time, since an earlier one may still arrive, and lets it
 * pass then; of the key only stays that there was one. A row behind the watermark is late. A row as old as it is not, as in Flink: with
 * no out-of-orderness that is every further row of the latest instant.
 */
export class FirstInEventTimeOperator implements Operator {
  readonly #keyIndices: readonly number[];
  readonly #context: OperatorContext;
  readonly #reached: ReachedWatermark;
  readonly #rows: StoredRows;
  /** Rows that wait. No TTL: one that ran out would lose a row. */
  readonly #waiting: KeyedTable;
  /** Keys that have had their row. */
  readonly #passed: KeyedTable;
  readonly #keyed: KeyedState;
  /** At the times of waiting rows. */
  readonly #timers: KeyedTimers;
  readonly #builder: BatchBuilder;
  readonly #out: Output;
  /** Of the batch at hand. */
  #slots = new Int32Array(0);
  #candidates = new Int32Array(0);

  constructor(plan: OperatorPlan<DedupConfig>, context: OperatorContext) {
    const { config, inputs } = plan;
    const { schema } = inputs[0]!.shape;
    this.#keyIndices = keyIndices(schema, config);
    this.#context = context;
    this.#reached = new ReachedWatermark(plan, context.state);
    this.#rows = new StoredRows(schema);
    const keys = this.#keyIndices.map((i) => schema.fields[i]!);
    this.#waiting = context.state.table({
      name: 'waiting',
      keys,
      namespaced: false,
      columns: [{ name: HAS_ROW, type: 'i32' }, ...this.#rows.columns],
    });
    this.#passed = context.state.table({
      name: 'passed',
      keys,
      namespaced: false,
      columns: [],
      ...ttlOf(config.stateTtl),
    });
    this.#keyed = context.state.keyed({ name: 'firsts', keys });
    this.#timers = this.#keyed.timers('due');
    this.#builder = new BatchBuilder(schema);
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    const times = eventTimesOf(batch);
    const keys = this.#keyIndices.map((i) => batch.columns[i]!);
    this.#makeRoom(batch.length);
    this.#passed.find(keys, batch.length, null, this.#slots);
    const { watermark } = this.#reached;
    let count = 0;
    let late = 0;
    for (let row = 0; row < batch.length; row++) {
      if (times[row]! < watermark) late++;
      else if (this.#slots[row]! < 0) this.#candidates[count++] = row;
    }
    if (late > 0) this.#context.countLate(late);
    if (count === 0) return;
    const candidateKeys = columnsAt(keys, this.#candidates, count);
    this.#waiting.slots(candidateKeys, count, null, this.#slots);
    this.#keyed.load(candidateKeys, count);
    this.#rows.bind(this.#waiting);
    const hasRow = this.#waiting.i32(HAS_ROW);
    for (let i = 0; i < count; i++) {
      const row = this.#candidates[i]!;
      const slot = this.#slots[i]!;
      const time = times[row]!;
      if (hasRow[slot] !== 0 && time >= this.#rows.eventTimeOf(slot)) continue;
      this.#keyed.select(i);
      if (hasRow[slot] !== 0) this.#timers.remove(this.#rows.eventTimeOf(slot));
      this.#timers.add(time);
      hasRow[slot] = 1;
      this.#rows.set(slot, batch, row);
    }
  }

  onWatermark(watermark: number): boolean {
    // Said again after a restore: rows as old as it go with the next one, as they would have without.
    if (watermark <= this.#reached.watermark) return false;
    const due = this.#timers.takeDue(watermark, MAX_BATCH_ROWS);
    if (due !== null) {
      this.#pass(due);
      return true;
    }
    this.#reached.advance(watermark);
    return false;
  }

  #pass({ keys, count }: DueTimers): void {
    this.#makeRoom(count);
    this.#waiting.find(keys, count, null, this.#slots);
    this.#rows.bind(this.#waiting);
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i]!;
      this.#rows.append(slot, this.#builder);
      this.#builder.endRow(this.#rows.eventTimeOf(slot));
      this.#waiting.remove(slot);
    }
    this.#passed.slots(keys, count, null, this.#slots);
    this.#out.emit(this.#builder.finish());
  }

  #makeRoom(count: number): void {
    if (this.#slots.length >= count) return;
    this.#slots = new Int32Array(count);
    this.#candidates = new Int32Array(count);
  }

  snapshot(): void {
    this.#reached.snapshot();
  }
}

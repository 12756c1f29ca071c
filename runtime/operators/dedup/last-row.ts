import {
  BatchBuilder,
  INSERT,
  MAX_BATCH_ROWS,
  UPDATE_AFTER,
  UPDATE_BEFORE,
  type Batch,
  type ChangeKind,
} from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorPlan, Output } from '../../core/operator.ts';
import type { KeyedTable } from '../../core/state.ts';
import { StoredRows } from '../shared/rows/stored-rows.ts';
import { eventTimesOf, KeyEntries, keyIndices } from './key-entries.ts';
import { ttlOf } from '../shared/state-ttl.ts';
import type { DedupConfig } from './spec.ts';

const SEEN = 'seen';

/** Each row takes the place of the one before of its key; by event time, unless that is later. */
export class LastRowOperator implements Operator {
  readonly #keyIndices: readonly number[];
  readonly #isByEventTime: boolean;
  readonly #rows: StoredRows;
  readonly #table: KeyedTable;
  readonly #entries: KeyEntries;
  readonly #builder: BatchBuilder;
  readonly #out: Output;
  readonly #one = new Int32Array(1);

  constructor({ config, inputs }: OperatorPlan<DedupConfig>, context: OperatorContext) {
    const { schema } = inputs[0]!.shape;
    this.#keyIndices = keyIndices(schema, config);
    this.#isByEventTime = config.time === 'event';
    this.#rows = new StoredRows(schema);
    this.#table = context.state.table({
      name: 'lasts',
      keys: this.#keyIndices.map((i) => schema.fields[i]!),
      namespaced: false,
      columns: [{ name: SEEN, type: 'i32' }, ...this.#rows.columns],
      ...ttlOf(config.stateTtl),
    });
    this.#entries = new KeyEntries(this.#table);
    this.#builder = new BatchBuilder(schema);
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    const count = batch.length;
    if (count === 0) return;
    const times = this.#isByEventTime ? eventTimesOf(batch) : null;
    this.#entries.load(
      this.#keyIndices.map((i) => batch.columns[i]!),
      count,
    );
    const { slots } = this.#entries;
    const seen = this.#table.i32(SEEN);
    this.#rows.bind(this.#table);
    for (let row = 0; row < count; row++) {
      const slot = slots[row]!;
      const isNew = seen[slot] === 0;
      if (!isNew && times !== null && times[row]! < this.#rows.eventTimeOf(slot)) continue;
      this.#one[0] = slot;
      this.#table.touch(this.#one, 1);
      seen[slot] = 1;
      if (!isNew) this.#takeBack(slot);
      this.#rows.set(slot, batch, row);
      this.#append(batch, row, isNew ? INSERT : UPDATE_AFTER);
      // Between rows, so that -U and +U leave together.
      if (this.#builder.length >= MAX_BATCH_ROWS - 1) this.#flush();
    }
    this.#flush();
  }

  #takeBack(slot: number): void {
    this.#rows.append(slot, this.#builder);
    this.#builder.endRow(this.#rows.eventTimeOf(slot), UPDATE_BEFORE);
  }

  #append(batch: Batch, row: number, kind: ChangeKind): void {
    const { columns } = this.#builder;
    for (let c = 0; c < columns.length; c++) columns[c]!.appendRange(batch.columns[c]!, row, row + 1);
    this.#builder.endRow(batch.eventTimes === null ? NaN : batch.eventTimes[row]!, kind);
  }

  #flush(): void {
    if (this.#builder.length > 0) this.#out.emit(this.#builder.finish());
  }
}

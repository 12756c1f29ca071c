import {
  BatchBuilder,
  DELETE,
  INSERT,
  MAX_BATCH_ROWS,
  UPDATE_AFTER,
  UPDATE_BEFORE,
  type Batch,
  type ChangeKind,
} from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorPlan, Output } from '../../core/operator.ts';
import type { KeyedState, ValueState } from '../../core/state.ts';
import { rowListCodec } from '../shared/rows/row-list-codec.ts';
import { rowValues, type RowValues } from '../shared/rows/row-values.ts';
import { isSameValue } from '../shared/rows/same-value.ts';
import { ttlOf } from '../shared/state-ttl.ts';
import { eventTimesOf, keyIndices } from './key-entries.ts';
import type { DedupConfig } from './spec.ts';

/**
 * The last row of each key of a stream with updates: all rows of a key are kept, in order, since the one before comes up again when the last
 * one is taken back.
 */
export class RetractingLastRowOperator implements Operator {
  readonly #keyIndices: readonly number[];
  readonly #isByEventTime: boolean;
  readonly #keyed: KeyedState;
  /** By arrival; by event time those of one time by arrival. */
  readonly #rows: ValueState<RowValues[]>;
  readonly #builder: BatchBuilder;
  readonly #out: Output;

  constructor({ config, inputs }: OperatorPlan<DedupConfig>, context: OperatorContext) {
    const { schema } = inputs[0]!.shape;
    this.#keyIndices = keyIndices(schema, config);
    this.#isByEventTime = config.time === 'event';
    this.#keyed = context.state.keyed({
      name: 'lasts',
      keys: this.#keyIndices.map((i) => schema.fields[i]!),
      ...ttlOf(config.stateTtl),
    });
    this.#rows = this.#keyed.value('rows', rowListCodec(schema));
    this.#builder = new BatchBuilder(schema);
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    if (batch.length === 0) return;
    if (this.#isByEventTime) eventTimesOf(batch);
    this.#keyed.load(
      this.#keyIndices.map((i) => batch.columns[i]!),
      batch.length,
    );
    for (let row = 0; row < batch.length; row++) {
      this.#keyed.select(row);
      const kind = batch.kind(row);
      if (kind === INSERT || kind === UPDATE_AFTER) this.#add(rowValues(batch, row));
      else this.#takeBack(rowValues(batch, row));
      // Between rows, so that -U and +U leave together.
      if (this.#builder.length >= MAX_BATCH_ROWS - 1) this.#flush();
    }
    this.#flush();
  }

  #add(row: RowValues): void {
    const rows = this.#rows.get() ?? [];
    // Before the change: a checkpoint under way has to see what was there.
    this.#rows.set(rows);
    const before = rows.at(-1);
    rows.splice(this.#endOf(rows, row.eventTime), 0, row);
    this.#emit(before, rows.at(-1));
  }

  #takeBack(row: RowValues): void {
    const rows = this.#rows.get();
    if (rows === undefined) return;
    const at = this.#find(rows, row);
    // Its key was forgotten by the TTL and has begun anew.
    if (at < 0) return;
    this.#rows.set(rows);
    const before = rows.at(-1);
    rows.splice(at, 1);
    this.#emit(before, rows.at(-1));
    if (rows.length === 0) this.#rows.clear();
  }

  /** Behind the rows of the same time and of times before. */
  #endOf(rows: readonly RowValues[], eventTime: number): number {
    let at = rows.length;
    // Rows seldom come far out of order.
    if (this.#isByEventTime) while (at > 0 && rows[at - 1]!.eventTime > eventTime) at--;
    return at;
  }

  /** Of equal rows the first, as in Flink; -1 when there is none. */
  #find(rows: readonly RowValues[], { values, eventTime }: RowValues): number {
    return rows.findIndex(
      (row) =>
        (!this.#isByEventTime || row.eventTime === eventTime) &&
        row.values.every((value, i) => isSameValue(value, values[i]!)),
    );
  }

  #emit(before: RowValues | undefined, after: RowValues | undefined): void {
    if (before === after) return;
    if (before !== undefined) this.#append(before, after === undefined ? DELETE : UPDATE_BEFORE);
    if (after !== undefined) this.#append(after, before === undefined ? INSERT : UPDATE_AFTER);
  }

  #append({ values, eventTime }: RowValues, kind: ChangeKind): void {
    const { columns } = this.#builder;
    for (let c = 0; c < columns.length; c++) columns[c]!.appendValue(values[c]!);
    this.#builder.endRow(eventTime, kind);
  }

  #flush(): void {
    if (this.#builder.length > 0) this.#out.emit(this.#builder.finish());
  }
}

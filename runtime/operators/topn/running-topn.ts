import { DELETE, INSERT, UPDATE_AFTER, type Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { fieldIndex } from '../../core/schema.ts';
import type { KeyedState, ValueState } from '../../core/state.ts';
import { rowListCodec } from '../shared/rows/row-list-codec.ts';
import { rowValues, type RowValues } from '../shared/rows/row-values.ts';
import { ttlOf } from '../shared/state-ttl.ts';
import { RankWriter } from './rank-writer.ts';
import { findRow, insertRow } from './ranking.ts';
import { RowOrder } from './row-order.ts';
import { keyNames, type TopnConfig } from './spec.ts';

/**
 * The best rows of each partition, as they change with every row. With a rank, a row that comes or goes moves all below it: each is an
 * update of its place. Without one, a row comes and another goes. Of a stream with updates all rows are kept, since
 * one below the best comes up when one of these is taken back.
 */
export class RunningTopnOperator implements Operator {
  readonly #n: number;
  readonly #hasRank: boolean;
  readonly #keepsAll: boolean;
  readonly #keyIndices: readonly number[];
  readonly #fieldCount: number;
  readonly #order: RowOrder;
  readonly #keyed: KeyedState;
  readonly #rankings: ValueState<RowValues[]>;
  readonly #writer: RankWriter;

  constructor({ config, inputs, outputs }: OperatorPlan<TopnConfig>, context: OperatorContext) {
    const { schema, changelog } = inputs[0]!.shape;
    const { n, rank, orderBy, stateTtl } = config;
    this.#n = n;
    this.#hasRank = rank !== null;
    this.#keepsAll = changelog === 'update';
    this.#keyIndices = keyNames(config).map((name) => fieldIndex(schema, name));
    this.#fieldCount = schema.fields.length;
    this.#order = new RowOrder(orderBy, schema, context);
    this.#keyed = context.state.keyed({
      name: 'topn',
      keys: this.#keyIndices.map((i) => schema.fields[i]!),
      ...ttlOf(stateTtl),
    });
    this.#rankings = this.#keyed.value('rows', rowListCodec(this.#order.storedSchema));
    this.#writer = new RankWriter(outputs.out!.schema, this.#fieldCount, context.output('out'));
  }

  processBatch(batch: Batch): void {
    if (batch.length === 0) return;
    const stored = this.#order.extend(batch);
    this.#keyed.load(
      this.#keyIndices.map((i) => batch.columns[i]!),
      batch.length,
    );
    for (let row = 0; row < batch.length; row++) {
      this.#keyed.select(row);
      const kind = batch.kind(row);
      if (kind === INSERT || kind === UPDATE_AFTER) this.#add(stored, row);
      else this.#takeBack(rowValues(stored, row));
    }
    this.#writer.flush();
  }

  #add(stored: Batch, index: number): void {
    const n = this.#n;
    const rows = this.#rankings.get() ?? [];
    // Most rows of a long stream are not among the best: nothing is made for them.
    const worst = this.#keepsAll ? undefined : rows[n - 1];
    if (worst !== undefined && this.#order.compareCells(worst, stored, index) <= 0) return;
    // Before the change: a checkpoint under way has to see what was there.
    this.#rankings.set(rows);
    const row = rowValues(stored, index);
    const at = insertRow(rows, row, this.#order);
    if (at < n) this.#emitAdded(rows, at);
    if (!this.#keepsAll && rows.length > n) rows.pop();
  }

  /** `rows[at]` is new, and all below have moved down by one. */
  #emitAdded(rows: readonly RowValues[], at: number): void {
    const n = this.#n;
    const last = rows.length - 1;
    if (!this.#hasRank) {
      if (last >= n) this.#writer.append(rows[n]!, n, DELETE);
      this.#writer.append(rows[at]!, at, INSERT);
      return;
    }
    for (let place = at; place < last && place < n; place++) {
      this.#writer.replace(rows[place + 1]!, rows[place]!, place);
    }
    if (last < n) this.#writer.append(rows[last]!, last, INSERT);
  }

  #takeBack(row: RowValues): void {
    const rows = this.#rankings.get();
    const at = rows === undefined ? -1 : findRow(rows, row, this.#fieldCount, this.#order);
    // Its ranking was forgotten by the TTL.
    if (rows === undefined || at < 0) return;
    this.#rankings.set(rows);
    const [removed] = rows.splice(at, 1);
    if (at < this.#n) this.#emitRemoved(rows, removed!, at);
    if (rows.length === 0) this.#rankings.clear();
  }

  /** `removed` was at `at`, and all below have moved up by one. */
  #emitRemoved(rows: readonly RowValues[], removed: RowValues, at: number): void {
    const n = this.#n;
    if (!this.#hasRank) {
      this.#writer.append(removed, at, DELETE);
      if (rows.length >= n) this.#writer.append(rows[n - 1]!, n - 1, INSERT);
      return;
    }
    let before = removed;
    for (let place = at; place < rows.length && place < n; place++) {
      this.#writer.replace(before, rows[place]!, place);
      before = rows[place]!;
    }
    if (rows.length < n) this.#writer.append(before, rows.length, DELETE);
  }
}

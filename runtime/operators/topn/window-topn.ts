import { INSERT, MAX_BATCH_ROWS, UPDATE_AFTER, type Batch } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex } from '../../core/schema.ts';
import type { DueTimers, KeyedState, KeyedTimers, ValueState } from '../../core/state.ts';
import { ReachedWatermark } from '../shared/reached-watermark.ts';
import { rowListCodec } from '../shared/rows/row-list-codec.ts';
import { rowValues, type RowValues } from '../shared/rows/row-values.ts';
import { RankWriter } from './rank-writer.ts';
import { findRow, insertRow } from './ranking.ts';
import { RowOrder } from './row-order.ts';
import { keyNames, WINDOW_FIELDS, type TopnConfig } from './spec.ts';

/**
 * The best rows of each partition and window, once the watermark has come to the last millisecond of the window; then its state goes.
 * Rows for a window that has ended are late. What a stream with updates takes back before is not in the result.
 */
export class WindowTopnOperator implements Operator {
  readonly #n: number;
  readonly #keepsAll: boolean;
  readonly #keyIndices: readonly number[];
  readonly #endIndex: number;
  readonly #fieldCount: number;
  readonly #context: OperatorContext;
  readonly #reached: ReachedWatermark;
  readonly #order: RowOrder;
  readonly #keyed: KeyedState;
  readonly #rankings: ValueState<RowValues[]>;
  /** At the last millisecond of the window. */
  readonly #timers: KeyedTimers;
  readonly #writer: RankWriter;

  constructor(plan: OperatorPlan<TopnConfig>, context: OperatorContext) {
    const { config, inputs, outputs } = plan;
    const { schema, changelog } = inputs[0]!.shape;
    this.#n = config.n;
    this.#keepsAll = changelog === 'update';
    this.#keyIndices = keyNames(config).map((name) => fieldIndex(schema, name));
    this.#endIndex = fieldIndex(schema, WINDOW_FIELDS[1]);
    this.#fieldCount = schema.fields.length;
    this.#context = context;
    this.#reached = new ReachedWatermark(plan, context.state);
    this.#order = new RowOrder(config.orderBy, schema, context);
    this.#keyed = context.state.keyed({ name: 'topn', keys: this.#keyIndices.map((i) => schema.fields[i]!) });
    this.#rankings = this.#keyed.value('rows', rowListCodec(this.#order.storedSchema));
    this.#timers = this.#keyed.timers('ends');
    this.#writer = new RankWriter(outputs.out!.schema, this.#fieldCount, context.output('out'));
  }

  processBatch(batch: Batch): void {
    if (batch.length === 0) return;
    const stored = this.#order.extend(batch);
    const endColumn = batch.columns[this.#endIndex]!;
    const ends = endColumn.values as Float64Array;
    const { watermark } = this.#reached;
    let late = 0;
    this.#keyed.load(
      this.#keyIndices.map((i) => batch.columns[i]!),
      batch.length,
    );
    for (let row = 0; row < batch.length; row++) {
      if (endColumn.isNull(row)) throw noWindow();
      const last = ends[row]! - 1;
      if (last <= watermark) {
        late++;
        continue;
      }
      this.#keyed.select(row);
      const kind = batch.kind(row);
      if (kind === INSERT || kind === UPDATE_AFTER) this.#add(stored, row, last);
      else this.#takeBack(rowValues(stored, row));
    }
    if (late > 0) this.#context.countLate(late);
  }

  #add(stored: Batch, index: number, last: number): void {
    const known = this.#rankings.get();
    const rows = known ?? [];
    const worst = this.#keepsAll ? undefined : rows[this.#n - 1];
    if (worst !== undefined && this.#order.compareCells(worst, stored, index) <= 0) return;
    // Before the change: a checkpoint under way has to see what was there.
    this.#rankings.set(rows);
    insertRow(rows, rowValues(stored, index), this.#order);
    if (!this.#keepsAll && rows.length > this.#n) rows.pop();
    if (known === undefined) this.#timers.add(last);
  }

  #takeBack(row: RowValues): void {
    const rows = this.#rankings.get();
    const at = rows === undefined ? -1 : findRow(rows, row, this.#fieldCount, this.#order);
    if (rows === undefined || at < 0) return;
    this.#rankings.set(rows);
    rows.splice(at, 1);
    if (rows.length === 0) this.#rankings.clear();
  }

  onWatermark(watermark: number): boolean {
    const due = this.#timers.takeDue(watermark, Math.max(1, Math.floor(MAX_BATCH_ROWS / this.#n)));
    if (due !== null) {
      this.#end(due);
      return true;
    }
    this.#reached.advance(watermark);
    return false;
  }

  #end({ keys, count, at }: DueTimers): void {
    this.#keyed.load(keys, count);
    for (let row = 0; row < count; row++) {
      this.#keyed.select(row);
      // All that was in it may have been taken back.
      const best = (this.#rankings.get() ?? []).slice(0, this.#n);
      best.forEach((one, place) => this.#writer.append(one, place, INSERT, at[row]!));
      this.#rankings.clear();
    }
    this.#writer.flush();
  }

  snapshot(): void {
    this.#reached.snapshot();
  }
}

function noWindow(): StreamError {
  return new StreamError('MR2104', say`a row without window_end is in no window`, {
    domain: 'user',
    remedy: say`Filter such rows out, or turn perWindow off.`,
  });
}

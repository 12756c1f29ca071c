import { Batch, CHANGE_SIGNS, UPDATE_BEFORE } from '../../core/batch.ts';
import { columnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Output } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import { STRING } from '../../core/types.ts';
import type { ChangelogConfig } from './spec.ts';

export const createChangelog: OperatorFactory<ChangelogConfig> = (plan, context) =>
  new ChangelogOperator(plan, context);

class ChangelogOperator implements Operator {
  readonly #schema: Schema;
  readonly #isUpserts: boolean;
  readonly #out: Output;
  /** By change kind. */
  readonly #signs = columnOfSigns();
  /** Of the batch at hand. */
  #indices = new Int32Array(0);

  constructor(plan: OperatorPlan<ChangelogConfig>, context: OperatorContext) {
    this.#schema = plan.outputs.out!.schema;
    this.#isUpserts = plan.config.rows === 'upserts';
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    if (this.#indices.length < batch.length) this.#indices = new Int32Array(batch.length);
    const changes = this.#isUpserts ? this.#withoutBefores(batch) : batch;
    const columns = [this.#signsOf(changes), ...changes.columns];
    this.#out.emit(new Batch(this.#schema, changes.length, columns, changes.eventTimes));
  }

  #withoutBefores(batch: Batch): Batch {
    const kinds = batch.changeKinds;
    if (kinds === null) return batch;
    let kept = 0;
    for (let row = 0; row < batch.length; row++) if (kinds[row] !== UPDATE_BEFORE) this.#indices[kept++] = row;
    return batch.take(this.#indices, kept);
  }

  #signsOf(batch: Batch): Column {
    for (let row = 0; row < batch.length; row++) this.#indices[row] = batch.kind(row);
    const builder = columnBuilder(STRING, batch.length);
    builder.appendRows(this.#signs, this.#indices, batch.length);
    return builder.finish();
  }
}

function columnOfSigns(): Column {
  const builder = columnBuilder(STRING, CHANGE_SIGNS.length);
  for (const sign of CHANGE_SIGNS) builder.appendValue(sign);
  return builder.finish();
}

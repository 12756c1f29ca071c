import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Output } from '../../core/operator.ts';
import { fieldIndex } from '../../core/schema.ts';
import type { KeyedTable } from '../../core/state.ts';
import { isHashable, RowDraws } from '../shared/row-hash.ts';
import type { SampleConfig } from './spec.ts';

export const createSample: OperatorFactory<SampleConfig> = (plan, context) => {
  const { size } = plan.config;
  return size.type === 'share'
    ? new ShareOperator(plan, size, context)
    : new OneOfManyOperator(plan, size.rows, context);
};

/** A row is in when the number drawn for it, or for its key, is below the share. */
class ShareOperator implements Operator {
  readonly #share: number;
  readonly #draws: RowDraws;
  readonly #out: Output;
  #kept = new Int32Array(0);

  constructor(
    { config, inputs }: OperatorPlan<SampleConfig>,
    { share, seed }: { share: number; seed: number },
    context: OperatorContext,
  ) {
    const { schema, changelog } = inputs[0]!.shape;
    const all = schema.fields.flatMap((field, i) => (isHashable(field) ? [i] : []));
    const keys = config.keys.map((name) => fieldIndex(schema, name));
    this.#share = share;
    // A row that is taken back need not have the time that it came with.
    this.#draws = new RowDraws(keys.length > 0 ? keys : all, keys.length === 0 && changelog === 'append', seed);
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    if (this.#kept.length < batch.length) this.#kept = new Int32Array(batch.length);
    const draws = this.#draws.draw(batch);
    let count = 0;
    for (let row = 0; row < batch.length; row++) if (draws[row]! < this.#share) this.#kept[count++] = row;
    if (count > 0) this.#out.emit(batch.take(this.#kept, count));
  }
}

/** Rows of a key since the last one that was kept. */
const SINCE = 'since';

class OneOfManyOperator implements Operator {
  readonly #rows: number;
  readonly #keyIndices: readonly number[];
  readonly #table: KeyedTable;
  readonly #out: Output;
  #slots = new Int32Array(0);
  #kept = new Int32Array(0);

  constructor({ config, inputs }: OperatorPlan<SampleConfig>, rows: number, context: OperatorContext) {
    const { schema } = inputs[0]!.shape;
    this.#rows = rows;
    this.#keyIndices = config.keys.map((name) => fieldIndex(schema, name));
    this.#table = context.state.table({
      name: 'counts',
      keys: this.#keyIndices.map((i) => schema.fields[i]!),
      namespaced: false,
      columns: [{ name: SINCE, type: 'f64' }],
    });
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    const { columns, length } = batch;
    if (this.#slots.length < length) {
      this.#slots = new Int32Array(length);
      this.#kept = new Int32Array(length);
    }
    const keys = this.#keyIndices.map((i) => columns[i]!);
    this.#table.slots(keys, length, null, this.#slots);
    const since = this.#table.f64(SINCE);
    let count = 0;
    for (let row = 0; row < length; row++) {
      const slot = this.#slots[row]!;
      if (since[slot] === 0) this.#kept[count++] = row;
      since[slot] = (since[slot]! + 1) % this.#rows;
    }
    if (count > 0) this.#out.emit(batch.take(this.#kept, count));
  }
}

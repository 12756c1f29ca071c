import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorPlan, Output } from '../../core/operator.ts';
import type { KeyedTable } from '../../core/state.ts';
import { KeyEntries, keyIndices } from './key-entries.ts';
import { ttlOf } from '../shared/state-ttl.ts';
import type { DedupConfig } from './spec.ts';

const SEEN = 'seen';

/** Lets the first row of each key to arrive pass. A key's time to live begins with that row: duplicates do not lengthen it. */
export class FirstArrivalOperator implements Operator {
  readonly #keyIndices: readonly number[];
  readonly #table: KeyedTable;
  readonly #entries: KeyEntries;
  readonly #out: Output;
  #kept = new Int32Array(0);

  constructor({ config, inputs }: OperatorPlan<DedupConfig>, context: OperatorContext) {
    const { schema } = inputs[0]!.shape;
    this.#keyIndices = keyIndices(schema, config);
    this.#table = context.state.table({
      name: 'firsts',
      keys: this.#keyIndices.map((i) => schema.fields[i]!),
      namespaced: false,
      columns: [{ name: SEEN, type: 'i32' }],
      ...ttlOf(config.stateTtl),
    });
    this.#entries = new KeyEntries(this.#table);
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    const count = batch.length;
    if (count === 0) return;
    this.#entries.load(
      this.#keyIndices.map((i) => batch.columns[i]!),
      count,
    );
    if (this.#kept.length < count) this.#kept = new Int32Array(count);
    const { slots } = this.#entries;
    const seen = this.#table.i32(SEEN);
    let kept = 0;
    for (let row = 0; row < count; row++) {
      const slot = slots[row]!;
      if (seen[slot] !== 0) continue;
      seen[slot] = 1;
      this.#kept[kept++] = row;
    }
    if (kept > 0) this.#out.emit(batch.take(this.#kept, kept));
  }
}

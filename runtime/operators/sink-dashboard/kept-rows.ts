import { INSERT, UPDATE_AFTER, type Batch } from '../../core/batch.ts';
import { Column } from '../../core/column.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { StateStore } from '../../core/state.ts';
import { TIMESTAMP, type Field } from '../../core/types.ts';
import { RowStore } from './row-store.ts';
import type { RowKey } from './spec.ts';

/** Over so many times the limit the oldest keys go, all at once: sorting them for each new key would cost more than it frees. */
const SLACK = 1.25;

/**
 * The latest row of each key. Updates are counted: a ranking's changes may put a key's new row before they take its old one back, so a
 * key goes when as many of its rows were taken back as were put.
 */
export class KeptRows {
  readonly #store: RowStore;
  readonly #indices: readonly number[];
  readonly #withEventTime: boolean;
  readonly #limit: number;
  #slots = new Int32Array(0);

  constructor(schema: Schema, key: RowKey, limit: number, state: StateStore) {
    this.#indices = key.fields.map((name) => fieldIndex(schema, name));
    this.#withEventTime = key.eventTime;
    this.#limit = limit;
    const time: Field[] = key.eventTime ? [{ name: 'event time', type: TIMESTAMP, nullable: false }] : [];
    this.#store = new RowStore(schema, [...this.#indices.map((i) => schema.fields[i]!), ...time], state);
  }

  add(batch: Batch): void {
    const { length } = batch;
    if (this.#slots.length < length) this.#slots = new Int32Array(length);
    this.#store.slots(this.#keysOf(batch), length, this.#slots);
    const gone = new Set<number>();
    for (let row = 0; row < length; row++) {
      const slot = this.#slots[row]!;
      const kind = batch.kind(row);
      if (kind === INSERT || kind === UPDATE_AFTER) this.#store.put(slot, batch, row);
      else if (this.#store.takeBack(slot)) gone.add(slot);
    }
    for (const slot of gone) if (this.#store.isEmpty(slot)) this.#store.remove(slot);
    if (this.#store.size > this.#limit * SLACK) this.#removeOldest();
  }

  rows(): Batch {
    return this.#store.rows(this.#limit);
  }

  #keysOf({ columns, length, eventTimes }: Batch): Column[] {
    const keys = this.#indices.map((i) => columns[i]!);
    // Where no row of the batch has a time, all are of one.
    if (this.#withEventTime) keys.push(new Column(TIMESTAMP, length, null, eventTimes ?? new Float64Array(length)));
    return keys;
  }

  #removeOldest(): void {
    const slots = this.#store.byArrival();
    for (const slot of slots.subarray(0, slots.length - this.#limit)) this.#store.remove(slot);
  }
}

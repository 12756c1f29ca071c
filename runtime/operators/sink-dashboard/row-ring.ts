import { INSERT, UPDATE_AFTER, type Batch } from '../../core/batch.ts';
import { Column } from '../../core/column.ts';
import type { Schema } from '../../core/schema.ts';
import type { StateStore } from '../../core/state.ts';
import { INT } from '../../core/types.ts';
import { RowStore } from './row-store.ts';

/** The latest rows as they came, each under its place in a ring. Of updates only what they lead to. */
export class RowRing {
  readonly #store: RowStore;
  readonly #limit: number;
  readonly #slots: Int32Array;
  readonly #places: Int32Array<ArrayBuffer>;
  /** Chosen rows, at its end. */
  readonly #chosen: Int32Array;

  constructor(schema: Schema, limit: number, state: StateStore) {
    this.#limit = limit;
    this.#slots = new Int32Array(limit);
    this.#places = new Int32Array(limit);
    this.#chosen = new Int32Array(limit);
    this.#store = new RowStore(schema, [{ name: 'place', type: INT, nullable: false }], state);
  }

  add(batch: Batch): void {
    const first = this.#choose(batch);
    const count = this.#limit - first;
    const { arrived } = this.#store;
    for (let i = 0; i < count; i++) this.#places[i] = (arrived + i) % this.#limit;
    this.#store.slots([new Column(INT, count, null, this.#places)], count, this.#slots);
    for (let i = 0; i < count; i++) this.#store.put(this.#slots[i]!, batch, this.#chosen[first + i]!);
  }

  rows(): Batch {
    return this.#store.rows(this.#limit);
  }

  /** Chooses the last rows that say what is; where they begin. */
  #choose(batch: Batch): number {
    let at = this.#limit;
    for (let row = batch.length - 1; row >= 0 && at > 0; row--) {
      const kind = batch.kind(row);
      if (kind === INSERT || kind === UPDATE_AFTER) this.#chosen[--at] = row;
    }
    return at;
  }
}

/** One object for each key, in a table of its own: what values, lists and maps are kept as. */
import type { KeyedTable, StateCodec, StateTtl } from '../../../core/state.ts';
import type { Field } from '../../../core/types.ts';
import type { BatchKeys } from './batch-keys.ts';
import type { KeyedStateHost } from './keyed-state-host.ts';

const COLUMN = 'value';

export interface ObjectEntriesSpec {
  readonly name: string;
  readonly keys: readonly Field[];
  readonly codec: StateCodec;
  readonly ttl: StateTtl | undefined;
}

/**
 * Entries of a batch's keys are looked up together when it is loaded, and count as changed only when they are: `write` before
 * changing an object in place, `put` for a new one.
 */
export class ObjectEntries<T> {
  readonly #table: KeyedTable;
  readonly #batch: BatchKeys;
  /** Slot of each row at first, then by number of the key; -1 = none. */
  #slots = new Int32Array(0);
  #rows = new Int32Array(0);
  readonly #one = new Int32Array(1);

  constructor({ name, keys, codec, ttl }: ObjectEntriesSpec, host: KeyedStateHost, batch: BatchKeys) {
    this.#batch = batch;
    this.#table = host.table({
      name,
      keys,
      namespaced: false,
      columns: [{ name: COLUMN, type: 'object', codec }],
      ...(ttl === undefined ? {} : { ttl }),
    });
  }

  /** Finds the entries of the batch's keys; with a TTL this is what reads them. */
  load(): void {
    const { columns, count, distinct, idOf } = this.#batch;
    if (this.#rows.length < count) {
      this.#rows = new Int32Array(count);
      this.#slots = new Int32Array(count);
    }
    this.#table.find(columns, count, null, this.#rows);
    this.#slots.fill(-1, 0, distinct);
    for (let row = 0; row < count; row++) this.#slots[idOf[row]!] = this.#rows[row]!;
  }

  get(row: number): T | undefined {
    const slot = this.#slots[this.#batch.idOf[row]!]!;
    return slot < 0 ? undefined : (this.#table.objects(COLUMN)[slot] as T | undefined);
  }

  /** The object, about to be changed in place. */
  write(row: number): T | undefined {
    const slot = this.#slots[this.#batch.idOf[row]!]!;
    if (slot < 0) return undefined;
    this.#touch(slot);
    return this.#table.objects(COLUMN)[slot] as T | undefined;
  }

  put(row: number, value: T): void {
    const id = this.#batch.idOf[row]!;
    const slot = this.#slots[id]!;
    if (slot < 0) {
      this.#table.slots(this.#batch.keyOf(row), 1, null, this.#one);
      this.#slots[id] = this.#one[0]!;
    } else {
      this.#touch(slot);
    }
    this.#table.objects(COLUMN)[this.#slots[id]!] = value;
  }

  remove(row: number): void {
    const id = this.#batch.idOf[row]!;
    if (this.#slots[id]! >= 0) this.#table.remove(this.#slots[id]!);
    this.#slots[id] = -1;
  }

  #touch(slot: number): void {
    this.#one[0] = slot;
    this.#table.touch(this.#one, 1);
  }
}

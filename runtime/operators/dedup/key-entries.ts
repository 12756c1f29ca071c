/** Entries of a batch's keys in a table, and what the operators of this folder have in common about keys. */
import type { Column } from '../../core/column.ts';
import type { Batch } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { KeyedTable } from '../../core/state.ts';
import { columnsAt } from '../shared/rows/columns-at.ts';
import type { DedupConfig } from './spec.ts';

/**
 * Finds the entries of a batch's keys and makes those that are not there. An entry that is there does not count as written, as it
 * would by `KeyedTable.slots`: so its time to live goes on.
 */
export class KeyEntries {
  readonly #table: KeyedTable;
  /** By row; they hold until the operator's method returns. */
  slots = new Int32Array(0);
  #missing = new Int32Array(0);
  #made = new Int32Array(0);

  constructor(table: KeyedTable) {
    this.#table = table;
  }

  /** Sets `slots`. Arrays of the table are to be read after it. */
  load(keys: readonly Column[], count: number): void {
    if (this.slots.length < count) {
      this.slots = new Int32Array(count);
      this.#missing = new Int32Array(count);
      this.#made = new Int32Array(count);
    }
    const slots = this.slots;
    this.#table.find(keys, count, null, slots);
    let missing = 0;
    for (let row = 0; row < count; row++) if (slots[row]! < 0) this.#missing[missing++] = row;
    if (missing === 0) return;
    this.#table.slots(columnsAt(keys, this.#missing, missing), missing, null, this.#made);
    for (let i = 0; i < missing; i++) slots[this.#missing[i]!] = this.#made[i]!;
  }
}

export function keyIndices(schema: Schema, { keys }: DedupConfig): readonly number[] {
  return keys.map((name) => fieldIndex(schema, name));
}

/** Event times of a batch, all of them known. */
export function eventTimesOf(batch: Batch): Float64Array {
  const times = batch.eventTimes;
  if (times === null) throw noEventTime();
  for (let row = 0; row < batch.length; row++) if (times[row] !== times[row]) throw noEventTime();
  return times;
}

function noEventTime(): StreamError {
  return new StreamError('MR2104', say`a row without an event time is neither first nor last`, {
    domain: 'user',
    remedy: say`Filter such rows out, or set time to "processing".`,
  });
}

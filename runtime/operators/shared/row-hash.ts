import type { Batch } from '../../core/batch.ts';
import { Column } from '../../core/column.ts';
import { hashRows, mix32 } from '../../core/hash.ts';
import type { Field } from '../../core/types.ts';
import { TIMESTAMP } from '../../core/types.ts';

/** Whether the type of a field has equality, and so a hash. */
export function isHashable({ type }: Field): boolean {
  return type.kind !== 'ARRAY' && type.kind !== 'MAP' && type.kind !== 'ROW';
}

/**
 * Draws a number in [0, 1) for each row that depends on its cells in the fields `indices` and a seed alone: the same after a restart, in
 * any subtask, and for rows that are equal there. `withTime`: on its event time too, where it has one.
 */
export class RowDraws {
  readonly #indices: readonly number[];
  readonly #withTime: boolean;
  readonly #seed: number;
  #hashes = new Int32Array(0);
  #draws = new Float64Array(0);

  constructor(indices: readonly number[], withTime: boolean, seed: number) {
    this.#indices = indices;
    this.#withTime = withTime;
    // A row's hash decides its subtask, too: far from the seeds 0, 1, 2 …
    this.#seed = mix32(seed ^ 0x5bd1e995);
  }

  /** One number a row, until the next call. */
  draw({ columns, length, eventTimes }: Batch): Float64Array {
    if (this.#hashes.length < length) {
      this.#hashes = new Int32Array(length);
      this.#draws = new Float64Array(length);
    }
    const chosen = this.#indices.map((i) => columns[i]!);
    if (this.#withTime && eventTimes !== null) chosen.push(new Column(TIMESTAMP, length, null, eventTimes));
    hashRows(chosen, length, this.#hashes);
    for (let row = 0; row < length; row++) {
      this.#draws[row] = (mix32(this.#hashes[row]! ^ this.#seed) >>> 0) / 4_294_967_296;
    }
    return this.#draws;
  }
}

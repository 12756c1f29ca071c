/** A BIGINT column from numbers: written as two 32-bit words, as making a bigint of each would cost more than all the rest. */
import { Column } from '../../core/column.ts';
import { BIGINT } from '../../core/types.ts';

export class LongValues {
  readonly #words: Int32Array<ArrayBuffer>;

  constructor(length: number) {
    this.#words = new Int32Array(2 * length);
  }

  /** `value`: a whole number that is exact, not below 0. */
  set(row: number, value: number): void {
    this.#words[2 * row] = value;
    this.#words[2 * row + 1] = value / 0x1_0000_0000;
  }

  column(): Column {
    return new Column(BIGINT, this.#words.length / 2, null, new BigInt64Array(this.#words.buffer));
  }
}

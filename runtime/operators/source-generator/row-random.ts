/**
 * Random numbers that belong to a row: a function of seed, place in the expressions, row number and how many were drawn there
 * before. So RAND() is the same for a row at any parallelism, in batches of any size and after a restore.
 */
import { mix32, mixWord } from '../../core/hash.ts';

const LOW_SEED = 0x3c6ef372;

export class RowRandom {
  readonly #high: number;
  readonly #low: number;
  /** Row numbers as pairs of 32-bit words, low word first. */
  #words: Int32Array = new Int32Array(0);
  #row = 0;
  #draw = 0;

  constructor(seed: number, place: number) {
    const base = mixWord(mixWord(seed | 0, Math.floor(seed / 0x1_0000_0000) | 0), place);
    this.#high = mix32(base);
    this.#low = mix32(base ^ LOW_SEED);
  }

  /** The next draws are for the rows with these numbers, one draw a row. */
  startRows(words: Int32Array): void {
    this.#words = words;
    this.#row = 0;
  }

  /** The next draws are all for one row. */
  startRow(words: Int32Array, row: number): void {
    this.#words = words;
    this.#row = row;
    this.#draw = 0;
  }

  readonly drawNextRow = (): number => this.#at(this.#row++, 0);

  readonly drawSameRow = (): number => this.#at(this.#row, this.#draw++);

  #at(row: number, draw: number): number {
    const low = this.#words[2 * row]!;
    const high = this.#words[2 * row + 1]!;
    const first = mix32(mixWord(mixWord(mixWord(this.#high, low), high), draw));
    const second = mix32(mixWord(mixWord(mixWord(this.#low, low), high), draw));
    // 32 + 21 bits: every double of the grid that Math.random uses can come.
    return ((first >>> 0) * 0x20_0000 + (second >>> 11)) / 0x20_0000_0000_0000;
  }
}

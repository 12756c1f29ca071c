/**
 * The texts of events. Random text is a piece from anywhere in a pool, since drawing each letter would take longer than all the rest of
 * an event.
 */
import { decodeUtf8 } from '../../core/utf8.ts';
import { AsciiText, type AsciiColumnBuilder } from './ascii.ts';
import type { EventRandom } from './event-random.ts';

const POOL_BYTES = 0x1_0000;
const LETTER_A = 0x61;
const SPACE = 0x20;
const MIN_WORDS_LENGTH = 3;
/** No event has this number: what is drawn for it is the same in every subtask. */
export const NO_EVENT = -1;

export class RandomTexts {
  /** Letters only; longer than offsets reach by what one text may take. */
  readonly #letters: AsciiText;
  /** A space stands in one place of 13. */
  readonly #words: string;

  /** `longest`: characters of the longest text that will be asked for. */
  constructor(longest: number, random: EventRandom) {
    random.startEvent(NO_EVENT);
    const letters = new Uint8Array(POOL_BYTES + longest);
    for (let i = 0; i < letters.length; i++) letters[i] = LETTER_A + random.below(26);
    this.#letters = new AsciiText(decodeUtf8(letters));
    for (let i = 0; i < letters.length; i++) if (random.below(13) === 0) letters[i] = SPACE;
    this.#words = decodeUtf8(letters);
  }

  /** Letters that fill an event of `size` bytes up to `averageSize` on average, give or take a fifth of what is missing. */
  appendExtra(into: AsciiColumnBuilder, random: EventRandom, size: number, averageSize: number): void {
    const missing = Math.max(0, averageSize - size);
    const spread = Math.round(missing * 0.2);
    const length = missing - spread + random.below(2 * spread);
    const start = random.below(POOL_BYTES);
    into.append(this.#letters, start, start + length);
  }

  /** Words of less than `maxLength` characters together. */
  words(random: EventRandom, maxLength: number): string {
    const start = random.below(POOL_BYTES);
    const end = start + MIN_WORDS_LENGTH + random.below(maxLength - MIN_WORDS_LENGTH);
    return this.#words.substring(start, end).trim();
  }
}

/** ASCII texts to choose from by number, one behind the other. */
export class TextTable {
  readonly #text: AsciiText;
  readonly #offsets: Int32Array;

  constructor(texts: readonly string[]) {
    this.#text = new AsciiText(texts.join(''));
    this.#offsets = new Int32Array(texts.length + 1);
    texts.forEach((text, i) => (this.#offsets[i + 1] = this.#offsets[i]! + text.length));
  }

  append(into: AsciiColumnBuilder, index: number): void {
    into.append(this.#text, this.#offsets[index]!, this.#offsets[index + 1]!);
  }
}

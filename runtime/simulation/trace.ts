import { mix32, mixBytes, mixWord } from '../core/hash.ts';
import { encodeUtf8 } from '../core/utf8.ts';

/** A fingerprint of all that happened in a run, in order: equal runs have equal ones. */
export class Trace {
  #hash = 0;

  add(value: number): void {
    this.#hash = mixWord(mixWord(this.#hash, value | 0), Math.floor(value / 0x1_0000_0000) | 0);
  }

  addText(text: string): void {
    const bytes = encodeUtf8(text);
    this.#hash = mixBytes(this.#hash, bytes, 0, bytes.length);
  }

  get fingerprint(): string {
    return (mix32(this.#hash) >>> 0).toString(16).padStart(8, '0');
  }
}

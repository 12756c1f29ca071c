/** ASCII texts that are there already, copied four bytes at a time: texts are most of an event's bytes. */
import { Column } from '../../core/column.ts';
import { STRING } from '../../core/types.ts';
import { encodeUtf8 } from '../../core/utf8.ts';

const WORD = 4;

/** Text that pieces are copied from. */
export class AsciiText {
  readonly view: DataView;

  constructor(text: string) {
    this.view = new DataView(encodeUtf8(text + ' '.repeat(WORD)).buffer);
  }
}

/** A STRING column of pieces; `finish` empties it for the next one. */
export class AsciiColumnBuilder {
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #offsets = new Int32Array(0);
  #rows = 0;
  #used = 0;
  /** Room for a column somewhat larger than the last one. */
  #likelyBytes = 1024;

  /** Makes room for the offsets of `rows` cells. */
  start(rows: number): void {
    this.#offsets = new Int32Array(rows + 1);
    this.#reserve(this.#likelyBytes);
  }

  /** Characters `[start, end)` of `text` as the next cell. */
  append(text: AsciiText, start: number, end: number): void {
    const size = end - start;
    if (this.#used + size + WORD > this.#bytes.length) this.#reserve(2 * (this.#used + size + WORD));
    const from = text.view;
    const into = this.#view;
    // What the last word writes too much is overwritten by the next cell, or belongs to none.
    for (let i = 0, at = this.#used; i < size; i += WORD) into.setInt32(at + i, from.getInt32(start + i));
    this.#used += size;
    this.#offsets[++this.#rows] = this.#used;
  }

  finish(): Column {
    const column = new Column(STRING, this.#rows, null, this.#bytes, this.#offsets);
    this.#likelyBytes = Math.ceil(1.2 * this.#used) + WORD;
    this.#rows = 0;
    this.#used = 0;
    return column;
  }

  #reserve(size: number): void {
    const grown = new Uint8Array(size);
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

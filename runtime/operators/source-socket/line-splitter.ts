/**
 * Cuts the bytes of one connection where lines end. Newlines are left in: a chunk's lines go on together, for the reader finds them faster
 * than they could be handed over one by one. Other delimiters are taken out, and each line goes on by itself.
 */
import { say } from '../../core/say.ts';

/** A line without end that is longer is no row; what follows up to the next delimiter is part of it. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** So much of such a line is shown. */
const SHOWN_BYTES = 65_536;

export type TakeLines = (bytes: Uint8Array, problem: string | null) => void;

export class LineSplitter {
  readonly #delimiter: Buffer;
  readonly #take: TakeLines;
  readonly #isNewline: boolean;
  /** Of a line whose end has not come. */
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  /** Within a line that was too long. */
  #isSkipping = false;

  constructor(delimiter: string, take: TakeLines) {
    this.#delimiter = Buffer.from(delimiter);
    this.#take = take;
    this.#isNewline = isNewline(delimiter);
  }

  push(chunk: Uint8Array): void {
    if (this.#isNewline) this.#pushLines(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    else this.#pushDelimited(chunk);
    if (this.#partBytes > MAX_LINE_BYTES) this.#giveUp();
  }

  /** The connection has ended: what is there is a last line. */
  end(): void {
    if (this.#partBytes > 0 && !this.#isSkipping) this.#take(this.#join(), null);
    this.#clear();
  }

  #pushLines(chunk: Buffer): void {
    const end = chunk.lastIndexOf(this.#delimiter) + 1;
    let start = 0;
    if (end > 0) {
      const first = chunk.indexOf(this.#delimiter);
      if (this.#partBytes + first > MAX_LINE_BYTES) this.#giveUp();
      if (this.#isSkipping) start = first + 1;
      this.#isSkipping = false;
      if (this.#partBytes === 0) this.#takeSome(chunk.subarray(start, end));
      else {
        this.#keep(chunk.subarray(start, end));
        this.#takeSome(this.#join());
      }
    }
    if (!this.#isSkipping) this.#keep(chunk.subarray(end));
  }

  #takeSome(lines: Uint8Array): void {
    if (lines.length > 0) this.#take(lines, null);
    this.#clear();
  }

  /** A delimiter may lie across chunks. */
  #pushDelimited(chunk: Uint8Array): void {
    this.#keep(chunk);
    const bytes = this.#join();
    this.#clear();
    let start = 0;
    for (let end = bytes.indexOf(this.#delimiter); end !== -1; end = bytes.indexOf(this.#delimiter, start)) {
      if (!this.#isSkipping) this.#takeLine(bytes.subarray(start, end));
      this.#isSkipping = false;
      start = end + this.#delimiter.length;
    }
    // Of what is skipped the last bytes may be the beginning of a delimiter.
    const from = this.#isSkipping ? Math.max(start, bytes.length - this.#delimiter.length + 1) : start;
    this.#keep(bytes.subarray(from));
  }

  #giveUp(): void {
    if (!this.#isSkipping) this.#takeTooLong(this.#join());
    this.#isSkipping = true;
    this.#clear();
  }

  #takeLine(line: Uint8Array): void {
    if (line.length <= MAX_LINE_BYTES) this.#take(line, null);
    else this.#takeTooLong(line);
  }

  #takeTooLong(line: Uint8Array): void {
    this.#take(
      line.subarray(0, SHOWN_BYTES),
      say`is longer than ${MAX_LINE_BYTES} bytes: the first ${SHOWN_BYTES} are kept`,
    );
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#partBytes += bytes.length;
  }

  #join(): Buffer {
    return Buffer.concat(this.#parts, this.#partBytes);
  }

  #clear(): void {
    this.#parts = [];
    this.#partBytes = 0;
  }
}

/** A carriage return before the newline is the reader's to take off. */
export function isNewline(delimiter: string): boolean {
  return delimiter === '\n';
}

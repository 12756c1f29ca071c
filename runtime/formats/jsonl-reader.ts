/** JSON Lines into columns. */
import type { BatchBuilder } from '../core/batch.ts';
import { say } from '../core/say.ts';
import { decodeUtf8 } from '../core/utf8.ts';
import { ByteWindow } from './byte-window.ts';
import { holdsLongNumber, parseJson } from './json-parse.ts';
import { JsonRow } from './json-row.ts';
import {
  MAX_RECORD_BYTES,
  rawEnd,
  TOO_LONG,
  withCut,
  type ReaderOptions,
  type ReaderPosition,
  type RejectedRow,
  type RowReader,
} from './row-reader.ts';

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = '\uFEFF';

export class JsonlReader implements RowReader {
  readonly #row: JsonRow;
  readonly #window: ByteWindow;
  #line: number;
  #isLast = false;
  #rejected: RejectedRow[] = [];
  /** The window's bytes as text when they are ASCII: lines are then substrings, at a fraction of a decoder's call each. */
  #ascii: string | null = null;
  #asciiStart = 0;
  #mayHoldLongNumber = false;

  constructor(options: ReaderOptions) {
    const { position } = options;
    this.#row = new JsonRow(options);
    this.#window = new ByteWindow(position?.offset ?? 0);
    this.#line = position?.line ?? 1;
  }

  get position(): ReaderPosition {
    return { offset: this.#window.offset, line: this.#line, layout: null };
  }

  push(chunk: Uint8Array): void {
    const window = this.#window;
    window.append(chunk);
    const bytes = window.bytes.subarray(window.start, window.end);
    const text = decodeUtf8(bytes);
    this.#ascii = text.length === bytes.length ? text : null;
    this.#asciiStart = window.start;
    this.#mayHoldLongNumber = holdsLongNumber(window.bytes, window.start, window.end);
  }

  finish(): void {
    this.#isLast = true;
  }

  takeRejected(): readonly RejectedRow[] {
    const rejected = this.#rejected;
    if (rejected.length > 0) this.#rejected = [];
    return rejected;
  }

  read(into: BatchBuilder, limit: number): number {
    const window = this.#window;
    let rows = 0;
    while (rows < limit && window.start < window.end) {
      const { bytes, start } = window;
      let end = bytes.indexOf(LF, start);
      const isWhole = end !== -1 && end < window.end;
      if (!isWhole) {
        end = window.end;
        if (!this.#isLast && window.length <= MAX_RECORD_BYTES) break;
      }
      const stop = end > start && bytes[end - 1] === CR ? end - 1 : end;
      const text = this.#text(start, stop);
      if (text.trim() !== '') {
        const reason = isWhole || this.#isLast ? this.#readRow(text, into) : TOO_LONG;
        if (reason !== null) {
          const raw = this.#text(start, rawEnd(start, stop));
          this.#rejected.push({ line: this.#line, offset: window.offset, reason: withCut(reason, stop - start), raw });
        }
        rows++;
      }
      window.start = isWhole ? end + 1 : end;
      if (isWhole) this.#line++;
    }
    return rows;
  }

  #text(start: number, end: number): string {
    if (this.#ascii !== null) return this.#ascii.substring(start - this.#asciiStart, end - this.#asciiStart);
    const text = decodeUtf8(this.#window.bytes.subarray(start, end));
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
  }

  /** What is wrong with the row; null when it was appended. */
  #readRow(text: string, into: BatchBuilder): string | null {
    const json = parseJson(text, this.#mayHoldLongNumber);
    return json === undefined ? say`is not JSON: ${syntaxProblem(text)}` : this.#row.append(json, into);
  }
}

/** Of a text that is not JSON. */
export function syntaxProblem(text: string): string {
  try {
    JSON.parse(text);
    return say`a number cannot be read`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

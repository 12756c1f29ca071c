/** JSON Lines into columns. Keys that the schema does not have are skipped, fields that an object does not have are NULL. */
import type { BatchBuilder } from '../core/batch.ts';
import type { Schema } from '../core/schema.ts';
import type { Value } from '../core/types.ts';
import { decodeUtf8 } from '../core/utf8.ts';
import { ByteWindow } from './byte-window.ts';
import { holdsLongNumber, parseJson } from './json-parse.ts';
import { isObject, valueOfJson } from './json-value.ts';
import {
  MAX_RECORD_BYTES,
  notNullReason,
  notOfTypeReason,
  rawEnd,
  requiredFields,
  TOO_LONG,
  type ReaderOptions,
  type ReaderPosition,
  type RejectedRow,
  type RowReader,
} from './row-reader.ts';

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = '\uFEFF';

export class JsonlReader implements RowReader {
  readonly #schema: Schema;
  readonly #required: readonly boolean[];
  /** Names such as `constructor`, which every object seems to have. */
  readonly #inherited: readonly boolean[];
  readonly #window: ByteWindow;
  readonly #values: Value[];
  #line: number;
  #isLast = false;
  #rejected: RejectedRow[] = [];
  /** The window's bytes as text when they are ASCII: lines are then substrings, at a fraction of a decoder's call each. */
  #ascii: string | null = null;
  #asciiStart = 0;
  #mayHoldLongNumber = false;

  constructor(options: ReaderOptions) {
    const { schema, position } = options;
    this.#schema = schema;
    this.#required = requiredFields(options);
    this.#inherited = schema.fields.map((f) => f.name in Object.prototype);
    this.#window = new ByteWindow(position?.offset ?? 0);
    this.#values = schema.fields.map(() => null);
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
          this.#rejected.push({ line: this.#line, offset: window.offset, reason, raw });
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
    if (!isObject(json)) return json === undefined ? `is not JSON: ${syntaxProblem(text)}` : 'is not a JSON object';
    const { fields } = this.#schema;
    for (let c = 0; c < fields.length; c++) {
      const field = fields[c]!;
      const cell = this.#inherited[c] === true && !Object.hasOwn(json, field.name) ? null : (json[field.name] ?? null);
      const value = cell === null ? null : valueOfJson(field.type, cell);
      if (value === undefined) return notOfTypeReason(field, cellText(cell));
      if (value === null && this.#required[c] === true) return notNullReason(field);
      this.#values[c] = value;
    }
    const { columns } = into;
    for (let c = 0; c < columns.length; c++) columns[c]!.appendValue(this.#values[c]!);
    into.endRow();
    return null;
  }
}

function cellText(cell: unknown): string {
  return valueOfJson({ kind: 'STRING' }, cell) as string;
}

function syntaxProblem(text: string): string {
  try {
    JSON.parse(text);
    return 'a number cannot be read';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

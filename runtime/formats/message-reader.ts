/** Messages as rows: what comes over a network in pieces that are whole, each of one row or of several. */
import type { BatchBuilder } from '../core/batch.ts';
import { BytesBuilder } from '../core/column-builder.ts';
import { StreamError } from '../core/errors.ts';
import { say } from '../core/say.ts';
import type { Schema } from '../core/schema.ts';
import { decodeUtf8 } from '../core/utf8.ts';
import { stringify } from 'lossless-json';
import { createRowReader } from './create-row-reader.ts';
import { holdsLongNumber, parseJson } from './json-parse.ts';
import { JsonRow } from './json-row.ts';
import { isObject } from './json-value.ts';
import type { CsvLayout, ReaderOptions, RejectedRow, RowReader } from './row-reader.ts';

export type MessageFormat = 'json' | 'csv' | 'raw';

/** Labels, for forms. */
export const MESSAGE_FORMATS = { json: 'JSON', csv: 'CSV', raw: 'Raw' } as const satisfies Readonly<
  Record<MessageFormat, string>
>;

export interface MessageOptions extends Pick<ReaderOptions, 'schema' | 'required' | 'delimiter' | 'header'> {
  readonly format: MessageFormat;
  /**
   * `document`: a message is one JSON value (an object is a row, an array rows), JSON Lines, a CSV text, or one raw value.
   * `lines`: it is lines, each of which is a row.
   */
  readonly framing: 'document' | 'lines';
}

/** Reads one message after the other into builders of its schema. */
export interface MessageReader {
  /**
   * The next message. Its bytes stay as they are until it is read. Its lines count from `line`, 1 unless given. CSV: its cells are in the order of
   * `layout`, and no header is read, if one is given.
   */
  start(message: Uint8Array, line?: number, layout?: CsvLayout | null): void;
  /** Reads up to `limit` rows, good or bad; returns how many, fewer at the end of the message. */
  read(into: BatchBuilder, limit: number): number;
  /** Number of the line behind the last row read; in a JSON array an element counts as a line. */
  readonly line: number;
  /** CSV: how the cells of the message that was read last lie; null for others. */
  readonly layout: CsvLayout | null;
  /** The bad rows since the last call. */
  takeRejected(): readonly RejectedRow[];
}

/** For `raw` the schema has one field, of type STRING or BYTES. */
export function createMessageReader(options: MessageOptions): MessageReader {
  const { format, framing } = options;
  if (format === 'raw') return framing === 'lines' ? new RawLines() : new RawMessage();
  return format === 'json' && framing === 'document' ? new JsonMessage(options) : new TextMessage(options);
}

/** CSV, or JSON Lines. */
class TextMessage implements MessageReader {
  readonly #options: Omit<ReaderOptions, 'position'>;
  #reader!: RowReader;
  #rejected: RejectedRow[] = [];

  constructor({ format, framing, ...options }: MessageOptions) {
    const isCsv = format === 'csv';
    this.#options = {
      ...options,
      format: isCsv ? 'csv' : 'jsonl',
      file: 'line',
      ...(framing === 'lines' ? { header: false, isLineBased: true } : {}),
    };
    this.start(new Uint8Array(0));
  }

  get line(): number {
    return this.#reader.position.line;
  }

  get layout(): CsvLayout | null {
    return this.#reader.position.layout;
  }

  start(message: Uint8Array, line = 1, layout: CsvLayout | null = null): void {
    this.#reader = createRowReader({ ...this.#options, position: { offset: 0, line, layout } });
    this.#reader.push(message);
    this.#reader.finish();
  }

  read(into: BatchBuilder, limit: number): number {
    try {
      const rows = this.#reader.read(into, limit);
      this.#rejected.push(...this.#reader.takeRejected());
      return rows;
    } catch (error) {
      // A header that lacks columns: nothing behind it can be read.
      if (!(error instanceof StreamError)) throw error;
      const { line } = this.#reader.position;
      this.#rejected.push({ line, offset: 0, reason: error.message, raw: '' });
      this.start(new Uint8Array(0));
      return 1;
    }
  }

  takeRejected(): readonly RejectedRow[] {
    return this.#rejected.splice(0);
  }
}

/** An object, an array of objects, or JSON Lines. */
class JsonMessage implements MessageReader {
  readonly layout = null;
  readonly #row: JsonRow;
  readonly #lines: TextMessage;
  /** The elements of the message; null when it is read as lines. */
  #elements: readonly unknown[] | null = null;
  #next = 0;
  #firstLine = 1;
  #rejected: RejectedRow[] = [];

  constructor(options: MessageOptions) {
    this.#row = new JsonRow(options);
    this.#lines = new TextMessage(options);
  }

  get line(): number {
    return this.#elements === null ? this.#lines.line : this.#firstLine + this.#next;
  }

  start(message: Uint8Array, line = 1): void {
    const json = parseJson(decodeUtf8(message), holdsLongNumber(message, 0, message.length));
    this.#next = 0;
    this.#firstLine = line;
    this.#elements = Array.isArray(json) ? json : isObject(json) ? [json] : null;
    if (this.#elements === null) this.#lines.start(message, line);
  }

  read(into: BatchBuilder, limit: number): number {
    const elements = this.#elements;
    if (elements === null) return this.#lines.read(into, limit);
    const end = Math.min(elements.length, this.#next + limit);
    const rows = end - this.#next;
    for (; this.#next < end; this.#next++) {
      const json = elements[this.#next];
      const reason = this.#row.append(json, into);
      if (reason !== null) this.#rejected.push({ line: this.line, offset: 0, reason, raw: stringify(json) ?? '' });
    }
    return rows;
  }

  takeRejected(): readonly RejectedRow[] {
    return [...this.#rejected.splice(0), ...this.#lines.takeRejected()];
  }
}

const LF = 0x0a;
const CR = 0x0d;

abstract class RawReader implements MessageReader {
  readonly layout = null;
  line = 1;
  protected message = new Uint8Array(0) as Uint8Array;
  protected at = 0;

  start(message: Uint8Array, line = 1): void {
    this.message = message;
    this.at = 0;
    this.line = line;
  }

  abstract read(into: BatchBuilder, limit: number): number;

  takeRejected(): readonly RejectedRow[] {
    return [];
  }

  protected append(into: BatchBuilder, start: number, end: number): void {
    const [column] = into.columns;
    if (column instanceof BytesBuilder) column.appendBytes(this.message, start, end);
    into.endRow();
    this.line++;
  }
}

class RawMessage extends RawReader {
  #isRead = true;

  override start(message: Uint8Array, line?: number): void {
    super.start(message, line);
    this.#isRead = false;
  }

  read(into: BatchBuilder, limit: number): number {
    if (this.#isRead || limit === 0) return 0;
    this.#isRead = true;
    this.append(into, 0, this.message.length);
    return 1;
  }
}

class RawLines extends RawReader {
  read(into: BatchBuilder, limit: number): number {
    const { message } = this;
    let rows = 0;
    while (rows < limit && this.at < message.length) {
      const found = message.indexOf(LF, this.at);
      const end = found === -1 ? message.length : found;
      this.append(into, this.at, end > this.at && message[end - 1] === CR ? end - 1 : end);
      this.at = end + 1;
      rows++;
    }
    return rows;
  }
}

/** What is wrong with a schema for `raw`; null when nothing is. */
export function rawSchemaProblem({ fields }: Schema): string | null {
  const kind = fields[0]?.type.kind;
  return fields.length === 1 && (kind === 'STRING' || kind === 'BYTES')
    ? null
    : say`Raw messages need a schema of one field, a STRING or BYTES`;
}

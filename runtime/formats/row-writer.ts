/** Rows of batches as the bytes of a file. */
import { CHANGE_SIGNS, type Batch } from '../core/batch.ts';
import type { Schema } from '../core/schema.ts';
import type { DataType } from '../core/types.ts';
import { encodeUtf8 } from '../core/utf8.ts';
import type { TextFormat } from './file-format.ts';
import { dateText, jsonPrinter, jsonText, timestampText, type CellPrinter } from './json-text.ts';

export interface RowWriter {
  /** What a file begins with, before any row. */
  readonly header: Uint8Array;
  /** Rows `[start, end)`, each with its newline. */
  encode(batch: Batch, start?: number, end?: number): Uint8Array;
}

export interface WriterOptions {
  readonly format: TextFormat;
  readonly schema: Schema;
  /** CSV: between cells; a comma unless given. */
  readonly delimiter?: string;
  /** CSV: whether a file begins with the fields' names; true unless given. */
  readonly header?: boolean;
  /** A last field `__op` holds the change kind (`+I`, `-U`, `+U`, `-D`). */
  readonly hasChanges?: boolean;
}

export const CHANGE_FIELD = '__op';

export function createRowWriter(options: WriterOptions): RowWriter {
  return options.format === 'csv' ? new CsvWriter(options) : new JsonlWriter(options);
}

/** One object a line. BIGINT and DECIMAL are number tokens with all their digits; NULL is written as `null`. */
class JsonlWriter implements RowWriter {
  readonly header = new Uint8Array(0);
  readonly #heads: readonly string[];
  readonly #printers: readonly CellPrinter[];
  readonly #hasChanges: boolean;

  constructor({ schema, hasChanges = false }: WriterOptions) {
    this.#heads = schema.fields.map((f, i) => `${i === 0 ? '' : ','}${JSON.stringify(f.name)}:`);
    this.#printers = schema.fields.map((f) => jsonPrinter(f.type));
    this.#hasChanges = hasChanges;
  }

  encode(batch: Batch, start = 0, end = batch.length): Uint8Array {
    const { columns } = batch;
    let text = '';
    for (let row = start; row < end; row++) {
      text += '{';
      for (let c = 0; c < columns.length; c++) {
        text += this.#heads[c]! + jsonText(this.#printers[c]!, columns[c]!, row);
      }
      text += this.#hasChanges
        ? `${columns.length > 0 ? ',' : ''}"${CHANGE_FIELD}":"${CHANGE_SIGNS[batch.kind(row)]}"}\n`
        : '}\n';
    }
    return encodeUtf8(text);
  }
}

/** RFC 4180 with LF. NULL is an empty cell, the empty text `""`: so that reading tells them apart. */
class CsvWriter implements RowWriter {
  readonly header: Uint8Array;
  readonly #delimiter: string;
  readonly #printers: readonly CellPrinter[];
  readonly #hasChanges: boolean;

  constructor({ schema, delimiter = ',', header = true, hasChanges = false }: WriterOptions) {
    const quote = cellQuoter(delimiter);
    const names = [...schema.fields.map((f) => f.name), ...(hasChanges ? [CHANGE_FIELD] : [])];
    this.header = encodeUtf8(header ? `${names.map(quote).join(delimiter)}\n` : '');
    this.#delimiter = delimiter;
    this.#printers = schema.fields.map((f) => cellPrinter(f.type, quote));
    this.#hasChanges = hasChanges;
  }

  encode(batch: Batch, start = 0, end = batch.length): Uint8Array {
    const { columns } = batch;
    let text = '';
    for (let row = start; row < end; row++) {
      for (let c = 0; c < columns.length; c++) {
        if (c > 0) text += this.#delimiter;
        if (!columns[c]!.isNull(row)) text += this.#printers[c]!(columns[c]!, row);
      }
      if (this.#hasChanges) text += `${columns.length > 0 ? this.#delimiter : ''}${CHANGE_SIGNS[batch.kind(row)]}`;
      text += '\n';
    }
    return encodeUtf8(text);
  }
}

export function cellPrinter(type: DataType, quote: (text: string) => string): CellPrinter {
  switch (type.kind) {
    case 'STRING':
      return (column, row) => quote(column.text(row));
    case 'DOUBLE':
      return (column, row) => {
        const value = (column.values as Float64Array)[row]!;
        return Object.is(value, -0) ? '-0' : String(value);
      };
    case 'DATE':
      return (column, row) => dateText((column.values as Int32Array)[row]!);
    case 'TIMESTAMP':
      return (column, row) => timestampText((column.values as Float64Array)[row]!);
    case 'BYTES': {
      const print = jsonPrinter(type);
      return (column, row) => {
        const text = print(column, row);
        // Without bytes the quotes stay: an empty cell would be NULL.
        return text === '""' ? text : text.slice(1, -1);
      };
    }
    case 'ARRAY':
    case 'MAP':
    case 'ROW': {
      const print = jsonPrinter(type);
      return (column, row) => quote(print(column, row));
    }
    default:
      return jsonPrinter(type);
  }
}

function cellQuoter(delimiter: string): (text: string) => string {
  // A byte order mark is only one at the start of a file, but a reader would take it for one there.
  const special = new RegExp(`["\\r\\n\\uFEFF${delimiter.replace(/[\\\]^-]/g, '\\$&')}]`);
  return (text) => (text === '' || special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
}

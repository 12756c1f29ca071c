/** Rows as the texts that a sink sends: a row, or some of them together. */
import type { Batch } from '../../../core/batch.ts';
import { c, type ConfigField } from '../../../core/config.ts';
import type { StreamShape } from '../../../core/schema.ts';
import { createRowWriter, type RowWriter } from '../../../formats/index.ts';

/** One object; an array of objects; an object a line. */
export type RowsFormat = 'object' | 'json' | 'jsonl';

export const CONTENT_TYPES: Readonly<Record<RowsFormat, string>> = {
  object: 'application/json',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
};

export function rowsFormatField(what: string): ConfigField<RowsFormat> {
  return c.withDefault(
    c.choice<RowsFormat>(
      { label: 'Format', help: `How rows are written, and whether there are many ${what}.` },
      { json: 'A JSON array of rows', jsonl: 'JSON Lines', object: 'One row as a JSON object' },
    ),
    'json',
  );
}

/** Neighbouring rows of a batch. */
export interface RowRange {
  readonly batch: Batch;
  readonly start: number;
  readonly end: number;
}

const LF = 0x0a;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

export class RowTexts {
  readonly #format: RowsFormat;
  readonly #writer: RowWriter;

  constructor(format: RowsFormat, { schema, changelog }: StreamShape) {
    this.#format = format;
    this.#writer = createRowWriter({ format: 'jsonl', schema, hasChanges: changelog === 'update' });
  }

  /** As UTF-8. For `object` there is exactly one row. */
  encode(ranges: readonly RowRange[]): Uint8Array {
    const parts = ranges.map(({ batch, start, end }) => this.#writer.encode(batch, start, end));
    const lines = concat(parts);
    if (this.#format === 'jsonl') return lines;
    if (this.#format === 'object') return lines.subarray(0, -1);
    // Every row ends with a newline, and none holds one: in its texts it is escaped.
    const array = new Uint8Array(lines.length + 1);
    array[0] = OPEN;
    array.set(lines, 1);
    for (let at = array.indexOf(LF); at !== -1; at = array.indexOf(LF, at + 1)) array[at] = COMMA;
    array[array.length - 1] = CLOSE;
    return array;
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

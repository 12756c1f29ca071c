/** Bytes of a file as rows in columns. */
import type { BatchBuilder } from '../core/batch.ts';
import { say } from '../core/say.ts';
import type { Schema } from '../core/schema.ts';
import { printDataType, type Field } from '../core/types.ts';
import type { TextFormat } from './file-format.ts';

/** Where a reader stands: plain JSON, for state. */
export type ReaderPosition = {
  /** Offset in the file of the first byte after the last row. */
  readonly offset: number;
  /** Number of the line that begins there, from 1. */
  readonly line: number;
  /** CSV with a header: its width and the cell of each field. */
  readonly layout: CsvLayout | null;
};

export type CsvLayout = {
  readonly width: number;
  readonly cells: readonly number[];
};

/** A row that cannot be read. */
export interface RejectedRow {
  /** Its first line, from 1. */
  readonly line: number;
  /** Its first byte in the file. */
  readonly offset: number;
  readonly reason: string;
  /** Its text, without the newline; cut at 64 KiB: then `reason` says so. */
  readonly raw: string;
}

/** Takes the bytes of a file in chunks of any size and appends rows to builders. The chunks' borders do not matter. */
export interface RowReader {
  /** After the last row read, good or bad. */
  readonly position: ReaderPosition;
  /** The next bytes of the file; they are copied. */
  push(chunk: Uint8Array): void;
  /** There are no more bytes: a last line without newline is a row. */
  finish(): void;
  /** Reads up to `limit` rows, good or bad; returns how many, fewer when the bytes are used up. `into` has the reader's schema. */
  read(into: BatchBuilder, limit: number): number;
  /** The bad rows since the last call. */
  takeRejected(): readonly RejectedRow[];
}

export interface ReaderOptions {
  readonly format: TextFormat;
  readonly schema: Schema;
  /** Name of the file in messages. */
  readonly file: string;
  /** Fields that must not be NULL, beside those whose schema says so. */
  readonly required?: readonly string[];
  /** CSV: one ASCII character; a comma unless given. */
  readonly delimiter?: string;
  /** CSV: the file begins with the names of its columns, and fields are found by name; true unless given. */
  readonly header?: boolean;
  /** CSV: a line is a row whatever its quotes, which then hold no line breaks; false unless given. */
  readonly isLineBased?: boolean;
  /** Where an earlier reader of the file stood: bytes from there on are to be pushed. */
  readonly position?: ReaderPosition;
}

/** For each field whether NULL is refused. */
export function requiredFields({
  schema,
  required = [],
}: Pick<ReaderOptions, 'schema' | 'required'>): readonly boolean[] {
  return schema.fields.map((f) => !f.nullable || required.includes(f.name));
}

const MAX_RAW_BYTES = 65_536;
const MAX_SHOWN = 60;
/** A record longer than this is taken for damage (most often a quote that is not closed), lest it hold the whole file in memory. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;
export const TOO_LONG = say`is longer than ${MAX_RECORD_BYTES} bytes`;

export function rawEnd(start: number, end: number): number {
  return Math.min(end, start + MAX_RAW_BYTES);
}

/** Why a row cannot be read, and that its `raw` is not all of it where that is so. `bytes`: how long it is. */
export function withCut(reason: string, bytes: number): string {
  return bytes > MAX_RAW_BYTES ? say`${reason} (of its ${bytes} bytes the first ${MAX_RAW_BYTES} are kept)` : reason;
}

export function notNullReason(field: Field): string {
  return say`"${field.name}" is NULL`;
}

export function notOfTypeReason(field: Field, text: string): string {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return say`"${field.name}" is not a ${printDataType(field.type)}: ${shown}`;
}

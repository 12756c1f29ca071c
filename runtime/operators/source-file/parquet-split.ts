/** A Parquet file on its way through a source, a row group at a time. */
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import type { FileIo } from '../../core/file-io.ts';
import type { Schema } from '../../core/schema.ts';
import { decodeUtf8 } from '../../core/utf8.ts';
import { createRowWriter, notNullReason, type RejectedRow } from '../../formats/index.ts';
import { hasFooter, ParquetReader, type ParquetPosition } from '../../formats/parquet/index.ts';
import type { SplitTime } from '../shared/event-time.ts';
import { fileSource } from '../shared/file-source.ts';
import { splitState, type FileSplit, type SplitState, type StartState } from './file-split.ts';

export interface ParquetSplitOptions {
  readonly schema: Schema;
  /** Name of the file in messages. */
  readonly file: string;
  /** Fields that must not be NULL, beside those whose schema says so. */
  readonly required: readonly string[];
  readonly follows: boolean;
}

const START: ParquetPosition = { rowGroup: 0, row: 0 };

export class ParquetSplit implements FileSplit {
  readonly layout = null;
  readonly path: string;
  readonly time: SplitTime | null;
  isDone: boolean;
  readonly #files: FileIo;
  readonly #options: ParquetSplitOptions;
  /** Indices of the fields that must not be NULL. */
  readonly #required: readonly number[];
  #position: ParquetPosition;
  #reader: ParquetReader | null = null;
  #rejected: RejectedRow[] = [];

  constructor(state: StartState, options: ParquetSplitOptions, files: FileIo, time: SplitTime | null) {
    this.path = state.path;
    this.isDone = state.isDone;
    this.time = time;
    this.#files = files;
    this.#options = options;
    this.#position = (state.position as ParquetPosition | undefined) ?? START;
    this.#required = options.schema.fields.flatMap((field, i) =>
      !field.nullable || options.required.includes(field.name) ? [i] : [],
    );
  }

  get state(): SplitState {
    return splitState(this, this.#position);
  }

  get keepsTurn(): boolean {
    return this.#reader?.isInGroup ?? false;
  }

  read(into: BatchBuilder, limit: number): number {
    if (this.isDone) return 0;
    const reader = (this.#reader ??= this.#open());
    if (reader === null) return 0;
    const rows = this.#required.length === 0 ? reader.read(into, limit) : this.#readChecked(reader, into, limit);
    this.#position = reader.position;
    this.isDone = reader.isDone;
    return rows;
  }

  takeRejected(): readonly RejectedRow[] {
    const rejected = this.#rejected;
    if (rejected.length > 0) this.#rejected = [];
    return rejected;
  }

  /** A Parquet file does not grow, and is read once. */
  startOverIfCut(): boolean {
    return false;
  }

  release(): void {
    this.#reader = null;
  }

  /** Null while a followed file is still being written. */
  #open(): ParquetReader | null {
    if (this.#options.follows && !this.#files.exists(this.path)) return null;
    const source = fileSource(this.#files, this.path);
    if (this.#options.follows && !hasFooter(source)) return null;
    return new ParquetReader(source, this.#options.file, this.#options.schema, this.#position);
  }

  #readChecked(reader: ParquetReader, into: BatchBuilder, limit: number): number {
    const firstRow = reader.rowNumber;
    const builder = new BatchBuilder(this.#options.schema, limit);
    const rows = reader.read(builder, limit);
    const batch = builder.finish();
    const nullable = this.#required.filter((c) => batch.columns[c]!.validity !== null);
    if (nullable.length === 0) {
      into.appendRange(batch, 0, rows);
      return rows;
    }
    const good = new Int32Array(rows);
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const missing = nullable.find((c) => batch.columns[c]!.isNull(row));
      if (missing === undefined) good[count++] = row;
      else this.#reject(batch, row, firstRow + row, missing);
    }
    into.appendRows(batch, good, count);
    return rows;
  }

  #reject(batch: Batch, row: number, line: number, field: number): void {
    const { schema } = batch;
    const raw = decodeUtf8(createRowWriter({ format: 'jsonl', schema }).encode(batch, row, row + 1)).trimEnd();
    this.#rejected.push({ line, offset: 0, reason: notNullReason(schema.fields[field]!), raw });
  }
}

/** Rows of batches as the bytes of a Parquet file: a row group when there are rows enough, the footer at the end. */
import type { RowGroup } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import type { FileEncoder } from '../file-encoder.ts';
import { cellsOf } from './parquet-cells.ts';
import { messageOf, readFooter, type ByteSource } from './parquet-footer.ts';
import { parquetElements } from './parquet-schema.ts';

const CREATED_BY = 'Millrace';

export class ParquetEncoder implements FileEncoder {
  readonly header: Uint8Array;
  readonly #schema: Schema;
  readonly #rowGroupRows: number;
  readonly #rows: BatchBuilder;
  /** `offset` goes on counting, what is in it is taken out after each step. */
  readonly #bytes = new ByteWriter();
  #writer: ParquetWriter;

  constructor(schema: Schema, rowGroupRows: number) {
    this.#schema = schema;
    this.#rowGroupRows = rowGroupRows;
    this.#rows = new BatchBuilder(schema);
    this.#writer = this.#makeWriter([]);
    this.header = this.#take();
  }

  get bufferedRows(): number {
    return this.#rows.length;
  }

  encode(batch: Batch, start: number, end: number): Uint8Array {
    for (let at = start; at < end;) {
      const next = Math.min(end, at + this.#rowGroupRows - this.#rows.length);
      this.#rows.appendRange(batch, at, next);
      at = next;
      if (this.#rows.length === this.#rowGroupRows) this.#writeGroup();
    }
    return this.#take();
  }

  flush(): Uint8Array {
    this.#writeGroup();
    return this.#take();
  }

  finish(): Uint8Array {
    this.#writeGroup();
    void this.#writer.finish();
    // What is encoded from here on is appended: its own footer names these row groups as well.
    this.#writer = this.#makeWriter(this.#writer.row_groups);
    return this.#take();
  }

  continueFrom(file: ByteSource, name: string): void {
    const { row_groups: groups } = readFooter(file, name);
    this.#bytes.offset = file.size;
    this.#writer = this.#makeWriter(groups.map(withoutStatistics));
  }

  #makeWriter(groups: RowGroup[]): ParquetWriter {
    const { offset, index } = this.#bytes;
    const writer = new ParquetWriter({
      writer: this.#bytes,
      schema: parquetElements(this.#schema),
      createdBy: CREATED_BY,
    });
    if (offset > 0) {
      // The magic number at the start is there already.
      this.#bytes.offset = offset;
      this.#bytes.index = index;
    }
    writer.row_groups = groups;
    writer.num_rows = groups.reduce((rows, group) => rows + group.num_rows, 0n);
    return writer;
  }

  #writeGroup(): void {
    if (this.#rows.length === 0) return;
    const { length, columns } = this.#rows.finish();
    try {
      void this.#writer.write({
        columnData: columns.map((column, i) => ({
          name: this.#schema.fields[i]!.name,
          data: cellsOf(column, length),
        })),
        rowGroupSize: length,
      });
    } catch (error) {
      throw new StreamError('MR2102', say`rows cannot be written as Parquet: ${messageOf(error)}`, {
        domain: 'user',
        cause: error,
      });
    }
  }

  #take(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}

/** Read back, statistics are values in the types of the library, which lose digits of DECIMALs: better none. */
function withoutStatistics(group: RowGroup): RowGroup {
  return {
    ...group,
    columns: group.columns.map((column) => {
      if (column.meta_data === undefined) return column;
      const { statistics: _, ...meta } = column.meta_data;
      return { ...column, meta_data: meta };
    }),
  };
}

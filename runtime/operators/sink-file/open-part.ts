import type { Batch } from '../../core/batch.ts';
import type { FileWriter } from '../../core/file-io.ts';
import type { FileEncoder } from '../../formats/index.ts';

/** A part that is being written. What changes the rows that its encoder keeps back returns by how many. */
export class OpenPart {
  readonly number: number;
  rows = 0;
  readonly #writer: FileWriter;
  readonly #encoder: FileEncoder;

  constructor(number: number, writer: FileWriter, encoder: FileEncoder) {
    this.number = number;
    this.#writer = writer;
    this.#encoder = encoder;
    this.#write(encoder.header);
  }

  /** Bytes written. */
  get size(): number {
    return this.#writer.size;
  }

  get bufferedRows(): number {
    return this.#encoder.bufferedRows;
  }

  write(batch: Batch, start: number, end: number): number {
    const before = this.bufferedRows;
    this.#write(this.#encoder.encode(batch, start, end));
    this.rows += end - start;
    return this.bufferedRows - before;
  }

  /** Returns how many rows it wrote. */
  flush(): number {
    const before = this.bufferedRows;
    this.#write(this.#encoder.flush());
    return before;
  }

  /** Writes the file to its end, on to the disk; returns how many rows that were kept back it wrote. */
  finish(): number {
    const before = this.bufferedRows;
    this.#write(this.#encoder.finish());
    this.#writer.sync();
    return before;
  }

  close(): void {
    this.#writer.close();
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#writer.write(bytes);
  }
}

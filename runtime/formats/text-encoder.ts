/** Text formats as files: a header, and each row as soon as it is there. */
import type { Batch } from '../core/batch.ts';
import type { FileEncoder } from './file-encoder.ts';
import { createRowWriter, type RowWriter, type WriterOptions } from './row-writer.ts';

const NOTHING = new Uint8Array(0);

export class TextFileEncoder implements FileEncoder {
  readonly bufferedRows = 0;
  readonly #writer: RowWriter;

  constructor(options: WriterOptions) {
    this.#writer = createRowWriter(options);
  }

  get header(): Uint8Array {
    return this.#writer.header;
  }

  encode(batch: Batch, start: number, end: number): Uint8Array {
    return this.#writer.encode(batch, start, end);
  }

  flush(): Uint8Array {
    return NOTHING;
  }

  finish(): Uint8Array {
    return NOTHING;
  }

  continueFrom(): void {
    // lines do not know of each other
  }
}

/** Rows as the bytes of a file, whatever its format asks for at the start and the end. */
import type { Batch } from '../core/batch.ts';
import type { ByteSource } from './parquet/parquet-footer.ts';

export interface FileEncoder {
  /** What a file begins with. */
  readonly header: Uint8Array;
  /** Rows that `encode` took and has not given the bytes of. */
  readonly bufferedRows: number;
  /** Rows `[start, end)`; formats in columns keep them back until they have enough for a block. */
  encode(batch: Batch, start: number, end: number): Uint8Array;
  /** The rows that were kept back. */
  flush(): Uint8Array;
  /** The rows that were kept back, and what a file ends with. Rows encoded afterwards belong behind these bytes. */
  finish(): Uint8Array;
  /** What is encoded next will be appended to this file, which is whole. */
  continueFrom(file: ByteSource, name: string): void;
}

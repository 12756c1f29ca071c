/** The footer of a Parquet file: its schema and where its row groups are. https://parquet.apache.org/docs/file-format/metadata/ */
import { parquetMetadata, type FileMetaData } from 'hyparquet';
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';

/** Bytes of a file, wherever one asks for them. */
export interface ByteSource {
  readonly size: number;
  /** Bytes `[start, end)`; fewer when the file ends before. */
  read(start: number, end: number): Uint8Array<ArrayBuffer>;
}

/** `PAR1`, at the start and at the end. */
const MAGIC = 0x31524150;
/** Length of the footer and the magic number. */
const END_BYTES = 8;
const MIN_BYTES = 12;
/** Most footers are shorter, so that one read finds them. */
const FIRST_LOOK = 64 * 1024;

/** Bytes at the end of the file that hold its footer, as `tail` (its last bytes) says; null when those are not the end of a Parquet file. */
export function footerBytes(tail: Uint8Array): number | null {
  if (tail.length < END_BYTES) return null;
  const end = new DataView(tail.buffer, tail.byteOffset + tail.length - END_BYTES, END_BYTES);
  return end.getUint32(4, true) === MAGIC ? end.getUint32(0, true) + END_BYTES : null;
}

/** Throws what the library finds wrong in the last bytes of a file. */
export function parseFooter(tail: Uint8Array): FileMetaData {
  // A view of its own: the library reads the whole buffer behind a Node buffer otherwise.
  return parquetMetadata(tail.slice(), { geoparquet: false });
}

/** Whether the file begins and ends as a Parquet file that was written to its end. */
export function hasFooter(source: ByteSource): boolean {
  return source.size >= MIN_BYTES && footerBytes(source.read(source.size - END_BYTES, source.size)) !== null;
}

/** Throws StreamError MR2101 when `file` is no Parquet file or was cut. */
export function readFooter(source: ByteSource, file: string): FileMetaData {
  const { size } = source;
  if (size < MIN_BYTES) throw notParquet(file, say`it has ${size} bytes, and the shortest has ${MIN_BYTES}`);
  let tail = source.read(Math.max(0, size - FIRST_LOOK), size);
  const length = footerBytes(tail);
  if (length === null) {
    const start = source.read(0, 4);
    const begins = new DataView(start.buffer, start.byteOffset, 4).getUint32(0, true) === MAGIC;
    throw notParquet(
      file,
      begins ? say`it has no footer: it was cut, or is still being written` : say`it does not begin with PAR1`,
    );
  }
  if (length > size) throw notParquet(file, say`its footer says it has ${length} bytes of ${size}: it was cut`);
  if (length > tail.length) tail = source.read(size - length, size);
  try {
    return parseFooter(tail);
  } catch (error) {
    throw notParquet(file, say`its footer is damaged: ${messageOf(error)}`, error);
  }
}

function notParquet(file: string, why: string, cause?: unknown): StreamError {
  return new StreamError('MR2101', say`${file} cannot be read as Parquet: ${why}`, {
    domain: 'user',
    remedy: say`Write the file again to its end, take it out of the folder or pattern, or choose its format.`,
    ...(cause === undefined ? {} : { cause }),
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { ByteSource } from '../formats/parquet/index.ts';

/** Bytes in memory as a file. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (start, end) => new Uint8Array(bytes.subarray(start, Math.min(end, bytes.length))),
  };
}

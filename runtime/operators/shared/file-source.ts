import type { FileIo } from '../../core/file-io.ts';
import type { ByteSource } from '../../formats/parquet/index.ts';

/** A file as the readers of formats see it that jump about in it. Throws StreamError MR2101. */
export function fileSource(files: FileIo, path: string): ByteSource {
  const size = files.size(path);
  return {
    size,
    read(start, end) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      for (let at = 0; at < bytes.length;) {
        const read = files.read(path, start + at, bytes.subarray(at));
        if (read === 0) return bytes.subarray(0, at);
        at += read;
      }
      return bytes;
    },
  };
}

/** A file for what does not fit in memory: written in pieces, each read back as one, and removed in the end. */
import { assert } from '../../core/errors.ts';
import type { FileIo, FileWriter } from '../../core/file-io.ts';

/** Where a piece lies. */
export interface Extent {
  readonly at: number;
  readonly length: number;
}

export class SpillFile {
  readonly #files: FileIo;
  readonly #path: string;
  #writer: FileWriter | null;

  /** Replaces what a run before may have left there. Throws StreamError MR2102. */
  constructor(files: FileIo, path: string) {
    this.#files = files;
    this.#path = path;
    files.remove(path);
    this.#writer = files.openAppend(path);
  }

  /** Throws StreamError MR2102. */
  write(bytes: Uint8Array): Extent {
    assert(this.#writer !== null, 'a spill file is written before it is read');
    const at = this.#writer.size;
    this.#writer.write(bytes);
    return { at, length: bytes.length };
  }

  endWriting(): void {
    this.#writer?.close();
    this.#writer = null;
  }

  /** In a buffer of its own. Throws StreamError MR2101. */
  read({ at, length }: Extent): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    for (let read = 0; read < length;) {
      const more = this.#files.read(this.#path, at + read, bytes.subarray(read));
      assert(more > 0, `${this.#path} is shorter than what was written to it`);
      read += more;
    }
    return bytes;
  }

  /** Closes and removes it; again does no harm. */
  remove(): void {
    this.endWriting();
    this.#files.remove(this.#path);
  }
}

/** Files as operators see them: synchronous, absolute paths. The engine gives the real thing, tests may give another. */
export interface FileIo {
  /** Absolute path of `path` against `folder`. */
  resolve(folder: string, path: string): string;
  /**
   * Files that a path, folder or glob names, sorted by path. Of a folder: its own and those of its partitions, the folders `name=value` in it;
   * those that begin with `.` or `_` are left out (unfinished files, and marks that other systems leave).
   */
  list(path: string): readonly string[];
  exists(path: string): boolean;
  /** Bytes; throws StreamError MR2101 when it cannot be read. */
  size(path: string): number;
  /** Another text once the file was written to or replaced. Throws StreamError MR2101. */
  version(path: string): string;
  /** Up to `into.length` bytes at `position`; returns how many (0 at the end). Throws StreamError MR2101. */
  read(path: string, position: number, into: Uint8Array): number;
  /** Whole file. Throws StreamError MR2101. */
  readAll(path: string): Uint8Array;
  /** Opens for appending, making folders as needed. Throws StreamError MR2102. */
  openAppend(path: string): FileWriter;
  /** Cuts the file to `size` bytes. Throws StreamError MR2102. */
  truncate(path: string, size: number): void;
  /** Atomic within a file system. Throws StreamError MR2102. */
  rename(from: string, to: string): void;
  /** No error when it is not there. */
  remove(path: string): void;
  makeFolder(path: string): void;
}

export interface FileWriter {
  /** Bytes in the file so far. */
  readonly size: number;
  write(bytes: Uint8Array): void;
  /** Returns once the bytes are on disk. */
  sync(): void;
  close(): void;
}

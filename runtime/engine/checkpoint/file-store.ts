/** The few file operations that checkpoints need, in some folder. Paths are relative to it, with "/". All reject with `FileStoreError`. */
export interface FileStore {
  /** Names in a folder ("" = the root), in no order; none when it is not there. */
  list(folder: string): Promise<string[]>;
  exists(path: string): Promise<boolean>;
  /** Null when it is not there. */
  read(path: string): Promise<Uint8Array | null>;
  /** Makes the folders it needs and replaces what has that name. Settles once the storage vouches for the bytes. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** At once or not at all; replaces what has that name. */
  rename(from: string, to: string): Promise<void>;
  /** A file, or a folder with all that is in it; also when it is not there. */
  remove(path: string): Promise<void>;
}

/** What the storage said, and what the user can do about it. */
export class FileStoreError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'FileStoreError';
    this.remedy = remedy;
  }
}

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
  /** Where the store is on this machine: gives a local file (absolute) this name too, without copying it. False when the file system cannot. */
  link?(localFile: string, path: string): Promise<boolean>;
  /** The other way: a local file that is the same as the stored one. False when it cannot, or when there is none. */
  linkTo?(path: string, localFile: string): Promise<boolean>;
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

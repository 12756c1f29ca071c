/** Files in a folder of this machine. */
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../../core/say.ts';
import { FileStoreError, type FileStore } from './file-store.ts';

export class FolderStore implements FileStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(folder: string): Promise<string[]> {
    return (await ifThere(readdir(this.#place(folder)))) ?? [];
  }

  async exists(file: string): Promise<boolean> {
    return (await ifThere(stat(this.#place(file)))) !== null;
  }

  read(file: string): Promise<Uint8Array | null> {
    return ifThere(readFile(this.#place(file)));
  }

  async write(file: string, bytes: Uint8Array): Promise<void> {
    await writeDurably(this.#place(file), bytes).catch(rethrow);
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(this.#place(from), this.#place(to)).catch(rethrow);
  }

  async remove(file: string): Promise<void> {
    await rm(this.#place(file), { recursive: true, force: true }).catch(rethrow);
  }

  async link(localFile: string, file: string): Promise<boolean> {
    const place = this.#place(file);
    await mkdir(path.dirname(place), { recursive: true }).catch(rethrow);
    // Of an attempt that did not get to its end.
    await rm(place, { force: true }).catch(rethrow);
    const isLinked = await tryToLink(localFile, place);
    if (isLinked) await syncFolder(path.dirname(place));
    return isLinked;
  }

  linkTo(file: string, localFile: string): Promise<boolean> {
    return tryToLink(this.#place(file), localFile);
  }

  #place(file: string): string {
    return path.join(this.#folder, file);
  }
}

function ifThere<T>(operation: Promise<T>): Promise<T | null> {
  return operation.catch((cause: NodeJS.ErrnoException) => (cause.code === 'ENOENT' ? null : rethrow(cause)));
}

/** File systems differ in what they say when they cannot; whoever asked copies then, and hears of other errors. */
async function tryToLink(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    () => false,
  );
}

/** The bytes of a linked file are on disk already (RocksDB sees to that); its new name is once its folder is. Not on Windows. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r').catch(rethrow);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeDurably(place: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true });
  const handle = await open(place, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function rethrow(cause: NodeJS.ErrnoException): never {
  // Not of the file system: our bug.
  if (cause.code === undefined) throw cause;
  const remedy = say`Check free space and permissions of the state folder, or choose another with --state-dir.`;
  throw new FileStoreError(cause.message, remedy, cause);
}

/** The files of the machine, for operators: core/file-io.ts over node:fs. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { globSync } from 'tinyglobby';
import { StreamError } from '../../core/errors.ts';
import type { FileIo, FileWriter } from '../../core/file-io.ts';
import { say } from '../../core/say.ts';

export class NodeFileIo implements FileIo {
  resolve(folder: string, path: string): string {
    return resolve(folder, path);
  }

  list(path: string): readonly string[] {
    const whole = resolve(path);
    return reading(whole, () => {
      const found = statSync(whole, { throwIfNoEntry: false });
      if (found?.isDirectory() === true) return filesOf(whole);
      if (found !== undefined) return [whole];
      return filesMatching(whole);
    });
  }

  exists(path: string): boolean {
    return existsSync(path);
  }

  size(path: string): number {
    return reading(path, () => statSync(path).size);
  }

  version(path: string): string {
    return reading(path, () => {
      const { ino, mtimeMs, size } = statSync(path);
      return `${ino} ${mtimeMs} ${size}`;
    });
  }

  read(path: string, position: number, into: Uint8Array): number {
    return reading(path, () => {
      const file = openSync(path, 'r');
      try {
        return readSync(file, into, 0, into.length, position);
      } finally {
        closeSync(file);
      }
    });
  }

  readAll(path: string): Uint8Array {
    return reading(path, () => readFileSync(path));
  }

  openAppend(path: string): FileWriter {
    return writing(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      return new NodeFileWriter(path);
    });
  }

  truncate(path: string, size: number): void {
    writing(path, () => truncateSync(path, size));
  }

  rename(from: string, to: string): void {
    writing(to, () => renameSync(from, to));
  }

  remove(path: string): void {
    writing(path, () => rmSync(path, { force: true }));
  }

  makeFolder(path: string): void {
    writing(path, () => mkdirSync(path, { recursive: true }));
  }
}

class NodeFileWriter implements FileWriter {
  readonly #path: string;
  readonly #file: number;
  #size: number;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'a');
    this.#size = fstatSync(this.#file).size;
  }

  get size(): number {
    return this.#size;
  }

  write(bytes: Uint8Array): void {
    writing(this.#path, () => {
      // A full disk may take a part before it says so.
      for (let at = 0; at < bytes.length;) {
        const written = writeSync(this.#file, bytes, at);
        at += written;
        this.#size += written;
      }
    });
  }

  sync(): void {
    writing(this.#path, () => fsyncSync(this.#file));
  }

  close(): void {
    writing(this.#path, () => closeSync(this.#file));
  }
}

/** With those of its partitions, whose folders are named `name=value`. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !/^[._]/.test(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) return [path];
      return entry.name.includes('=') ? filesOf(path) : [];
    })
    .sort();
}

/** Folders that are there are taken by their names, even when these look like a glob; only the rest is a pattern. */
function filesMatching(path: string): string[] {
  const { root } = parse(path);
  const parts = path.slice(root.length).split(sep);
  let folder = root;
  let named = 0;
  while (named < parts.length - 1 && existsSync(join(folder, parts[named]!))) folder = join(folder, parts[named++]!);
  const pattern = parts.slice(named).join('/');
  return globSync(pattern, { cwd: folder, absolute: true, onlyFiles: true, expandDirectories: false })
    .map((found) => resolve(found))
    .sort();
}

function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw toStreamError(error, 'MR2101', say`${path} cannot be read`);
  }
}

function writing<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw toStreamError(error, 'MR2102', say`${path} cannot be written`);
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: say`Check the path: relative ones start at the folder of the document.`,
  EEXIST: say`Check the path: a part of it is a file, not a folder.`,
  ENOTDIR: say`Check the path: a part of it is a file, not a folder.`,
  EISDIR: say`Name a file: the path is a folder.`,
  EACCES: say`Check the permissions of the file and its folder.`,
  EPERM: say`Check the permissions of the file and its folder.`,
  EROFS: say`The file system is read-only: choose a path on another one.`,
  ENOSPC: say`The disk is full: free some space, then resume the job.`,
  EDQUOT: say`The disk quota is used up: free some space, then resume the job.`,
  EMFILE: say`The process has too many files open: raise the limit (ulimit -n) or lower the parallelism.`,
};

/** What waiting or the operator of the machine can mend without a change to the pipeline. */
const RETRYABLE = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'EIO', 'EBUSY', 'EAGAIN']);

function toStreamError(error: unknown, code: 'MR2101' | 'MR2102', what: string): StreamError {
  if (error instanceof StreamError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const errno = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const remedy = REMEDIES[errno];
  return new StreamError(code, say`${what}: ${cause.message}`, {
    cause,
    retryable: RETRYABLE.has(errno),
    ...(remedy === undefined ? {} : { remedy }),
  });
}

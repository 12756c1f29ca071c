/** Files in memory, under POSIX paths. */
import { posix } from 'node:path';
import { StreamError } from '../core/errors.ts';
import type { FileIo, FileWriter } from '../core/file-io.ts';
import { decodeUtf8, encodeUtf8 } from '../core/utf8.ts';

/** Content apart from its name, so that an open writer follows its file through a rename. */
interface MemoryFile {
  bytes: Uint8Array;
}

export class MemoryFiles implements FileIo {
  readonly #files = new Map<string, MemoryFile>();

  /** Writes a whole text file, replacing what was there. */
  write(path: string, text: string): void {
    this.#files.set(posix.normalize(path), { bytes: encodeUtf8(text) });
  }

  append(path: string, text: string): void {
    const writer = this.openAppend(path);
    writer.write(encodeUtf8(text));
    writer.close();
  }

  text(path: string): string {
    return decodeUtf8(this.readAll(path));
  }

  /** All files, sorted by path. */
  paths(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  /** A copy to go on from: what a crash leaves behind. */
  clone(): MemoryFiles {
    const copy = new MemoryFiles();
    for (const [path, file] of this.#files) copy.#files.set(path, { bytes: file.bytes.slice() });
    return copy;
  }

  resolve(folder: string, path: string): string {
    return posix.resolve(folder, path);
  }

  list(path: string): readonly string[] {
    const normal = posix.normalize(path);
    if (this.#files.has(normal)) return [normal];
    const pattern = /[*?{[]/.test(normal)
      ? globPattern(normal)
      : new RegExp(`^${escapeText(normal.replace(/\/$/, ''))}/(?:[^/._][^/]*=[^/]*/)*[^/._][^/]*$`);
    return this.paths().filter((name) => pattern.test(name));
  }

  exists(path: string): boolean {
    const normal = posix.normalize(path).replace(/\/$/, '');
    return this.#files.has(normal) || this.paths().some((name) => name.startsWith(`${normal}/`));
  }

  size(path: string): number {
    return this.readAll(path).length;
  }

  version(path: string): string {
    return this.text(path);
  }

  read(path: string, position: number, into: Uint8Array): number {
    const part = this.readAll(path).subarray(position, position + into.length);
    into.set(part);
    return part.length;
  }

  readAll(path: string): Uint8Array {
    const file = this.#files.get(posix.normalize(path));
    if (file === undefined) throw new StreamError('MR2101', `${path} is not there`);
    return file.bytes;
  }

  openAppend(path: string): FileWriter {
    const normal = posix.normalize(path);
    const file = this.#files.get(normal) ?? { bytes: new Uint8Array(0) };
    this.#files.set(normal, file);
    return new MemoryWriter(file);
  }

  truncate(path: string, size: number): void {
    const file = this.#files.get(posix.normalize(path));
    if (file === undefined) throw new StreamError('MR2102', `${path} is not there`);
    file.bytes = file.bytes.slice(0, size);
  }

  rename(from: string, to: string): void {
    const file = this.#files.get(posix.normalize(from));
    if (file === undefined) throw new StreamError('MR2102', `${from} is not there`);
    this.#files.delete(posix.normalize(from));
    this.#files.set(posix.normalize(to), file);
  }

  remove(path: string): void {
    this.#files.delete(posix.normalize(path));
  }

  makeFolder(): void {
    // a folder is there as soon as a file is in it
  }
}

class MemoryWriter implements FileWriter {
  readonly #file: MemoryFile;

  constructor(file: MemoryFile) {
    this.#file = file;
  }

  get size(): number {
    return this.#file.bytes.length;
  }

  write(bytes: Uint8Array): void {
    const after = new Uint8Array(this.size + bytes.length);
    after.set(this.#file.bytes);
    after.set(bytes, this.size);
    this.#file.bytes = after;
  }

  sync(): void {
    // nothing to wait for
  }

  close(): void {
    // nothing is held
  }
}

/** `**` any folders, `*` and `?` within a name, `{a,b}` either; names that begin with a dot are left out. */
function globPattern(glob: string): RegExp {
  const source = glob
    .split(/(\*\*\/|\*|\?|\{[^}]*\})/)
    .map((part) => {
      if (part === '**/') return '(?:[^/.][^/]*/)*';
      if (part === '*') return '(?!\\.)[^/]*';
      if (part === '?') return '[^/]';
      if (part.startsWith('{')) return `(?:${part.slice(1, -1).split(',').map(escapeText).join('|')})`;
      return escapeText(part);
    })
    .join('');
  return new RegExp(`^${source}$`);
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/**
 * Files of a machine that is slow and may die: reads give less than asked for, operations take virtual time, and at the
 * machine's death what was written and not synced is lost from some byte on. Names (renames, removals) are never lost.
 */
import { basename } from 'node:path/posix';
import { StreamError } from '../core/errors.ts';
import type { FileIo, FileWriter } from '../core/file-io.ts';
import type { MemoryFiles } from '../testing/memory-files.ts';
import type { Draw } from './draw.ts';

/** What a dead machine answers. */
export class MachineDied extends Error {
  constructor() {
    super('the machine died');
    this.name = 'MachineDied';
  }
}

/** A full disk, say. */
export class FileFailed extends StreamError {
  constructor() {
    super('MR2102', 'the file system failed');
    this.name = 'FileFailed';
  }
}

export interface MachineOptions {
  readonly draw: Draw;
  readonly readBytes: number;
  readonly fileMs: number;
  /** Dies in the operation with this number, from 1; 0 = never. */
  readonly dieAtOperation: number;
  /** That operation fails, once; 0 = none. */
  readonly failAtOperation: number;
  /** Time goes by. */
  readonly elapse: (ms: number) => void;
}

export class FailingMachine implements FileIo {
  readonly #disk: MemoryFiles;
  readonly #options: MachineOptions;
  /** Of files with bytes that are not on disk yet: how many are. */
  readonly #synced = new Map<string, number>();
  #operations = 0;
  isDead = false;
  /** Changes of files that others may see: those whose names do not begin with a dot. */
  visibleChanges = 0;

  constructor(disk: MemoryFiles, options: MachineOptions) {
    this.#disk = disk;
    this.#options = options;
  }

  /** Leaves the disk as a loss of power does. Nothing works afterwards. */
  die(): void {
    this.isDead = true;
    for (const [path, synced] of this.#synced) {
      if (this.#disk.exists(path)) {
        const size = this.#disk.size(path);
        this.#disk.truncate(path, this.#options.draw.integer(Math.min(synced, size), size));
      }
    }
    this.#synced.clear();
  }

  resolve(folder: string, path: string): string {
    return this.#disk.resolve(folder, path);
  }

  list(path: string): readonly string[] {
    this.#operate();
    return this.#disk.list(path);
  }

  exists(path: string): boolean {
    this.#operate();
    return this.#disk.exists(path);
  }

  version(path: string): string {
    this.#operate();
    return this.#disk.version(path);
  }

  size(path: string): number {
    this.#operate();
    return this.#disk.size(path);
  }

  read(path: string, position: number, into: Uint8Array): number {
    this.#operate();
    const { readBytes, draw } = this.#options;
    const most = readBytes === 0 ? into.length : draw.integer(1, readBytes);
    return this.#disk.read(path, position, into.subarray(0, most));
  }

  readAll(path: string): Uint8Array {
    this.#operate();
    return this.#disk.readAll(path);
  }

  openAppend(path: string): FileWriter {
    this.#change(path);
    const writer = this.#disk.openAppend(path);
    return {
      get size() {
        return writer.size;
      },
      write: (bytes) => {
        this.#change(path);
        if (!this.#synced.has(path)) this.#synced.set(path, writer.size);
        writer.write(bytes);
      },
      sync: () => {
        this.#operate();
        this.#synced.delete(path);
      },
      close: () => writer.close(),
    };
  }

  truncate(path: string, size: number): void {
    this.#change(path);
    this.#disk.truncate(path, size);
  }

  rename(from: string, to: string): void {
    this.#change(to);
    this.#disk.rename(from, to);
    const synced = this.#synced.get(from);
    this.#synced.delete(from);
    if (synced !== undefined) this.#synced.set(to, synced);
  }

  remove(path: string): void {
    this.#change(path);
    this.#synced.delete(path);
    this.#disk.remove(path);
  }

  makeFolder(): void {
    this.#operate();
  }

  #change(path: string): void {
    this.#operate();
    if (!basename(path).startsWith('.')) this.visibleChanges++;
  }

  #operate(): void {
    const { dieAtOperation, failAtOperation, fileMs, draw, elapse } = this.#options;
    if (!this.isDead && ++this.#operations === dieAtOperation) this.die();
    if (this.isDead) throw new MachineDied();
    if (this.#operations === failAtOperation) throw new FileFailed();
    if (fileMs > 0) elapse(draw.integer(0, fileMs));
  }
}

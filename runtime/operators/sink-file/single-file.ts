/**
 * One output file, written by one subtask. Rows go to a hidden file beside it; a barrier closes that; when the checkpoint is
 * complete its bytes are appended to the output and it is removed.
 *
 * Exactly once, whenever the process dies: state holds the size of the output with everything committed before, and which
 * hidden files (with their sizes) wait. Hidden files are removed in order, and only after their bytes are on disk in the output. So
 * on restore those that are missing are a prefix of the waiting ones and in the output; cut behind them, append the others.
 *
 * A format with a footer (Parquet) writes one at the end of each hidden file, which names all rows before it as well: so the output is
 * whole after each checkpoint, and older footers stay in it unread.
 */
import { basename, dirname, join } from 'node:path';
import type { Batch } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import type { FileIo, FileWriter } from '../../core/file-io.ts';
import type { OperatorContext } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { ListState } from '../../core/state.ts';
import type { FileEncoder } from '../../formats/index.ts';
import { fileSource } from '../shared/file-source.ts';
import type { FileTarget, Pending } from './file-target.ts';

type OutputState = {
  /** Bytes of the output when the barrier came. */
  readonly committed: number;
  /** Number of the next hidden file. */
  readonly next: number;
  /** Hidden files that wait, in order. */
  readonly pending: readonly { readonly number: number; readonly size: number }[];
};

const COPY_BYTES = 256 * 1024;

export class SingleFile implements FileTarget {
  readonly #path: string;
  readonly #encoder: FileEncoder;
  readonly #files: FileIo;
  readonly #state: ListState<OutputState>;
  #committed = 0;
  #next = 0;
  #pending: Pending[] = [];
  #writer: FileWriter | null = null;

  constructor(path: string, encoder: FileEncoder, context: OperatorContext) {
    this.#path = path;
    this.#encoder = encoder;
    this.#files = context.files;
    this.#state = context.state.list<OutputState>('output', 'split');
  }

  open(): void {
    const [restored] = this.#state.get();
    if (restored === undefined) this.#start();
    else this.#recover(restored);
    for (const path of this.#hiddenFiles()) this.#files.remove(path);
  }

  write(rows: Batch): void {
    this.#writer ??= this.#files.openAppend(this.#hiddenPath(this.#next++));
    this.#writer.write(this.#encoder.encode(rows, 0, rows.length));
  }

  snapshot(checkpointId: number): void {
    if (this.#writer !== null) {
      this.#writer.write(this.#encoder.finish());
      this.#writer.sync();
      this.#pending.push({ number: this.#next - 1, size: this.#writer.size, checkpointId });
      this.close();
    }
    const pending = this.#pending.map(({ number, size }) => ({ number, size }));
    this.#state.set([{ committed: this.#committed, next: this.#next, pending }]);
  }

  commit(checkpointId: number): void {
    const due = this.#pending.filter((part) => part.checkpointId !== null && part.checkpointId <= checkpointId);
    this.#append(due);
    this.#pending = this.#pending.slice(due.length);
  }

  close(): void {
    this.#writer?.close();
    this.#writer = null;
  }

  /** A job that starts afresh replaces what an earlier one wrote. */
  #start(): void {
    this.#files.remove(this.#path);
    const writer = this.#files.openAppend(this.#path);
    try {
      for (const bytes of [this.#encoder.header, this.#encoder.finish()]) if (bytes.length > 0) writer.write(bytes);
      writer.sync();
      this.#committed = writer.size;
    } finally {
      writer.close();
    }
  }

  #recover(restored: OutputState): void {
    const waiting = restored.pending.findIndex(({ number }) => this.#files.exists(this.#hiddenPath(number)));
    const appended = waiting === -1 ? restored.pending : restored.pending.slice(0, waiting);
    this.#committed = appended.reduce((size, part) => size + part.size, restored.committed);
    this.#next = restored.next;
    const size = this.#files.exists(this.#path) ? this.#files.size(this.#path) : 0;
    if (size < this.#committed) {
      throw new StreamError(
        'MR2102',
        say`${this.#path} has ${size} bytes where the checkpoint left ${this.#committed}: it was changed since`,
        { retryable: false, remedy: say`Put the file back as it was, or start the job afresh.` },
      );
    }
    if (size > this.#committed) this.#files.truncate(this.#path, this.#committed);
    this.#append(restored.pending.slice(appended.length));
    this.#encoder.continueFrom(fileSource(this.#files, this.#path), this.#path);
  }

  #append(parts: readonly { readonly number: number; readonly size: number }[]): void {
    if (parts.length === 0) return;
    const writer = this.#files.openAppend(this.#path);
    try {
      for (const part of parts) this.#copy(this.#hiddenPath(part.number), writer);
      writer.sync();
    } finally {
      writer.close();
    }
    for (const part of parts) {
      this.#committed += part.size;
      this.#files.remove(this.#hiddenPath(part.number));
    }
  }

  #copy(path: string, into: FileWriter): void {
    const chunk = new Uint8Array(COPY_BYTES);
    for (let at = 0; ;) {
      const read = this.#files.read(path, at, chunk);
      if (read === 0) return;
      into.write(chunk.subarray(0, read));
      at += read;
    }
  }

  #hiddenPrefix(): string {
    return `.${basename(this.#path)}.inprogress-`;
  }

  #hiddenPath(number: number): string {
    return join(dirname(this.#path), `${this.#hiddenPrefix()}${number}`);
  }

  #hiddenFiles(): readonly string[] {
    const prefix = this.#hiddenPrefix();
    return this.#files.list(join(dirname(this.#path), '.*')).filter((path) => basename(path).startsWith(prefix));
  }
}

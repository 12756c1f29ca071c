/**
 * A folder of part files. A part is written under a name that begins with a dot; a barrier closes it; when the checkpoint is
 * complete it gets its final name. Exactly once, because state says of each subtask which parts wait for their name and how
 * many there ever were: on restore the waiting ones are named (again), and everything later is removed, for its rows come again.
 *
 * Every subtask looks after the parts it wrote; those of subtasks that are no more (a lower parallelism) are subtask 0's.
 */
import { join } from 'node:path';
import type { FileIo, FileWriter } from '../../core/file-io.ts';
import type { OperatorContext } from '../../core/operator.ts';
import type { ListState } from '../../core/state.ts';
import type { FileTarget, Pending } from './file-target.ts';

/** State of a subtask's parts. */
type PartsState = {
  readonly subtask: number;
  /** Number of its next part. */
  readonly next: number;
  /** Parts that wait for their final name. */
  readonly pending: readonly number[];
};

export interface PartFolderOptions {
  readonly folder: string;
  readonly extension: string;
  readonly header: Uint8Array;
  readonly subtask: number;
  readonly parallelism: number;
  readonly maxBytes: number;
  readonly maxRows: number;
}

export class PartFolder implements FileTarget {
  readonly #options: PartFolderOptions;
  readonly #files: FileIo;
  readonly #state: ListState<PartsState>;
  /** State of subtasks that are no more: their numbers must not be used again. Kept by subtask 0. */
  #departed: readonly PartsState[] = [];
  #next = 0;
  #pending: Pending[] = [];
  #writer: FileWriter | null = null;
  #rows = 0;

  constructor(options: PartFolderOptions, context: OperatorContext) {
    this.#options = options;
    this.#files = context.files;
    this.#state = context.state.list<PartsState>('parts', 'union');
  }

  get roomForRows(): number {
    return this.#options.maxRows - this.#rows;
  }

  open(): void {
    const { folder, subtask } = this.#options;
    const restored = new Map(this.#state.get().map((entry) => [entry.subtask, entry]));
    const own = restored.get(subtask);
    this.#next = own?.next ?? 0;
    this.#departed = [...restored.values()]
      .filter((entry) => entry.subtask !== subtask && this.#isOurs(entry.subtask))
      .map((entry) => ({ ...entry, pending: [] }));
    this.#files.makeFolder(folder);
    for (const part of this.#partsThere()) {
      const entry = restored.get(part.subtask);
      if (part.isFinal) {
        if (part.number >= (entry?.next ?? 0)) this.#files.remove(this.#path(part.subtask, part.number));
      } else if (entry?.pending.includes(part.number) === true) {
        this.#publish(part.subtask, part.number);
      } else {
        this.#files.remove(this.#hiddenPath(part.subtask, part.number));
      }
    }
  }

  write(bytes: Uint8Array, rows: number): void {
    this.#writer ??= this.#begin();
    this.#writer.write(bytes);
    this.#rows += rows;
    if (this.#rows >= this.#options.maxRows || this.#writer.size >= this.#options.maxBytes) this.#finish();
  }

  snapshot(checkpointId: number): void {
    this.#finish();
    for (const part of this.#pending) part.checkpointId ??= checkpointId;
    const { subtask } = this.#options;
    const pending = this.#pending.map((part) => part.number);
    this.#state.set([{ subtask, next: this.#next, pending }, ...this.#departed]);
  }

  commit(checkpointId: number): void {
    const isDue = (part: Pending): boolean => part.checkpointId !== null && part.checkpointId <= checkpointId;
    for (const part of this.#pending) if (isDue(part)) this.#publish(this.#options.subtask, part.number);
    this.#pending = this.#pending.filter((part) => !isDue(part));
  }

  close(): void {
    this.#writer?.close();
    this.#writer = null;
  }

  #begin(): FileWriter {
    const writer = this.#files.openAppend(this.#hiddenPath(this.#options.subtask, this.#next));
    this.#next++;
    if (this.#options.header.length > 0) writer.write(this.#options.header);
    return writer;
  }

  #finish(): void {
    if (this.#writer === null) return;
    this.#writer.sync();
    this.#pending.push({ number: this.#next - 1, size: this.#writer.size, checkpointId: null });
    this.close();
    this.#rows = 0;
  }

  #publish(subtask: number, number: number): void {
    const hidden = this.#hiddenPath(subtask, number);
    if (this.#files.exists(hidden)) this.#files.rename(hidden, this.#path(subtask, number));
  }

  #isOurs(subtask: number): boolean {
    const { subtask: own, parallelism } = this.#options;
    return subtask === own || (own === 0 && subtask >= parallelism);
  }

  /** Parts in the folder, of any run, that this subtask looks after. */
  #partsThere(): { subtask: number; number: number; isFinal: boolean }[] {
    const { folder, extension } = this.#options;
    const name = new RegExp(`(?:^|[\\\\/])(\\.?)part-(\\d+)-(\\d+)\\.${extension}(\\.inprogress)?$`);
    return [...this.#files.list(join(folder, 'part-*')), ...this.#files.list(join(folder, '.part-*'))]
      .map((path) => name.exec(path))
      .filter((match) => match !== null && (match[1] === '.') === (match[4] !== undefined))
      .map((match) => ({ subtask: Number(match![2]), number: Number(match![3]), isFinal: match![1] === '' }))
      .filter((part) => this.#isOurs(part.subtask));
  }

  #path(subtask: number, number: number): string {
    return join(this.#options.folder, `part-${subtask}-${number}.${this.#options.extension}`);
  }

  #hiddenPath(subtask: number, number: number): string {
    return join(this.#options.folder, `.part-${subtask}-${number}.${this.#options.extension}.inprogress`);
  }
}

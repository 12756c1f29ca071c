/**
 * A folder of part files, or one with a folder for each partition in it. A part is written under a name that begins with a dot; a
 * barrier closes it; when the checkpoint is complete it gets its final name. Exactly once, because state says of each subtask which
 * parts wait for their name and how many there ever were: on restore the waiting ones are named (again), and everything later is
 * removed, for its rows come again. A part's number is the subtask's own, whatever its partition: it says which part it is.
 *
 * Every subtask looks after the parts it wrote; those of subtasks that are no more (a lower parallelism) are subtask 0's.
 */
import { join, relative, sep } from 'node:path';
import type { Batch } from '../../core/batch.ts';
import type { FileIo } from '../../core/file-io.ts';
import type { OperatorContext } from '../../core/operator.ts';
import type { ListState } from '../../core/state.ts';
import type { FileTarget, MakeEncoder, Pending } from './file-target.ts';
import { OpenPart } from './open-part.ts';

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
  readonly makeEncoder: MakeEncoder;
  readonly subtask: number;
  readonly parallelism: number;
  readonly maxBytes: number;
  readonly maxRows: number;
  /** Most partitions that are written to side by side: of one more, the one that has waited longest is closed. */
  readonly maxOpenParts: number;
  /** Most rows that encoders keep back, all together: with one more, the one that keeps most back writes them. */
  readonly maxBufferedRows: number;
}

interface PendingPart extends Pending {
  readonly partition: string;
}

interface PartName {
  readonly partition: string;
  readonly subtask: number;
  readonly number: number;
}

export class PartFolder implements FileTarget {
  readonly #options: PartFolderOptions;
  readonly #files: FileIo;
  readonly #state: ListState<PartsState>;
  /** State of subtasks that are no more: their numbers must not be used again. Kept by subtask 0. */
  #departed: readonly PartsState[] = [];
  #next = 0;
  #pending: PendingPart[] = [];
  /** By partition, the one written to longest ago first. */
  readonly #open = new Map<string, OpenPart>();
  #bufferedRows = 0;

  constructor(options: PartFolderOptions, context: OperatorContext) {
    this.#options = options;
    this.#files = context.files;
    this.#state = context.state.list<PartsState>('parts', 'union');
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
        if (part.number >= (entry?.next ?? 0)) this.#files.remove(this.#path(part));
      } else if (entry?.pending.includes(part.number) === true) {
        this.#publish(part);
      } else {
        this.#files.remove(this.#hiddenPath(part));
      }
    }
  }

  write(rows: Batch, partition: string): void {
    const { maxRows, maxBytes, maxBufferedRows } = this.#options;
    for (let start = 0; start < rows.length;) {
      const part = this.#partOf(partition);
      const end = Math.min(rows.length, start + maxRows - part.rows);
      this.#bufferedRows += part.write(rows, start, end);
      start = end;
      if (part.rows >= maxRows || part.size >= maxBytes) this.#finish(partition, part);
      if (this.#bufferedRows > maxBufferedRows) this.#flushLargest();
    }
  }

  snapshot(checkpointId: number): void {
    for (const [partition, part] of this.#open) this.#finish(partition, part);
    for (const part of this.#pending) part.checkpointId ??= checkpointId;
    const { subtask } = this.#options;
    const pending = this.#pending.map((part) => part.number);
    this.#state.set([{ subtask, next: this.#next, pending }, ...this.#departed]);
  }

  commit(checkpointId: number): void {
    const { subtask } = this.#options;
    const isDue = (part: Pending): boolean => part.checkpointId !== null && part.checkpointId <= checkpointId;
    for (const part of this.#pending) if (isDue(part)) this.#publish({ ...part, subtask });
    this.#pending = this.#pending.filter((part) => !isDue(part));
  }

  close(): void {
    for (const part of this.#open.values()) part.close();
    this.#open.clear();
  }

  /** The part of a partition that is being written, begun if there is none. */
  #partOf(partition: string): OpenPart {
    let part = this.#open.get(partition);
    if (part === undefined) {
      if (this.#open.size >= this.#options.maxOpenParts) {
        const [oldest] = this.#open;
        this.#finish(...oldest!);
      }
      part = this.#begin(partition);
    } else if (this.#open.size > 1) {
      this.#open.delete(partition);
    }
    // A key of a Map that is set again goes to the end only if it was removed.
    this.#open.set(partition, part);
    return part;
  }

  #begin(partition: string): OpenPart {
    const { subtask, makeEncoder } = this.#options;
    const number = this.#next;
    const writer = this.#files.openAppend(this.#hiddenPath({ partition, subtask, number }));
    this.#next++;
    return new OpenPart(number, writer, makeEncoder());
  }

  #finish(partition: string, part: OpenPart): void {
    this.#bufferedRows -= part.finish();
    this.#pending.push({ partition, number: part.number, size: part.size, checkpointId: null });
    part.close();
    this.#open.delete(partition);
  }

  #flushLargest(): void {
    const parts = [...this.#open.values()];
    const largest = parts.reduce((most, part) => (part.bufferedRows > most.bufferedRows ? part : most));
    this.#bufferedRows -= largest.flush();
  }

  #publish(part: PartName): void {
    const hidden = this.#hiddenPath(part);
    if (this.#files.exists(hidden)) this.#files.rename(hidden, this.#path(part));
  }

  #isOurs(subtask: number): boolean {
    const { subtask: own, parallelism } = this.#options;
    return subtask === own || (own === 0 && subtask >= parallelism);
  }

  /** Parts in the folder and in folders of partitions, of any run, that this subtask looks after. */
  #partsThere(): (PartName & { readonly isFinal: boolean })[] {
    const { folder, extension } = this.#options;
    const name = new RegExp(`^(\\.?)part-(\\d+)-(\\d+)\\.${extension}(\\.inprogress)?$`);
    return ['part-*', '.part-*']
      .flatMap((pattern) => this.#files.list(join(folder, '**', pattern)))
      .flatMap((path) => {
        const folders = relative(folder, path).split(sep);
        const match = name.exec(folders.pop()!);
        if (match === null || (match[1] === '.') !== (match[4] !== undefined)) return [];
        if (!folders.every((part) => part.includes('='))) return [];
        const [, dot, subtask, number] = match;
        return [
          { partition: folders.join(sep), subtask: Number(subtask), number: Number(number), isFinal: dot === '' },
        ];
      })
      .filter((part) => this.#isOurs(part.subtask));
  }

  #path({ partition, subtask, number }: PartName): string {
    return join(this.#options.folder, partition, `part-${subtask}-${number}.${this.#options.extension}`);
  }

  #hiddenPath({ partition, subtask, number }: PartName): string {
    const { folder, extension } = this.#options;
    return join(folder, partition, `.part-${subtask}-${number}.${extension}.inprogress`);
  }
}

/** A file of lines on its way through a source: its bytes chunk by chunk into a reader. */
import type { BatchBuilder } from '../../core/batch.ts';
import type { FileIo } from '../../core/file-io.ts';
import {
  createRowReader,
  type CsvLayout,
  type ReaderOptions,
  type ReaderPosition,
  type RejectedRow,
  type RowReader,
} from '../../formats/index.ts';
import type { SplitTime } from '../shared/event-time.ts';
import { splitState, type FileSplit, type SplitState, type StartState } from './file-split.ts';

/** Large enough that opening the file for each chunk does not count, small enough for a thousand files at once. */
const CHUNK_BYTES = 64 * 1024;
/** All splits of a thread share it: the reader copies what it is given. */
const chunk = new Uint8Array(CHUNK_BYTES);

const START: ReaderPosition = { offset: 0, line: 1, layout: null };

export class TextSplit implements FileSplit {
  readonly keepsTurn = false;
  readonly path: string;
  /** Progress of event time; null when the stream has none. */
  readonly time: SplitTime | null;
  isDone: boolean;
  readonly #files: FileIo;
  readonly #options: ReaderOptions;
  readonly #follows: boolean;
  #reader: RowReader;
  /** Offset in the file of the next byte for the reader. */
  #offset: number;

  constructor(state: StartState, options: ReaderOptions, files: FileIo, follows: boolean, time: SplitTime | null) {
    this.path = state.path;
    this.isDone = state.isDone;
    this.time = time;
    this.#files = files;
    this.#options = options;
    this.#follows = follows;
    const position = (state.position as ReaderPosition | undefined) ?? START;
    this.#reader = createRowReader({ ...options, position });
    this.#offset = position.offset;
  }

  get layout(): CsvLayout | null {
    return this.#reader.position.layout;
  }

  get state(): SplitState {
    return splitState(this, this.#reader.position);
  }

  release(): void {
    // a reader holds less than a chunk and a line
  }

  read(into: BatchBuilder, limit: number): number {
    let rows = this.#reader.read(into, limit);
    while (rows < limit && this.#load()) rows += this.#reader.read(into, limit - rows);
    return rows;
  }

  takeRejected(): readonly RejectedRow[] {
    return this.#reader.takeRejected();
  }

  startOverIfCut(): boolean {
    if (this.#files.size(this.path) >= this.#offset) return false;
    this.#reader = createRowReader({ ...this.#options, position: START });
    this.#offset = 0;
    return true;
  }

  /** Gives the reader more to read: false when there is nothing. */
  #load(): boolean {
    // A followed file may be removed at any time; the source finds out when it looks for files again.
    if (this.isDone || (this.#follows && !this.#files.exists(this.path))) return false;
    const read = this.#files.read(this.path, this.#offset, chunk);
    if (read > 0) {
      this.#offset += read;
      this.#reader.push(chunk.subarray(0, read));
      return true;
    }
    // Of a followed file the last line may still grow: it is no row before its newline is there.
    if (this.#follows) return false;
    this.#reader.finish();
    this.isDone = true;
    return true;
  }
}

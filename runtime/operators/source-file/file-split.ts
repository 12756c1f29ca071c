/** One file on its way through a source: its bytes chunk by chunk into a reader. */
import type { BatchBuilder } from '../../core/batch.ts';
import type { FileIo } from '../../core/file-io.ts';
import {
  createRowReader,
  type ReaderOptions,
  type ReaderPosition,
  type RejectedRow,
  type RowReader,
} from '../../formats/index.ts';
import type { SplitTime } from '../shared/event-time.ts';

/** What a source says about a file in its state. */
export type SplitState = {
  readonly path: string;
  readonly position: ReaderPosition;
  readonly isDone: boolean;
  /** Null before the first row with an event time. */
  readonly maxEventTime: number | null;
};

/** Large enough that opening the file for each chunk does not count, small enough for a thousand files at once. */
const CHUNK_BYTES = 64 * 1024;
/** All splits of a thread share it: the reader copies what it is given. */
const chunk = new Uint8Array(CHUNK_BYTES);

const START: ReaderPosition = { offset: 0, line: 1, layout: null };

export class FileSplit {
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

  constructor(
    state: Pick<SplitState, 'path' | 'isDone'> & Partial<SplitState>,
    options: ReaderOptions,
    files: FileIo,
    follows: boolean,
    time: SplitTime | null,
  ) {
    this.path = state.path;
    this.isDone = state.isDone;
    this.time = time;
    this.#files = files;
    this.#options = options;
    this.#follows = follows;
    const position = state.position ?? START;
    this.#reader = createRowReader({ ...options, position });
    this.#offset = position.offset;
  }

  get state(): SplitState {
    const max = this.time?.maxEventTime ?? -Infinity;
    return {
      path: this.path,
      position: this.#reader.position,
      isDone: this.isDone,
      maxEventTime: max === -Infinity ? null : max,
    };
  }

  /** Up to `limit` rows, good or bad; fewer when the file has no more for now, or is done. */
  read(into: BatchBuilder, limit: number): number {
    let rows = this.#reader.read(into, limit);
    while (rows < limit && this.#load()) rows += this.#reader.read(into, limit - rows);
    return rows;
  }

  takeRejected(): readonly RejectedRow[] {
    return this.#reader.takeRejected();
  }

  /** A followed file that has become shorter was written anew: true, and reading starts over. */
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

/** The database of one subtask, as its tables use it. What they write goes out in batches, before the next read at the latest. */
import { PackedReader, PackedWriter } from './packed.ts';
import type { Pending, StateClient } from './state-client.ts';
import { DELETE, DELETE_RANGE, PUT, type DatabaseOptions } from './state-protocol.ts';

/** Bytes of writes that are sent without waiting for a read. */
const BATCH_BYTES = 1 << 18;

export class TableStore {
  readonly options: DatabaseOptions;
  readonly #client: StateClient;
  readonly #db: number;
  readonly #writes = new PackedWriter(BATCH_BYTES);
  #writeCount = 0;

  /** Throws StreamError MR2209 when the database cannot be opened. */
  constructor(client: StateClient, options: DatabaseOptions) {
    this.#client = client;
    this.options = options;
    this.#db = client.nextDatabase();
    client.call({ type: 'open', db: this.#db, options });
  }

  /** `write` gives the key, then the value. */
  put(write: (out: PackedWriter) => void): void {
    this.#add(PUT, write);
  }

  delete(write: (out: PackedWriter) => void): void {
    this.#add(DELETE, write);
  }

  deleteRange(from: Uint8Array, to: Uint8Array): void {
    this.#add(DELETE_RANGE, (out) => {
      out.put(from);
      out.put(to);
    });
  }

  #add(operation: number, write: (out: PackedWriter) => void): void {
    this.#writes.byte(operation);
    write(this.#writes);
    this.#writeCount++;
    if (this.#writes.length >= BATCH_BYTES) this.flushWrites();
  }

  /** Sends what was written so far on its way. Throws StreamError MR2209 for an earlier write that failed. */
  flushWrites(): void {
    if (this.#writeCount === 0) return;
    const count = this.#writeCount;
    this.#writeCount = 0;
    this.#client.write(this.#db, this.#writes.take(), count);
  }

  /** For each key its value, or an absent part. */
  get(keys: ArrayBuffer, count: number): PackedReader {
    this.flushWrites();
    return new PackedReader(this.#client.call({ type: 'get', db: this.#db, keys, count }).data!);
  }

  /** Up to `limit` pairs from `from` on (or after it), below `to`. */
  scan(from: Uint8Array, isFromExclusive: boolean, to: Uint8Array, limit: number): ScannedPairs {
    this.flushWrites();
    const { data, count } = this.#client.call({
      type: 'scan',
      db: this.#db,
      from,
      isFromExclusive,
      to,
      limit,
      snapshot: null,
    });
    return new ScannedPairs(data!, count!);
  }

  /** What is there now, to be scanned while writes go on. */
  snapshot(): StoreSnapshot {
    this.flushWrites();
    const snapshot = this.#client.nextSnapshot();
    const db = this.#db;
    this.#client.call({ type: 'snapshot', db, snapshot });
    return {
      scan: (from, isFromExclusive, to, limit) =>
        this.#client.post({ type: 'scan', db, from, isFromExclusive, to, limit, snapshot }),
      release: () => void this.#client.post({ type: 'release', db, snapshot }),
    };
  }

  /** Links what is there now into `folder`, beside what operators do next. */
  checkpoint(folder: string): Pending {
    this.flushWrites();
    return this.#client.post({ type: 'checkpoint', db: this.#db, folder });
  }

  /**
   * Takes over ranges of the database in `folder`, which is removed: from, to, and the table they become part of. Answers how
   * many entries each had.
   */
  copy(folder: string, ranges: readonly CopiedRange[]): readonly number[] {
    const packed = new PackedWriter();
    for (const { from, to, table } of ranges) {
      packed.put(from);
      packed.put(to);
      packed.byte(table);
    }
    return this.#client.call({ type: 'copy', db: this.#db, folder, ranges: packed.take() }).counts!;
  }

  close(): void {
    this.#client.call({ type: 'close', db: this.#db });
  }
}

export interface CopiedRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly table: number;
}

export interface StoreSnapshot {
  /** As `TableStore.scan`; the answer is for `ScannedPairs`. */
  scan(from: Uint8Array, isFromExclusive: boolean, to: Uint8Array, limit: number): Pending;
  release(): void;
}

/** Where keys and values begin in what a scan answered. */
export class ScannedPairs {
  readonly reader: PackedReader;
  readonly count: number;
  readonly keyStarts: Int32Array;
  readonly valueStarts: Int32Array;
  /** A copy; empty when there are none. */
  readonly lastKey: Uint8Array;

  constructor(data: ArrayBuffer, count: number) {
    const reader = new PackedReader(data);
    this.reader = reader;
    this.count = count;
    this.keyStarts = new Int32Array(count);
    this.valueStarts = new Int32Array(count);
    let lastKey: Uint8Array = reader.bytes.subarray(0, 0);
    for (let i = 0; i < count; i++) {
      lastKey = reader.part();
      this.keyStarts[i] = reader.start;
      reader.next();
      this.valueStarts[i] = reader.start;
    }
    this.lastKey = lastKey.slice();
  }
}

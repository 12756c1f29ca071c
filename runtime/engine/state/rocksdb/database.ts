/**
 * One RocksDB. Requests are taken up in the order they come; reads go on side by side, also while a checkpoint is linked, and see all
 * writes asked for before them. Writes come one after the other, and wait for a checkpoint: what it links is the state at its request.
 */
import { copyFile, link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import RocksDB from 'rocksdb-native';
import { PackedReader, PackedWriter } from './packed.ts';
import { DELETE, PUT, type DatabaseFile, type DatabaseOptions, type StateRequest } from './state-protocol.ts';

type Request<T extends StateRequest['type']> = Extract<StateRequest, { type: T }>;

/** Pairs read at once: enough that a call of the native side is cheap a pair. */
const SCAN_CAPACITY = 1024;
const COPY_ROWS = 4096;
/** How often, and how long apart, a checkpoint looks whether compactions have ended before it stops them, and with them all reads. */
const COMPACTION_POLLS = 100;
const COMPACTION_POLL_MS = 10;

export class Database {
  readonly #db: RocksDB;
  readonly #folder: string;
  readonly #snapshots = new Map<number, RocksDB>();
  /** Settles when all that was asked to be written is. */
  #written: Promise<unknown>;

  constructor({ folder, writeBufferBytes, hasBlockCache }: DatabaseOptions) {
    this.#folder = folder;
    this.#db = new RocksDB(folder, {
      maxBackgroundJobs: 2,
      writeBufferSize: writeBufferBytes,
      blockCache: hasBlockCache,
      tableCacheIndexAndFilterBlocks: hasBlockCache,
      avoidFlushDuringShutdown: true,
    });
    this.#written = mkdir(folder, { recursive: true }).then(() => this.#db.ready());
  }

  async ready(): Promise<void> {
    await this.#written;
  }

  /** After all writes asked for so far; one that failed fails all after it, for state would have a hole. */
  #afterWrites<T>(write: () => Promise<T>): Promise<T> {
    const done = this.#written.then(write);
    this.#written = done;
    // Whoever asked is told; here it only must not count as unhandled.
    done.catch(() => undefined);
    return done;
  }

  async get({ keys, count }: Request<'get'>): Promise<ArrayBuffer> {
    await this.#written;
    const reader = new PackedReader(keys);
    const batch = this.#db.read({ capacity: count });
    const values: Promise<Uint8Array | null>[] = [];
    for (let i = 0; i < count; i++) values.push(batch.get(reader.part()));
    await Promise.all([...values, batch.flush()]);
    batch.destroy();
    const out = new PackedWriter(count * 32);
    for (const value of await Promise.all(values)) {
      if (value === null) out.putAbsent();
      else out.put(value);
    }
    return out.take();
  }

  write({ operations, count }: Request<'write'>): Promise<void> {
    return this.#afterWrites(async () => {
      const reader = new PackedReader(operations);
      const batch = this.#db.write({ capacity: count });
      while (!reader.isAtEnd) {
        const operation = reader.byte();
        if (operation === PUT) batch.tryPut(reader.part(), reader.part());
        else if (operation === DELETE) batch.tryDelete(reader.part());
        else batch.tryDeleteRange(reader.part(), reader.part());
      }
      await batch.flush();
      batch.destroy();
    });
  }

  async scan(request: Request<'scan'>): Promise<{ data: ArrayBuffer; count: number }> {
    await this.#written;
    const { from, isFromExclusive, to, limit, snapshot } = request;
    const db = snapshot === null ? this.#db : (this.#snapshots.get(snapshot) ?? this.#db);
    const range = isFromExclusive ? { gt: from, lt: to } : { gte: from, lt: to };
    const out = new PackedWriter(limit * 32);
    let count = 0;
    for await (const { key, value } of db.iterator(range, { limit, capacity: Math.min(limit, SCAN_CAPACITY) })) {
      out.put(key);
      out.put(value);
      count++;
    }
    return { data: out.take(), count };
  }

  snapshot(id: number): Promise<void> {
    return this.#afterWrites(async () => {
      this.#snapshots.set(id, this.#db.snapshot());
    });
  }

  async release(id: number): Promise<void> {
    await this.#written;
    await this.#snapshots.get(id)?.close({ force: false });
    this.#snapshots.delete(id);
  }

  /** The files of the database as it is now, in `folder`: tables by hard link (they never change), the rest copied. */
  checkpoint(folder: string): Promise<DatabaseFile[]> {
    return this.#afterWrites(async () => {
      await this.#db.flush();
      // `suspend` lets reads wait until compactions are done: better that they are first.
      for (let i = 0; i < COMPACTION_POLLS && (await this.#isCompacting()); i++) await pause(COMPACTION_POLL_MS);
      await this.#db.suspend();
      try {
        return await linkDatabase(this.#folder, folder);
      } finally {
        await this.#db.resume();
      }
    });
  }

  async #isCompacting(): Promise<boolean> {
    return (await this.#db.getProperty('rocksdb.num-running-compactions')) !== '0';
  }

  /** Takes over the pairs in `ranges` of another database; how many there were in each. */
  copyFrom(other: Database, ranges: ArrayBuffer): Promise<number[]> {
    return this.#afterWrites(async () => {
      await other.ready();
      const reader = new PackedReader(ranges);
      const counts: number[] = [];
      while (!reader.isAtEnd)
        counts.push(await this.#copyRange(other.#db, reader.part(), reader.part(), reader.byte()));
      return counts;
    });
  }

  async #copyRange(other: RocksDB, from: Uint8Array, to: Uint8Array, table: number): Promise<number> {
    let batch = this.#db.write({ capacity: COPY_ROWS });
    let count = 0;
    for await (const { key, value } of other.iterator({ gte: from, lt: to }, { capacity: SCAN_CAPACITY })) {
      key[0] = table;
      batch.tryPut(key, value);
      if (++count % COPY_ROWS !== 0) continue;
      await batch.flush();
      batch.destroy();
      batch = this.#db.write({ capacity: COPY_ROWS });
    }
    await batch.flush();
    batch.destroy();
    return count;
  }

  /** Also removes the files. */
  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#db.close({ force: true });
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function linkDatabase(from: string, to: string): Promise<DatabaseFile[]> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const files: DatabaseFile[] = [];
  for (const name of await readdir(from)) {
    const isTable = name.endsWith('.sst');
    if (!isTable && !/^(CURRENT|MANIFEST-\d+|OPTIONS-\d+)$/.test(name)) continue;
    const copy = path.join(to, name);
    await (isTable ? link : copyFile)(path.join(from, name), copy);
    files.push({ name, bytes: (await stat(copy)).size });
  }
  return files;
}

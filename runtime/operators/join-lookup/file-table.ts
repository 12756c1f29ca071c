/** A file as a table in memory: read whole, by key; read again when it is too old or has changed. */
import { BatchBuilder, MAX_BATCH_ROWS } from '../../core/batch.ts';
import { assert, StreamError } from '../../core/errors.ts';
import type { OperatorContext } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import type { Value } from '../../core/types.ts';
import { createRowReader, type RejectedRow } from '../../formats/index.ts';
import { fileFormatOf } from './file-format-of.ts';
import { KeyReader, type MapKey } from './key-reader.ts';
import { NO_MATCHES, type Matches } from './lookup-table.ts';

/** How often it is looked whether the file has changed. */
const LOOK_MS = 1000;

export interface FileTableOptions {
  /** Absolute. */
  readonly path: string;
  readonly schema: Schema;
  /** Field indexes: of the key, and of what is added. */
  readonly keys: readonly number[];
  readonly added: readonly number[];
  /** 0: what has not changed is not read again. */
  readonly ttlMs: number;
  /** So often may reading again fail in a row. */
  readonly attempts: number;
}

export class FileTable {
  readonly #options: FileTableOptions;
  readonly #context: OperatorContext;
  readonly #reader: KeyReader;
  #rows: ReadonlyMap<MapKey, Matches> = new Map();
  #version = '';
  #readAt = -Infinity;
  #lookedAt = -Infinity;
  #failures = 0;

  constructor(options: FileTableOptions, context: OperatorContext) {
    this.#options = options;
    this.#context = context;
    this.#reader = new KeyReader(options.keys);
  }

  /** Reads the file. Throws StreamError MR2101, MR2103. */
  open(): void {
    this.#read(this.#context.clock.now());
  }

  find(key: MapKey): Matches {
    return this.#rows.get(key) ?? NO_MATCHES;
  }

  /** Reads the file again when it is time. While that fails, what was read counts: the file may be about to be replaced. */
  refresh(): void {
    const now = this.#context.clock.now();
    if (now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    const { path, ttlMs, attempts } = this.#options;
    try {
      const isOld = ttlMs > 0 && now - this.#readAt >= ttlMs;
      if (isOld || this.#context.files.version(path) !== this.#version) this.#read(now);
      this.#failures = 0;
    } catch (error) {
      if (++this.#failures >= attempts) throw error;
      const why = error instanceof Error ? error.message : String(error);
      this.#context.log('warn', `The lookup table is not read again, so what it held before still counts: ${why}`);
    }
  }

  #read(now: number): void {
    const { path, schema, added } = this.#options;
    const { files } = this.#context;
    const format = fileFormatOf(path);
    assert(format !== null, 'a file of no known format reached the runtime');
    // Before the content: a change while it is read is seen the next time.
    const version = files.version(path);
    const reader = createRowReader({ format, schema, file: path });
    reader.push(files.readAll(path));
    reader.finish();
    const rows = new Map<MapKey, (readonly Value[])[]>();
    const builder = new BatchBuilder(schema, MAX_BATCH_ROWS);
    while (reader.read(builder, MAX_BATCH_ROWS) > 0) {
      const [rejected] = reader.takeRejected();
      if (rejected !== undefined) throw badRow(path, rejected);
      const batch = builder.finish();
      for (let row = 0; row < batch.length; row++) {
        const key = this.#reader.mapKey(batch, row);
        if (key === null) continue;
        const values = added.map((field) => batch.columns[field]!.value(row));
        const matches = rows.get(key);
        if (matches === undefined) rows.set(key, [values]);
        else matches.push(values);
      }
    }
    this.#rows = rows;
    this.#version = version;
    this.#readAt = now;
    this.#lookedAt = now;
  }
}

function badRow(path: string, { line, reason }: RejectedRow): StreamError {
  return new StreamError('MR2103', say`${path}, line ${line}: ${reason}`, {
    domain: 'user',
    remedy: say`Correct the line, or the types that the lookup join declares for the table.`,
  });
}

/** A table on disk as the canonical form of table-snapshot.ts, which every backend reads, and back: without the cache, some thousand entries at a time. */
import { Batch } from '../../../core/batch.ts';
import { Column } from '../../../core/column.ts';
import type { Schema } from '../../../core/schema.ts';
import type { TableSpec } from '../../../core/state.ts';
import { DOUBLE } from '../../../core/types.ts';
import { decodeBatch } from '../../../core/wire-batch.ts';
import type { TableSnapshotInProgress } from '../keyed/index.ts';
import type { KeyGroupSnapshot, TableSnapshot } from '../snapshot.ts';
import type { KeyGroupRange } from '../state-backend.ts';
import { LAST_USE, PieceWriter, pieceSchema, storedColumns } from '../table-snapshot.ts';
import { DiskKeys, keyGroupAt, namespacesOf, tableKey } from './disk-keys.ts';
import { DiskRows } from './disk-rows.ts';
import type { NamespaceCounts } from './namespace-counts.ts';
import type { Pending } from './state-client.ts';
import { ScannedPairs, type StoreSnapshot, type TableStore } from './table-store.ts';

const STEP_ENTRIES = 4096;

export class CanonicalSnapshot implements TableSnapshotInProgress {
  readonly #schema: Schema;
  readonly #snapshot: StoreSnapshot;
  readonly #keys: DiskKeys;
  readonly #rows: DiskRows;
  readonly #lastUseAt: number;
  readonly #horizon: number;
  readonly #pieces: PieceWriter;
  readonly #end: Uint8Array;
  #from: Uint8Array;
  #isFromExclusive = false;
  /** Null when all is read. */
  #pending: Pending | null;
  #serial = 0;

  /** `horizon`: entries used last then, or before, have expired. */
  constructor(
    table: { readonly id: number; readonly spec: TableSpec },
    snapshot: StoreSnapshot,
    options: { readonly range: KeyGroupRange; readonly horizon: number },
  ) {
    const { id, spec } = table;
    const columns = storedColumns(spec);
    this.#schema = pieceSchema(spec);
    this.#snapshot = snapshot;
    this.#keys = new DiskKeys(id, spec.keys);
    this.#rows = new DiskRows(columns);
    this.#lastUseAt = columns.indexOf(LAST_USE);
    this.#horizon = options.horizon;
    this.#pieces = new PieceWriter(spec, options.range);
    this.#from = tableKey(id);
    this.#end = tableKey(id + 1);
    this.#pending = this.#request();
  }

  #request(): Pending {
    return this.#snapshot.scan(this.#from, this.#isFromExclusive, this.#end, STEP_ENTRIES);
  }

  step(): boolean {
    if (this.#pending === null) return this.#pieces.pack(STEP_ENTRIES);
    const answer = this.#pending.poll();
    if (answer === null) return true;
    const pairs = new ScannedPairs(answer.data!, answer.count!);
    if (pairs.count < STEP_ENTRIES) {
      this.#pending = null;
      this.#snapshot.release();
    } else {
      this.#from = pairs.lastKey;
      this.#isFromExclusive = true;
      // Read while this part is worked on.
      this.#pending = this.#request();
    }
    this.#add(pairs);
    return true;
  }

  #add({ reader, count, keyStarts, valueStarts }: ScannedPairs): void {
    if (count === 0) return;
    const columns = this.#rows.readColumns(reader, valueStarts, count);
    const serials = new Float64Array(count);
    for (let i = 0; i < count; i++) serials[i] = this.#serial++;
    const batch = new Batch(
      this.#schema,
      count,
      [...this.#keys.read(reader, keyStarts, count), new Column(DOUBLE, count, null, serials), ...columns],
      namespacesOf(reader, keyStarts, count),
    );
    const lastUse = this.#lastUseAt < 0 ? null : (columns[this.#lastUseAt]!.values as Float64Array);
    for (let row = 0; row < count;) {
      const keyGroup = keyGroupAt(reader, keyStarts[row]!);
      const start = row;
      const isGone = lastUse !== null && lastUse[row]! <= this.#horizon;
      // Runs of one key group, and of what lives or does not.
      do row++;
      while (
        row < count &&
        keyGroupAt(reader, keyStarts[row]!) === keyGroup &&
        (lastUse === null || lastUse[row]! <= this.#horizon === isGone)
      );
      if (!isGone) this.#pieces.add(keyGroup, batch, start, row);
    }
  }

  result(): TableSnapshot {
    return this.#pieces.result();
  }

  discard(): void {
    if (this.#pending !== null) this.#snapshot.release();
    this.#pending = null;
  }
}

/** Writes key groups in canonical form into a table that has none of them. */
export function restoreCanonical(
  table: { readonly id: number; readonly spec: TableSpec; readonly counts: NamespaceCounts },
  store: TableStore,
  keyGroups: readonly KeyGroupSnapshot[],
): void {
  const { id, spec, counts } = table;
  const schema = pieceSchema(spec);
  const keys = new DiskKeys(id, spec.keys);
  const rows = new DiskRows(storedColumns(spec));
  for (const { bytes } of keyGroups) {
    const piece = decodeBatch(schema, bytes.buffer, bytes.byteOffset);
    keys.load(piece.columns.slice(0, spec.keys.length), piece.length);
    const columns = piece.columns.slice(spec.keys.length + 1);
    const namespaces = piece.eventTimes!;
    for (let row = 0; row < piece.length; row++) {
      const namespace = namespaces[row]!;
      store.put((out) => {
        keys.write(row, namespace, out);
        rows.writeFrom(columns, row, out);
      });
      counts.add(namespace, 1);
      counts.store(namespace, 1);
    }
  }
  store.flushWrites();
}

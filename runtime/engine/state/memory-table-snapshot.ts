/**
 * A snapshot of a memory table that is taken while the table is used. Nothing is copied when it begins: entries are numbered as they are
 * made, so those of then are known by their number, and each is encoded once: in a step, or right before it is handed out to be
 * written or removed, whichever comes first.
 */
import { Batch } from '../../core/batch.ts';
import { columnBuilder } from '../../core/column-builder.ts';
import { Column } from '../../core/column.ts';
import { assert } from '../../core/errors.ts';
import { KEY_GROUPS } from '../../core/hash.ts';
import type { Schema } from '../../core/schema.ts';
import type { StateColumnSpec } from '../../core/state.ts';
import { BIGINT, DOUBLE, INT } from '../../core/types.ts';
import type { TableSnapshotInProgress } from './keyed/index.ts';
import type { MemoryTable } from './memory-table.ts';
import type { KeyGroupSnapshot, TableSnapshot } from './snapshot.ts';
import type { KeyGroupRange } from './state-backend.ts';
import {
  bytesOf,
  bytesToColumn,
  codecOf,
  objectOf,
  objectsToColumn,
  PieceWriter,
  pieceSchema,
  readPieces,
  storedColumns,
} from './table-snapshot.ts';

/** Entries encoded in a step: about a millisecond's work. */
const STEP_ENTRIES = 4096;
/** Few entries cost as much as some hundred: then those in slots near by are encoded along. */
const FEW_ENTRIES = 64;
const NEIGHBOURS = 256;

export class MemoryTableSnapshot implements TableSnapshotInProgress {
  readonly #table: MemoryTable;
  readonly #schema: Schema;
  readonly #pieces: PieceWriter;
  /** Entries made later have a higher one. */
  readonly #lastSerial: number;
  readonly #usedSlots: number;
  /** Entries last used then or before had expired. */
  readonly #horizon: number;
  /** Slots whose entry of then is encoded: a bit each. */
  readonly #isEncoded: Int32Array;
  #nextSlot = 0;
  #due = new Int32Array(STEP_ENTRIES);

  constructor(table: MemoryTable, range: KeyGroupRange) {
    this.#table = table;
    this.#schema = pieceSchema(table.spec);
    this.#pieces = new PieceWriter(table.spec, range);
    this.#lastSerial = table.lastSerial;
    this.#usedSlots = table.usedSlots;
    this.#horizon = table.horizon;
    this.#isEncoded = new Int32Array((this.#usedSlots + 31) >> 5);
  }

  /** Encodes some more of the entries; false once all are. */
  step(): boolean {
    if (this.#isReading) {
      this.#encodeSome();
      return true;
    }
    return this.#pieces.pack(STEP_ENTRIES);
  }

  result(): TableSnapshot {
    return this.#pieces.result();
  }

  get #isReading(): boolean {
    return this.#nextSlot < this.#usedSlots;
  }

  /** All that is left in the table, at once. */
  readAll(): void {
    while (this.#isReading) this.#encodeSome();
  }

  discard(): void {
    this.#table.detach(this);
  }

  /** These slots (-1: none) are about to be written to. */
  beforeWrite(slots: Int32Array, count: number): void {
    if (this.#due.length < count) this.#due = new Int32Array(count);
    let due = 0;
    for (let i = 0; i < count; i++) if (this.#take(slots[i]!)) this.#due[due++] = slots[i]!;
    if (due > 0 && due < FEW_ENTRIES) due = this.#takeNeighbours(this.#due[0]!, due);
    this.#encode(due);
  }

  #takeNeighbours(slot: number, due: number): number {
    const start = slot - (slot % NEIGHBOURS);
    for (let near = start; near < start + NEIGHBOURS; near++) if (this.#take(near)) this.#due[due++] = near;
    return due;
  }

  #encodeSome(): void {
    const end = Math.min(this.#usedSlots, this.#nextSlot + STEP_ENTRIES);
    let due = 0;
    for (let slot = this.#nextSlot; slot < end; slot++) if (this.#take(slot)) this.#due[due++] = slot;
    this.#nextSlot = end;
    this.#encode(due);
    if (!this.#isReading) this.#table.detach(this);
  }

  /** Whether a slot still holds an entry of then that is not encoded; it counts as encoded from now on. */
  #take(slot: number): boolean {
    if (slot < 0 || slot >= this.#usedSlots) return false;
    const serial = this.#table.serialOf(slot);
    if (serial === 0 || serial > this.#lastSerial || this.#table.lastUseOf(slot) <= this.#horizon) return false;
    const bit = 1 << (slot & 31);
    if ((this.#isEncoded[slot >> 5]! & bit) !== 0) return false;
    this.#isEncoded[slot >> 5]! |= bit;
    return true;
  }

  /** The first `count` slots of `#due`. */
  #encode(count: number): void {
    if (count === 0) return;
    const ends = new Int32Array(KEY_GROUPS);
    const slots = byKeyGroup(this.#table, this.#due, count, ends);
    const batch = entriesOf(this.#table, this.#schema, slots);
    for (let keyGroup = 0, start = 0; keyGroup < KEY_GROUPS; keyGroup++) {
      const end = ends[keyGroup]!;
      if (end > start) this.#pieces.add(keyGroup, batch, start, end);
      start = end;
    }
  }
}

/** The slots ordered by key group; those of group g end at `ends[g]`. */
function byKeyGroup(table: MemoryTable, slots: Int32Array, count: number, ends: Int32Array): Int32Array {
  for (let i = 0; i < count; i++) ends[table.keyGroupOf(slots[i]!)]!++;
  for (let keyGroup = 0, at = 0; keyGroup < KEY_GROUPS; keyGroup++) {
    const own = ends[keyGroup]!;
    ends[keyGroup] = at;
    at += own;
  }
  const sorted = new Int32Array(count);
  for (let i = 0; i < count; i++) sorted[ends[table.keyGroupOf(slots[i]!)]!++] = slots[i]!;
  return sorted;
}

function entriesOf(table: MemoryTable, schema: Schema, slots: Int32Array): Batch {
  const count = slots.length;
  const keyBuilders = table.spec.keys.map((key) => columnBuilder(key.type, count));
  table.appendKeys(slots, count, keyBuilders);
  const serials = new Float64Array(count);
  const namespaces = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    serials[i] = table.serialOf(slots[i]!);
    namespaces[i] = table.namespaceOf(slots[i]!);
  }
  return new Batch(
    schema,
    count,
    [
      ...keyBuilders.map((builder) => builder.finish()),
      new Column(DOUBLE, count, null, serials),
      ...storedColumns(table.spec).map((column) => gather(table, column, slots)),
    ],
    namespaces,
  );
}

function gather(table: MemoryTable, spec: StateColumnSpec, slots: Int32Array): Column {
  const { name, type } = spec;
  const count = slots.length;
  switch (type) {
    case 'f64': {
      const values = table.f64(name);
      const out = new Float64Array(count);
      for (let i = 0; i < count; i++) out[i] = values[slots[i]!]!;
      return new Column(DOUBLE, count, null, out);
    }
    case 'i64': {
      const values = table.i64(name);
      const out = new BigInt64Array(count);
      for (let i = 0; i < count; i++) out[i] = values[slots[i]!]!;
      return new Column(BIGINT, count, null, out);
    }
    case 'i32': {
      const values = table.i32(name);
      const out = new Int32Array(count);
      for (let i = 0; i < count; i++) out[i] = values[slots[i]!]!;
      return new Column(INT, count, null, out);
    }
    case 'bytes':
      return bytesToColumn(table.objects(name), slots);
    case 'object':
      return objectsToColumn(spec, table.objects(name), slots);
  }
}

/** Puts key groups (of any subtasks) into an empty table of the same layout. */
export function restoreMemoryTable(table: MemoryTable, keyGroups: readonly KeyGroupSnapshot[]): void {
  const { spec } = table;
  const all = readPieces(spec, keyGroups);
  const count = all.length;
  if (count === 0) return;
  const slots = new Int32Array(count);
  table.slots(all.columns.slice(0, spec.keys.length), count, all.eventTimes, slots);
  assert(table.entries === count, `table "${spec.name}" was restored with a key that two subtasks hold`);
  storedColumns(spec).forEach((column, i) => fill(table, column, all.columns[spec.keys.length + 1 + i]!, slots));
  table.restored();
}

function fill(table: MemoryTable, spec: StateColumnSpec, column: Column, slots: Int32Array): void {
  const { name } = spec;
  switch (spec.type) {
    case 'f64':
      return scatter(column.values as Float64Array, slots, table.f64(name));
    case 'i64': {
      const values = column.values as BigInt64Array;
      const into = table.i64(name);
      for (let i = 0; i < slots.length; i++) into[slots[i]!] = values[i]!;
      return;
    }
    case 'i32':
      return scatter(column.values as Int32Array, slots, table.i32(name));
    case 'bytes': {
      const into = table.objects(name);
      for (let i = 0; i < slots.length; i++) into[slots[i]!] = bytesOf(column, i);
      return;
    }
    case 'object': {
      const into = table.objects(name);
      const codec = codecOf(spec);
      for (let i = 0; i < slots.length; i++) into[slots[i]!] = objectOf(codec, column, i);
    }
  }
}

function scatter(values: Float64Array | Int32Array, slots: Int32Array, into: Float64Array | Int32Array): void {
  for (let i = 0; i < slots.length; i++) into[slots[i]!] = values[i]!;
}

/**
 * A table's entries as bytes, a piece for each key group: the canonical form, which every backend writes and reads. A piece is one
 * batch in the form of core/wire-batch.ts: the key fields, the entry's serial, then the state columns (f64 DOUBLE, i64 BIGINT,
 * i32 INT, bytes BYTES, objects their codec's JSON as STRING), the namespace as event time. Entries come in any order; by the serial a restore finds
 * that of their making again, at any parallelism.
 */
import { Batch, BatchBuilder } from '../../core/batch.ts';
import { columnBuilder, type BytesBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import { assert, StreamError } from '../../core/errors.ts';
import { KEY_GROUPS } from '../../core/hash.ts';
import { say } from '../../core/say.ts';
import { field, schemaOf, type Schema } from '../../core/schema.ts';
import type { Json, StateCodec, StateColumnSpec, TableSpec } from '../../core/state.ts';
import {
  BIGINT,
  BYTES,
  DOUBLE,
  INT,
  parseDataType,
  printDataType,
  STRING,
  type DataType,
  type Field,
} from '../../core/types.ts';
import { decodeBatch, encodeBatch } from '../../core/wire-batch.ts';
import type { KeyGroupSnapshot, TableLayout, TableSnapshot } from './snapshot.ts';
import type { KeyGroupRange } from './state-backend.ts';

/** In tables with a time to live: when an entry was last made young, in ms since the epoch. */
export const LAST_USE: StateColumnSpec = { name: 'last use', type: 'f64' };

/** The columns that a table keeps: its own, and what its time to live needs. */
export function storedColumns(spec: TableSpec): readonly StateColumnSpec[] {
  return spec.ttl === undefined ? spec.columns : [...spec.columns, LAST_USE];
}

export function layoutOf(spec: TableSpec): TableLayout {
  return {
    keys: spec.keys.map(({ name, type }) => ({ name, type: printDataType(type) })),
    namespaced: spec.namespaced,
    columns: storedColumns(spec).map(({ name, type }) => ({ name, type })),
  };
}

/** MR2205 when a restored table is not of the layout that the operator wants; null when it is. */
export function layoutMismatch(snapshot: TableSnapshot, spec: TableSpec): StreamError | null {
  const wanted = printLayout(layoutOf(spec));
  const found = printLayout(snapshot.layout);
  if (wanted === found) return null;
  return new StreamError(
    'MR2205',
    say`the checkpoint's table "${spec.name}" holds ${found}, but the operator now keeps ${wanted}`,
    {
      domain: 'user',
      remedy: say`Undo the change to keys or aggregates of the operator, or drop its state: run with --allow-non-restored-state (in the app: "Drop state that no longer fits").`,
    },
  );
}

function printLayout({ keys, namespaced, columns }: TableLayout): string {
  const list = (items: readonly { name: string; type: string }[]): string =>
    items.map(({ name, type }) => `${name} ${type}`).join(', ');
  return `(${list(keys)})${namespaced ? say` per namespace` : ''} → (${list(columns)})`;
}

/** Of a piece's batch: keys, serial, stored columns. */
export function pieceSchema(spec: TableSpec): Schema {
  return schemaOf([
    ...spec.keys.map((key, i) => field(`key${i}`, key.type)),
    field('serial', DOUBLE, false),
    ...storedColumns(spec).map((column) => field(column.name, typeOf(column))),
  ]);
}

function typeOf(column: StateColumnSpec): DataType {
  switch (column.type) {
    case 'f64':
      return DOUBLE;
    case 'i64':
      return BIGINT;
    case 'i32':
      return INT;
    case 'bytes':
      return BYTES;
    case 'object':
      return STRING;
  }
}

export function codecOf(spec: StateColumnSpec): StateCodec {
  assert(spec.codec !== undefined, `object state column "${spec.name}" has no codec`);
  return spec.codec;
}

/** A column of objects as their JSON; null for `undefined`. */
export function objectsToColumn(spec: StateColumnSpec, values: readonly unknown[], slots: Int32Array): Column {
  const codec = codecOf(spec);
  const builder = columnBuilder(STRING, slots.length);
  for (const slot of slots) {
    const value = values[slot];
    builder.appendValue(value === undefined ? null : JSON.stringify(codec.toJson(value)));
  }
  return builder.finish();
}

/** A column of `bytes`; null for `undefined`. */
export function bytesToColumn(values: readonly unknown[], slots: Int32Array): Column {
  const builder = columnBuilder(BYTES, slots.length) as BytesBuilder;
  for (const slot of slots) {
    const bytes = values[slot] as Uint8Array | undefined;
    if (bytes === undefined) builder.appendNull();
    else builder.appendBytes(bytes, 0, bytes.length);
  }
  return builder.finish();
}

/** The bytes of a row of such a column, copied: they would keep the whole piece alive. */
export function bytesOf(column: Column, row: number): Uint8Array | undefined {
  if (column.isNull(row)) return undefined;
  return (column.values as Uint8Array).slice(column.offsets![row]!, column.offsets![row + 1]!);
}

/** The object of a row of a column of objects. */
export function objectOf(codec: StateCodec, column: Column, row: number): unknown {
  return column.isNull(row) ? undefined : codec.fromJson(JSON.parse(column.text(row)) as Json);
}

/** Rows of batches that belong to one key group, in the order in which they came. */
interface Runs {
  readonly batches: Batch[];
  /** First row and end of each. */
  readonly bounds: number[];
  rows: number;
}

/** Gathers entries by key group and makes pieces of them. Nothing is copied before `pack`: so no step has to make room for all. */
export class PieceWriter {
  readonly #spec: TableSpec;
  readonly #range: KeyGroupRange;
  readonly #schema: Schema;
  readonly #runs = new Array<Runs | null>(KEY_GROUPS).fill(null);
  readonly #pieces: KeyGroupSnapshot[] = [];
  #packed = 0;

  constructor(spec: TableSpec, range: KeyGroupRange) {
    this.#spec = spec;
    this.#range = range;
    this.#schema = pieceSchema(spec);
  }

  /** Rows `[start, end)` of a batch of `pieceSchema`, all of one key group. */
  add(keyGroup: number, batch: Batch, start: number, end: number): void {
    const { start: first, end: last } = this.#range;
    assert(
      keyGroup >= first && keyGroup < last,
      `table "${this.#spec.name}" holds a key of key group ${keyGroup}, outside [${first}, ${last})`,
    );
    const runs = (this.#runs[keyGroup] ??= { batches: [], bounds: [], rows: 0 });
    runs.batches.push(batch);
    runs.bounds.push(start, end);
    runs.rows += end - start;
  }

  /** Once all entries are in: packs about `entries` of them; true when there are more. */
  pack(entries: number): boolean {
    for (; this.#packed < KEY_GROUPS && entries > 0; this.#packed++) {
      const runs = this.#runs[this.#packed]!;
      if (runs === null) continue;
      this.#runs[this.#packed] = null;
      this.#pieces.push({ keyGroup: this.#packed, entries: runs.rows, bytes: this.#encode(runs) });
      entries -= runs.rows;
    }
    return this.#packed < KEY_GROUPS;
  }

  #encode({ batches, bounds, rows }: Runs): Uint8Array<ArrayBuffer> {
    const builder = new BatchBuilder(this.#schema, rows);
    batches.forEach((batch, i) => builder.appendRange(batch, bounds[2 * i]!, bounds[2 * i + 1]!));
    return new Uint8Array(encodeBatch(builder.finish()));
  }

  result(): TableSnapshot {
    return { name: this.#spec.name, layout: layoutOf(this.#spec), keyGroups: this.#pieces };
  }
}

/** All entries of a table, by what the snapshot says of it: a batch of `pieceSchema`, objects as their JSON. */
export function readTable({ name, layout, keyGroups }: TableSnapshot): Batch {
  const keys = layout.keys.map((key): Field => {
    const type = parseDataType(key.type);
    assert(type.ok, `table "${name}" has a key of type ${key.type}`);
    return field(key.name, type.value);
  });
  return readPieces({ name, keys, namespaced: layout.namespaced, columns: layout.columns }, keyGroups);
}

/** Entries of key groups (of any subtasks), by namespace, in order of making within one: a batch of `pieceSchema`. */
export function readPieces(spec: TableSpec, keyGroups: readonly KeyGroupSnapshot[]): Batch {
  const schema = pieceSchema(spec);
  const builder = new BatchBuilder(
    schema,
    keyGroups.reduce((sum, group) => sum + group.entries, 0),
  );
  for (const { bytes } of keyGroups) {
    const piece = decodeBatch(schema, bytes.buffer, bytes.byteOffset);
    builder.appendRange(piece, 0, piece.length);
  }
  const batch = builder.finish();
  if (batch.length === 0) return batch;
  const namespaces = batch.eventTimes!;
  const serials = batch.columns[spec.keys.length]!.values as Float64Array;
  const order = new Int32Array(batch.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  // Entries of different subtasks may share a serial: the key groups' order then decides.
  order.sort((a, b) =>
    namespaces[a] === namespaces[b] ? serials[a]! - serials[b]! || a - b : namespaces[a]! - namespaces[b]!,
  );
  const sorted = new BatchBuilder(schema, batch.length);
  sorted.appendRows(batch, order, order.length);
  return sorted.finish();
}

/**
 * A table's entries as bytes, a piece for each key group. A piece is one batch in the form of core/wire-batch.ts: the key
 * fields, the entry's rank in its namespace, then the state columns (f64 DOUBLE, i64 BIGINT, i32 INT, objects their codec's JSON as
 * STRING), the namespace as event time. By the rank a restore finds the order of making again, at any parallelism.
 */
import { Batch, BatchBuilder } from '../../core/batch.ts';
import { columnBuilder } from '../../core/column-builder.ts';
import { Column } from '../../core/column.ts';
import { assert } from '../../core/errors.ts';
import { KEY_GROUPS } from '../../core/hash.ts';
import { field, schemaOf, type Schema } from '../../core/schema.ts';
import type { Json, StateCodec, StateColumnSpec, TableSpec } from '../../core/state.ts';
import { BIGINT, DOUBLE, INT, printDataType, STRING, type DataType } from '../../core/types.ts';
import { decodeBatch, encodeBatch } from '../../core/wire-batch.ts';
import type { MemoryTable } from './memory-table.ts';
import type { KeyGroupSnapshot, TableLayout, TableSnapshot } from './snapshot.ts';

export interface KeyGroupRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export function layoutOf(spec: TableSpec): TableLayout {
  return {
    keys: spec.keys.map(({ name, type }) => ({ name, type: printDataType(type) })),
    namespaced: spec.namespaced,
    columns: spec.columns.map(({ name, type }) => ({ name, type })),
  };
}

export function snapshotTable(table: MemoryTable, range: KeyGroupRange): TableSnapshot {
  const { spec } = table;
  const slots = table.allSlots();
  const ranks = ranksOf(table, slots);
  const schema = pieceSchema(spec);
  const keyGroups: KeyGroupSnapshot[] = [];
  for (const [keyGroup, members] of byKeyGroup(table, slots)) {
    assert(
      keyGroup >= range.start && keyGroup < range.end,
      `table "${spec.name}" holds a key of key group ${keyGroup}, outside [${range.start}, ${range.end})`,
    );
    const bytes = new Uint8Array(encodeBatch(pieceOf(table, schema, slots, ranks, members)));
    keyGroups.push({ keyGroup, entries: members.length, bytes });
  }
  return { name: spec.name, layout: layoutOf(spec), keyGroups };
}

/** Position of each slot among those of its namespace. */
function ranksOf(table: MemoryTable, slots: Int32Array): Int32Array {
  const ranks = new Int32Array(slots.length);
  for (let i = 1; i < slots.length; i++) {
    ranks[i] = table.namespaceOf(slots[i]!) === table.namespaceOf(slots[i - 1]!) ? ranks[i - 1]! + 1 : 0;
  }
  return ranks;
}

/** Indices into `slots`, by key group, ascending. */
function byKeyGroup(table: MemoryTable, slots: Int32Array): [number, Int32Array][] {
  const counts = new Int32Array(KEY_GROUPS);
  for (const slot of slots) counts[table.keyGroupOf(slot)]!++;
  const members = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let i = 0; i < slots.length; i++) {
    const keyGroup = table.keyGroupOf(slots[i]!);
    members[keyGroup]![counts[keyGroup]!++] = i;
  }
  return [...members.entries()].filter(([, indices]) => indices.length > 0);
}

function pieceSchema(spec: TableSpec): Schema {
  return schemaOf([
    ...spec.keys.map((key, i) => field(`key${i}`, key.type)),
    field('rank', INT, false),
    ...spec.columns.map((column) => field(column.name, typeOf(column))),
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
    case 'object':
      return STRING;
  }
}

function pieceOf(table: MemoryTable, schema: Schema, slots: Int32Array, ranks: Int32Array, members: Int32Array): Batch {
  const count = members.length;
  const own = Int32Array.from(members, (i) => slots[i]!);
  const keyBuilders = table.spec.keys.map((key) => columnBuilder(key.type, count));
  table.appendKeys(own, count, keyBuilders);
  return new Batch(
    schema,
    count,
    [
      ...keyBuilders.map((builder) => builder.finish()),
      new Column(
        INT,
        count,
        null,
        Int32Array.from(members, (i) => ranks[i]!),
      ),
      ...table.spec.columns.map((column) => stateColumn(table, column, own)),
    ],
    Float64Array.from(own, (slot) => table.namespaceOf(slot)),
  );
}

function stateColumn(table: MemoryTable, spec: StateColumnSpec, slots: Int32Array): Column {
  const { name, type } = spec;
  const count = slots.length;
  switch (type) {
    case 'f64': {
      const values = table.f64(name);
      return new Column(
        DOUBLE,
        count,
        null,
        Float64Array.from(slots, (slot) => values[slot]!),
      );
    }
    case 'i64': {
      const values = table.i64(name);
      const out = new BigInt64Array(count);
      for (let i = 0; i < count; i++) out[i] = values[slots[i]!]!;
      return new Column(BIGINT, count, null, out);
    }
    case 'i32': {
      const values = table.i32(name);
      return new Column(
        INT,
        count,
        null,
        Int32Array.from(slots, (slot) => values[slot]!),
      );
    }
    case 'object': {
      const values = table.objects(name);
      const codec = codecOf(spec);
      const builder = columnBuilder(STRING, count);
      for (const slot of slots) {
        const value = values[slot];
        builder.appendValue(value === undefined ? null : JSON.stringify(codec.toJson(value)));
      }
      return builder.finish();
    }
  }
}

function codecOf(spec: StateColumnSpec): StateCodec {
  assert(spec.codec !== undefined, `object state column "${spec.name}" has no codec`);
  return spec.codec;
}

/** Puts key groups (of any subtasks) into an empty table of the same layout. */
export function restoreTable(table: MemoryTable, keyGroups: readonly KeyGroupSnapshot[]): void {
  if (keyGroups.length === 0) return;
  const { spec } = table;
  const all = inOrderOfMaking(spec, keyGroups);
  const count = all.length;
  const slots = new Int32Array(count);
  table.slots(all.columns.slice(0, spec.keys.length), count, all.eventTimes, slots);
  assert(table.size === count, `table "${spec.name}" was restored with a key that two subtasks hold`);
  spec.columns.forEach((column, i) => fill(table, column, all.columns[spec.keys.length + 1 + i]!, slots));
}

function inOrderOfMaking(spec: TableSpec, keyGroups: readonly KeyGroupSnapshot[]): Batch {
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
  const namespaces = batch.eventTimes!;
  const ranks = batch.columns[spec.keys.length]!.values as Int32Array;
  const order = new Int32Array(batch.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  // Entries of different subtasks may share a rank: the key groups' order then decides.
  order.sort((a, b) =>
    namespaces[a] === namespaces[b] ? ranks[a]! - ranks[b]! || a - b : namespaces[a]! - namespaces[b]!,
  );
  const sorted = new BatchBuilder(schema, batch.length);
  sorted.appendRows(batch, order, order.length);
  return sorted.finish();
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
    case 'object': {
      const into = table.objects(name);
      const codec = codecOf(spec);
      for (let i = 0; i < slots.length; i++) {
        if (!column.isNull(i)) into[slots[i]!] = codec.fromJson(JSON.parse(column.text(i)) as Json);
      }
    }
  }
}

function scatter(values: Float64Array | Int32Array, slots: Int32Array, into: Float64Array | Int32Array): void {
  for (let i = 0; i < slots.length; i++) into[slots[i]!] = values[i]!;
}

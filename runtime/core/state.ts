/** State as operators see it. Backends (engine/state) keep it, snapshot it and hand it out again at another parallelism. */
import type { ColumnBuilder } from './column-builder.ts';
import type { Column } from './column.ts';
import type { Field } from './types.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface StateStore {
  /**
   * A list that belongs to the subtask, not to a key (read positions, open transactions).
   * On restore at any parallelism `split` deals the old lists' entries out over the subtasks, `union` gives all of them to each.
   */
  list<T extends Json>(name: string, redistribution: 'split' | 'union'): ListState<T>;
  /** Keyed state. Call in `open`, once a name: what was restored is in it already. */
  table(spec: TableSpec): KeyedTable;
}

export interface ListState<T extends Json> {
  get(): readonly T[];
  /** Replaces the list; do it in `snapshot` at the latest. */
  set(values: readonly T[]): void;
}

/** Kind of a state column: typed arrays, or any value with a codec. */
export type StateColumnType = 'f64' | 'i64' | 'i32' | 'object';

export interface StateColumnSpec {
  readonly name: string;
  readonly type: StateColumnType;
  /** For `object` columns: to and from JSON (bigint and bytes as text). */
  readonly codec?: StateCodec;
}

export interface StateCodec {
  toJson(value: unknown): Json;
  fromJson(json: Json): unknown;
  /** Rough size in bytes, for memory accounting. */
  sizeOf(value: unknown): number;
}

export interface TableSpec {
  readonly name: string;
  /** The key's fields; an empty list is one key for the subtask that owns key group 0. */
  readonly keys: readonly Field[];
  /** Whether an entry is addressed by a number (a window's start, say) beside its key. */
  readonly namespaced: boolean;
  readonly columns: readonly StateColumnSpec[];
}

/**
 * A hash table of keyed entries. An entry has a slot, a small integer that indexes the arrays of the state columns, so that
 * the hot path makes no object a key. Slots and arrays hold until the next `slots` call (a backend may move entries or grow
 * arrays then): read the arrays again after it.
 */
export interface KeyedTable {
  /** Entries held. */
  readonly size: number;
  /** Memory held, in bytes, estimated. */
  readonly bytes: number;
  /**
   * Slot of each of the first `count` rows by key columns (and namespace), into `out`. An entry that is not there is made, with
   * zeros (`undefined` in object columns): keep an i32 or a count to tell new ones.
   */
  slots(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void;
  /** As `slots`, but -1 for an entry that is not there. */
  find(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void;
  f64(column: string): Float64Array;
  i64(column: string): BigInt64Array;
  i32(column: string): Int32Array;
  objects(column: string): unknown[];
  namespaceOf(slot: number): number;
  /** Namespaces that have entries, ascending. */
  namespaces(): readonly number[];
  /** Slots of a namespace, in order of their making: results come out in a repeatable order. */
  slotsOf(namespace: number): Int32Array;
  /** Every slot, in order of making within a namespace. */
  allSlots(): Int32Array;
  /** Slot of the same key in another namespace, made if absent: how panes are merged into windows. */
  slotIn(slot: number, namespace: number): number;
  remove(slot: number): void;
  removeNamespace(namespace: number): void;
  /** Appends the keys of `slots[0, count)`, one builder a key field. */
  appendKeys(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void;
}

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
  /** Keyed state in columns: aggregates. Call in `open` or before, once a name: what was restored is in it already. */
  table(spec: TableSpec): KeyedTable;
  /** Keyed state as values: for code that handles one row at a time. Call as `table`. */
  keyed(spec: KeyedStateSpec): KeyedState;
}

export interface ListState<T extends Json> {
  get(): readonly T[];
  /** Replaces the list; do it in `snapshot` at the latest. */
  set(values: readonly T[]): void;
}

/** Kind of a state column: typed arrays, a `Uint8Array` an entry (never written to once it is there), or any value with a codec. */
export type StateColumnType = 'f64' | 'i64' | 'i32' | 'bytes' | 'object';

/** Of a `Uint8Array` beside its bytes, in V8's heap, as measured: it is three objects. */
export const TYPED_ARRAY_BYTES = 200;

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
  readonly ttl?: StateTtl;
}

/** Time to live, in processing time: an entry that is older is never seen again. semantics.md §2.2, Flink's StateTtlConfig. */
export interface StateTtl {
  readonly ms: number;
  /** What makes an entry young again. */
  readonly update: 'on-create-and-write' | 'on-read-and-write';
}

export interface KeyedStateSpec {
  readonly name: string;
  readonly keys: readonly Field[];
  readonly ttl?: StateTtl;
}

/**
 * Values under the key of one row at a time: `load` a batch's keys (all their entries are fetched at once), then `select` a row, or a
 * due timer's key, and read and write. Declare all states before the first `load`.
 */
export interface KeyedState {
  value<T>(name: string, codec: StateCodec): ValueState<T>;
  listState<T>(name: string, codec: StateCodec): KeyedListState<T>;
  map<T>(name: string, codec: StateCodec): MapState<T>;
  timers(name: string): KeyedTimers;
  load(keys: readonly Column[], count: number): void;
  select(row: number): void;
}

/** Of the selected key, as are the other states. */
export interface ValueState<T> {
  get(): T | undefined;
  /** Also, with the value that `get` gave, before it is changed in place: a checkpoint under way has to see what was there. */
  set(value: T): void;
  clear(): void;
}

export interface KeyedListState<T> {
  get(): readonly T[];
  add(value: T): void;
  set(values: readonly T[]): void;
  clear(): void;
}

export interface MapState<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  remove(key: string): void;
  keys(): readonly string[];
  clear(): void;
}

/** Timers that belong to keys and outlive restarts; in event or processing time, as who asks for due ones says. Kept in memory. */
export interface KeyedTimers {
  /** Earliest of all keys; Infinity when there is none. */
  readonly nextAt: number;
  /** For the selected key; the same time twice is one timer. */
  add(at: number): void;
  remove(at: number): void;
  /** Takes up to `max` timers due at or before `time`, by time, then by making; null when there is none. `keys` as `load` takes them. */
  takeDue(time: number, max: number): DueTimers | null;
}

export interface DueTimers {
  readonly count: number;
  readonly at: Float64Array;
  readonly keys: readonly Column[];
}

/**
 * A hash table of keyed entries. An entry has a slot, a small integer that indexes the arrays of the state columns, so that
 * the hot path makes no object a key. Slots hold until the operator's method returns, not longer: a backend that keeps entries on
 * disk moves them between calls. Arrays hold until the next call that may make or fetch entries: read them again after it.
 *
 * Entries from `slots` and `slotsIn` count as changed. Who writes to one found otherwise says so with `touch`.
 */
export interface KeyedTable {
  /** Entries held. */
  readonly size: number;
  /** Memory held, in bytes, estimated. */
  readonly bytes: number;
  /**
   * Slot of each of the first `count` rows by key columns (and namespace), into `out`. An entry that is not there is made, with
   * zeros (`undefined` in `bytes` and `object` columns): keep an i32 or a count to tell new ones.
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
  /**
   * All entries of a namespace, some at a time, in a repeatable order (memory: of making). A scan may go on over several calls of the
   * operator; entries made meanwhile may or may not be in it, those removed are not.
   */
  scan(namespace: number): EntryScan;
  /** Slots of the same keys in another namespace, made if absent: how panes are merged into windows. */
  slotsIn(slots: Int32Array, count: number, namespace: number, out: Int32Array): void;
  /** The entries were written to. */
  touch(slots: Int32Array, count: number): void;
  remove(slot: number): void;
  /** Removes its entries: all, or where each has to be visited about `max` (all unless given): true when there are more. */
  removeNamespace(namespace: number, max?: number): boolean | void;
  /** Appends the keys of `slots[0, count)`, one builder a key field. */
  appendKeys(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void;
}

export interface EntryScan {
  /** Up to `max` slots; empty at the end. */
  next(max: number): Int32Array;
}

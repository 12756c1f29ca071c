/**
 * The state of aligned windows: one entry for each key and pane with rows. Everything here is in parts: a pane may have more entries
 * than memory has room for.
 */
import type { Column } from '../../core/column.ts';
import type { EntryScan, KeyedTable, StateColumnSpec, StateStore } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import type { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import type { EventClock } from './event-clock.ts';

/** Where panes are merged: no pane starts there, and it is empty between firings. */
export const SCRATCH = Infinity;

/**
 * In processing time, the end of the last window that an entry was fired in. Each subtask has read the clock by itself: after a restore
 * at another parallelism, windows that some keys have behind them are still to fire for others.
 */
const FIRED: StateColumnSpec = { name: 'fired', type: 'f64' };

export class Panes {
  readonly table: KeyedTable;
  readonly #group: AggregateGroup;
  readonly #keys: readonly Field[];
  readonly #clock: EventClock;
  readonly #keepsFirings: boolean;
  #into = new Int32Array(0);

  constructor(store: StateStore, keys: readonly Field[], group: AggregateGroup, clock: EventClock) {
    const keepsFirings = clock.isProcessingTime;
    this.#group = group;
    this.#keys = keys;
    this.#clock = clock;
    this.#keepsFirings = keepsFirings;
    this.table = store.table({
      name: 'panes',
      keys,
      namespaced: true,
      columns: keepsFirings ? [...group.columns, FIRED] : group.columns,
    });
  }

  /** Entries of rows, made if absent. */
  locate(keys: readonly Column[], count: number, panes: Float64Array, out: Int32Array): void {
    this.table.slots(keys, count, panes, out);
    this.#group.bind(this.table);
  }

  /** Starts of the panes with entries, ascending. */
  starts(): readonly number[] {
    return this.table.namespaces();
  }

  /** Those in `[start, end)`. */
  within(start: number, end: number): readonly number[] {
    const starts = this.starts();
    return starts.slice(firstFrom(starts, start), firstFrom(starts, end));
  }

  /** Up to `max` entries of a scan; empty at the end. */
  next(scan: EntryScan, max: number): Int32Array {
    const slots = scan.next(max);
    this.#group.bind(this.table);
    return slots;
  }

  /** Adds what entries hold to the same keys' in another namespace; returns these, until the next call. */
  merge(slots: Int32Array, namespace: number): Int32Array {
    if (this.#into.length < slots.length) this.#into = new Int32Array(slots.length);
    const into = this.#into.subarray(0, slots.length);
    this.table.slotsIn(slots, slots.length, namespace, into);
    this.#group.bind(this.table);
    this.#group.merge(slots, into, slots.length);
    return into;
  }

  /** As `merge`, for good: also what windows the entries have been in. */
  move(slots: Int32Array, pane: number): void {
    const into = this.merge(slots, pane);
    if (!this.#keepsFirings) return;
    const fired = this.table.f64(FIRED.name);
    for (let i = 0; i < into.length; i++) fired[into[i]!] = Math.max(fired[into[i]!]!, fired[slots[i]!]!);
  }

  /** Those of the entries that have not been in a window with this end. */
  notFired(slots: Int32Array, end: number): Int32Array {
    if (!this.#keepsFirings) return this.#clock.uneven?.withoutFired(this.table, this.#keys, slots, end) ?? slots;
    const fired = this.table.f64(FIRED.name);
    return slots.filter((slot) => fired[slot]! < end);
  }

  /** Those of the entries that have not been in a window with this end, and now are. `isLast`: they will be in no other. */
  takeDue(slots: Int32Array, end: number, isLast: boolean): Int32Array {
    const due = this.notFired(slots, end);
    if (isLast || !this.#keepsFirings) return due;
    const fired = this.table.f64(FIRED.name);
    this.table.touch(due, due.length);
    for (const slot of due) fired[slot] = end;
    return due;
  }
}

/** Index of the first that is not below `value`: at the end of a long input there may be many. */
function firstFrom(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Windows that fire for some keys alone: for that of a late row, within the allowed lateness, or early, for those of rows that have
 * come since.
 */
import type { Column } from '../../core/column.ts';
import type { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { SCRATCH, type Panes } from './panes.ts';
import type { WindowResults } from './result-writer.ts';
import { takenKeys } from './taken-keys.ts';

export class KeyFirings {
  readonly #panes: Panes;
  readonly #group: AggregateGroup;
  readonly #results: WindowResults;
  /** Entries of the loaded keys, by pane; -1 where there is none. */
  readonly #found = new Map<number, Int32Array>();

  constructor(panes: Panes, group: AggregateGroup, results: WindowResults) {
    this.#panes = panes;
    this.#group = group;
    this.#results = results;
  }

  /** Finds the entries of some rows' keys in the panes of `[start, end)`, for all of them at once. */
  load(keys: readonly Column[], rows: Int32Array, start: number, end: number): void {
    this.#loadKeys(takenKeys(keys, rows), rows.length, start, end);
  }

  #loadKeys(keys: readonly Column[], count: number, start: number, end: number): void {
    this.#found.clear();
    for (const pane of this.#panes.within(start, end)) {
      const slots = new Int32Array(count);
      this.#panes.table.find(keys, count, new Float64Array(count).fill(pane), slots);
      this.#found.set(pane, slots);
    }
    this.#group.bind(this.#panes.table);
  }

  /** The result, as it is now, of a window that has fired for a loaded key, by its number. */
  fireAgain(nth: number, start: number, end: number): void {
    this.#fire(this.#slotsOf(nth, start, end), start, end);
  }

  /** As `fireAgain`, of a window that has not fired. */
  fireEarly(nth: number, start: number, end: number): void {
    this.#fire(this.#panes.notFired(this.#slotsOf(nth, start, end), end), start, end);
  }

  #fire(own: Int32Array, start: number, end: number): void {
    if (own.length === 0) return;
    if (own.length === 1) {
      this.#results.append(this.#panes.table, this.#group, own, start, end);
    } else {
      // All of one key: they have one entry there.
      const merged = this.#panes.merge(own, SCRATCH).slice(0, 1);
      this.#results.append(this.#panes.table, this.#group, merged, start, end);
      this.#panes.table.remove(merged[0]!);
    }
  }

  #slotsOf(nth: number, start: number, end: number): Int32Array {
    const slots = this.#panes.within(start, end).map((pane) => this.#found.get(pane)![nth]!);
    return Int32Array.from(slots.filter((slot) => slot >= 0));
  }

  /** The results that a window which has not fired has come to for `count` different keys. */
  fireAllEarly(keys: readonly Column[], count: number, start: number, end: number): void {
    this.#loadKeys(keys, count, start, end);
    const slots = [...this.#found.values()].map((found) =>
      this.#panes.notFired(
        found.filter((slot) => slot >= 0),
        end,
      ),
    );
    if (slots.length === 1) {
      this.#results.append(this.#panes.table, this.#group, slots[0]!, start, end);
      return;
    }
    const merged = new Set<number>();
    for (const own of slots) for (const slot of this.#panes.merge(own, SCRATCH)) merged.add(slot);
    this.#results.append(this.#panes.table, this.#group, Int32Array.from(merged), start, end);
    for (const slot of merged) this.#panes.table.remove(slot);
  }
}

/** Windows that fire again for the key of a late row, within the allowed lateness. */
import { columnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import type { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { SCRATCH, type Panes } from './panes.ts';
import type { ResultWriter } from './result-writer.ts';

export class LateFirings {
  readonly #panes: Panes;
  readonly #group: AggregateGroup;
  readonly #results: ResultWriter;
  /** Entries of the late rows' keys, by pane. */
  readonly #found = new Map<number, Int32Array>();

  constructor(panes: Panes, group: AggregateGroup, results: ResultWriter) {
    this.#panes = panes;
    this.#group = group;
    this.#results = results;
  }

  /** Finds the entries of late rows in the panes of `[start, end)`, for all of them at once. */
  load(keys: readonly Column[], rows: Int32Array, start: number, end: number): void {
    const lateKeys = keys.map((column) => {
      const builder = columnBuilder(column.type, rows.length);
      builder.appendRows(column, rows, rows.length);
      return builder.finish();
    });
    this.#found.clear();
    for (const pane of this.#panes.within(start, end)) {
      const slots = new Int32Array(rows.length);
      this.#panes.table.find(lateKeys, rows.length, new Float64Array(rows.length).fill(pane), slots);
      this.#found.set(pane, slots);
    }
    this.#group.bind(this.#panes.table);
  }

  /** The window's result for the key of a late row (its number among those loaded), as it is now. */
  fire(nth: number, start: number, end: number): void {
    const own = this.#slotsOf(nth, start, end);
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
}

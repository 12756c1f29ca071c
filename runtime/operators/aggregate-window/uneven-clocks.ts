import { BatchBuilder } from '../../core/batch.ts';
import { hashRows, KEY_GROUPS, keyGroupOf } from '../../core/hash.ts';
import type { KeyedTable } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';

/** Key groups `[start, end)` and a watermark. */
type Range = readonly [start: number, end: number, watermark: number];

/**
 * How far subtasks had come at a checkpoint whose barriers overtake, each to another watermark. A subtask that takes over keys of
 * several of them begins with the lowest: until it is at the highest, some keys have windows behind them that fire for others.
 */
export class UnevenClocks {
  readonly #ranges: readonly Range[];
  readonly #ofKeyGroup = new Float64Array(KEY_GROUPS);
  readonly #highest: number;

  constructor(ranges: readonly Range[]) {
    this.#ranges = ranges;
    for (const [start, end, watermark] of ranges) this.#ofKeyGroup.fill(watermark, start, end);
    this.#highest = Math.max(...ranges.map(([, , watermark]) => watermark));
  }

  /** The same of the key groups `[start, end)`, once all have come to `watermark`. */
  rangesAt(watermark: number, start: number, end: number): readonly Range[] {
    if (watermark >= this.#highest) return [[start, end, watermark]];
    return this.#ranges.map(([from, to, had]) => [Math.max(from, start), Math.min(to, end), Math.max(had, watermark)]);
  }

  /** Entries whose keys have not had the window that ends at `end`. */
  withoutFired(table: KeyedTable, keys: readonly Field[], slots: Int32Array, end: number): Int32Array {
    if (end - 1 > this.#highest || slots.length === 0) return slots;
    const { columns } = new BatchBuilder({ fields: keys }, slots.length);
    table.appendKeys(slots, slots.length, columns);
    const hashes = new Int32Array(slots.length);
    hashRows(
      columns.map((column) => column.finish()),
      slots.length,
      hashes,
    );
    return slots.filter((_, i) => this.#ofKeyGroup[keyGroupOf(hashes[i]!)]! < end - 1);
  }
}

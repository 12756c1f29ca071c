/**
 * Which keys of a table are asked for most. Looks at one row of `STRIDE`, at steps of random length, so that no pattern in the rows hides a key, and
 * counts in a map that is cut to its largest half when it is full: a key with more than a few per cent of the rows is always among those that are left.
 */
import type { Column } from '../../core/column.ts';
import { mix32 } from '../../core/hash.ts';
import type { TableSpec } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import { formatValue } from '../../formats/index.ts';

const STRIDE = 64;
const MAX_COUNTED = 2048;

export interface HotKey {
  /** As JSON writes them, in the order of the fields. */
  readonly values: readonly unknown[];
  /** Of the rows that were looked at. */
  readonly rows: number;
}

export class KeySampler {
  /** Rows that were looked at. */
  sampled = 0;
  readonly fields: readonly Field[];
  readonly #counts = new Map<string, number>();
  #seed = 1;
  /** Rows to pass over before the next one that is looked at. */
  #skip = 0;

  constructor(fields: readonly Field[]) {
    this.fields = fields;
  }

  offer(keys: readonly Column[], count: number): void {
    let row = this.#skip;
    while (row < count) {
      this.#count(keys, row);
      this.#seed = mix32(this.#seed + 1);
      row += 1 + ((this.#seed >>> 0) % (2 * STRIDE - 1));
    }
    this.#skip = row - count;
  }

  /** Those with most rows, the first ones first. */
  top(limit: number): readonly HotKey[] {
    return this.#sorted()
      .slice(0, limit)
      .map(([key, rows]) => ({ values: JSON.parse(key) as unknown[], rows }));
  }

  #count(keys: readonly Column[], row: number): void {
    this.sampled++;
    const key = JSON.stringify(this.fields.map((field, i) => formatValue(field.type, keys[i]!, row)));
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (this.#counts.size <= MAX_COUNTED) return;
    const kept = this.#sorted().slice(0, MAX_COUNTED / 2);
    this.#counts.clear();
    for (const [one, rows] of kept) this.#counts.set(one, rows);
  }

  #sorted(): [string, number][] {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }
}

interface SampledTable {
  readonly spec: TableSpec;
  sampler: KeySampler | null;
}

/** A table that is sampled goes on with what it has seen. */
export function sampleTable(table: SampledTable, isOn: boolean): void {
  if (!isOn || table.spec.keys.length === 0) table.sampler = null;
  else table.sampler ??= new KeySampler(table.spec.keys);
}

export function samplersOf(tables: ReadonlyMap<string, SampledTable>): ReadonlyMap<string, KeySampler> {
  const found = new Map<string, KeySampler>();
  for (const [name, { sampler }] of tables) if (sampler !== null) found.set(name, sampler);
  return found;
}

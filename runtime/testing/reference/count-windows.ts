/** Windows by the number of a key's rows, which keep all of these: the oracle of operators/aggregate-window for them. */
import { INSERT } from '../../core/batch.ts';
import type { Value } from '../../core/types.ts';
import { aggregate, type ReferenceAggregate } from './aggregates.ts';
import { sameKey, type ReferenceResult } from './window-aggregate.ts';

export type ReferenceCountWindow =
  | { readonly type: 'count'; readonly size: number; readonly slide: number | null }
  | { readonly type: 'global'; readonly trigger: { readonly count: number; readonly purge: boolean } };

export class ReferenceCountWindows {
  readonly #window: ReferenceCountWindow;
  readonly #keys: readonly number[];
  readonly #aggregates: readonly ReferenceAggregate[];
  readonly #groups: { readonly key: readonly Value[]; readonly rows: (readonly Value[])[] }[] = [];

  constructor(window: ReferenceCountWindow, keys: readonly number[], aggregates: readonly ReferenceAggregate[]) {
    this.#window = window;
    this.#keys = keys;
    this.#aggregates = aggregates;
  }

  row(values: readonly Value[], eventTime: number): readonly ReferenceResult[] {
    const key = this.#keys.map((i) => values[i]!);
    let group = this.#groups.find((one) => one.key.every((value, i) => sameKey(value, key[i]!)));
    if (group === undefined) this.#groups.push((group = { key, rows: [] }));
    group.rows.push(values);
    const rows = this.#complete(group.rows);
    if (rows === null) return [];
    return [
      { values: [...group.key, ...this.#aggregates.map((spec) => aggregate(spec, rows))], eventTime, kind: INSERT },
    ];
  }

  /** Rows of the window that the last one of `rows` completes; null when it does not. */
  #complete(rows: readonly (readonly Value[])[]): readonly (readonly Value[])[] | null {
    if (this.#window.type === 'global') {
      const { count, purge } = this.#window.trigger;
      if (rows.length % count > 0) return null;
      return purge ? rows.slice(-count) : rows;
    }
    const { size, slide } = this.#window;
    return rows.length % (slide ?? size) > 0 ? null : rows.slice(-size);
  }
}

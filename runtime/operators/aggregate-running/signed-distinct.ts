/**
 * DISTINCT over a stream with updates: how often each value is there; the function sees it come first and go last. A value that is
 * taken back before it has come is there less than never, so that the two cancel out, as in Flink.
 */
import type { ColumnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import type { Json, StateCodec, StateColumnSpec } from '../../core/state.ts';
import type { DataType } from '../../core/types.ts';
import type { Accumulator, StateArrays } from '../shared/aggregates/accumulator.ts';
import { distinctValues, type DistinctValues, type Primitive } from '../shared/aggregates/distinct-values.ts';
import { neverMerged } from './signed-values.ts';
import type { Signs } from './signs.ts';

type Counts = Map<Primitive, number>;

const MAP_BYTES = 112;
const MEMBER_BYTES = 64;

export class SignedDistinct implements Accumulator {
  readonly columns: readonly StateColumnSpec[];
  readonly #values: DistinctValues;
  readonly #inner: Accumulator;
  readonly #signs: Signs;
  #counts: (Counts | undefined)[] = [];
  #changes = new Int32Array(0);

  constructor(type: DataType, inner: Accumulator, signs: Signs) {
    this.#values = distinctValues(type);
    this.#inner = inner;
    this.#signs = signs;
    this.columns = [{ name: 'counts', type: 'object', codec: countsCodec(this.#values) }, ...inner.columns];
  }

  bind(arrays: StateArrays): void {
    this.#counts = arrays.objects<Counts>('counts');
    this.#inner.bind(arrays);
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number, arrival: number): void {
    if (this.#changes.length < to - from) this.#changes = new Int32Array(to - from);
    let changed = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const counts = (this.#counts[slots[row]!] ??= new Map());
      const value = this.#values.read(argument, row);
      const count = counts.get(value) ?? 0;
      const isRetraction = this.#signs.isRetraction(row);
      const next = isRetraction ? count - 1 : count + 1;
      if (next === 0) counts.delete(value);
      else counts.set(value, next);
      if (isRetraction ? count === 1 : next === 1) this.#changes[changed++] = row;
    }
    this.#inner.add(slots, argument, this.#changes, 0, changed, arrival);
  }

  merge(): void {
    neverMerged();
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    this.#inner.append(slots, count, builder);
  }
}

function countsCodec(values: DistinctValues): StateCodec {
  return {
    toJson: (value) => Array.from(value as Counts, ([one, count]) => [values.toJson(one), count]),
    fromJson: (json) =>
      new Map((json as readonly (readonly [Json, number])[]).map(([one, count]) => [values.fromJson(one), count])),
    sizeOf: (value) => MAP_BYTES + (value as Counts).size * MEMBER_BYTES,
  };
}

/** DISTINCT: a set of values for each entry in front of an aggregate function, which sees each value of an entry once. */
import { columnBuilder, type ColumnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import type { Json, StateCodec, StateColumnSpec } from '../../../core/state.ts';
import type { DataType } from '../../../core/types.ts';
import type { Accumulator, StateArrays } from './accumulator.ts';
import { distinctValues, type DistinctValues, type Primitive } from './distinct-values.ts';
import { sizeOfSet } from './value-codec.ts';

export class DistinctAccumulator implements Accumulator {
  readonly columns: readonly StateColumnSpec[];
  readonly #type: DataType;
  readonly #values: DistinctValues;
  readonly #inner: Accumulator;
  #seen: (Set<Primitive> | undefined)[] = [];
  #newRows = new Int32Array(0);

  constructor(type: DataType, inner: Accumulator) {
    this.#type = type;
    this.#values = distinctValues(type);
    this.#inner = inner;
    this.columns = [{ name: 'seen', type: 'object', codec: setCodec(this.#values) }, ...inner.columns];
  }

  bind(arrays: StateArrays): void {
    this.#seen = arrays.objects<Set<Primitive>>('seen');
    this.#inner.bind(arrays);
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number, arrival: number): void {
    if (this.#newRows.length < to - from) this.#newRows = new Int32Array(to - from);
    const newRows = this.#newRows;
    let count = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const seen = (this.#seen[slots[row]!] ??= new Set());
      const { size } = seen;
      if (seen.add(this.#values.read(argument, row)).size > size) newRows[count++] = row;
    }
    this.#inner.add(slots, argument, newRows, 0, count, arrival);
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    const builder = columnBuilder(this.#type);
    const slots: number[] = [];
    for (let i = 0; i < count; i++) {
      const theirs = this.#seen[from[i]!];
      if (theirs === undefined) continue;
      const ours = (this.#seen[into[i]!] ??= new Set());
      for (const value of theirs) {
        if (ours.has(value)) continue;
        ours.add(value);
        builder.appendValue(this.#values.toValue(value));
        slots.push(into[i]!);
      }
    }
    const rows = Int32Array.from(slots, (_, row) => row);
    this.#inner.add(Int32Array.from(slots), builder.finish(), rows, 0, rows.length, 0);
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    this.#inner.append(slots, count, builder);
  }
}

function setCodec(values: DistinctValues): StateCodec {
  return {
    toJson: (value) => Array.from(value as Set<Primitive>, (primitive) => values.toJson(primitive)),
    fromJson: (json) => new Set((json as Json[]).map((one) => values.fromJson(one))),
    sizeOf: (value) => sizeOfSet(value as Set<Primitive>),
  };
}

/**
 * LISTAGG and COLLECT: all values in order of arrival. Flink's COLLECT gives a MULTISET; without that type it is an ARRAY here.
 * Merged entries may have been filled in turns, so every value keeps its arrival.
 */
import type { ColumnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import { fail, ok } from '../../../core/result.ts';
import { say } from '../../../core/say.ts';
import type { Json, StateCodec, StateColumnSpec } from '../../../core/state.ts';
import { arrayOf, printDataType, STRING, type DataType, type Value } from '../../../core/types.ts';
import type { Accumulator, StateArrays } from './accumulator.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { distinctValues, type Primitive } from './distinct-values.ts';
import { sizeOfArray, sizeOfValue, valueFromJson, valueToJson } from './value-codec.ts';

export const DEFAULT_SEPARATOR = ',';

export const listagg: AggregateFunction = {
  name: 'LISTAGG',
  summary: 'The texts in order of arrival, with a separator between them.',
  options: ['separator'],
  distinct: 'none-needed',
  infer: (argument) =>
    argument.kind === 'STRING'
      ? ok({ type: STRING, nulls: 'if-empty' })
      : fail(say`LISTAGG needs STRING, not ${printDataType(argument)}: add a CAST`),
  create: (argument, options, distinct) => {
    const separator = options.separator ?? DEFAULT_SEPARATOR;
    return new CollectAccumulator(argument, distinct, (values) => values.join(separator));
  },
};

export const collect: AggregateFunction = {
  name: 'COLLECT',
  summary: 'The values as an array, in order of arrival.',
  options: [],
  distinct: 'none-needed',
  infer: (argument) => ok({ type: arrayOf(argument), nulls: 'if-empty' }),
  create: (argument, _options, distinct) => new CollectAccumulator(argument, distinct, (values) => values),
};

/** Values with their arrivals, ascending. */
interface Collected {
  readonly values: Value[];
  readonly arrivals: number[];
  /** Those of `values`, where each may be there once only. */
  readonly seen: Set<Primitive> | null;
}

class CollectAccumulator implements Accumulator {
  readonly columns: readonly StateColumnSpec[];
  /** A value as member of a set; null = duplicates are kept. */
  readonly #primitive: ((column: Column, row: number) => Primitive) | null;
  readonly #keyOf: (value: Value) => Primitive;
  readonly #finish: (values: readonly Value[]) => Value;
  #lists: (Collected | undefined)[] = [];

  constructor(type: DataType, distinct: boolean, finish: (values: readonly Value[]) => Value) {
    const primitives = distinct ? distinctValues(type) : null;
    this.#primitive = primitives === null ? null : primitives.read;
    this.#keyOf = (value) => primitives!.fromJson(valueToJson(type, value));
    this.#finish = finish;
    this.columns = [{ name: 'values', type: 'object', codec: this.#codec(type) }];
  }

  bind(arrays: StateArrays): void {
    this.#lists = arrays.objects<Collected>('values');
  }

  #empty(): Collected {
    return { values: [], arrivals: [], seen: this.#primitive === null ? null : new Set() };
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number, arrival: number): void {
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const list = (this.#lists[slots[row]!] ??= this.#empty());
      if (this.#primitive !== null) {
        const { size } = list.seen!;
        if (list.seen!.add(this.#primitive(argument, row)).size === size) continue;
      }
      list.values.push(argument.value(row));
      list.arrivals.push(arrival + row);
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const theirs = this.#lists[from[i]!];
      if (theirs !== undefined) this.#lists[into[i]!] = this.#merged(this.#lists[into[i]!] ?? this.#empty(), theirs);
    }
  }

  #merged(a: Collected, b: Collected): Collected {
    const out = this.#empty();
    for (let i = 0, j = 0; i < a.values.length || j < b.values.length;) {
      const isA = j === b.values.length || (i < a.values.length && a.arrivals[i]! <= b.arrivals[j]!);
      const list = isA ? a : b;
      const at = isA ? i++ : j++;
      if (out.seen !== null) {
        const { size } = out.seen;
        if (out.seen.add(this.#keyOf(list.values[at]!)).size === size) continue;
      }
      out.values.push(list.values[at]!);
      out.arrivals.push(list.arrivals[at]!);
    }
    return out;
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      const list = this.#lists[slots[i]!];
      builder.appendValue(list === undefined ? null : this.#finish(list.values));
    }
  }

  #codec(type: DataType): StateCodec {
    return {
      toJson: (value) => {
        const { values, arrivals } = value as Collected;
        return { values: values.map((one) => valueToJson(type, one)), arrivals };
      },
      fromJson: (json) => {
        const { values, arrivals } = json as { values: Json[]; arrivals: number[] };
        const restored = values.map((one) => valueFromJson(type, one));
        const seen = this.#primitive === null ? null : new Set(restored.map((one) => this.#keyOf(one)));
        return { values: restored, arrivals: [...arrivals], seen };
      },
      sizeOf: (value) => {
        const { values, arrivals, seen } = value as Collected;
        const own = values.length === 0 ? 0 : sizeOfValue(values[0]!);
        // The set holds the same values, so only its table counts.
        return (
          sizeOfArray(values.length, own) + sizeOfArray(arrivals.length) + (seen === null ? 0 : 112 + 28 * seen.size)
        );
      },
    };
  }
}

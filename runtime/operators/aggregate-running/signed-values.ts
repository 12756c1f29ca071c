/** Aggregates that keep the values of a group in an object, in the form of primitives, and read their result from it. */
import type { ColumnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import { assert } from '../../core/errors.ts';
import type { Json, StateColumnSpec } from '../../core/state.ts';
import type { DataType, Value } from '../../core/types.ts';
import type { Accumulator, StateArrays } from '../shared/aggregates/accumulator.ts';
import {
  distinctValues,
  hasDistinctValues,
  type DistinctValues,
  type Primitive,
} from '../shared/aggregates/distinct-values.ts';
import { valueFromJson, valueToJson } from '../shared/aggregates/value-codec.ts';
import type { Signs } from './signs.ts';

/** What is kept of the values of a group. */
export interface KeptValues {
  /** Values that are there. */
  readonly size: number;
  add(value: Primitive): void;
  /** Takes out one value that is equal. */
  takeBack(value: Primitive): void;
  /** All there is to it, each value through `write`. */
  toJson(write: (value: Primitive) => Json): Json;
  /** Puts in what `toJson` gave; it is empty before. */
  restore(json: Json, read: (json: Json) => Primitive): void;
  /** Estimated, in bytes. */
  readonly bytes: number;
}

export class SignedValues<K extends KeptValues> implements Accumulator {
  readonly columns: readonly StateColumnSpec[];
  readonly #forms: DistinctValues;
  readonly #make: () => K;
  readonly #finish: (values: K, toValue: (value: Primitive) => Value) => Value;
  readonly #signs: Signs;
  #values: (K | undefined)[] = [];

  /** `finish`: the result of some values; of none it is NULL. */
  constructor(
    type: DataType,
    make: () => K,
    finish: (values: K, toValue: (value: Primitive) => Value) => Value,
    signs: Signs,
  ) {
    const forms = primitivesOf(type);
    this.#forms = forms;
    this.#make = make;
    this.#finish = finish;
    this.#signs = signs;
    const codec = {
      toJson: (values: unknown) => (values as K).toJson(forms.toJson),
      fromJson: (json: Json) => {
        const values = make();
        values.restore(json, forms.fromJson);
        return values;
      },
      sizeOf: (values: unknown) => (values as K).bytes,
    };
    this.columns = [{ name: 'values', type: 'object', codec }];
  }

  bind(arrays: StateArrays): void {
    this.#values = arrays.objects<K>('values');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const values = (this.#values[slots[row]!] ??= this.#make());
      const value = this.#forms.read(argument, row);
      if (this.#signs.isRetraction(row)) values.takeBack(value);
      else values.add(value);
    }
  }

  merge(): void {
    neverMerged();
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      const values = this.#values[slots[i]!];
      const isNone = values === undefined || values.size === 0;
      builder.appendValue(isNone ? null : this.#finish(values, this.#forms.toValue));
    }
  }
}

export function neverMerged(): void {
  assert(false, 'groups of a running aggregate are never merged');
}

/** Nested values have no order and no place in a set, but a row that is taken back has them as it came: as text they are equal. */
function primitivesOf(type: DataType): DistinctValues {
  if (hasDistinctValues(type)) return distinctValues(type);
  return {
    read: (column, row) => JSON.stringify(valueToJson(type, column.value(row))),
    toValue: (text) => valueFromJson(type, JSON.parse(text as string) as Json),
    toJson: (text) => text as string,
    fromJson: (json) => json as string,
  };
}

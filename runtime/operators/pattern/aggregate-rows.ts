import { columnBuilder, columnOf } from '../../core/column-builder.ts';
import { assert } from '../../core/errors.ts';
import { BOOLEAN, type DataType, type Value } from '../../core/types.ts';
import { StateArrays, type Accumulator, type StateColumns } from '../shared/aggregates/accumulator.ts';
import { aggregateFunctions, type AggregateName } from '../shared/aggregates/index.ts';

/** An aggregate function over a few values at a time: its accumulator, over a table with one entry that is made anew each time. */
export class RowsAggregate {
  readonly #accumulator: Accumulator;
  readonly #argument: DataType;
  readonly #result: DataType;

  /** `argument` null: rows are counted. */
  constructor(fn: AggregateName, argument: DataType | null) {
    this.#argument = argument ?? BOOLEAN;
    const result = aggregateFunctions[fn].infer(this.#argument);
    assert(result.ok, `${fn} over a wrong type reached the runtime`);
    this.#result = result.value.type;
    this.#accumulator = aggregateFunctions[fn].create(this.#argument, { percentile: null, separator: null }, false);
  }

  of(values: readonly Value[]): Value {
    const present = values.filter((value) => value !== null);
    const count = present.length;
    const accumulator = this.#accumulator;
    accumulator.bind(new StateArrays(new OneEntry(), ''));
    const rows = Int32Array.from({ length: count }, (_, i) => i);
    if (count > 0) {
      accumulator.add(new Int32Array(count), columnOf(this.#argument, present), rows, 0, count, 0);
    }
    const builder = columnBuilder(this.#result, 1);
    accumulator.append(new Int32Array(1), 1, builder);
    return builder.finish().value(0);
  }
}

class OneEntry implements StateColumns {
  readonly #objects = new Map<string, unknown[]>();

  f64(): Float64Array {
    return new Float64Array(1);
  }

  i64(): BigInt64Array {
    return new BigInt64Array(1);
  }

  i32(): Int32Array {
    return new Int32Array(1);
  }

  objects(column: string): unknown[] {
    const made = this.#objects.get(column) ?? [undefined];
    this.#objects.set(column, made);
    return made;
  }
}

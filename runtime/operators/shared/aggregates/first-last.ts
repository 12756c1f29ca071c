/** FIRST_VALUE and LAST_VALUE: by arrival, as Flink does, and past NULLs. */
import type { ColumnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import { ok } from '../../../core/result.ts';
import type { StateColumnSpec } from '../../../core/state.ts';
import type { DataType } from '../../../core/types.ts';
import { NO_F64, type Accumulator, type StateArrays } from './accumulator.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { cellsOf, type Cells } from './cells.ts';

export const firstValue: AggregateFunction = {
  name: 'FIRST_VALUE',
  summary: 'The value that arrived first.',
  options: [],
  distinct: 'refused',
  infer: (argument) => ok({ type: argument, nulls: 'if-empty' }),
  create: (argument) => new EdgeValue(argument, true),
};

export const lastValue: AggregateFunction = {
  name: 'LAST_VALUE',
  summary: 'The value that arrived last.',
  options: [],
  distinct: 'refused',
  infer: (argument) => ok({ type: argument, nulls: 'if-empty' }),
  create: (argument) => new EdgeValue(argument, false),
};

class EdgeValue implements Accumulator {
  readonly columns: readonly StateColumnSpec[];
  readonly #cells: Cells;
  readonly #isFirst: boolean;
  /** When the value arrived, from 1; 0 = there is none. */
  #arrivals = NO_F64 as Float64Array;

  constructor(type: DataType, isFirst: boolean) {
    this.#cells = cellsOf(type);
    this.#isFirst = isFirst;
    this.columns = [{ name: 'arrival', type: 'f64' }, this.#cells.column];
  }

  bind(arrays: StateArrays): void {
    this.#arrivals = arrays.f64('arrival');
    this.#cells.bind(arrays);
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number, arrival: number): void {
    const arrivals = this.#arrivals;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      // Rows come in order of arrival.
      if (this.#isFirst && arrivals[slot] !== 0) continue;
      arrivals[slot] = arrival + row + 1;
      this.#cells.set(slot, argument, row);
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    const arrivals = this.#arrivals;
    for (let i = 0; i < count; i++) {
      const theirs = arrivals[from[i]!]!;
      const ours = arrivals[into[i]!]!;
      if (theirs === 0) continue;
      if (ours !== 0 && theirs < ours !== this.#isFirst) continue;
      arrivals[into[i]!] = theirs;
      this.#cells.copy(from[i]!, into[i]!);
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      if (this.#arrivals[slots[i]!] === 0) builder.appendNull();
      else this.#cells.append(slots[i]!, builder);
    }
  }
}

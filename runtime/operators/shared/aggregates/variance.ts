/**
 * Variance and standard deviation in one pass (Welford), merged as Chan, Golub and LeVeque do: unlike the difference of two
 * large sums this does not cancel. NULL without values; the sample forms need two.
 */
import type { ColumnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import { fail, ok } from '../../../core/result.ts';
import { say } from '../../../core/say.ts';
import { DOUBLE, isNumeric, printDataType, type DataType } from '../../../core/types.ts';
import { NO_F64, type Accumulator, type StateArrays } from './accumulator.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { DoubleReader } from './doubles.ts';

function varianceFunction(
  name: string,
  summary: string,
  isSample: boolean,
  finish: (variance: number) => number,
): AggregateFunction {
  return {
    name,
    summary,
    options: [],
    distinct: 'set',
    infer: (argument) =>
      isNumeric(argument)
        ? ok({ type: DOUBLE, nulls: isSample ? 'possible' : 'if-empty' })
        : fail(say`${name} needs numbers, not ${printDataType(argument)}`),
    create: (argument) => new VarianceAccumulator(argument, isSample, finish),
  };
}

const asIs = (variance: number): number => variance;

export const stddevPop = varianceFunction(
  'STDDEV_POP',
  'Standard deviation of the values as a whole population.',
  false,
  Math.sqrt,
);
export const stddevSamp = varianceFunction(
  'STDDEV_SAMP',
  'Standard deviation of the values as a sample; NULL for a single one.',
  true,
  Math.sqrt,
);
export const varPop = varianceFunction('VAR_POP', 'Variance of the values as a whole population.', false, asIs);
export const varSamp = varianceFunction(
  'VAR_SAMP',
  'Variance of the values as a sample; NULL for a single one.',
  true,
  asIs,
);

class VarianceAccumulator implements Accumulator {
  readonly columns = [
    { name: 'count', type: 'f64' },
    { name: 'mean', type: 'f64' },
    { name: 'squares', type: 'f64' },
  ] as const;
  readonly #reader: DoubleReader;
  /** How many values do not count as a degree of freedom. */
  readonly #lost: 0 | 1;
  readonly #finish: (variance: number) => number;
  #counts = NO_F64 as Float64Array;
  #means = NO_F64 as Float64Array;
  #squares = NO_F64 as Float64Array;

  constructor(type: DataType, isSample: boolean, finish: (variance: number) => number) {
    this.#reader = new DoubleReader(type);
    this.#lost = isSample ? 1 : 0;
    this.#finish = finish;
  }

  bind(arrays: StateArrays): void {
    this.#counts = arrays.f64('count');
    this.#means = arrays.f64('mean');
    this.#squares = arrays.f64('squares');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = this.#reader.read(argument, rows, from, to);
    const counts = this.#counts;
    const means = this.#means;
    const squares = this.#squares;
    for (let i = from; i < to; i++) {
      const slot = slots[rows[i]!]!;
      const value = values[i]!;
      const count = counts[slot]! + 1;
      const delta = value - means[slot]!;
      const mean = means[slot]! + delta / count;
      counts[slot] = count;
      means[slot] = mean;
      squares[slot]! += delta * (value - mean);
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    const counts = this.#counts;
    const means = this.#means;
    for (let i = 0; i < count; i++) {
      const a = into[i]!;
      const b = from[i]!;
      const more = counts[b]!;
      if (more === 0) continue;
      const total = counts[a]! + more;
      const delta = means[b]! - means[a]!;
      this.#squares[a]! += this.#squares[b]! + (delta * delta * counts[a]! * more) / total;
      means[a]! += (delta * more) / total;
      counts[a] = total;
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      const freedom = this.#counts[slots[i]!]! - this.#lost;
      if (freedom <= 0) builder.appendNull();
      else builder.appendValue(this.#finish(Math.max(0, this.#squares[slots[i]!]! / freedom)));
    }
  }
}

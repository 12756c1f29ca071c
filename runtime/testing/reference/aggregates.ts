/** SQL aggregate functions over a list of values, as plainly as they can be written: the oracle of operators/shared/aggregates. */
import { assert } from '../../core/errors.ts';
import type { DataType, Value } from '../../core/types.ts';

export interface ReferenceAggregate {
  readonly fn: string;
  /** Type of the argument; BOOLEAN for `*`. */
  readonly type: DataType;
  /** The argument in a row; null = `*`. */
  readonly field: number | null;
  readonly distinct: boolean;
  readonly filter: ((row: readonly Value[]) => boolean) | null;
  readonly percentile: number | null;
  readonly separator: string | null;
}

/** Result over rows in order of arrival. */
export function aggregate(spec: ReferenceAggregate, rows: readonly (readonly Value[])[]): Value {
  const passing = rows.filter((row) => spec.filter === null || spec.filter(row));
  if (spec.field === null) return BigInt(passing.length);
  const { field } = spec;
  const present = passing.map((row) => row[field]!).filter((value) => value !== null);
  const values = spec.distinct ? withoutRepeats(present) : present;
  if (spec.fn === 'COUNT') return BigInt(values.length);
  if (spec.fn === 'APPROX_COUNT_DISTINCT') return BigInt(withoutRepeats(values).length);
  return values.length === 0 ? null : overSome(spec, values);
}

function overSome({ fn, type, percentile, separator }: ReferenceAggregate, values: readonly Value[]): Value {
  switch (fn) {
    case 'SUM':
      return sum(type, values);
    case 'AVG':
      return average(type, values);
    case 'MIN':
      return zeroOf([...values].sort(compare)[0]!);
    case 'MAX':
      return zeroOf([...values].sort(compare).at(-1)!);
    case 'FIRST_VALUE':
      return values[0]!;
    case 'LAST_VALUE':
      return values.at(-1)!;
    case 'VAR_POP':
      return variance(numbers(type, values), 0);
    case 'VAR_SAMP':
      return variance(numbers(type, values), 1);
    case 'STDDEV_POP':
      return root(variance(numbers(type, values), 0));
    case 'STDDEV_SAMP':
      return root(variance(numbers(type, values), 1));
    case 'PERCENTILE':
      return interpolate(
        numbers(type, values).sort((a, b) => a - b),
        percentile!,
      );
    case 'LISTAGG':
      return values.join(separator ?? ',');
    case 'COLLECT':
      return values;
    default:
      throw new Error(`no reference for ${fn}`);
  }
}

/** SQL equality of values as text: -0 is 0. */
function identity(value: Value): string {
  if (typeof value === 'number') return String(value + 0);
  if (value instanceof Uint8Array) return [...value].join();
  return String(value);
}

function withoutRepeats(values: readonly Value[]): readonly Value[] {
  return values.filter((value, i) => values.findIndex((other) => identity(other) === identity(value)) === i);
}

const MAX_DIGITS = 10n ** 38n;

function sum(type: DataType, values: readonly Value[]): Value {
  switch (type.kind) {
    case 'INT':
      return (values as readonly number[]).reduce((a, b) => (a + b) | 0, 0);
    case 'BIGINT':
      return BigInt.asIntN(64, total(values));
    case 'DECIMAL': {
      const exact = total(values);
      return exact < MAX_DIGITS && exact > -MAX_DIGITS ? exact : null;
    }
    default:
      return (values as readonly number[]).reduce((a, b) => a + b, 0);
  }
}

function total(values: readonly Value[]): bigint {
  return values.reduce<bigint>((a, b) => a + BigInt(b as bigint | number), 0n);
}

function average(type: DataType, values: readonly Value[]): Value {
  const count = BigInt(values.length);
  switch (type.kind) {
    case 'INT':
      return Number(total(values) / count);
    case 'BIGINT':
      return BigInt.asIntN(64, total(values)) / count;
    case 'DECIMAL': {
      const dividend = total(values) * 10n ** BigInt(Math.max(6, type.scale) - type.scale);
      const sign = dividend < 0n ? -1n : 1n;
      const mean = sign * ((sign * dividend + count / 2n) / count);
      // Half of an odd count is no whole number, and then no quotient lies half way.
      return mean < MAX_DIGITS && mean > -MAX_DIGITS ? mean : null;
    }
    default:
      return (values as readonly number[]).reduce((a, b) => a + b, 0) / values.length;
  }
}

function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  assert(a !== null && b !== null, 'NULLs do not compare');
  return a < b ? -1 : a > b ? 1 : 0;
}

function zeroOf(value: Value): Value {
  return Object.is(value, -0) ? 0 : value;
}

function numbers(type: DataType, values: readonly Value[]): number[] {
  const scale = type.kind === 'DECIMAL' ? type.scale : 0;
  return values.map((value) => Number(value) / 10 ** scale);
}

function variance(values: readonly number[], lost: number): number | null {
  if (values.length - lost <= 0) return null;
  // The distances from one value vary as the values do, and do not drown in a large mean.
  const distances = values.map((value) => value - values[0]!);
  const mean = distances.reduce((a, b) => a + b, 0) / values.length;
  return distances.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - lost);
}

function root(value: number | null): number | null {
  return value === null ? null : Math.sqrt(value);
}

function interpolate(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

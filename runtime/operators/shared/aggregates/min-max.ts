/** MIN and MAX: numbers and times by value (NaN is above all, -0 counts as 0), text and bytes byte by byte, FALSE before TRUE. */
import type { ColumnBuilder } from '../../../core/column-builder.ts';
import { readDecimal, type Column } from '../../../core/column.ts';
import { fail, ok } from '../../../core/result.ts';
import { say } from '../../../core/say.ts';
import type { StateColumnSpec } from '../../../core/state.ts';
import { printDataType, type DataType } from '../../../core/types.ts';
import { NO_F64, NO_I32, NO_I64, type Accumulator, type StateArrays } from './accumulator.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { BytesCells, ValueCells, type Cells } from './cells.ts';

function extreme(name: string, summary: string, isMax: boolean): AggregateFunction {
  return {
    name,
    summary,
    options: [],
    distinct: 'none-needed',
    infer(argument) {
      switch (argument.kind) {
        case 'ARRAY':
        case 'MAP':
        case 'ROW':
          return fail(say`${name} needs values that have an order, not ${printDataType(argument)}`);
        default:
          return ok({ type: argument, nulls: 'if-empty' });
      }
    },
    create(argument) {
      switch (argument.kind) {
        case 'INT':
        case 'DATE':
          return new IntExtreme(isMax);
        case 'BIGINT':
          return new LongExtreme(isMax);
        case 'DOUBLE':
        case 'TIMESTAMP':
          return new DoubleExtreme(isMax);
        case 'STRING':
        case 'BYTES':
          return new BytesExtreme(isMax);
        default:
          return new ValueExtreme(argument, isMax);
      }
    },
  };
}

export const min = extreme('MIN', 'The least value.', false);
export const max = extreme('MAX', 'The greatest value.', true);

class IntExtreme implements Accumulator {
  readonly columns = [
    { name: 'value', type: 'i32' },
    { name: 'some', type: 'i32' },
  ] as const;
  readonly #isMax: boolean;
  #values = NO_I32 as Int32Array;
  #some = NO_I32 as Int32Array;

  constructor(isMax: boolean) {
    this.#isMax = isMax;
  }

  bind(arrays: StateArrays): void {
    this.#values = arrays.i32('value');
    this.#some = arrays.i32('some');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as Int32Array;
    for (let i = from; i < to; i++) this.#offer(slots[rows[i]!]!, values[rows[i]!]!);
  }

  #offer(slot: number, value: number): void {
    const best = this.#values[slot]!;
    if (this.#some[slot] !== 0 && !(this.#isMax ? value > best : value < best)) return;
    this.#values[slot] = value;
    this.#some[slot] = 1;
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) if (this.#some[from[i]!] !== 0) this.#offer(into[i]!, this.#values[from[i]!]!);
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) builder.appendValue(this.#some[slots[i]!] === 0 ? null : this.#values[slots[i]!]!);
  }
}

class DoubleExtreme implements Accumulator {
  readonly columns = [
    { name: 'value', type: 'f64' },
    { name: 'some', type: 'i32' },
  ] as const;
  readonly #isMax: boolean;
  #values = NO_F64 as Float64Array;
  #some = NO_I32 as Int32Array;

  constructor(isMax: boolean) {
    this.#isMax = isMax;
  }

  bind(arrays: StateArrays): void {
    this.#values = arrays.f64('value');
    this.#some = arrays.i32('some');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const values = argument.values as Float64Array;
    for (let i = from; i < to; i++) this.#offer(slots[rows[i]!]!, values[rows[i]!]! + 0);
  }

  #offer(slot: number, value: number): void {
    const best = this.#values[slot]!;
    const isBetter = this.#isMax ? value > best || value !== value : value < best || best !== best;
    if (this.#some[slot] !== 0 && !isBetter) return;
    this.#values[slot] = value;
    this.#some[slot] = 1;
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) if (this.#some[from[i]!] !== 0) this.#offer(into[i]!, this.#values[from[i]!]!);
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) builder.appendValue(this.#some[slots[i]!] === 0 ? null : this.#values[slots[i]!]!);
  }
}

/** Compares through 32-bit halves: no bigint is made. */
class LongExtreme implements Accumulator {
  readonly columns = [
    { name: 'value', type: 'i64' },
    { name: 'some', type: 'i32' },
  ] as const;
  readonly #isMax: boolean;
  #values = NO_I64 as BigInt64Array;
  #words = NO_I32 as Int32Array;
  #some = NO_I32 as Int32Array;

  constructor(isMax: boolean) {
    this.#isMax = isMax;
  }

  bind(arrays: StateArrays): void {
    this.#values = arrays.i64('value');
    this.#words = wordsOf(this.#values);
    this.#some = arrays.i32('some');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    const words = wordsOf(argument.values as BigInt64Array);
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      this.#offer(slots[row]!, words[2 * row]!, words[2 * row + 1]!);
    }
  }

  #offer(slot: number, low: number, high: number): void {
    const words = this.#words;
    const bestHigh = words[2 * slot + 1]!;
    const order = high === bestHigh ? (low >>> 0) - (words[2 * slot]! >>> 0) : high - bestHigh;
    if (this.#some[slot] !== 0 && !(this.#isMax ? order > 0 : order < 0)) return;
    words[2 * slot] = low;
    words[2 * slot + 1] = high;
    this.#some[slot] = 1;
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const slot = from[i]!;
      if (this.#some[slot] !== 0) this.#offer(into[i]!, this.#words[2 * slot]!, this.#words[2 * slot + 1]!);
    }
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) builder.appendValue(this.#some[slots[i]!] === 0 ? null : this.#values[slots[i]!]!);
  }
}

function wordsOf(longs: BigInt64Array): Int32Array {
  return new Int32Array(longs.buffer, longs.byteOffset, longs.length * 2);
}

/** The types whose values are objects: they differ in how a kept value compares with a new one. */
abstract class CellExtreme<C extends Cells> implements Accumulator {
  readonly columns: readonly StateColumnSpec[];
  readonly isMax: boolean;
  protected readonly cells: C;
  #some = NO_I32 as Int32Array;

  constructor(cells: C, isMax: boolean) {
    this.cells = cells;
    this.isMax = isMax;
    this.columns = [cells.column, { name: 'some', type: 'i32' }];
  }

  /** Below 0 when the cell comes before the kept value. */
  protected abstract compareCell(column: Column, row: number, slot: number): number;
  protected abstract compareSlots(a: number, b: number): number;

  bind(arrays: StateArrays): void {
    this.cells.bind(arrays);
    this.#some = arrays.i32('some');
  }

  add(slots: Int32Array, argument: Column, rows: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const slot = slots[row]!;
      if (this.#some[slot] !== 0 && !this.#isBetter(this.compareCell(argument, row, slot))) continue;
      this.cells.set(slot, argument, row);
      this.#some[slot] = 1;
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const source = from[i]!;
      const target = into[i]!;
      if (this.#some[source] === 0) continue;
      if (this.#some[target] !== 0 && !this.#isBetter(this.compareSlots(source, target))) continue;
      this.cells.copy(source, target);
      this.#some[target] = 1;
    }
  }

  #isBetter(order: number): boolean {
    return this.isMax ? order > 0 : order < 0;
  }

  append(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let i = 0; i < count; i++) {
      if (this.#some[slots[i]!] === 0) builder.appendNull();
      else this.cells.append(slots[i]!, builder);
    }
  }
}

/** STRING and BYTES: UTF-8 bytes sort as code points do. */
class BytesExtreme extends CellExtreme<BytesCells> {
  constructor(isMax: boolean) {
    super(new BytesCells(), isMax);
  }

  protected override compareCell(column: Column, row: number, slot: number): number {
    const { values, offsets } = column;
    return compareBytes(values as Uint8Array, offsets![row]!, offsets![row + 1]!, this.cells.get(slot));
  }

  protected override compareSlots(a: number, b: number): number {
    const bytes = this.cells.get(a);
    return compareBytes(bytes, 0, bytes.length, this.cells.get(b));
  }
}

function compareBytes(a: Uint8Array, start: number, end: number, b: Uint8Array): number {
  const shared = Math.min(end - start, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[start + i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return end - start - b.length;
}

/** DECIMAL and BOOLEAN. */
class ValueExtreme extends CellExtreme<ValueCells> {
  readonly #isDecimal: boolean;

  constructor(type: DataType, isMax: boolean) {
    super(new ValueCells(type), isMax);
    this.#isDecimal = type.kind === 'DECIMAL';
  }

  protected override compareCell(column: Column, row: number, slot: number): number {
    const value = this.#isDecimal ? readDecimal(column.values as BigInt64Array, row) : column.value(row);
    return compareValues(value as bigint | boolean, this.cells.get(slot) as bigint | boolean);
  }

  protected override compareSlots(a: number, b: number): number {
    return compareValues(this.cells.get(a) as bigint | boolean, this.cells.get(b) as bigint | boolean);
  }
}

function compareValues(a: bigint | boolean, b: bigint | boolean): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** One value of any type for each slot: what FIRST_VALUE, LAST_VALUE and the rarer types of MIN and MAX keep. */
import type { BytesBuilder, ColumnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import type { StateColumnSpec } from '../../../core/state.ts';
import type { DataType, Value } from '../../../core/types.ts';
import { NO_F64, NO_I32, NO_I64, type StateArrays } from './accumulator.ts';
import { valueCodec } from './value-codec.ts';

/** Which slots hold a value is for the owner to know. */
export interface Cells {
  readonly column: StateColumnSpec;
  bind(arrays: StateArrays): void;
  set(slot: number, column: Column, row: number): void;
  copy(from: number, into: number): void;
  append(slot: number, builder: ColumnBuilder): void;
}

export function cellsOf(type: DataType): Cells {
  switch (type.kind) {
    case 'INT':
    case 'DATE':
      return new IntCells();
    case 'BIGINT':
      return new LongCells();
    case 'DOUBLE':
    case 'TIMESTAMP':
      return new DoubleCells();
    case 'STRING':
    case 'BYTES':
      return new BytesCells();
    default:
      return new ValueCells(type);
  }
}

class IntCells implements Cells {
  readonly column = { name: 'value', type: 'i32' } as const;
  #values = NO_I32 as Int32Array;

  bind(arrays: StateArrays): void {
    this.#values = arrays.i32('value');
  }

  set(slot: number, column: Column, row: number): void {
    this.#values[slot] = (column.values as Int32Array)[row]!;
  }

  copy(from: number, into: number): void {
    this.#values[into] = this.#values[from]!;
  }

  append(slot: number, builder: ColumnBuilder): void {
    builder.appendValue(this.#values[slot]!);
  }
}

class LongCells implements Cells {
  readonly column = { name: 'value', type: 'i64' } as const;
  #values = NO_I64 as BigInt64Array;

  bind(arrays: StateArrays): void {
    this.#values = arrays.i64('value');
  }

  set(slot: number, column: Column, row: number): void {
    this.#values[slot] = (column.values as BigInt64Array)[row]!;
  }

  copy(from: number, into: number): void {
    this.#values[into] = this.#values[from]!;
  }

  append(slot: number, builder: ColumnBuilder): void {
    builder.appendValue(this.#values[slot]!);
  }
}

class DoubleCells implements Cells {
  readonly column = { name: 'value', type: 'f64' } as const;
  #values = NO_F64 as Float64Array;

  bind(arrays: StateArrays): void {
    this.#values = arrays.f64('value');
  }

  set(slot: number, column: Column, row: number): void {
    this.#values[slot] = (column.values as Float64Array)[row]!;
  }

  copy(from: number, into: number): void {
    this.#values[into] = this.#values[from]!;
  }

  append(slot: number, builder: ColumnBuilder): void {
    builder.appendValue(this.#values[slot]!);
  }
}

/** Bytes are copied out of the column, which would otherwise be kept alive as a whole. */
export class BytesCells implements Cells {
  readonly column: StateColumnSpec = { name: 'value', type: 'bytes' };
  #values: (Uint8Array | undefined)[] = [];

  bind(arrays: StateArrays): void {
    this.#values = arrays.objects<Uint8Array>('value');
  }

  set(slot: number, column: Column, row: number): void {
    this.#values[slot] = (column.values as Uint8Array).slice(column.offsets![row]!, column.offsets![row + 1]!);
  }

  copy(from: number, into: number): void {
    this.#values[into] = this.#values[from];
  }

  append(slot: number, builder: ColumnBuilder): void {
    const bytes = this.#values[slot]!;
    (builder as BytesBuilder).appendBytes(bytes, 0, bytes.length);
  }

  get(slot: number): Uint8Array {
    return this.#values[slot]!;
  }
}

/** Values are immutable, so slots may share them. */
export class ValueCells implements Cells {
  readonly column: StateColumnSpec;
  #values: (Value | undefined)[] = [];

  constructor(type: DataType) {
    this.column = { name: 'value', type: 'object', codec: valueCodec(type) };
  }

  bind(arrays: StateArrays): void {
    this.#values = arrays.objects<Value>('value');
  }

  set(slot: number, column: Column, row: number): void {
    this.#values[slot] = column.value(row);
  }

  copy(from: number, into: number): void {
    this.#values[into] = this.#values[from];
  }

  append(slot: number, builder: ColumnBuilder): void {
    builder.appendValue(this.#values[slot]!);
  }

  get(slot: number): Value {
    return this.#values[slot]!;
  }
}

/** Values as members of a JavaScript `Set`: primitives that are equal when the values are. */
import { readDecimal, type Column } from '../../../core/column.ts';
import { assert } from '../../../core/errors.ts';
import type { Json } from '../../../core/state.ts';
import type { DataType, Value } from '../../../core/types.ts';
import { valueFromJson, valueToJson } from './value-codec.ts';

export type Primitive = boolean | number | bigint | string;

export interface DistinctValues {
  /** Of a cell that is not NULL. */
  read(column: Column, row: number): Primitive;
  toValue(primitive: Primitive): Value;
  toJson(primitive: Primitive): Json;
  fromJson(json: Json): Primitive;
}

export function hasDistinctValues(type: DataType): boolean {
  return type.kind !== 'ARRAY' && type.kind !== 'MAP' && type.kind !== 'ROW';
}

export function distinctValues(type: DataType): DistinctValues {
  assert(hasDistinctValues(type), `no distinct values of ${type.kind}`);
  const forms = formsOf(type);
  return {
    ...forms,
    toJson: (primitive) => valueToJson(type, forms.toValue(primitive)),
    fromJson: (json) => forms.fromValue(valueFromJson(type, json) as Exclude<Value, null>),
  };
}

interface Forms {
  read(column: Column, row: number): Primitive;
  toValue(primitive: Primitive): Value;
  fromValue(value: Exclude<Value, null>): Primitive;
}

function formsOf(type: DataType): Forms {
  switch (type.kind) {
    case 'BIGINT':
      return {
        read: (column, row) => narrow((column.values as BigInt64Array)[row]!),
        toValue: (primitive) => BigInt(primitive as number | bigint),
        fromValue: (value) => narrow(value as bigint),
      };
    case 'DECIMAL':
      return {
        read: (column, row) => readDecimal(column.values as BigInt64Array, row),
        toValue: same,
        fromValue: same,
      };
    case 'STRING':
      return { read: (column, row) => column.text(row), toValue: same, fromValue: same };
    case 'BYTES':
      return {
        read: (column, row) => latin1(column.value(row) as Uint8Array),
        toValue: (primitive) => Uint8Array.from(primitive as string, (char) => char.charCodeAt(0)),
        fromValue: (value) => latin1(value as Uint8Array),
      };
    case 'BOOLEAN':
      return { read: (column, row) => column.value(row) as boolean, toValue: same, fromValue: same };
    default:
      // A Set takes -0 for 0 and every NaN for the same.
      return {
        read: (column, row) => (column.values as Int32Array | Float64Array)[row]!,
        toValue: same,
        fromValue: same,
      };
  }
}

function same<T>(value: T): Primitive {
  return value as T & Primitive;
}

/** A small bigint as a number: it hashes faster, and no bigint beyond the safe range can equal it. */
function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Values in state columns: to JSON and back without loss, and their rough size. */
import { TYPED_ARRAY_BYTES, type Json, type StateCodec } from '../../../core/state.ts';
import type { DataType, Value } from '../../../core/types.ts';

export function valueToJson(type: DataType, value: Value): Json {
  if (value === null) return null;
  switch (type.kind) {
    case 'BIGINT':
    case 'DECIMAL':
      return (value as bigint).toString();
    case 'DOUBLE':
      return doubleToJson(value as number);
    case 'BYTES':
      return Array.from(value as Uint8Array);
    case 'ARRAY':
      return (value as readonly Value[]).map((element) => valueToJson(type.element, element));
    case 'MAP':
      return [...(value as ReadonlyMap<Value, Value>)].map(([k, v]) => [
        valueToJson(type.key, k),
        valueToJson(type.value, v),
      ]);
    case 'ROW':
      return type.fields.map((field, i) => valueToJson(field.type, (value as readonly Value[])[i] ?? null));
    default:
      return value as boolean | number | string;
  }
}

export function valueFromJson(type: DataType, json: Json): Value {
  if (json === null) return null;
  switch (type.kind) {
    case 'BIGINT':
    case 'DECIMAL':
      return BigInt(json as string);
    case 'DOUBLE':
      return doubleFromJson(json as number | string);
    case 'BYTES':
      return Uint8Array.from(json as number[]);
    case 'ARRAY':
      return (json as Json[]).map((element) => valueFromJson(type.element, element));
    case 'MAP':
      return new Map(
        (json as [Json, Json][]).map(([k, v]) => [valueFromJson(type.key, k), valueFromJson(type.value, v)] as const),
      );
    case 'ROW':
      return type.fields.map((field, i) => valueFromJson(field.type, (json as Json[])[i] ?? null));
    default:
      return json as boolean | number | string;
  }
}

/** JSON has neither -0 nor numbers that are not finite. */
export function doubleToJson(value: number): Json {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

export function doubleFromJson(json: number | string): number {
  return Number(json);
}

/** As measured in V8: a growing array makes room for 17 elements at first. */
const FIRST_ELEMENTS = 17;

/** An array that grew by `push`, of elements that are values of `elementBytes` or (0) numbers in place. */
export function sizeOfArray(length: number, elementBytes = 0): number {
  return 48 + 8 * Math.max(FIRST_ELEMENTS, length) + length * elementBytes;
}

/** Members are taken to be as large as the first. */
export function sizeOfSet(set: ReadonlySet<number | bigint | string | boolean>): number {
  const [first] = set;
  return 112 + set.size * (28 + (first === undefined ? 0 : sizeOfMember(first)));
}

/** Bytes of a primitive beside its place in an array or a set. */
export function sizeOfMember(member: number | bigint | string | boolean): number {
  if (typeof member === 'string') return 24 + member.length;
  if (typeof member === 'bigint') return 24;
  return typeof member === 'number' && !Number.isInteger(member) ? 16 : 0;
}

export function sizeOfValue(value: Value): number {
  if (typeof value === 'string') return 24 + value.length;
  if (value instanceof Uint8Array) return TYPED_ARRAY_BYTES + value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, element) => sum + 8 + sizeOfValue(element as Value), 32);
  if (value instanceof Map)
    return [...(value as Map<Value, Value>)].reduce((sum, [k, v]) => sum + 32 + sizeOfValue(k) + sizeOfValue(v), 64);
  return 24;
}

export function valueCodec(type: DataType): StateCodec {
  return {
    toJson: (value) => valueToJson(type, value as Value),
    fromJson: (json) => valueFromJson(type, json),
    sizeOf: (value) => sizeOfValue(value as Value),
  };
}

/** Values of a primitive column, as the library decodes them, into one of our columns. */
import type { DecodedArray } from 'hyparquet';
import { parseFloat16 } from 'hyparquet/src/convert.js';
import { BytesBuilder } from '../../core/column-builder.ts';
import { bitmapBytes, Column, writeDecimal } from '../../core/column.ts';
import { pow10 } from '../../core/decimal.ts';
import type { DataType } from '../../core/types.ts';
import { encodeUtf8 } from '../../core/utf8.ts';
import type { LeafKind } from './leaf-kind.ts';

/** Of values without gaps: there is no NULL among them. */
export type LeafConversion = (values: DecodedArray) => Column;

/** How a column of the file becomes one of `type`, with no value changed; null when it cannot. */
export function leafConversion(leaf: LeafKind, type: DataType): LeafConversion | null {
  switch (type.kind) {
    case 'BOOLEAN':
      return leaf.kind === 'BOOLEAN' ? (values) => booleans(type, values) : null;
    case 'INT':
      return leaf.kind === 'INT32' ? (values) => ints(type, values) : null;
    case 'DATE':
      return leaf.kind === 'DATE' ? (values) => ints(type, values) : null;
    case 'BIGINT':
      return bigintConversion(leaf, type);
    case 'DOUBLE':
      return doubleConversion(leaf, type);
    case 'DECIMAL':
      return decimalConversion(leaf, type);
    case 'STRING':
      if (leaf.kind === 'UUID') return (values) => bytes(type, uuidTexts(values));
      // Writers that are older than the annotation leave it out.
      return leaf.kind === 'STRING' || leaf.kind === 'BYTES' ? (values) => bytes(type, values) : null;
    case 'BYTES':
      return leaf.kind === 'BYTES' || leaf.kind === 'STRING' || leaf.kind === 'UUID'
        ? (values) => bytes(type, values)
        : null;
    case 'TIMESTAMP':
      if (leaf.kind === 'INT96') return (values) => julianInstants(type, values);
      return leaf.kind === 'TIMESTAMP' ? (values) => instants(type, values, leaf.unitsPerMs) : null;
    default:
      return null;
  }
}

function booleans(type: DataType, values: DecodedArray): Column {
  const bits = new Uint8Array(bitmapBytes(values.length));
  // Some encodings give 0 and 1.
  for (let i = 0; i < values.length; i++) if (Boolean(values[i])) bits[i >> 3]! |= 1 << (i & 7);
  return new Column(type, values.length, null, bits);
}

function ints(type: DataType, values: DecodedArray): Column {
  const array =
    values instanceof Int32Array ? (values as Int32Array<ArrayBuffer>) : Int32Array.from(values as number[]);
  return new Column(type, values.length, null, array);
}

function bigintConversion(leaf: LeafKind, type: DataType): LeafConversion | null {
  switch (leaf.kind) {
    case 'INT64':
      return (values) => new Column(type, values.length, null, longs(values));
    case 'INT32':
      return (values) => new Column(type, values.length, null, BigInt64Array.from(values as number[], BigInt));
    case 'UINT32':
      return (values) =>
        new Column(
          type,
          values.length,
          null,
          BigInt64Array.from(values as number[], (value) => BigInt(value >>> 0)),
        );
    default:
      return null;
  }
}

function longs(values: DecodedArray): BigInt64Array<ArrayBuffer> {
  return values instanceof BigInt64Array
    ? (values as BigInt64Array<ArrayBuffer>)
    : BigInt64Array.from(values as unknown as bigint[]);
}

function doubleConversion(leaf: LeafKind, type: DataType): LeafConversion | null {
  switch (leaf.kind) {
    case 'DOUBLE':
    case 'FLOAT':
    case 'INT32':
      return (values) =>
        new Column(
          type,
          values.length,
          null,
          values instanceof Float64Array
            ? (values as Float64Array<ArrayBuffer>)
            : Float64Array.from(values as number[]),
        );
    case 'FLOAT16':
      return (values) =>
        new Column(
          type,
          values.length,
          null,
          Float64Array.from(values as Uint8Array[], (half) => parseFloat16(half) ?? NaN),
        );
    default:
      return null;
  }
}

function decimalConversion(leaf: LeafKind, type: DataType & { kind: 'DECIMAL' }): LeafConversion | null {
  const from = leaf.kind === 'UINT64' ? { precision: 20, scale: 0 } : leaf.kind === 'DECIMAL' ? leaf : null;
  if (from === null || from.scale > type.scale || from.precision - from.scale > type.precision - type.scale)
    return null;
  const factor = pow10(type.scale - from.scale);
  const unscaled = leaf.kind === 'UINT64' ? (value: unknown) => BigInt.asUintN(64, value as bigint) : unscaledOf;
  return (values) => {
    const words = new BigInt64Array(2 * values.length);
    for (let i = 0; i < values.length; i++) writeDecimal(words, i, unscaled(values[i]) * factor);
    return new Column(type, values.length, null, words);
  };
}

/** Of an integer, or of the bytes of one, big end first, in two's complement. */
function unscaledOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  const digits = value as Uint8Array;
  let unsigned = 0n;
  for (const byte of digits) unsigned = (unsigned << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * digits.length, unsigned);
}

function bytes(type: DataType, values: DecodedArray): Column {
  const builder = new BytesBuilder(type, Math.max(1, values.length));
  for (let i = 0; i < values.length; i++) {
    const cell = values[i] as Uint8Array;
    builder.appendBytes(cell, 0, cell.length);
  }
  return builder.finish();
}

function uuidTexts(values: DecodedArray): Uint8Array[] {
  return Array.from(values as Uint8Array[], (value) => {
    const hex = Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return encodeUtf8(hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
  });
}

function instants(type: DataType, values: DecodedArray, unitsPerMs: bigint): Column {
  const ms = new Float64Array(values.length);
  for (let i = 0; i < ms.length; i++) ms[i] = Number(floorDivide(values[i] as bigint, unitsPerMs));
  return new Column(type, ms.length, null, ms);
}

function floorDivide(value: bigint, by: bigint): bigint {
  if (by === 1n) return value;
  const quotient = value / by;
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient;
}

/** INT96, as Impala, Hive and old versions of Spark write timestamps: nanoseconds of the day below, the Julian day above. */
const EPOCH_JULIAN_DAY = 2_440_588n;
const DAY_MS = 86_400_000n;

function julianInstants(type: DataType, values: DecodedArray): Column {
  const ms = Float64Array.from(values as unknown as bigint[], (value) => {
    const nanos = BigInt.asUintN(64, value);
    return Number(((value >> 64n) - EPOCH_JULIAN_DAY) * DAY_MS + nanos / 1_000_000n);
  });
  return new Column(type, ms.length, null, ms);
}

/**
 * Cells of CSV from bytes into columns. A row is appended whole or not at all, so a cell is first read (and kept here), and
 * appended once all cells of its row are good.
 */
import { BytesBuilder, type ColumnBuilder } from '../core/column-builder.ts';
import { assert } from '../core/errors.ts';
import type { DataType, Value } from '../core/types.ts';
import { decodeUtf8 } from '../core/utf8.ts';
import { instantOfBytes } from './instant.ts';
import { valueOfCell } from './json-value.ts';

export abstract class CellReader {
  isNull = false;
  readonly type: DataType;

  constructor(type: DataType) {
    this.type = type;
  }

  /** Reads `bytes[start, end)`, which stay as they are until `append`; false when they are no value of the type. */
  abstract read(bytes: Uint8Array, start: number, end: number): boolean;
  abstract append(builder: ColumnBuilder): void;
}

export function cellReader(type: DataType): CellReader {
  switch (type.kind) {
    case 'STRING':
      return new TextCell(type);
    case 'INT':
    case 'BIGINT':
    case 'DOUBLE':
      return new NumberCell(type);
    case 'TIMESTAMP':
      return new InstantCell(type);
    default:
      return new OtherCell(type);
  }
}

/** Copies bytes from file to column: no string is made. */
class TextCell extends CellReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;

  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    return true;
  }

  append(builder: ColumnBuilder): void {
    assert(builder instanceof BytesBuilder, 'a STRING column of another kind');
    builder.appendBytes(this.#bytes, this.#start, this.#end);
  }
}

const ZERO = 0x30;
const MINUS = 0x2d;
const DOT = 0x2e;
/** As many digits as a double holds whatever they are. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => 10 ** i);

/**
 * Plain digits, with a fraction for DOUBLE. Up to 15 of them make an integer and a power of ten that are both exact doubles,
 * so that one division rounds as a full parser would; longer numbers, exponents and blanks go the long way.
 */
class NumberCell extends CellReader {
  #value: number | bigint = 0;

  read(bytes: Uint8Array, start: number, end: number): boolean {
    const isNegative = bytes[start] === MINUS;
    let at = isNegative ? start + 1 : start;
    if (at >= end || end - at > EXACT_DIGITS) return this.#readLong(bytes, start, end);
    let value = 0;
    let fraction = 0;
    for (; at < end; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit >= 0 && digit <= 9) value = value * 10 + digit;
      else if (bytes[at] === DOT && fraction === 0 && at + 1 < end && this.type.kind === 'DOUBLE')
        fraction = end - at - 1;
      else return this.#readLong(bytes, start, end);
    }
    if (isNegative) value = -value;
    if (fraction > 0) value /= POWERS[fraction]!;
    if (this.type.kind === 'BIGINT') this.#value = BigInt(value);
    else if (this.type.kind === 'DOUBLE') this.#value = value;
    else if ((value | 0) !== value) return false;
    else this.#value = value | 0;
    return true;
  }

  #readLong(bytes: Uint8Array, start: number, end: number): boolean {
    const value = valueOfCell(this.type, decodeUtf8(bytes.subarray(start, end)));
    if (value === undefined) return false;
    this.#value = value as number | bigint;
    return true;
  }

  append(builder: ColumnBuilder): void {
    builder.appendValue(this.#value);
  }
}

class InstantCell extends CellReader {
  #ms = 0;

  read(bytes: Uint8Array, start: number, end: number): boolean {
    const ms = instantOfBytes(bytes, start, end);
    if (ms === null) return false;
    this.#ms = ms;
    return true;
  }

  append(builder: ColumnBuilder): void {
    builder.appendValue(this.#ms);
  }
}

class OtherCell extends CellReader {
  #value: Value = null;

  read(bytes: Uint8Array, start: number, end: number): boolean {
    const value = valueOfCell(this.type, decodeUtf8(bytes.subarray(start, end)));
    if (value === undefined) return false;
    this.#value = value;
    return true;
  }

  append(builder: ColumnBuilder): void {
    builder.appendValue(this.#value);
  }
}

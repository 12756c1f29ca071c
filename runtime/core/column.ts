/**
 * One column of a batch, in Arrow's layout (https://arrow.apache.org/docs/format/Columnar.html): values, a validity bitmap
 * (bit i of byte i >> 3, 1 = not null, `null` = no nulls at all), offsets for variable lengths, children for nested types.
 *
 * | type             | values                                   | offsets | children      |
 * | ---------------- | ---------------------------------------- | ------- | ------------- |
 * | BOOLEAN          | Uint8Array, one bit a row                |         |               |
 * | INT, DATE        | Int32Array                               |         |               |
 * | BIGINT           | BigInt64Array                            |         |               |
 * | DOUBLE           | Float64Array                             |         |               |
 * | TIMESTAMP        | Float64Array (see ARCHITECTURE.md, D3)   |         |               |
 * | DECIMAL          | BigInt64Array, two words a row (low, high) |       |               |
 * | STRING, BYTES    | Uint8Array                               | n + 1   |               |
 * | ARRAY            | (empty)                                  | n + 1   | elements      |
 * | MAP              | (empty)                                  | n + 1   | keys, values  |
 * | ROW              | (empty)                                  |         | one per field |
 *
 * Arrays may be longer than `length` needs. A column is immutable once built. The value slot of a null is undefined, but
 * its offsets are in order.
 */
import type { DataType, Value } from './types.ts';
import { decodeUtf8 } from './utf8.ts';

export type ColumnValues =
  Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>;

export class Column {
  readonly type: DataType;
  readonly length: number;
  readonly validity: Uint8Array<ArrayBuffer> | null;
  readonly values: ColumnValues;
  readonly offsets: Int32Array<ArrayBuffer> | null;
  readonly children: readonly Column[];
  /** All bytes of a STRING column decoded at once, or '' when they are not ASCII; null before the first use. */
  #ascii: string | null = null;

  constructor(
    type: DataType,
    length: number,
    validity: Uint8Array<ArrayBuffer> | null,
    values: ColumnValues,
    offsets: Int32Array<ArrayBuffer> | null = null,
    children: readonly Column[] = NO_CHILDREN,
  ) {
    this.type = type;
    this.length = length;
    this.validity = validity;
    this.values = values;
    this.offsets = offsets;
    this.children = children;
  }

  isNull(row: number): boolean {
    return this.validity !== null && ((this.validity[row >> 3]! >> (row & 7)) & 1) === 0;
  }

  /** The text of a STRING cell that is not null. Decodes the whole column on first use: a substring a row after that. */
  text(row: number): string {
    const start = this.offsets![row]!;
    const end = this.offsets![row + 1]!;
    if (start === end) return '';
    const ascii = this.#ascii ?? this.#decode();
    return ascii === '' ? decodeUtf8((this.values as Uint8Array).subarray(start, end)) : ascii.substring(start, end);
  }

  #decode(): string {
    const bytes = (this.values as Uint8Array).subarray(0, this.offsets![this.length]!);
    const all = decodeUtf8(bytes);
    this.#ascii = all.length === bytes.length ? all : '';
    return this.#ascii;
  }

  /** The cell as a value (see `Value`). For edges, tests and rare types: hot loops read `values` themselves. */
  value(row: number): Value {
    if (this.isNull(row)) return null;
    const { values, children } = this;
    switch (this.type.kind) {
      case 'BOOLEAN':
        return (((values as Uint8Array)[row >> 3]! >> (row & 7)) & 1) === 1;
      case 'STRING':
        return this.text(row);
      case 'BYTES':
        return (values as Uint8Array).slice(this.offsets![row]!, this.offsets![row + 1]!);
      case 'DECIMAL':
        return readDecimal(values as BigInt64Array, row);
      case 'ARRAY':
        return this.#range(row, (i) => children[0]!.value(i));
      case 'MAP':
        return new Map(this.#range(row, (i) => [children[0]!.value(i), children[1]!.value(i)] as const));
      case 'ROW':
        return children.map((child) => child.value(row));
      default:
        return (values as Int32Array | Float64Array | BigInt64Array)[row]!;
    }
  }

  #range<T>(row: number, read: (index: number) => T): T[] {
    const out: T[] = [];
    for (let i = this.offsets![row]!; i < this.offsets![row + 1]!; i++) out.push(read(i));
    return out;
  }
}

const NO_CHILDREN: readonly Column[] = [];

export function readDecimal(words: BigInt64Array, row: number): bigint {
  return (words[2 * row + 1]! << 64n) | BigInt.asUintN(64, words[2 * row]!);
}

export function writeDecimal(words: BigInt64Array, row: number, unscaled: bigint): void {
  words[2 * row] = BigInt.asIntN(64, unscaled);
  words[2 * row + 1] = BigInt.asIntN(64, unscaled >> 64n);
}

/** Bytes of a bitmap of `bits` bits. */
export function bitmapBytes(bits: number): number {
  return (bits + 7) >> 3;
}

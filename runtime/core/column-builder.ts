/** Growing columns: from values, or row by row and range by range from other columns. */
import { bitmapBytes, Column, writeDecimal, type ColumnValues } from './column.ts';
import { assert } from './errors.ts';
import type { DataType, Value } from './types.ts';
import { encodeUtf8Into } from './utf8.ts';

/** Appends cells of one type; `finish` hands the column over and empties the builder for the next one. */
export interface ColumnBuilder {
  readonly length: number;
  appendValue(value: Value): void;
  appendNull(): void;
  /** Rows `indices[0, count)` of `column`, in that order. */
  appendRows(column: Column, indices: Int32Array, count: number): void;
  /** Rows `[start, end)` of `column`. */
  appendRange(column: Column, start: number, end: number): void;
  finish(): Column;
}

export function columnBuilder(type: DataType, capacity = 64): ColumnBuilder {
  switch (type.kind) {
    case 'INT':
    case 'DATE':
      return new FixedBuilder(type, NO_INTS, capacity);
    case 'DOUBLE':
    case 'TIMESTAMP':
      return new FixedBuilder(type, NO_DOUBLES, capacity);
    case 'BIGINT':
      return new FixedBuilder(type, NO_LONGS, capacity);
    case 'DECIMAL':
      return new DecimalBuilder(type, capacity);
    case 'BOOLEAN':
      return new BooleanBuilder(type, capacity);
    case 'STRING':
    case 'BYTES':
      return new BytesBuilder(type, capacity);
    case 'ARRAY':
    case 'MAP':
      return new ListBuilder(type, capacity);
    case 'ROW':
      return new RowBuilder(type, capacity);
    default:
      throw new Error(`Millrace bug: no column of type ${type.kind}`);
  }
}

/** A column of the given values, each as `Value` describes. */
export function columnOf(type: DataType, values: readonly Value[]): Column {
  const builder = columnBuilder(type, Math.max(1, values.length));
  for (const value of values) builder.appendValue(value);
  return builder.finish();
}

/** Length and validity, common to all: the bitmap is only made once a null comes. */
abstract class BuilderBase implements ColumnBuilder {
  length = 0;
  #validity: Uint8Array<ArrayBuffer> | null = null;
  readonly type: DataType;

  constructor(type: DataType) {
    this.type = type;
  }

  protected abstract reserve(rows: number): void;
  protected abstract write(row: number, value: Exclude<Value, null>): void;
  /** Gives a null row its (unread) slot: variable lengths need their offset. */
  protected abstract writeNull(row: number): void;
  protected abstract copyRows(column: Column, indices: Int32Array, count: number): void;
  protected abstract copyRange(column: Column, start: number, end: number): void;
  protected abstract release(validity: Uint8Array<ArrayBuffer> | null): Column;

  appendValue(value: Value): void {
    if (value === null) {
      this.appendNull();
      return;
    }
    this.reserve(this.length + 1);
    this.write(this.length, value);
    this.length++;
  }

  appendNull(): void {
    this.reserve(this.length + 1);
    this.writeNull(this.length);
    this.#clearBit(this.length);
    this.length++;
  }

  appendRows(column: Column, indices: Int32Array, count: number): void {
    this.reserve(this.length + count);
    this.copyRows(column, indices, count);
    if (column.validity !== null) {
      for (let i = 0; i < count; i++) if (column.isNull(indices[i]!)) this.#clearBit(this.length + i);
    }
    this.length += count;
  }

  appendRange(column: Column, start: number, end: number): void {
    const count = end - start;
    this.reserve(this.length + count);
    this.copyRange(column, start, end);
    if (column.validity !== null) {
      for (let i = 0; i < count; i++) if (column.isNull(start + i)) this.#clearBit(this.length + i);
    }
    this.length += count;
  }

  finish(): Column {
    // Rows after the last null have not touched the bitmap.
    if (this.#validity !== null) this.#growValidity(this.length);
    const column = this.release(this.#validity);
    this.length = 0;
    this.#validity = null;
    return column;
  }

  #clearBit(row: number): void {
    this.#growValidity(row + 1);
    this.#validity![row >> 3]! &= ~(1 << (row & 7));
  }

  #growValidity(rows: number): void {
    const old = this.#validity;
    if (old !== null && old.length >= bitmapBytes(rows)) return;
    this.#validity = new Uint8Array(bitmapBytes(Math.max(rows * 2, 64))).fill(0xff);
    if (old !== null) this.#validity.set(old);
  }
}

type Fixed = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>;

/** Arrays are made when the first row comes, not when the last batch goes: many builders are used once. */
const NO_INTS = new Int32Array(0);
const NO_DOUBLES = new Float64Array(0);
const NO_LONGS = new BigInt64Array(0);
const NO_BYTES = new Uint8Array(0);

/** `array` with room for `needed` elements: at least `capacity` at first, twice as many after that. */
function grow<T extends ColumnValues>(array: T, needed: number, capacity: number): T {
  if (array.length >= needed) return array;
  const length = Math.max(needed, array.length === 0 ? capacity : array.length * 2);
  const grown = new (array.constructor as new (length: number) => T)(length);
  if (array.length > 0) grown.set(array as never);
  return grown;
}

class FixedBuilder<T extends Fixed> extends BuilderBase {
  readonly #none: T;
  readonly #capacity: number;
  #values: T;

  constructor(type: DataType, none: T, capacity: number) {
    super(type);
    this.#none = none;
    this.#capacity = capacity;
    this.#values = none;
  }

  protected reserve(rows: number): void {
    if (rows > this.#values.length) this.#values = grow(this.#values, rows, this.#capacity);
  }

  protected write(row: number, value: Exclude<Value, null>): void {
    this.#values[row] = value as never;
  }

  protected writeNull(): void {
    // any value will do
  }

  protected copyRows(column: Column, indices: Int32Array, count: number): void {
    const from = column.values;
    const into = this.#values;
    // One loop per array type, so that each stays monomorphic.
    if (into instanceof Float64Array) gatherDoubles(from as Float64Array, indices, count, into, this.length);
    else if (into instanceof Int32Array) gatherInts(from as Int32Array, indices, count, into, this.length);
    else gatherLongs(from as BigInt64Array, indices, count, into as BigInt64Array, this.length);
  }

  protected copyRange(column: Column, start: number, end: number): void {
    this.#values.set(column.values.subarray(start, end) as never, this.length);
  }

  protected release(validity: Uint8Array<ArrayBuffer> | null): Column {
    const column = new Column(this.type, this.length, validity, this.#values);
    this.#values = this.#none;
    return column;
  }
}

function gatherDoubles(from: Float64Array, indices: Int32Array, count: number, into: Float64Array, at: number): void {
  for (let i = 0; i < count; i++) into[at + i] = from[indices[i]!]!;
}

function gatherInts(from: Int32Array, indices: Int32Array, count: number, into: Int32Array, at: number): void {
  for (let i = 0; i < count; i++) into[at + i] = from[indices[i]!]!;
}

function gatherLongs(from: BigInt64Array, indices: Int32Array, count: number, into: BigInt64Array, at: number): void {
  for (let i = 0; i < count; i++) into[at + i] = from[indices[i]!]!;
}

class DecimalBuilder extends BuilderBase {
  readonly #capacity: number;
  #words: BigInt64Array<ArrayBuffer> = NO_LONGS;

  constructor(type: DataType, capacity: number) {
    super(type);
    this.#capacity = 2 * capacity;
  }

  protected reserve(rows: number): void {
    this.#words = grow(this.#words, 2 * rows, this.#capacity);
  }

  protected write(row: number, value: Exclude<Value, null>): void {
    writeDecimal(this.#words, row, value as bigint);
  }

  protected writeNull(): void {
    // any value will do
  }

  protected copyRows(column: Column, indices: Int32Array, count: number): void {
    const from = column.values as BigInt64Array;
    for (let i = 0, at = 2 * this.length; i < count; i++, at += 2) {
      this.#words[at] = from[2 * indices[i]!]!;
      this.#words[at + 1] = from[2 * indices[i]! + 1]!;
    }
  }

  protected copyRange(column: Column, start: number, end: number): void {
    this.#words.set((column.values as BigInt64Array).subarray(2 * start, 2 * end), 2 * this.length);
  }

  protected release(validity: Uint8Array<ArrayBuffer> | null): Column {
    const column = new Column(this.type, this.length, validity, this.#words);
    this.#words = NO_LONGS;
    return column;
  }
}

class BooleanBuilder extends BuilderBase {
  readonly #capacity: number;
  #bits: Uint8Array<ArrayBuffer> = NO_BYTES;

  constructor(type: DataType, capacity: number) {
    super(type);
    this.#capacity = bitmapBytes(capacity);
  }

  protected reserve(rows: number): void {
    this.#bits = grow(this.#bits, bitmapBytes(rows), this.#capacity);
  }

  protected write(row: number, value: Exclude<Value, null>): void {
    if (value === true) this.#bits[row >> 3]! |= 1 << (row & 7);
  }

  protected writeNull(): void {
    // the bit is 0 already
  }

  protected copyRows(column: Column, indices: Int32Array, count: number): void {
    const from = column.values as Uint8Array;
    for (let i = 0, at = this.length; i < count; i++, at++) {
      const row = indices[i]!;
      this.#bits[at >> 3]! |= ((from[row >> 3]! >> (row & 7)) & 1) << (at & 7);
    }
  }

  protected copyRange(column: Column, start: number, end: number): void {
    const from = column.values as Uint8Array;
    for (let row = start, at = this.length; row < end; row++, at++) {
      this.#bits[at >> 3]! |= ((from[row >> 3]! >> (row & 7)) & 1) << (at & 7);
    }
  }

  protected release(validity: Uint8Array<ArrayBuffer> | null): Column {
    const column = new Column(this.type, this.length, validity, this.#bits);
    this.#bits = NO_BYTES;
    return column;
  }
}

/** Below this many bytes a loop beats `TypedArray.set`, which pays for its call. */
const SHORT_COPY = 48;

/** STRING and BYTES. `appendText` is the hot way in for kernels and readers. */
export class BytesBuilder extends BuilderBase {
  readonly #capacity: number;
  /** Bytes of the last column: the next one will not need much more. */
  #likelyBytes: number;
  #bytes: Uint8Array<ArrayBuffer> = NO_BYTES;
  #offsets: Int32Array<ArrayBuffer> = NO_INTS;
  #used = 0;

  constructor(type: DataType, capacity: number) {
    super(type);
    this.#capacity = capacity + 1;
    this.#likelyBytes = capacity * 16;
  }

  /** `bytes[start, end)` as the next cell. */
  appendBytes(bytes: Uint8Array, start: number, end: number): void {
    this.reserve(this.length + 1);
    this.#copy(bytes, start, end);
    this.#offsets[this.length + 1] = this.#used;
    this.length++;
  }

  protected reserve(rows: number): void {
    if (rows + 1 > this.#offsets.length) this.#offsets = grow(this.#offsets, rows + 1, this.#capacity);
  }

  #reserveBytes(more: number): void {
    if (this.#used + more > this.#bytes.length) this.#bytes = grow(this.#bytes, this.#used + more, this.#likelyBytes);
  }

  #copy(bytes: Uint8Array, start: number, end: number): void {
    const size = end - start;
    this.#reserveBytes(size);
    if (size <= SHORT_COPY) {
      const into = this.#bytes;
      for (let i = start, at = this.#used; i < end; i++, at++) into[at] = bytes[i]!;
    } else {
      this.#bytes.set(bytes.subarray(start, end), this.#used);
    }
    this.#used += size;
  }

  protected write(row: number, value: Exclude<Value, null>): void {
    if (typeof value === 'string') {
      this.#reserveBytes(value.length * 3);
      this.#used += this.#writeText(value);
    } else {
      const bytes = value as Uint8Array;
      this.#copy(bytes, 0, bytes.length);
    }
    this.#offsets[row + 1] = this.#used;
  }

  /** Short ASCII text is written by hand: the codec's call costs more than the loop. */
  #writeText(text: string): number {
    const { length } = text;
    if (length <= SHORT_COPY) {
      const into = this.#bytes;
      const at = this.#used;
      let i = 0;
      for (; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        into[at + i] = unit;
      }
      if (i === length) return length;
    }
    return encodeUtf8Into(text, this.#bytes.subarray(this.#used));
  }

  protected writeNull(row: number): void {
    this.#offsets[row + 1] = this.#used;
  }

  protected copyRows(column: Column, indices: Int32Array, count: number): void {
    const offsets = column.offsets!;
    // Rows that lie side by side are copied in one go.
    for (let i = 0, at = this.length; i < count;) {
      const first = indices[i]!;
      let next = first + 1;
      while (++i < count && indices[i] === next) next++;
      const start = offsets[first]!;
      const shift = this.#used - start;
      this.#copy(column.values as Uint8Array, start, offsets[next]!);
      for (let row = first; row < next; row++) this.#offsets[++at] = offsets[row + 1]! + shift;
    }
  }

  protected copyRange(column: Column, start: number, end: number): void {
    const offsets = column.offsets!;
    const shift = this.#used - offsets[start]!;
    const bytes = column.values as Uint8Array;
    const size = offsets[end]! - offsets[start]!;
    this.#reserveBytes(size);
    this.#bytes.set(bytes.subarray(offsets[start]!, offsets[end]!), this.#used);
    this.#used += size;
    for (let row = start, at = this.length + 1; row < end; row++, at++) this.#offsets[at] = offsets[row + 1]! + shift;
  }

  protected release(validity: Uint8Array<ArrayBuffer> | null): Column {
    // Also a column without rows has its first offset.
    this.reserve(this.length);
    const column = new Column(this.type, this.length, validity, this.#bytes, this.#offsets);
    this.#likelyBytes = Math.max(64, this.#used);
    this.#bytes = NO_BYTES;
    this.#offsets = NO_INTS;
    this.#used = 0;
    return column;
  }
}

class ListBuilder extends BuilderBase {
  readonly #capacity: number;
  #offsets: Int32Array<ArrayBuffer> = NO_INTS;
  readonly #children: readonly ColumnBuilder[];

  constructor(type: DataType, capacity: number) {
    super(type);
    assert(type.kind === 'ARRAY' || type.kind === 'MAP', 'a list of something else');
    this.#capacity = capacity + 1;
    this.#children = (type.kind === 'ARRAY' ? [type.element] : [type.key, type.value]).map((t) =>
      columnBuilder(t, capacity),
    );
  }

  protected reserve(rows: number): void {
    this.#offsets = grow(this.#offsets, rows + 1, this.#capacity);
  }

  protected write(row: number, value: Exclude<Value, null>): void {
    const [first, second] = this.#children;
    if (second === undefined) {
      for (const element of value as readonly Value[]) first!.appendValue(element);
    } else {
      for (const [key, mapped] of value as ReadonlyMap<Value, Value>) {
        first!.appendValue(key);
        second.appendValue(mapped);
      }
    }
    this.writeNull(row);
  }

  protected writeNull(row: number): void {
    this.#offsets[row + 1] = this.#children[0]!.length;
  }

  protected copyRows(column: Column, indices: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#copyOne(column, indices[i]!, this.length + i);
  }

  protected copyRange(column: Column, start: number, end: number): void {
    for (let row = start; row < end; row++) this.#copyOne(column, row, this.length + row - start);
  }

  #copyOne(column: Column, row: number, at: number): void {
    const start = column.offsets![row]!;
    const end = column.offsets![row + 1]!;
    this.#children.forEach((child, i) => child.appendRange(column.children[i]!, start, end));
    this.writeNull(at);
  }

  protected release(validity: Uint8Array<ArrayBuffer> | null): Column {
    this.reserve(this.length);
    const column = new Column(
      this.type,
      this.length,
      validity,
      NO_BYTES,
      this.#offsets,
      this.#children.map((child) => child.finish()),
    );
    this.#offsets = NO_INTS;
    return column;
  }
}

class RowBuilder extends BuilderBase {
  readonly #children: readonly ColumnBuilder[];

  constructor(type: DataType, capacity: number) {
    super(type);
    assert(type.kind === 'ROW', 'a row of something else');
    this.#children = type.fields.map((f) => columnBuilder(f.type, capacity));
  }

  protected reserve(): void {
    // the children grow by themselves
  }

  protected write(_row: number, value: Exclude<Value, null>): void {
    const values = value as readonly Value[];
    this.#children.forEach((child, i) => child.appendValue(values[i] ?? null));
  }

  protected writeNull(): void {
    for (const child of this.#children) child.appendNull();
  }

  protected copyRows(column: Column, indices: Int32Array, count: number): void {
    this.#children.forEach((child, i) => child.appendRows(column.children[i]!, indices, count));
  }

  protected copyRange(column: Column, start: number, end: number): void {
    this.#children.forEach((child, i) => child.appendRange(column.children[i]!, start, end));
  }

  protected release(validity: Uint8Array<ArrayBuffer> | null): Column {
    return new Column(
      this.type,
      this.length,
      validity,
      NO_BYTES,
      null,
      this.#children.map((child) => child.finish()),
    );
  }
}

/**
 * Keys of several fields (or of a rare type) as bytes, so that they compare byte by byte: a field is a tag (0 = NULL, nothing
 * follows; 1) and its value, little endian; STRING and BYTES with their length first. Column by column, in two passes: sizes, then bytes.
 */
import type { BytesBuilder, ColumnBuilder } from '../../core/column-builder.ts';
import { readDecimal, type Column } from '../../core/column.ts';
import type { DataType, Field } from '../../core/types.ts';

export class KeyEncoder {
  /** Row i is `bytes[offsets[i], offsets[i + 1])`. */
  bytes = new Uint8Array(1024);
  offsets = new Int32Array(1);
  readonly #types: readonly DataType[];
  #view = new DataView(this.bytes.buffer);
  #cursors = new Int32Array(0);
  readonly #decimal = new BigInt64Array(2);

  constructor(keys: readonly Field[]) {
    this.#types = keys.map((key) => key.type);
  }

  encode(columns: readonly Column[], count: number): void {
    if (this.offsets.length < count + 1) {
      this.offsets = new Int32Array(count + 1);
      this.#cursors = new Int32Array(count);
    }
    const { offsets } = this;
    offsets.fill(0, 0, count + 1);
    for (const column of columns) addSizes(column, count, offsets);
    for (let i = 1; i <= count; i++) offsets[i]! += offsets[i - 1]!;
    if (this.bytes.length < offsets[count]!) {
      this.bytes = new Uint8Array(offsets[count]! * 2);
      this.#view = new DataView(this.bytes.buffer);
    }
    this.#cursors.set(offsets.subarray(0, count));
    for (const column of columns) this.#write(column, count);
  }

  #write(column: Column, count: number): void {
    const cursors = this.#cursors;
    const { bytes } = this;
    for (let i = 0; i < count; i++) bytes[cursors[i]!++] = column.isNull(i) ? 0 : 1;
    switch (column.type.kind) {
      case 'INT':
      case 'DATE':
        return writeInts(column, count, cursors, this.#view);
      case 'BIGINT':
        return writeLongs(column, count, cursors, this.#view);
      case 'DECIMAL':
        return writeDecimals(column, count, cursors, this.#view);
      case 'DOUBLE':
      case 'TIMESTAMP':
        return writeDoubles(column, count, cursors, this.#view);
      case 'BOOLEAN':
        return writeBooleans(column, count, cursors, bytes);
      default:
        return writeBytes(column, count, cursors, bytes, this.#view);
    }
  }

  /** Keys that start at `starts[slot]` of `arena`, one builder a field. */
  decode(
    arena: Uint8Array<ArrayBuffer>,
    starts: Int32Array,
    slots: Int32Array,
    count: number,
    builders: readonly ColumnBuilder[],
  ): void {
    const view = new DataView(arena.buffer);
    for (let i = 0; i < count; i++) {
      let at = starts[slots[i]!]!;
      for (let k = 0; k < builders.length; k++) at = this.#read(arena, view, at, this.#types[k]!, builders[k]!);
    }
  }

  #read(arena: Uint8Array<ArrayBuffer>, view: DataView, at: number, type: DataType, builder: ColumnBuilder): number {
    if (arena[at++] === 0) {
      builder.appendNull();
      return at;
    }
    switch (type.kind) {
      case 'INT':
      case 'DATE':
        builder.appendValue(view.getInt32(at, true));
        return at + 4;
      case 'BIGINT':
        builder.appendValue(view.getBigInt64(at, true));
        return at + 8;
      case 'DECIMAL':
        this.#decimal[0] = view.getBigInt64(at, true);
        this.#decimal[1] = view.getBigInt64(at + 8, true);
        builder.appendValue(readDecimal(this.#decimal, 0));
        return at + 16;
      case 'DOUBLE':
      case 'TIMESTAMP':
        builder.appendValue(view.getFloat64(at, true));
        return at + 8;
      case 'BOOLEAN':
        builder.appendValue(arena[at] === 1);
        return at + 1;
      default: {
        const end = at + 4 + view.getInt32(at, true);
        (builder as BytesBuilder).appendBytes(arena, at + 4, end);
        return end;
      }
    }
  }
}

function addSizes(column: Column, count: number, offsets: Int32Array): void {
  const fixed = fixedSize(column.type);
  const from = column.offsets;
  for (let i = 0; i < count; i++) {
    const size = fixed ?? 4 + from![i + 1]! - from![i]!;
    offsets[i + 1]! += column.isNull(i) ? 1 : 1 + size;
  }
}

function fixedSize(type: DataType): number | null {
  switch (type.kind) {
    case 'BOOLEAN':
      return 1;
    case 'INT':
    case 'DATE':
      return 4;
    case 'STRING':
    case 'BYTES':
      return null;
    case 'DECIMAL':
      return 16;
    default:
      return 8;
  }
}

function writeInts(column: Column, count: number, cursors: Int32Array, view: DataView): void {
  const values = column.values as Int32Array;
  for (let i = 0; i < count; i++) {
    if (column.isNull(i)) continue;
    view.setInt32(cursors[i]!, values[i]!, true);
    cursors[i]! += 4;
  }
}

function writeLongs(column: Column, count: number, cursors: Int32Array, view: DataView): void {
  const values = column.values as BigInt64Array;
  for (let i = 0; i < count; i++) {
    if (column.isNull(i)) continue;
    view.setBigInt64(cursors[i]!, values[i]!, true);
    cursors[i]! += 8;
  }
}

function writeDecimals(column: Column, count: number, cursors: Int32Array, view: DataView): void {
  const values = column.values as BigInt64Array;
  for (let i = 0; i < count; i++) {
    if (column.isNull(i)) continue;
    view.setBigInt64(cursors[i]!, values[2 * i]!, true);
    view.setBigInt64(cursors[i]! + 8, values[2 * i + 1]!, true);
    cursors[i]! += 16;
  }
}

function writeDoubles(column: Column, count: number, cursors: Int32Array, view: DataView): void {
  const values = column.values as Float64Array;
  for (let i = 0; i < count; i++) {
    if (column.isNull(i)) continue;
    // As hashRows does: -0 is 0, and every NaN the same one.
    const value = values[i]! + 0;
    view.setFloat64(cursors[i]!, value === value ? value : NaN, true);
    cursors[i]! += 8;
  }
}

function writeBooleans(column: Column, count: number, cursors: Int32Array, bytes: Uint8Array): void {
  const bits = column.values as Uint8Array;
  for (let i = 0; i < count; i++) if (!column.isNull(i)) bytes[cursors[i]!++] = (bits[i >> 3]! >> (i & 7)) & 1;
}

function writeBytes(column: Column, count: number, cursors: Int32Array, bytes: Uint8Array, view: DataView): void {
  const from = column.values as Uint8Array;
  const offsets = column.offsets!;
  for (let i = 0; i < count; i++) {
    if (column.isNull(i)) continue;
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    let at = cursors[i]!;
    view.setInt32(at, end - start, true);
    at += 4;
    for (let k = start; k < end; k++) bytes[at++] = from[k]!;
    cursors[i] = at;
  }
}

/**
 * A batch as one buffer: what crosses a thread (transferred, not copied) and what a checkpoint keeps of rows in flight.
 *
 * Layout, little endian: Int32 header [rows, has event times, has change kinds, number of buffers, byte length of each
 * buffer …], then the buffers, each on an 8-byte boundary: per column validity (length 0 = no nulls), offsets, values,
 * children, depth first; then event times; then change kinds. The schema is not in it: both ends know it.
 */
import { Batch } from './batch.ts';
import { bitmapBytes, Column, type ColumnValues } from './column.ts';
import type { Schema } from './schema.ts';
import type { DataType } from './types.ts';

const HEADER_WORDS = 4;

export function encodeBatch(batch: Batch): ArrayBuffer {
  const parts = partsOf(batch);
  const size = sizeOf(parts);
  const buffer = new ArrayBuffer(size);
  const header = new Int32Array(buffer, 0, HEADER_WORDS + parts.length);
  header[0] = batch.length;
  header[1] = batch.eventTimes === null ? 0 : 1;
  header[2] = batch.changeKinds === null ? 0 : 1;
  header[3] = parts.length;
  const bytes = new Uint8Array(buffer);
  let at = align8(header.byteLength);
  parts.forEach((part, i) => {
    header[HEADER_WORDS + i] = part.byteLength;
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += align8(part.byteLength);
  });
  return buffer;
}

/** Bytes that `encodeBatch` makes of it. */
export function batchBytes(batch: Batch): number {
  return sizeOf(partsOf(batch));
}

function partsOf(batch: Batch): readonly ArrayBufferView[] {
  const parts: ArrayBufferView[] = [];
  for (const column of batch.columns) collect(column, batch.length, parts);
  if (batch.eventTimes !== null) parts.push(batch.eventTimes.subarray(0, batch.length));
  if (batch.changeKinds !== null) parts.push(batch.changeKinds.subarray(0, batch.length));
  return parts;
}

function sizeOf(parts: readonly ArrayBufferView[]): number {
  let size = align8((HEADER_WORDS + parts.length) * 4);
  for (const part of parts) size += align8(part.byteLength);
  return size;
}

/** The batch in `buffer`, as views of it. `byteOffset` must be a multiple of 8. */
export function decodeBatch(schema: Schema, buffer: ArrayBuffer, byteOffset = 0): Batch {
  const [rows, hasEventTimes, hasChangeKinds, count] = new Int32Array(buffer, byteOffset, HEADER_WORDS);
  const lengths = new Int32Array(buffer, byteOffset + HEADER_WORDS * 4, count!);
  const reader = new PartReader(buffer, byteOffset + align8((HEADER_WORDS + count!) * 4), lengths);
  const columns = schema.fields.map((f) => reader.column(f.type, rows!));
  const eventTimes = hasEventTimes === 1 ? reader.doubles() : null;
  const changeKinds = hasChangeKinds === 1 ? reader.bytes() : null;
  return new Batch(schema, rows!, columns, eventTimes, changeKinds);
}

function align8(bytes: number): number {
  return (bytes + 7) & ~7;
}

const NONE = new Uint8Array(0);

function collect(column: Column, length: number, parts: ArrayBufferView[]): void {
  const { type, values, offsets, validity, children } = column;
  parts.push(validity === null ? NONE : validity.subarray(0, bitmapBytes(length)));
  switch (type.kind) {
    case 'STRING':
    case 'BYTES':
      parts.push(offsets!.subarray(0, length + 1), values.subarray(0, offsets![length]));
      break;
    case 'ARRAY':
    case 'MAP':
      parts.push(offsets!.subarray(0, length + 1));
      for (const child of children) collect(child, offsets![length]!, parts);
      break;
    case 'ROW':
      for (const child of children) collect(child, length, parts);
      break;
    case 'BOOLEAN':
      parts.push(values.subarray(0, bitmapBytes(length)));
      break;
    case 'DECIMAL':
      parts.push(values.subarray(0, 2 * length));
      break;
    default:
      parts.push(values.subarray(0, length));
  }
}

class PartReader {
  readonly buffer: ArrayBuffer;
  readonly lengths: Int32Array;
  #at: number;
  #next = 0;

  constructor(buffer: ArrayBuffer, start: number, lengths: Int32Array) {
    this.buffer = buffer;
    this.lengths = lengths;
    this.#at = start;
  }

  #part<T>(make: (buffer: ArrayBuffer, at: number, byteLength: number) => T): T {
    const byteLength = this.lengths[this.#next++]!;
    const part = make(this.buffer, this.#at, byteLength);
    this.#at += align8(byteLength);
    return part;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#part((buffer, at, size) => new Uint8Array(buffer, at, size));
  }

  doubles(): Float64Array<ArrayBuffer> {
    return this.#part((buffer, at, size) => new Float64Array(buffer, at, size / 8));
  }

  #ints(): Int32Array<ArrayBuffer> {
    return this.#part((buffer, at, size) => new Int32Array(buffer, at, size / 4));
  }

  #longs(): BigInt64Array<ArrayBuffer> {
    return this.#part((buffer, at, size) => new BigInt64Array(buffer, at, size / 8));
  }

  column(type: DataType, length: number): Column {
    const bitmap = this.bytes();
    const validity = bitmap.length === 0 ? null : bitmap;
    switch (type.kind) {
      case 'STRING':
      case 'BYTES': {
        const offsets = this.#ints();
        return new Column(type, length, validity, this.bytes(), offsets);
      }
      case 'ARRAY':
      case 'MAP': {
        const offsets = this.#ints();
        const types = type.kind === 'ARRAY' ? [type.element] : [type.key, type.value];
        return new Column(
          type,
          length,
          validity,
          NONE,
          offsets,
          types.map((t) => this.column(t, offsets[length]!)),
        );
      }
      case 'ROW':
        return new Column(
          type,
          length,
          validity,
          NONE,
          null,
          type.fields.map((f) => this.column(f.type, length)),
        );
      default:
        return new Column(type, length, validity, this.#fixed(type));
    }
  }

  #fixed(type: DataType): ColumnValues {
    switch (type.kind) {
      case 'BOOLEAN':
        return this.bytes();
      case 'INT':
      case 'DATE':
        return this.#ints();
      case 'BIGINT':
      case 'DECIMAL':
        return this.#longs();
      default:
        return this.doubles();
    }
  }
}

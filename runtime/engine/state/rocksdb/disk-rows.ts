/**
 * Values on disk: the state columns of an entry, little endian, one after the other: f64 and i64 in 8 bytes, i32 in 4;
 * bytes, and an object's JSON in UTF-8, as the length + 1 (0 = undefined, nothing follows) and themselves.
 */
import { columnBuilder, type BytesBuilder } from '../../../core/column-builder.ts';
import { Column } from '../../../core/column.ts';
import type { Json, StateCodec, StateColumnSpec } from '../../../core/state.ts';
import { BIGINT, BYTES, DOUBLE, INT, STRING } from '../../../core/types.ts';
import { decodeUtf8, encodeUtf8 } from '../../../core/utf8.ts';
import { bytesOf, codecOf } from '../table-snapshot.ts';
import type { PackedReader, PackedWriter } from './packed.ts';

/** The arrays of a table, by slot. */
export interface ColumnArrays {
  f64(column: string): Float64Array;
  i64(column: string): BigInt64Array;
  i32(column: string): Int32Array;
  objects(column: string): unknown[];
}

type Bound =
  | { readonly type: 'f64'; readonly values: Float64Array }
  | { readonly type: 'i64'; readonly values: BigInt64Array }
  | { readonly type: 'i32'; readonly values: Int32Array }
  | { readonly type: 'bytes'; readonly values: (Uint8Array | undefined)[] }
  | { readonly type: 'object'; readonly values: unknown[]; readonly codec: StateCodec };

export class DiskRows {
  readonly #specs: readonly StateColumnSpec[];
  readonly #fixedBytes: number;
  #bound: readonly Bound[] = [];

  constructor(specs: readonly StateColumnSpec[]) {
    this.#specs = specs;
    this.#fixedBytes = specs.reduce((sum, { type }) => sum + (type === 'f64' || type === 'i64' ? 8 : 4), 0);
  }

  /** Uses these arrays from now on: again whenever they may have grown. */
  bind(arrays: ColumnArrays): void {
    this.#bound = this.#specs.map((spec): Bound => {
      switch (spec.type) {
        case 'f64':
          return { type: 'f64', values: arrays.f64(spec.name) };
        case 'i64':
          return { type: 'i64', values: arrays.i64(spec.name) };
        case 'i32':
          return { type: 'i32', values: arrays.i32(spec.name) };
        case 'bytes':
          return { type: 'bytes', values: arrays.objects(spec.name) as (Uint8Array | undefined)[] };
        case 'object':
          return { type: 'object', values: arrays.objects(spec.name), codec: codecOf(spec) };
      }
    });
  }

  /** Row of a slot, as the next part of `out`. */
  write(slot: number, out: PackedWriter): void {
    out.reserve(4 + this.#fixedBytes);
    const start = out.begin();
    for (const column of this.#bound) {
      switch (column.type) {
        case 'f64':
          out.view.setFloat64(out.length, column.values[slot]!, true);
          out.length += 8;
          break;
        case 'i64':
          out.view.setBigInt64(out.length, column.values[slot]!, true);
          out.length += 8;
          break;
        case 'i32':
          out.view.setInt32(out.length, column.values[slot]!, true);
          out.length += 4;
          break;
        case 'bytes':
          this.#writeBytes(column.values[slot] ?? null, out);
          break;
        case 'object': {
          const value = column.values[slot];
          this.#writeBytes(value === undefined ? null : encodeUtf8(JSON.stringify(column.codec.toJson(value))), out);
        }
      }
    }
    out.end(start);
  }

  #writeBytes(bytes: Uint8Array | null, out: PackedWriter): void {
    const length = bytes === null ? 0 : bytes.length;
    out.reserve(4 + length + this.#fixedBytes);
    out.view.setUint32(out.length, bytes === null ? 0 : length + 1, true);
    if (bytes !== null) out.bytes.set(bytes, out.length + 4);
    out.length += 4 + length;
  }

  /** Row of a batch's columns (as in table-snapshot.ts), as the next part of `out`. */
  writeFrom(columns: readonly Column[], row: number, out: PackedWriter): void {
    out.reserve(4 + this.#fixedBytes);
    const start = out.begin();
    this.#specs.forEach(({ type }, i) => {
      const column = columns[i]!;
      switch (type) {
        case 'f64':
          out.view.setFloat64(out.length, (column.values as Float64Array)[row]!, true);
          out.length += 8;
          break;
        case 'i64':
          out.view.setBigInt64(out.length, (column.values as BigInt64Array)[row]!, true);
          out.length += 8;
          break;
        case 'i32':
          out.view.setInt32(out.length, (column.values as Int32Array)[row]!, true);
          out.length += 4;
          break;
        case 'bytes':
        case 'object':
          this.#writeBytes(bytesOf(column, row) ?? null, out);
      }
    });
    out.end(start);
  }

  /** Puts the row that begins at `at` of what was read into a slot. */
  read({ bytes, view }: PackedReader, at: number, slot: number): void {
    for (const column of this.#bound) {
      switch (column.type) {
        case 'f64':
          column.values[slot] = view.getFloat64(at, true);
          at += 8;
          break;
        case 'i64':
          column.values[slot] = view.getBigInt64(at, true);
          at += 8;
          break;
        case 'i32':
          column.values[slot] = view.getInt32(at, true);
          at += 4;
          break;
        case 'bytes': {
          const length = view.getUint32(at, true);
          at += 4;
          column.values[slot] = length === 0 ? undefined : bytes.slice(at, at + length - 1);
          at += Math.max(0, length - 1);
          break;
        }
        case 'object': {
          const length = view.getUint32(at, true);
          at += 4;
          if (length === 0) {
            column.values[slot] = undefined;
          } else {
            const text = decodeUtf8(bytes.subarray(at, at + length - 1));
            column.values[slot] = column.codec.fromJson(JSON.parse(text) as Json);
            at += length - 1;
          }
        }
      }
    }
  }

  /** As of an entry that was just made. */
  clear(slot: number): void {
    for (const { type, values } of this.#bound) {
      if (type === 'bytes' || type === 'object') values[slot] = undefined;
      else if (type === 'i64') values[slot] = 0n;
      else values[slot] = 0;
    }
  }

  /** The rows that begin at `starts[0, count)` as columns of a batch (as in table-snapshot.ts). */
  readColumns({ bytes, view }: PackedReader, starts: Int32Array, count: number): Column[] {
    const at = starts.slice(0, count);
    return this.#specs.map(({ type }): Column => {
      switch (type) {
        case 'f64': {
          const values = new Float64Array(count);
          for (let i = 0; i < count; i++, at[i - 1]! += 8) values[i] = view.getFloat64(at[i]!, true);
          return new Column(DOUBLE, count, null, values);
        }
        case 'i64': {
          const values = new BigInt64Array(count);
          for (let i = 0; i < count; i++, at[i - 1]! += 8) values[i] = view.getBigInt64(at[i]!, true);
          return new Column(BIGINT, count, null, values);
        }
        case 'i32': {
          const values = new Int32Array(count);
          for (let i = 0; i < count; i++, at[i - 1]! += 4) values[i] = view.getInt32(at[i]!, true);
          return new Column(INT, count, null, values);
        }
        case 'bytes':
        case 'object': {
          const builder = columnBuilder(type === 'bytes' ? BYTES : STRING, count) as BytesBuilder;
          for (let i = 0; i < count; i++) {
            const length = view.getUint32(at[i]!, true);
            const start = at[i]! + 4;
            if (length === 0) builder.appendNull();
            else builder.appendBytes(bytes, start, start + length - 1);
            at[i] = start + Math.max(0, length - 1);
          }
          return builder.finish();
        }
      }
    });
  }
}

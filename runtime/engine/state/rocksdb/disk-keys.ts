/**
 * Keys on disk: table (a byte), namespace (8 bytes that sort as the numbers do), key group (a byte), then the key's fields as `KeyEncoder`
 * gives them. So a namespace is one range, and so are the key groups of one that go to another subtask.
 */
import { columnBuilder } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import { hashRows, keyGroupOf } from '../../../core/hash.ts';
import type { Field } from '../../../core/types.ts';
import { KeyEncoder } from '../key-encoding.ts';
import type { PackedReader, PackedWriter } from './packed.ts';

const NAMESPACE_AT = 1;
const KEY_GROUP_AT = 9;
const PREFIX_BYTES = 10;

export class DiskKeys {
  readonly #table: number;
  readonly #fields: readonly Field[];
  readonly #encoder: KeyEncoder;
  #hashes = new Int32Array(0);

  constructor(table: number, fields: readonly Field[]) {
    this.#table = table;
    this.#fields = fields;
    this.#encoder = new KeyEncoder(fields);
  }

  /** Takes up `count` keys; `write` them after it. */
  load(columns: readonly Column[], count: number): void {
    this.#encoder.encode(columns, count);
    if (this.#hashes.length < count) this.#hashes = new Int32Array(count);
    hashRows(columns, count, this.#hashes);
  }

  /** Key of a row that was taken up, as the next part of `out`. */
  write(row: number, namespace: number, out: PackedWriter): void {
    const { bytes, offsets } = this.#encoder;
    const start = offsets[row]!;
    const length = offsets[row + 1]! - start;
    out.reserve(4 + PREFIX_BYTES + length);
    const at = out.begin();
    out.bytes[at] = this.#table;
    writeSortable(out.view, at + NAMESPACE_AT, namespace);
    out.bytes[at + KEY_GROUP_AT] = keyGroupOf(this.#hashes[row]!);
    const into = out.bytes;
    for (let i = 0; i < length; i++) into[at + PREFIX_BYTES + i] = bytes[start + i]!;
    out.length = at + PREFIX_BYTES + length;
    out.end(at);
  }

  /** Columns of the keys that begin at `starts[0, count)` of what was read. */
  read({ bytes }: PackedReader, starts: Int32Array, count: number): Column[] {
    const builders = this.#fields.map((field) => columnBuilder(field.type, count));
    const rows = new Int32Array(count);
    const keyStarts = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      rows[i] = i;
      keyStarts[i] = starts[i]! + PREFIX_BYTES;
    }
    this.#encoder.decode(bytes, keyStarts, rows, count, builders);
    return builders.map((builder) => builder.finish());
  }
}

/** Namespaces of the keys that begin at `starts[0, count)`. */
export function namespacesOf({ view }: PackedReader, starts: Int32Array, count: number): Float64Array<ArrayBuffer> {
  const namespaces = new Float64Array(count);
  for (let i = 0; i < count; i++) namespaces[i] = readSortable(view, starts[i]! + NAMESPACE_AT);
  return namespaces;
}

export function keyGroupAt({ bytes }: PackedReader, start: number): number {
  return bytes[start + KEY_GROUP_AT]!;
}

/** First possible key of a table; of the next one's, its end. */
export function tableKey(table: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(table);
}

/** First possible key of a key group (up to 128, which none has) of a namespace. */
export function rangeKey(table: number, namespace: number, keyGroup: number): Uint8Array<ArrayBuffer> {
  const key = new Uint8Array(PREFIX_BYTES);
  key[0] = table;
  writeSortable(new DataView(key.buffer), NAMESPACE_AT, namespace);
  key[KEY_GROUP_AT] = keyGroup;
  return key;
}

/** Big-endian bits, so changed that they compare, byte by byte, as the numbers do. */
function writeSortable(view: DataView, at: number, value: number): void {
  // -0 is 0.
  view.setFloat64(at, value + 0);
  const high = view.getInt32(at);
  if (high < 0) {
    view.setInt32(at, ~high);
    view.setInt32(at + 4, ~view.getInt32(at + 4));
  } else {
    view.setInt32(at, high ^ (1 << 31));
  }
}

const words = new DataView(new ArrayBuffer(8));

function readSortable(view: DataView, at: number): number {
  const high = view.getInt32(at);
  const low = view.getInt32(at + 4);
  const isNegative = high >= 0;
  words.setInt32(0, isNegative ? ~high : high ^ (1 << 31));
  words.setInt32(4, isNegative ? ~low : low);
  return words.getFloat64(0);
}

/**
 * Keys kept as bytes in one arena: a STRING or BYTES field as it is, anything else through `KeyEncoder`. Removed keys leave
 * dead bytes behind; once they are more than half, the living are moved together.
 */
import type { BytesBuilder, ColumnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import type { EntryIndex } from './entry-index.ts';
import type { KeyEncoder } from './key-encoding.ts';
import type { KeyStore } from './key-store.ts';
import { grown } from './namespaces.ts';

/** Lengths that are none. */
const NULL = -1;
const FREE = -2;
/** Below this many bytes compaction is not worth its trouble. */
const MIN_COMPACTION = 4096;

export class BytesKeys implements KeyStore {
  readonly #encoder: KeyEncoder | null;
  #arena = new Uint8Array(256);
  #used = 0;
  #dead = 0;
  #starts = new Int32Array(0);
  #lengths = new Int32Array(0);
  /** Bytes and offsets of the rows at hand; `#rowColumn` tells nulls of a single field. */
  #rowBytes: Uint8Array = this.#arena;
  #rowOffsets = new Int32Array(0);
  #rowColumn: Column | null = null;

  /** `encoder` null: the key is one STRING or BYTES field. */
  constructor(encoder: KeyEncoder | null) {
    this.#encoder = encoder;
  }

  get bytes(): number {
    return this.#arena.byteLength + this.#starts.byteLength + this.#lengths.byteLength;
  }

  grow(slots: number): void {
    const from = this.#lengths.length;
    this.#starts = grown(this.#starts, slots);
    this.#lengths = grown(this.#lengths, slots).fill(FREE, from);
  }

  free(slot: number): void {
    this.#dead += Math.max(0, this.#lengths[slot]!);
    this.#lengths[slot] = FREE;
  }

  renew(): void {
    // the key stays
  }

  freeAll(slots: number): void {
    this.#lengths.fill(FREE, 0, slots);
    this.#used = 0;
    this.#dead = 0;
  }

  load(columns: readonly Column[], count: number): void {
    if (this.#encoder !== null) {
      this.#encoder.encode(columns, count);
      this.#rowBytes = this.#encoder.bytes;
      this.#rowOffsets = this.#encoder.offsets;
    } else {
      const column = columns[0]!;
      this.#rowColumn = column.validity === null ? null : column;
      this.#rowBytes = column.values as Uint8Array;
      this.#rowOffsets = column.offsets!;
    }
  }

  locate(
    index: EntryIndex,
    hashes: Int32Array,
    namespaceIds: Int32Array,
    count: number,
    out: Int32Array,
    make: boolean,
  ): void {
    const bytes = this.#rowBytes;
    const offsets = this.#rowOffsets;
    const nulls = this.#rowColumn;
    let { cells, shift, mask } = index;
    let starts = this.#starts;
    let lengths = this.#lengths;
    let arena = this.#arena;
    let idOf = index.namespaces.idOf;
    for (let row = 0; row < count; row++) {
      const hash = hashes[row]!;
      const start = offsets[row]!;
      const length = nulls !== null && nulls.isNull(row) ? NULL : offsets[row + 1]! - start;
      const namespaceId = namespaceIds[row]!;
      let at = hash >>> shift;
      let slot = cells[2 * at + 1]! - 1;
      while (slot >= 0) {
        if (cells[2 * at] === hash && lengths[slot] === length && idOf[slot] === namespaceId) {
          let i = 0;
          const kept = starts[slot]!;
          while (i < length && arena[kept + i] === bytes[start + i]) i++;
          if (i >= length) break;
        }
        at = (at + 1) & mask;
        slot = cells[2 * at + 1]! - 1;
      }
      if (slot < 0 && make) {
        slot = index.insert(at, hash, namespaceId);
        this.#store(slot, bytes, start, length);
        ({ cells, shift, mask } = index);
        starts = this.#starts;
        lengths = this.#lengths;
        arena = this.#arena;
        idOf = index.namespaces.idOf;
      }
      out[row] = slot;
    }
  }

  equal(a: number, b: number): boolean {
    const length = this.#lengths[a]!;
    if (length !== this.#lengths[b]!) return false;
    const arena = this.#arena;
    const startA = this.#starts[a]!;
    const startB = this.#starts[b]!;
    for (let i = 0; i < length; i++) if (arena[startA + i] !== arena[startB + i]) return false;
    return true;
  }

  copy(from: number, to: number): void {
    const length = this.#lengths[from]!;
    this.#reserve(Math.max(0, length));
    this.#store(to, this.#arena, this.#starts[from]!, length);
  }

  appendTo(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void {
    if (this.#encoder !== null) {
      this.#encoder.decode(this.#arena, this.#starts, slots, count, builders);
      return;
    }
    const builder = builders[0] as BytesBuilder;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      const start = this.#starts[slot]!;
      if (this.#lengths[slot] === NULL) builder.appendNull();
      else builder.appendBytes(this.#arena, start, start + this.#lengths[slot]!);
    }
  }

  #store(slot: number, bytes: Uint8Array, start: number, length: number): void {
    const size = Math.max(0, length);
    this.#reserve(size);
    const arena = this.#arena;
    const to = this.#used;
    for (let i = 0; i < size; i++) arena[to + i] = bytes[start + i]!;
    this.#starts[slot] = to;
    this.#lengths[slot] = length;
    this.#used += size;
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#arena.length) return;
    if (this.#dead >= MIN_COMPACTION && this.#dead * 2 > this.#used) this.#compact();
    if (this.#used + more > this.#arena.length) {
      this.#arena = grown(this.#arena, Math.max(this.#arena.length * 2, this.#used + more));
    }
  }

  #compact(): void {
    const from = this.#arena;
    const into = new Uint8Array(Math.max(256, (this.#used - this.#dead) * 2));
    let used = 0;
    for (let slot = 0; slot < this.#lengths.length; slot++) {
      const length = this.#lengths[slot]!;
      if (length < 0) continue;
      const start = this.#starts[slot]!;
      into.set(from.subarray(start, start + length), used);
      this.#starts[slot] = used;
      used += length;
    }
    this.#arena = into;
    this.#used = used;
    this.#dead = 0;
  }
}

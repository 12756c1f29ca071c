/** Keys of one field of at most 64 bits, compared as two words. */
import type { ColumnBuilder } from '../../core/column-builder.ts';
import { bitmapBytes, Column, type ColumnValues } from '../../core/column.ts';
import type { DataType } from '../../core/types.ts';
import type { EntryIndex } from './entry-index.ts';
import type { KeyStore } from './key-store.ts';
import { grown } from './namespaces.ts';

export class WordKeys implements KeyStore {
  readonly #type: DataType;
  /** Two words a slot: low, high. */
  #words = new Int32Array(0);
  #nulls = new Uint8Array(0);
  /** The same of the rows at hand. */
  #rowWords = new Int32Array(0);
  #rowNulls = new Uint8Array(0);
  #anyNulls = false;

  constructor(type: DataType) {
    this.#type = type;
  }

  get bytes(): number {
    return this.#words.byteLength + this.#nulls.byteLength;
  }

  grow(slots: number): void {
    this.#words = grown(this.#words, slots * 2);
    this.#nulls = grown(this.#nulls, slots);
  }

  free(): void {
    // written anew when the slot is taken again
  }

  renew(): void {
    // the key stays
  }

  freeAll(): void {
    // as in `free`
  }

  load(columns: readonly Column[], count: number): void {
    const column = columns[0]!;
    if (this.#rowNulls.length < count) {
      this.#rowNulls = new Uint8Array(count);
      this.#rowWords = new Int32Array(count * 2);
      this.#anyNulls = false;
    }
    this.#loadWords(column, count);
    this.#loadNulls(column, count);
  }

  #loadWords(column: Column, count: number): void {
    const { values } = column;
    const into = this.#rowWords;
    if (values instanceof Int32Array) {
      for (let i = 0; i < count; i++) {
        into[2 * i] = values[i]!;
        into[2 * i + 1] = 0;
      }
    } else if (values instanceof Float64Array) {
      const doubles = new Float64Array(into.buffer, 0, count);
      // As hashRows does: -0 is 0, and every NaN the same one.
      for (let i = 0; i < count; i++) {
        const value = values[i]! + 0;
        doubles[i] = value === value ? value : NaN;
      }
    } else {
      into.set(new Int32Array(values.buffer, values.byteOffset, count * 2));
    }
  }

  #loadNulls(column: Column, count: number): void {
    if (column.validity === null) {
      if (this.#anyNulls) this.#rowNulls.fill(0);
      this.#anyNulls = false;
      return;
    }
    this.#anyNulls = true;
    for (let i = 0; i < count; i++) {
      const isNull = column.isNull(i);
      this.#rowNulls[i] = isNull ? 1 : 0;
      if (isNull) this.#rowWords[2 * i] = this.#rowWords[2 * i + 1] = 0;
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
    const rowWords = this.#rowWords;
    const rowNulls = this.#rowNulls;
    let { cells, shift, mask } = index;
    let words = this.#words;
    let nulls = this.#nulls;
    let idOf = index.namespaces.idOf;
    for (let row = 0; row < count; row++) {
      const hash = hashes[row]!;
      const low = rowWords[2 * row]!;
      const high = rowWords[2 * row + 1]!;
      const isNull = rowNulls[row]!;
      const namespaceId = namespaceIds[row]!;
      let at = hash >>> shift;
      let slot = cells[2 * at + 1]! - 1;
      while (slot >= 0) {
        if (
          cells[2 * at] === hash &&
          words[2 * slot] === low &&
          words[2 * slot + 1] === high &&
          idOf[slot] === namespaceId &&
          nulls[slot] === isNull
        ) {
          break;
        }
        at = (at + 1) & mask;
        slot = cells[2 * at + 1]! - 1;
      }
      if (slot < 0 && make) {
        slot = index.insert(at, hash, namespaceId);
        ({ cells, shift, mask } = index);
        idOf = index.namespaces.idOf;
        words = this.#words;
        nulls = this.#nulls;
        words[2 * slot] = low;
        words[2 * slot + 1] = high;
        nulls[slot] = isNull;
      }
      out[row] = slot;
    }
  }

  equal(a: number, b: number): boolean {
    const words = this.#words;
    return words[2 * a] === words[2 * b] && words[2 * a + 1] === words[2 * b + 1] && this.#nulls[a] === this.#nulls[b];
  }

  copy(from: number, to: number): void {
    this.#words[2 * to] = this.#words[2 * from]!;
    this.#words[2 * to + 1] = this.#words[2 * from + 1]!;
    this.#nulls[to] = this.#nulls[from]!;
  }

  appendTo(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void {
    builders[0]!.appendRange(
      new Column(this.#type, count, this.#validity(slots, count), this.#values(slots, count)),
      0,
      count,
    );
  }

  #values(slots: Int32Array, count: number): ColumnValues {
    if (this.#type.kind === 'INT' || this.#type.kind === 'DATE') {
      const ints = new Int32Array(count);
      for (let i = 0; i < count; i++) ints[i] = this.#words[2 * slots[i]!]!;
      return ints;
    }
    const words = new Int32Array(count * 2);
    for (let i = 0; i < count; i++) {
      words[2 * i] = this.#words[2 * slots[i]!]!;
      words[2 * i + 1] = this.#words[2 * slots[i]! + 1]!;
    }
    return this.#type.kind === 'BIGINT' ? new BigInt64Array(words.buffer) : new Float64Array(words.buffer);
  }

  #validity(slots: Int32Array, count: number): Uint8Array<ArrayBuffer> | null {
    let validity: Uint8Array<ArrayBuffer> | null = null;
    for (let i = 0; i < count; i++) {
      if (this.#nulls[slots[i]!] === 0) continue;
      validity ??= new Uint8Array(bitmapBytes(count)).fill(0xff);
      validity[i >> 3]! &= ~(1 << (i & 7));
    }
    return validity;
  }
}

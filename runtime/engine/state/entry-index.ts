/**
 * From hash to slot: open addressing with linear probing over one Int32Array of pairs (hash, slot + 1; 0 = empty). A cell is
 * found by the hash's high bits, for the low ones choose the key group and are the same all over a subtask. Removal shifts the
 * following cells back, so there are no tombstones and a probe ends at the first empty cell. Slots stay where they are until removed.
 */
import { Namespaces, grown } from './namespaces.ts';

/** Arrays indexed by slot that must grow along. */
export interface SlotArrays {
  grow(slots: number): void;
  /** The slots' content is gone: make it zeros again. */
  free(slot: number): void;
  /** As `free`, but the key stays. */
  renew(slot: number): void;
  freeAll(slots: number): void;
}

const FIRST_SLOTS = 16;
/** Cells for each slot: between a quarter and half of them are taken. */
const CELLS_PER_SLOT = 2;

export class EntryIndex {
  size = 0;
  cells: Int32Array;
  /** A hash's first cell is `hash >>> shift`. */
  shift: number;
  mask: number;
  /** Hash of the key alone, by slot; of a free slot the next free one + 1. */
  keyHashOf: Int32Array;
  /** Entries are numbered as they are made, from 1, by slot; 0 for a free one. */
  serialOf: Float64Array;
  /** Of the entry made last. */
  lastSerial = 0;
  readonly namespaces: Namespaces;
  #capacity = FIRST_SLOTS;
  #used = 0;
  /** First free slot + 1; 0 when there is none. */
  #free = 0;
  readonly #arrays: SlotArrays[] = [];

  constructor() {
    const cells = FIRST_SLOTS * CELLS_PER_SLOT;
    this.cells = new Int32Array(cells * 2);
    this.shift = Math.clz32(cells) + 1;
    this.mask = cells - 1;
    this.keyHashOf = new Int32Array(FIRST_SLOTS);
    this.serialOf = new Float64Array(FIRST_SLOTS);
    this.namespaces = new Namespaces(FIRST_SLOTS);
  }

  /** Slots that were ever in use are below this. */
  get usedSlots(): number {
    return this.#used;
  }

  get bytes(): number {
    return this.cells.byteLength + this.keyHashOf.byteLength + this.serialOf.byteLength + this.namespaces.bytes;
  }

  attach(arrays: SlotArrays): void {
    arrays.grow(this.#capacity);
    this.#arrays.push(arrays);
  }

  /** A new entry whose hash (key and namespace) leads to the empty cell `at`. May grow: read `cells`, `shift`, `mask` again. */
  insert(at: number, hash: number, namespaceId: number): number {
    if (this.#free === 0 && this.#used === this.#capacity) {
      this.#grow();
      at = this.#emptyCell(hash);
    }
    const slot = this.#takeSlot();
    this.cells[2 * at] = hash;
    this.cells[2 * at + 1] = slot + 1;
    this.keyHashOf[slot] = hash ^ this.namespaces.hash(namespaceId);
    this.serialOf[slot] = ++this.lastSerial;
    this.namespaces.append(slot, namespaceId);
    this.size++;
    return slot;
  }

  #takeSlot(): number {
    if (this.#free === 0) return this.#used++;
    const slot = this.#free - 1;
    this.#free = this.keyHashOf[slot]!;
    return slot;
  }

  remove(slot: number): void {
    this.#removeCell(slot);
    this.namespaces.unlink(slot);
    for (const arrays of this.#arrays) arrays.free(slot);
    this.serialOf[slot] = 0;
    this.keyHashOf[slot] = this.#free;
    this.#free = slot + 1;
    this.size--;
  }

  /** An entry's content goes, as if it had been removed and made again, now. */
  renew(slot: number): void {
    for (const arrays of this.#arrays) arrays.renew(slot);
    this.serialOf[slot] = ++this.lastSerial;
    this.namespaces.moveToEnd(slot);
  }

  removeAll(): void {
    this.cells.fill(0);
    this.namespaces.clear();
    for (const arrays of this.#arrays) arrays.freeAll(this.#used);
    this.serialOf.fill(0, 0, this.#used);
    this.#used = 0;
    this.#free = 0;
    this.size = 0;
  }

  #removeCell(slot: number): void {
    const { cells, mask, shift } = this;
    const hash = this.keyHashOf[slot]! ^ this.namespaces.hash(this.namespaces.idOf[slot]!);
    let hole = hash >>> shift;
    while (cells[2 * hole + 1] !== slot + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; cells[2 * at + 1] !== 0; at = (at + 1) & mask) {
      const first = cells[2 * at]! >>> shift;
      // A cell may move back as long as it does not pass its first one.
      if (((at - first) & mask) >= ((at - hole) & mask)) {
        cells[2 * hole] = cells[2 * at]!;
        cells[2 * hole + 1] = cells[2 * at + 1]!;
        hole = at;
      }
    }
    cells[2 * hole + 1] = 0;
  }

  #emptyCell(hash: number): number {
    let at = hash >>> this.shift;
    while (this.cells[2 * at + 1] !== 0) at = (at + 1) & this.mask;
    return at;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.keyHashOf = grown(this.keyHashOf, this.#capacity);
    this.serialOf = grown(this.serialOf, this.#capacity);
    this.namespaces.grow(this.#capacity);
    for (const arrays of this.#arrays) arrays.grow(this.#capacity);
    const old = this.cells;
    this.cells = new Int32Array(this.#capacity * CELLS_PER_SLOT * 2);
    this.shift--;
    this.mask = this.#capacity * CELLS_PER_SLOT - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      const at = this.#emptyCell(old[i]!);
      this.cells[2 * at] = old[i]!;
      this.cells[2 * at + 1] = old[i + 1]!;
    }
  }
}

/**
 * Time to live of a table's entries. They are linked in the order in which they were last made young, so that the oldest are known
 * without a search and go a few at a time; until they have gone, who asks for an entry looks at its age.
 */
import type { StateTtl } from '../../core/state.ts';
import type { EntryIndex, SlotArrays } from './entry-index.ts';
import { grown } from './namespaces.ts';
import type { StateColumns } from './state-columns.ts';
import { LAST_USE } from './table-snapshot.ts';

const END = -1;
const UNLINKED = -2;

export class Expiry implements SlotArrays {
  readonly #ttl: StateTtl;
  readonly #now: () => number;
  readonly #columns: StateColumns;
  #older = new Int32Array(0);
  #younger = new Int32Array(0);
  #oldest = END;
  #youngest = END;
  /** The column, as it is since the table grew last. */
  #times: Float64Array = new Float64Array(0);
  /** NaN: not looked at since the operator's method began. */
  #time = NaN;
  #latest = -Infinity;

  constructor(ttl: StateTtl, now: () => number, columns: StateColumns) {
    this.#ttl = ttl;
    this.#now = now;
    this.#columns = columns;
  }

  get bytes(): number {
    return this.#older.byteLength * 2;
  }

  /** Reading makes an entry young. */
  get isRead(): boolean {
    return this.#ttl.update === 'on-read-and-write';
  }

  /** The same within an operator's method, so that no entry expires in its hands; and never less than before. */
  get time(): number {
    if (Number.isNaN(this.#time)) {
      this.#latest = Math.max(this.#latest, this.#now());
      this.#time = this.#latest;
    }
    return this.#time;
  }

  /** Who was last made young at this time or before has expired. */
  get horizon(): number {
    return this.time - this.#ttl.ms;
  }

  settle(): void {
    this.#time = NaN;
  }

  lastUseOf(slot: number): number {
    return this.#times[slot]!;
  }

  isExpired(slot: number): boolean {
    return this.#times[slot]! <= this.horizon;
  }

  /** The oldest entry if it has expired, or -1. */
  get due(): number {
    return this.#oldest !== END && this.isExpired(this.#oldest) ? this.#oldest : END;
  }

  /** Makes an entry young. */
  use(slot: number): void {
    this.#times[slot] = this.time;
    if (this.#youngest === slot) return;
    this.#unlink(slot);
    this.#append(slot);
  }

  /** Links restored entries by their age. */
  restore(index: EntryIndex): void {
    const times = this.#times;
    this.freeAll(index.usedSlots);
    const slots = new Int32Array(index.usedSlots);
    let count = 0;
    for (let slot = 0; slot < slots.length; slot++) {
      if (index.serialOf[slot] === 0) continue;
      // The clock may be behind that of the machine which wrote them.
      times[slot] = Math.min(times[slot]!, this.time);
      slots[count++] = slot;
    }
    for (const slot of slots.subarray(0, count).sort((a, b) => times[a]! - times[b]! || a - b)) this.#append(slot);
  }

  grow(slots: number): void {
    const from = this.#older.length;
    this.#older = grown(this.#older, slots).fill(UNLINKED, from);
    this.#younger = grown(this.#younger, slots);
    // They have grown before: see the table's constructor.
    this.#times = this.#columns.f64(LAST_USE.name);
  }

  free(slot: number): void {
    this.#unlink(slot);
  }

  renew(): void {
    // it is used next
  }

  freeAll(slots: number): void {
    this.#older.fill(UNLINKED, 0, slots);
    this.#oldest = END;
    this.#youngest = END;
  }

  #append(slot: number): void {
    this.#older[slot] = this.#youngest;
    this.#younger[slot] = END;
    if (this.#youngest === END) this.#oldest = slot;
    else this.#younger[this.#youngest] = slot;
    this.#youngest = slot;
  }

  #unlink(slot: number): void {
    const older = this.#older[slot]!;
    if (older === UNLINKED) return;
    const younger = this.#younger[slot]!;
    if (older === END) this.#oldest = younger;
    else this.#younger[older] = younger;
    if (younger === END) this.#youngest = older;
    else this.#older[younger] = older;
    this.#older[slot] = UNLINKED;
  }
}

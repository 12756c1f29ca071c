/**
 * One input of a join: all its rows, by key, an entry each. The rows of a key are numbered; a table of heads says from where to where.
 * A row that is taken back leaves its number to the last one, so that the numbers stay dense. With a TTL rows go by
 * themselves, mostly the first ones, and leave gaps: the first number moves up over them.
 */
import { BatchBuilder, MAX_BATCH_ROWS, type Batch } from '../../core/batch.ts';
import type { Column } from '../../core/column.ts';
import { hashRows } from '../../core/hash.ts';
import type { Clock, OperatorContext } from '../../core/operator.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { KeyedTable } from '../../core/state.ts';
import { hasNullKey, takeKeys } from '../shared/joins/keys.ts';
import { columnsAt } from '../shared/rows/columns-at.ts';
import { isSameCell } from '../shared/rows/same-cell.ts';
import { StoredRows } from '../shared/rows/stored-rows.ts';
import { ttlOf } from '../shared/state-ttl.ts';

export interface KeptRowsOptions {
  readonly port: 'left' | 'right';
  readonly schema: Schema;
  readonly keys: readonly string[];
  /** Rows that nothing matches come out: how much matches each is kept with it. */
  readonly isOuter: boolean;
  readonly hasUpdates: boolean;
  /** 0: for ever. */
  readonly ttlMs: number;
}

/** Rows of the other side's batch and entries of this side that are equal in the key: by row, then by number. */
export interface Candidates {
  readonly rows: Int32Array;
  readonly slots: Int32Array;
  count: number;
}

const FIRST = 'first';
const END = 'end';
const MATCHES = 'matches';
const HASH = 'hash';
const WRITTEN = 'written';
/** Entries looked for at a time. */
const PART = MAX_BATCH_ROWS;

export class KeptRows {
  readonly port: 'left' | 'right';
  readonly isOuter: boolean;
  readonly stored: StoredRows;
  readonly #keyIndices: readonly number[];
  readonly #hasUpdates: boolean;
  readonly #ttlMs: number;
  readonly #clock: Clock;
  readonly #heads: KeyedTable;
  readonly #rows: KeyedTable;
  readonly #pair: BatchBuilder;
  readonly #hashed: readonly number[];
  readonly #one = new Int32Array(1);
  #headSlots = new Int32Array(0);
  #slots = new Int32Array(0);
  #numbers = new Float64Array(0);
  /** Of the batch at hand, over all of a row that can be hashed. */
  #hashes = new Int32Array(0);
  #matches: Int32Array = new Int32Array(0);
  #written: Float64Array = new Float64Array(0);

  constructor({ port, schema, keys, isOuter, hasUpdates, ttlMs }: KeptRowsOptions, context: OperatorContext) {
    this.port = port;
    this.isOuter = isOuter;
    this.stored = new StoredRows(schema);
    this.#keyIndices = keys.map((name) => fieldIndex(schema, name));
    this.#hasUpdates = hasUpdates;
    this.#ttlMs = ttlMs;
    this.#clock = context.clock;
    this.#pair = new BatchBuilder(schema, 2);
    this.#hashed = schema.fields.flatMap(({ type }, i) => (isPlain(type.kind) ? [i] : []));
    const common = { keys: this.#keyIndices.map((i) => schema.fields[i]!), ...ttlOf(ttlMs) };
    this.#heads = context.state.table({
      ...common,
      name: `${port}Keys`,
      namespaced: false,
      columns: [
        { name: FIRST, type: 'f64' },
        { name: END, type: 'f64' },
      ],
    });
    this.#rows = context.state.table({
      ...common,
      name: `${port}Rows`,
      namespaced: true,
      columns: [
        ...this.stored.columns,
        ...(isOuter ? [{ name: MATCHES, type: 'i32' } as const] : []),
        ...(hasUpdates ? [{ name: HASH, type: 'i32' } as const] : []),
        ...(ttlMs > 0 ? [{ name: WRITTEN, type: 'f64' } as const] : []),
      ],
    });
  }

  keysOf(batch: Batch): readonly Column[] {
    return this.#keyIndices.map((i) => batch.columns[i]!);
  }

  /** What may match `count` rows of the other side with these keys, in parts; entries hold until the next part. */
  *candidates(keys: readonly Column[], count: number): Generator<Candidates, void, undefined> {
    if (this.#rows.size === 0) return;
    this.#reserve(count);
    this.#heads.find(keys, count, null, this.#headSlots);
    const part = { rows: new Int32Array(PART), slots: new Int32Array(PART), count: 0 };
    const numbers = new Float64Array(PART);
    for (let row = 0; row < count; row++) {
      const head = this.#headSlots[row]!;
      if (head < 0 || hasNullKey(keys, row)) continue;
      const end = this.#heads.f64(END)[head]!;
      for (let number = this.#heads.f64(FIRST)[head]!; number < end; number++) {
        part.rows[part.count] = row;
        numbers[part.count++] = number;
        if (part.count < PART) continue;
        this.#findPart(keys, part, numbers);
        if (part.count > 0) yield part;
        part.count = 0;
      }
    }
    if (part.count === 0) return;
    this.#findPart(keys, part, numbers);
    if (part.count > 0) yield part;
  }

  /** Looks entries up and leaves out those that are no more. */
  #findPart(keys: readonly Column[], part: Candidates, numbers: Float64Array): void {
    this.#rows.find(columnsAt(keys, part.rows, part.count), part.count, numbers, part.slots);
    this.#bind();
    if (this.#ttlMs === 0) return;
    const first = this.#heads.f64(FIRST);
    let kept = 0;
    for (let i = 0; i < part.count; i++) {
      const slot = part.slots[i]!;
      if (this.#isAlive(slot)) {
        part.rows[kept] = part.rows[i]!;
        part.slots[kept++] = slot;
        continue;
      }
      const head = this.#headSlots[part.rows[i]!]!;
      if (first[head] === numbers[i]) this.#passFirst(head, slot);
    }
    part.count = kept;
  }

  /** The first of a key's rows is too old. */
  #passFirst(head: number, slot: number): void {
    if (slot >= 0) this.#rows.remove(slot);
    this.#touchHead(head);
    this.#heads.f64(FIRST)[head]!++;
  }

  /** How many rows of the other side match an entry. */
  matchesOf(slot: number): number {
    return this.#matches[slot]!;
  }

  /** `by` more rows of the other side match the entry, a candidate of its row `row`. */
  addMatches(slot: number, by: number, row: number): void {
    this.#touchRow(slot);
    this.#matches[slot]! += by;
    if (this.#ttlMs === 0) return;
    this.#written[slot] = this.#clock.now();
    // A head is no older than its rows.
    this.#touchHead(this.#headSlots[row]!);
  }

  /** Before `add` and `takeBack` of a batch's rows. */
  begin(batch: Batch): void {
    if (!this.#hasUpdates) return;
    if (this.#hashes.length < batch.length) this.#hashes = new Int32Array(batch.length);
    const columns = this.#hashed.map((i) => batch.columns[i]!);
    hashRows(columns, batch.length, this.#hashes);
  }

  /** Keeps rows `which[0, count)` of a batch; `matches` is by row of the batch. */
  add(batch: Batch, which: Int32Array, count: number, matches: Int32Array): void {
    if (count === 0) return;
    this.#reserve(count);
    const keys = takeKeys(this.keysOf(batch), batch.length, which, count);
    const now = this.#ttlMs > 0 ? this.#clock.now() : 0;
    this.#heads.slots(keys, count, null, this.#headSlots);
    const end = this.#heads.f64(END);
    for (let i = 0; i < count; i++) this.#numbers[i] = end[this.#headSlots[i]!]!++;
    this.#rows.slots(keys, count, this.#numbers, this.#slots);
    this.#bind();
    const hash = this.#hasUpdates ? this.#rows.i32(HASH) : null;
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i]!;
      const row = which[i]!;
      this.stored.set(slot, batch, row);
      if (this.isOuter) this.#matches[slot] = matches[row]!;
      if (hash !== null) hash[slot] = this.#hashes[row]!;
      if (this.#ttlMs > 0) this.#written[slot] = now;
    }
  }

  /** Forgets one row that is equal to a batch's `row`, if there is one. */
  takeBack(batch: Batch, row: number): void {
    this.#one[0] = row;
    const key = columnsAt(this.keysOf(batch), this.#one, 1);
    this.#reserve(1);
    this.#heads.find(key, 1, null, this.#headSlots);
    const head = this.#headSlots[0]!;
    if (head < 0) return;
    const end = this.#heads.f64(END)[head]!;
    const hash = this.#hashes[row]!;
    for (let from = this.#heads.f64(FIRST)[head]!; from < end; from += PART) {
      const count = Math.min(PART, end - from);
      const slots = this.#numbered(key, from, count);
      this.#bind();
      const hashes = this.#rows.i32(HASH);
      for (let i = 0; i < count; i++) {
        const slot = slots[i]!;
        if (!this.#isAlive(slot) || hashes[slot] !== hash || !this.#isEqual(slot, batch, row)) continue;
        this.#remove(key, head, slot, from + i);
        return;
      }
    }
  }

  /** Slots of a key's entries from number `from` on. */
  #numbered(key: readonly Column[], from: number, count: number): Int32Array {
    const slots = new Int32Array(count);
    const numbers = Float64Array.from({ length: count }, (_, i) => from + i);
    this.#rows.find(columnsAt(key, new Int32Array(count), count), count, numbers, slots);
    return slots;
  }

  /** The last row of the key takes the place of the removed one. */
  #remove(key: readonly Column[], head: number, slot: number, number: number): void {
    this.#touchHead(head);
    const last = --this.#heads.f64(END)[head]!;
    const isLast = last === number;
    const moved = isLast ? -1 : this.#numbered(key, last, 1)[0]!;
    this.#bind();
    if (this.#isAlive(moved)) {
      this.#touchRow(slot);
      this.stored.copy(moved, slot);
      const hashes = this.#rows.i32(HASH);
      hashes[slot] = hashes[moved]!;
      if (this.isOuter) this.#matches[slot] = this.#matches[moved]!;
      if (this.#ttlMs > 0) this.#written[slot] = this.#written[moved]!;
    } else {
      this.#rows.remove(slot);
    }
    if (moved >= 0) this.#rows.remove(moved);
    if (this.#heads.f64(FIRST)[head]! >= last) this.#heads.remove(head);
  }

  #touchHead(slot: number): void {
    this.#one[0] = slot;
    this.#heads.touch(this.#one, 1);
  }

  #touchRow(slot: number): void {
    this.#one[0] = slot;
    this.#rows.touch(this.#one, 1);
  }

  #isEqual(slot: number, batch: Batch, row: number): boolean {
    this.#one[0] = row;
    this.#pair.appendRows(batch, this.#one, 1);
    this.stored.append(slot, this.#pair);
    this.#pair.endRow();
    const { columns } = this.#pair.finish();
    return columns.every((column) => isSameCell(column, 0, 1));
  }

  #isAlive(slot: number): boolean {
    return slot >= 0 && (this.#ttlMs === 0 || this.#written[slot]! + this.#ttlMs > this.#clock.now());
  }

  #bind(): void {
    this.stored.bind(this.#rows);
    if (this.isOuter) this.#matches = this.#rows.i32(MATCHES);
    if (this.#ttlMs > 0) this.#written = this.#rows.f64(WRITTEN);
  }

  #reserve(count: number): void {
    if (this.#slots.length >= count) return;
    this.#slots = new Int32Array(count);
    this.#headSlots = new Int32Array(count);
    this.#numbers = new Float64Array(count);
  }
}

function isPlain(kind: string): boolean {
  return kind !== 'ARRAY' && kind !== 'MAP' && kind !== 'ROW';
}

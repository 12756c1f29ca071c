/**
 * The sessions of all keys. A key's first session lives in namespace 0 (its head), where a batch finds it with one lookup; most
 * keys never have a second one. Further ones, not yet joined with it, live in namespaces 1, 2, …, listed in the head's `others`.
 * The head is never without a session, except inside a batch that has just made it.
 */
import type { Column } from '../../core/column.ts';
import type { Json, KeyedTable, ListState, StateCodec, StateColumnSpec, StateStore } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import type { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { takenKeys } from './taken-keys.ts';

const HEAD = 0;

const placesCodec: StateCodec = {
  toJson: (value) => value as readonly number[],
  fromJson: (json: Json) => json,
  sizeOf: (value) => 16 + 8 * (value as readonly number[]).length,
};

/** Names without a dot: those of aggregates have one. */
const COLUMNS: readonly StateColumnSpec[] = [
  { name: 'start', type: 'f64' },
  { name: 'end', type: 'f64' },
  { name: 'serial', type: 'f64' },
  { name: 'timer', type: 'f64' },
  { name: 'fired', type: 'i32' },
  { name: 'others', type: 'object', codec: placesCodec },
];
const ROWS: StateColumnSpec = { name: 'rows', type: 'f64' };

export class Sessions {
  readonly table: KeyedTable;
  readonly #group: AggregateGroup;
  starts!: Float64Array;
  ends!: Float64Array;
  /** Number of a session in order of making, from 1; 0 = no session. */
  serials!: Float64Array;
  /** When a session's timer comes, at which it is looked at next. */
  timers!: Float64Array;
  /** 1 = has fired, and only lateness keeps it. */
  fired!: Int32Array;
  /** Rows of a session; null when nobody counts them. */
  rows: Float64Array | null = null;
  #others!: (readonly number[] | undefined)[];
  readonly #serials: ListState<number>;
  #lastSerial: number;
  #namespaces = new Float64Array(0);
  readonly #one = new Int32Array(1);
  readonly #countsRows: boolean;

  constructor(store: StateStore, keys: readonly Field[], group: AggregateGroup, countsRows: boolean) {
    this.#group = group;
    this.#countsRows = countsRows;
    const columns = [...COLUMNS, ...(countsRows ? [ROWS] : []), ...group.columns];
    this.table = store.table({ name: 'sessions', keys, namespaced: true, columns });
    // Sessions may come from several subtasks: past the largest, serials go on rising for each of them.
    this.#serials = store.list<number>('serials', 'union');
    this.#lastSerial = this.#serials.get().reduce((a, b) => Math.max(a, b), 0);
    this.#bind();
  }

  snapshot(): void {
    this.#serials.set([this.#lastSerial]);
  }

  #bind(): void {
    this.starts = this.table.f64('start');
    this.ends = this.table.f64('end');
    this.serials = this.table.f64('serial');
    this.timers = this.table.f64('timer');
    this.fired = this.table.i32('fired');
    if (this.#countsRows) this.rows = this.table.f64(ROWS.name);
    this.#others = this.table.objects('others') as (readonly number[] | undefined)[];
    this.#group.bind(this.table);
  }

  /** Heads of the rows' keys; one that is new has no session yet. */
  heads(keys: readonly Column[], count: number, out: Int32Array): void {
    this.table.slots(keys, count, this.#namespace(HEAD, count), out);
    this.#fetchOthers(keys, count, out);
  }

  /** As `heads`, but -1 for a key without sessions. */
  findHeads(keys: readonly Column[], count: number, out: Int32Array): void {
    this.table.find(keys, count, this.#namespace(HEAD, count), out);
    this.#fetchOthers(keys, count, out);
  }

  #namespace(place: number, count: number): Float64Array {
    if (this.#namespaces.length < count) this.#namespaces = new Float64Array(count);
    return this.#namespaces.fill(place, 0, count);
  }

  /** Looks up the further sessions of the keys that have some, those in one namespace together: each alone might be a trip to a disk. */
  #fetchOthers(keys: readonly Column[], count: number, heads: Int32Array): void {
    this.#bind();
    const rows: number[] = [];
    let last = HEAD;
    for (let row = 0; row < count; row++) {
      const places = heads[row]! < 0 ? undefined : this.#others[heads[row]!];
      if (places === undefined) continue;
      rows.push(row);
      for (const place of places) last = Math.max(last, place);
    }
    if (last === HEAD) return;
    const some = takenKeys(keys, Int32Array.from(rows));
    const found = new Int32Array(rows.length);
    for (let place = HEAD + 1; place <= last; place++) {
      this.table.find(some, rows.length, this.#namespace(place, rows.length), found);
    }
    this.#bind();
  }

  /** Whether the head's is the only session of its key. */
  isSingle(head: number): boolean {
    return this.serials[head] !== 0 && this.#others[head] === undefined;
  }

  /** Slots of all sessions of a key, the head first; they count as changed. The head must have one. */
  ofKey(head: number): number[] {
    this.#one[0] = head;
    this.table.touch(this.#one, 1);
    const places = this.#others[head];
    if (places === undefined) return [head];
    const slots = [head, ...places.map((place) => this.#slotIn(head, place))];
    this.#bind();
    return slots;
  }

  /** Slots of those that touch `[start, end]`. */
  touching(head: number, start: number, end: number): number[] {
    return this.ofKey(head).filter((slot) => start <= this.ends[slot]! && this.starts[slot]! <= end);
  }

  #slotIn(slot: number, place: number): number {
    this.#one[0] = slot;
    this.table.slotsIn(this.#one, 1, place, this.#one);
    return this.#one[0];
  }

  /** A new session of a key. */
  add(head: number, start: number, end: number): number {
    const slot = this.serials[head] === 0 ? head : this.#addOther(head);
    this.starts[slot] = start;
    this.ends[slot] = end;
    this.serials[slot] = ++this.#lastSerial;
    return slot;
  }

  #addOther(head: number): number {
    const places = this.#others[head] ?? [];
    let place = HEAD + 1;
    while (places.includes(place)) place++;
    const slot = this.#slotIn(head, place);
    this.#bind();
    this.#others[head] = [...places, place];
    return slot;
  }

  /** Makes `into` hold what `from` (not heads) hold, and forgets these. Their rows must have been added. */
  merge(head: number, from: readonly number[], into: number): void {
    const slots = Int32Array.from(from);
    this.#group.merge(
      slots,
      slots.map(() => into),
      slots.length,
    );
    for (const slot of from) {
      this.starts[into] = Math.min(this.starts[into]!, this.starts[slot]!);
      this.ends[into] = Math.max(this.ends[into]!, this.ends[slot]!);
      if (this.rows !== null) this.rows[into]! += this.rows[slot]!;
      this.#removeOther(head, slot);
    }
  }

  #removeOther(head: number, slot: number): void {
    const place = this.table.namespaceOf(slot);
    const rest = this.#others[head]!.filter((other) => other !== place);
    this.#others[head] = rest.length === 0 ? undefined : rest;
    this.table.remove(slot);
  }

  /** Forgets sessions: `slots[i]` is of the key whose head is `heads[i]`. */
  remove(heads: readonly number[], slots: readonly number[]): void {
    // Heads last: what then moves into their place is to stay.
    for (const [i, slot] of slots.entries()) if (slot !== heads[i]) this.#removeOther(heads[i]!, slot);
    for (const [i, slot] of slots.entries()) if (slot === heads[i]) this.removeHead(slot);
  }

  /** Another session of the key takes the head's place, if there is one. */
  removeHead(head: number): void {
    const [place, ...rest] = this.#others[head] ?? [];
    if (place === undefined) {
      this.table.remove(head);
      return;
    }
    const other = this.#slotIn(head, place);
    this.table.remove(head);
    const made = this.#slotIn(other, HEAD);
    this.#bind();
    this.starts[made] = this.starts[other]!;
    this.ends[made] = this.ends[other]!;
    this.serials[made] = this.serials[other]!;
    this.timers[made] = this.timers[other]!;
    this.fired[made] = this.fired[other]!;
    if (this.rows !== null) this.rows[made] = this.rows[other]!;
    this.#others[made] = rest.length === 0 ? undefined : rest;
    this.#group.merge(Int32Array.of(other), Int32Array.of(made), 1);
    this.table.remove(other);
  }
}

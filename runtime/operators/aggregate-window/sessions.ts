/**
 * The sessions of all keys. A key's first session lives in namespace 0 (its head), where a batch finds it with one lookup; most
 * keys never have a second one. Further ones, not yet joined with it, live in namespaces 1, 2, …, listed in the head's `others`.
 * The head is never without a session, except inside a batch that has just made it.
 */
import type { Json, KeyedTable, StateCodec, StateColumnSpec, StateStore } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import type { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';

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
  { name: 'fired', type: 'i32' },
  { name: 'others', type: 'object', codec: placesCodec },
];

export class Sessions {
  readonly table: KeyedTable;
  readonly #group: AggregateGroup;
  starts!: Float64Array;
  ends!: Float64Array;
  /** Number of a session in order of making, from 1; 0 = no session. */
  serials!: Float64Array;
  /** 1 = has fired, and only lateness keeps it. */
  fired!: Int32Array;
  #others!: (readonly number[] | undefined)[];
  #lastSerial: number;

  constructor(store: StateStore, keys: readonly Field[], group: AggregateGroup) {
    this.#group = group;
    this.table = store.table({ name: 'sessions', keys, namespaced: true, columns: [...COLUMNS, ...group.columns] });
    this.#bind();
    this.#lastSerial = this.table.allSlots().reduce((last, slot) => Math.max(last, this.serials[slot]!), 0);
  }

  #bind(): void {
    this.starts = this.table.f64('start');
    this.ends = this.table.f64('end');
    this.serials = this.table.f64('serial');
    this.fired = this.table.i32('fired');
    this.#others = this.table.objects('others') as (readonly number[] | undefined)[];
    this.#group.bind(this.table);
  }

  /** Heads of the rows' keys; one that is new has no session yet. */
  heads(
    ...args: [keys: Parameters<KeyedTable['slots']>[0], count: number, namespaces: Float64Array, out: Int32Array]
  ): void {
    this.table.slots(...args);
    this.#bind();
  }

  /** Whether the head's is the only session of its key. */
  isSingle(head: number): boolean {
    return this.serials[head] !== 0 && this.#others[head] === undefined;
  }

  /** Slots of a key's sessions that touch `[start, end]`, the head first. The head must have one. */
  touching(head: number, start: number, end: number): number[] {
    const places = this.#others[head] ?? [];
    return [head, ...places.map((place) => this.table.slotIn(head, place))].filter(
      (slot) => start <= this.ends[slot]! && this.starts[slot]! <= end,
    );
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
    const slot = this.table.slotIn(head, place);
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
      this.#removeOther(head, slot);
    }
  }

  #removeOther(head: number, slot: number): void {
    const place = this.table.namespaceOf(slot);
    const rest = this.#others[head]!.filter((other) => other !== place);
    this.#others[head] = rest.length === 0 ? undefined : rest;
    this.table.remove(slot);
  }

  /** Forgets sessions; returns the slots of those that had to move into the place of a head. */
  remove(slots: readonly number[]): number[] {
    const isHead = (slot: number): boolean => this.table.namespaceOf(slot) === HEAD;
    const heads = slots.filter(isHead);
    // Heads last: what then moves into their place is to stay.
    for (const slot of slots) if (!isHead(slot)) this.#removeOther(this.table.slotIn(slot, HEAD), slot);
    return heads.flatMap((head) => this.#removeHead(head));
  }

  #removeHead(head: number): number[] {
    const [place, ...rest] = this.#others[head] ?? [];
    if (place === undefined) {
      this.table.remove(head);
      return [];
    }
    const other = this.table.slotIn(head, place);
    this.table.remove(head);
    const made = this.table.slotIn(other, HEAD);
    this.#bind();
    this.starts[made] = this.starts[other]!;
    this.ends[made] = this.ends[other]!;
    this.serials[made] = this.serials[other]!;
    this.fired[made] = this.fired[other]!;
    this.#others[made] = rest.length === 0 ? undefined : rest;
    this.#group.merge(Int32Array.of(other), Int32Array.of(made), 1);
    this.table.remove(other);
    return [made];
  }
}

/**
 * Values under the key of one row at a time, over the tables of any backend. A value, list or map is one object of an entry for
 * each key: adding to a list writes the whole list back, and a TTL is the whole map's. Timers are always in memory.
 */
import type { Column } from '../../../core/column.ts';
import { assert } from '../../../core/errors.ts';
import type {
  Json,
  KeyedListState,
  KeyedState,
  KeyedStateSpec,
  KeyedTimers,
  MapState,
  StateCodec,
  ValueState,
} from '../../../core/state.ts';
import { BatchKeys } from './batch-keys.ts';
import type { KeyedStateHost } from './keyed-state-host.ts';
import { ObjectEntries } from './object-entries.ts';
import { HeapTimers } from './heap-timers.ts';

/** For a backend's `keyed`. */
export function createKeyedState(spec: KeyedStateSpec, host: KeyedStateHost): KeyedState {
  return new TableKeyedState(spec, host);
}

class TableKeyedState implements KeyedState {
  readonly #spec: KeyedStateSpec;
  readonly #host: KeyedStateHost;
  readonly #batch: BatchKeys;
  readonly #names = new Set<string>();
  readonly #entries: ObjectEntries<never>[] = [];
  #row = 0;

  constructor(spec: KeyedStateSpec, host: KeyedStateHost) {
    this.#spec = spec;
    this.#host = host;
    this.#batch = new BatchKeys(spec.keys);
  }

  value<T>(name: string, codec: StateCodec): ValueState<T> {
    const entries = this.#entriesOf<T>(name, codec);
    return {
      get: () => entries.get(this.#row),
      set: (value) => entries.put(this.#row, value),
      clear: () => entries.remove(this.#row),
    };
  }

  listState<T>(name: string, codec: StateCodec): KeyedListState<T> {
    const entries = this.#entriesOf<T[]>(name, listCodec(codec));
    return {
      get: () => entries.get(this.#row) ?? NOTHING,
      add: (value) => {
        const list = entries.write(this.#row);
        if (list === undefined) entries.put(this.#row, [value]);
        else list.push(value);
      },
      set: (values) => {
        if (values.length === 0) entries.remove(this.#row);
        else entries.put(this.#row, [...values]);
      },
      clear: () => entries.remove(this.#row),
    };
  }

  map<T>(name: string, codec: StateCodec): MapState<T> {
    const entries = this.#entriesOf<Map<string, T>>(name, mapCodec(codec));
    return {
      get: (key) => entries.get(this.#row)?.get(key),
      set: (key, value) => {
        const map = entries.write(this.#row);
        if (map === undefined) entries.put(this.#row, new Map([[key, value]]));
        else map.set(key, value);
      },
      remove: (key) => {
        if (entries.get(this.#row)?.has(key) !== true) return;
        const map = entries.write(this.#row)!;
        map.delete(key);
        if (map.size === 0) entries.remove(this.#row);
      },
      keys: () => [...(entries.get(this.#row)?.keys() ?? [])],
      clear: () => entries.remove(this.#row),
    };
  }

  timers(name: string): KeyedTimers {
    return new HeapTimers(this.#nameOf(name), this.#spec.keys, this.#host, this.#batch, () => this.#row);
  }

  load(keys: readonly Column[], count: number): void {
    this.#batch.load(keys, count);
    if (this.#entries.length > 0) this.#batch.number();
    for (const entries of this.#entries) entries.load();
    this.#row = 0;
  }

  select(row: number): void {
    assert(row >= 0 && row < this.#batch.count, `row ${row} selected of ${this.#batch.count} loaded`);
    this.#row = row;
  }

  #entriesOf<T>(name: string, codec: StateCodec): ObjectEntries<T> {
    const entries = new ObjectEntries<T>(
      { name: this.#nameOf(name), keys: this.#spec.keys, codec, ttl: this.#spec.ttl },
      this.#host,
      this.#batch,
    );
    this.#entries.push(entries as ObjectEntries<never>);
    return entries;
  }

  #nameOf(name: string): string {
    assert(this.#batch.version === 0, `state "${name}" declared after the first load`);
    assert(!this.#names.has(name), `two states "${name}" in "${this.#spec.name}"`);
    this.#names.add(name);
    return `${this.#spec.name}.${name}`;
  }
}

const NOTHING: readonly never[] = [];
/** An array's header, or a map's; and what an element takes beside its own size. */
const CONTAINER_BYTES = 64;
const ELEMENT_BYTES = 8;
const MEMBER_BYTES = 48;

function listCodec(codec: StateCodec): StateCodec {
  return {
    toJson: (value) => (value as readonly unknown[]).map((element) => codec.toJson(element)),
    fromJson: (json) => (json as readonly Json[]).map((element) => codec.fromJson(element)),
    sizeOf: (value) =>
      (value as readonly unknown[]).reduce<number>(
        (sum, element) => sum + ELEMENT_BYTES + codec.sizeOf(element),
        CONTAINER_BYTES,
      ),
  };
}

function mapCodec(codec: StateCodec): StateCodec {
  return {
    toJson: (value) => Array.from(value as ReadonlyMap<string, unknown>, ([key, one]) => [key, codec.toJson(one)]),
    fromJson: (json) =>
      new Map((json as readonly (readonly [string, Json])[]).map(([key, one]) => [key, codec.fromJson(one)])),
    sizeOf: (value) => {
      let bytes = CONTAINER_BYTES;
      for (const [key, one] of value as ReadonlyMap<string, unknown>) {
        bytes += MEMBER_BYTES + 2 * key.length + codec.sizeOf(one);
      }
      return bytes;
    },
  };
}

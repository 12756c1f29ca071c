/** Keyed state that tells a watch, when there is one, which entries are looked at, written and removed. */
import { columnBuilder, type ColumnBuilder } from '../core/column-builder.ts';
import type { Column } from '../core/column.ts';
import type { NodeId } from '../core/ids.ts';
import type {
  EntryScan,
  Json,
  KeyedListState,
  KeyedState,
  KeyedStateSpec,
  KeyedTable,
  KeyedTimers,
  ListState,
  MapState,
  StateCodec,
  StateStore,
  TableSpec,
  ValueState,
} from '../core/state.ts';
import type { Value } from '../core/types.ts';
import type { EntryLayout, EntryPlace, StateWatch } from './state-watch.ts';
import type { StepProbe } from './step-probe.ts';
import { textOfBytes } from './state-bytes.ts';

export class ObservedState implements StateStore {
  readonly #inner: StateStore;
  readonly #nodeId: NodeId;
  readonly #subtask: number;
  readonly #probe: StepProbe;

  constructor(inner: StateStore, nodeId: NodeId, subtask: number, probe: StepProbe) {
    this.#inner = inner;
    this.#nodeId = nodeId;
    this.#subtask = subtask;
    this.#probe = probe;
  }

  list<T extends Json>(name: string, redistribution: 'split' | 'union'): ListState<T> {
    return this.#inner.list(name, redistribution);
  }

  table(spec: TableSpec): KeyedTable {
    return new ObservedTable(this.#inner.table(spec), spec, this.#placer(spec.name, 'columns', spec), this.#probe);
  }

  keyed(spec: KeyedStateSpec): KeyedState {
    return new ObservedKeyed(
      this.#inner.keyed(spec),
      (name) => this.#placer(`${spec.name}.${name}`, 'object', { keys: spec.keys, columns: OBJECT_COLUMNS }),
      this.#probe,
    );
  }

  #placer(table: string, form: EntryPlace['form'], layout: EntryLayout): Placer {
    const [nodeId, subtask] = [this.#nodeId, this.#subtask];
    return (key, namespace) => ({ nodeId, subtask, table, key, keyText: textOf(key), namespace, form, layout });
  }
}

const OBJECT_COLUMNS = [{ name: 'value', type: 'object' }] as const;

type Placer = (key: readonly Value[], namespace: number) => EntryPlace;

/** Equal for equal keys, and for no others of the same types. */
export function textOf(key: readonly Value[]): string {
  return JSON.stringify(key, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value instanceof Uint8Array ? [...value] : value,
  );
}

class ObservedTable implements KeyedTable {
  readonly #inner: KeyedTable;
  readonly #spec: TableSpec;
  readonly #place: Placer;
  readonly #probe: StepProbe;
  readonly #one = new Int32Array(1);

  constructor(inner: KeyedTable, spec: TableSpec, place: Placer, probe: StepProbe) {
    this.#inner = inner;
    this.#spec = spec;
    this.#place = place;
    this.#probe = probe;
  }

  get size(): number {
    return this.#inner.size;
  }

  get bytes(): number {
    return this.#inner.bytes;
  }

  slots(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void {
    const { watch } = this.#probe;
    // A new entry's values are what it is made with: whether it was there has to be known before.
    const before = watch === null ? null : new Int32Array(count);
    if (before !== null) this.#inner.find(keys, count, namespaces, before);
    this.#inner.slots(keys, count, namespaces, out);
    if (watch !== null) for (let i = 0; i < count; i++) this.#tell(watch, out[i]!, true, before![i]! >= 0);
  }

  find(keys: readonly Column[], count: number, namespaces: Float64Array | null, out: Int32Array): void {
    this.#inner.find(keys, count, namespaces, out);
    this.#tellAll(out, count, false);
  }

  slotsIn(slots: Int32Array, count: number, namespace: number, out: Int32Array): void {
    this.#tellAll(slots, count, false);
    this.#inner.slotsIn(slots, count, namespace, out);
    this.#tellAll(out, count, true);
  }

  touch(slots: Int32Array, count: number): void {
    this.#tellAll(slots, count, true);
    this.#inner.touch(slots, count);
  }

  scan(namespace: number): EntryScan {
    const scan = this.#inner.scan(namespace);
    return {
      next: (max) => {
        const slots = scan.next(max);
        this.#tellAll(slots, slots.length, false);
        return slots;
      },
    };
  }

  remove(slot: number): void {
    const { watch } = this.#probe;
    if (watch !== null) {
      this.#tell(watch, slot, true, true);
      watch.removed(this.#placeOf(slot));
    }
    this.#inner.remove(slot);
  }

  removeNamespace(namespace: number, max?: number): boolean | void {
    const hasMore = this.#inner.removeNamespace(namespace, max);
    const { watch } = this.#probe;
    if (watch !== null && hasMore !== true) {
      const { nodeId, subtask, table } = this.#place([], namespace);
      watch.removedNamespace(nodeId, subtask, table, namespace);
    }
    return hasMore;
  }

  f64(column: string): Float64Array {
    return this.#inner.f64(column);
  }

  i64(column: string): BigInt64Array {
    return this.#inner.i64(column);
  }

  i32(column: string): Int32Array {
    return this.#inner.i32(column);
  }

  objects(column: string): unknown[] {
    return this.#inner.objects(column);
  }

  namespaceOf(slot: number): number {
    return this.#inner.namespaceOf(slot);
  }

  namespaces(): readonly number[] {
    return this.#inner.namespaces();
  }

  appendKeys(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void {
    this.#inner.appendKeys(slots, count, builders);
  }

  #tellAll(slots: Int32Array, count: number, isWrite: boolean): void {
    const { watch } = this.#probe;
    if (watch === null) return;
    for (let i = 0; i < count; i++) if (slots[i]! >= 0) this.#tell(watch, slots[i]!, isWrite, true);
  }

  #tell(watch: StateWatch, slot: number, isWrite: boolean, wasThere: boolean): void {
    const place = this.#placeOf(slot);
    let isFirst = true;
    const keys = this.#keysOf(slot);
    const namespaces = this.#spec.namespaced ? Float64Array.of(place.namespace) : null;
    watch.access(place, isWrite, () => {
      const now = isFirst && !wasThere ? -1 : this.#find(keys, namespaces);
      isFirst = false;
      return now < 0 ? null : this.#read(now);
    });
  }

  /** Slots move: what is read later is looked up again. */
  #find(keys: readonly Column[], namespaces: Float64Array | null): number {
    this.#inner.find(keys, 1, namespaces, this.#one);
    return this.#one[0]!;
  }

  #read(slot: number): readonly unknown[] {
    return this.#spec.columns.map(({ name, type, codec }) => {
      if (type === 'f64') return this.#inner.f64(name)[slot]!;
      if (type === 'i64') return this.#inner.i64(name)[slot]!;
      if (type === 'i32') return this.#inner.i32(name)[slot]!;
      const value = this.#inner.objects(name)[slot];
      if (value === undefined) return null;
      return type === 'bytes' ? textOfBytes(value as Uint8Array) : JSON.stringify(codec!.toJson(value));
    });
  }

  #placeOf(slot: number): EntryPlace {
    const key = this.#keysOf(slot).map((column) => column.value(0));
    return this.#place(key, this.#spec.namespaced ? this.#inner.namespaceOf(slot) : 0);
  }

  #keysOf(slot: number): readonly Column[] {
    const builders = this.#spec.keys.map(({ type }) => columnBuilder(type, 1));
    this.#one[0] = slot;
    this.#inner.appendKeys(this.#one, 1, builders);
    return builders.map((builder) => builder.finish());
  }
}

class ObservedKeyed implements KeyedState {
  readonly #inner: KeyedState;
  readonly #placer: (name: string) => Placer;
  readonly #probe: StepProbe;
  #keys: readonly Column[] = [];
  #row = 0;

  constructor(inner: KeyedState, placer: (name: string) => Placer, probe: StepProbe) {
    this.#inner = inner;
    this.#placer = placer;
    this.#probe = probe;
  }

  value<T>(name: string, codec: StateCodec): ValueState<T> {
    const inner = this.#inner.value<T>(name, codec);
    const tell = this.#teller(name, () => {
      const value = inner.get();
      return value === undefined ? null : codec.toJson(value);
    });
    return {
      get: () => (tell(false), inner.get()),
      set: (value) => (tell(true), inner.set(value)),
      clear: () => (tell(true, true), inner.clear()),
    };
  }

  listState<T>(name: string, codec: StateCodec): KeyedListState<T> {
    const inner = this.#inner.listState<T>(name, codec);
    const tell = this.#teller(name, () => {
      const values = inner.get();
      return values.length === 0 ? null : values.map((value) => codec.toJson(value));
    });
    return {
      get: () => (tell(false), inner.get()),
      add: (value) => (tell(true), inner.add(value)),
      set: (values) => (tell(true), inner.set(values)),
      clear: () => (tell(true, true), inner.clear()),
    };
  }

  map<T>(name: string, codec: StateCodec): MapState<T> {
    const inner = this.#inner.map<T>(name, codec);
    const tell = this.#teller(name, () => {
      const keys = inner.keys();
      return keys.length === 0 ? null : keys.map((key) => [key, codec.toJson(inner.get(key))]);
    });
    return {
      get: (key) => (tell(false), inner.get(key)),
      set: (key, value) => (tell(true), inner.set(key, value)),
      remove: (key) => (tell(true), inner.remove(key)),
      keys: () => (tell(false), inner.keys()),
      clear: () => (tell(true, true), inner.clear()),
    };
  }

  timers(name: string): KeyedTimers {
    const inner = this.#inner.timers(name);
    const probe = this.#probe;
    return {
      get nextAt() {
        return inner.nextAt;
      },
      add: (at) => inner.add(at),
      remove: (at) => inner.remove(at),
      takeDue(time, max) {
        const due = inner.takeDue(time, max);
        if (due !== null) probe.countTimers(due.count);
        return due;
      },
    };
  }

  load(keys: readonly Column[], count: number): void {
    this.#keys = keys;
    this.#row = 0;
    this.#inner.load(keys, count);
  }

  select(row: number): void {
    this.#row = row;
    this.#inner.select(row);
  }

  #teller(name: string, read: () => Json | null): (isWrite: boolean, isRemoval?: boolean) => void {
    const placeOf = this.#placer(name);
    return (isWrite, isRemoval = false) => {
      const { watch } = this.#probe;
      if (watch === null) return;
      const [keys, row] = [this.#keys, this.#row];
      const place = placeOf(
        keys.map((column) => column.value(row)),
        0,
      );
      watch.access(place, isWrite, () => {
        const selected = this.#row;
        // Another batch may have been loaded since: then its keys are another state's.
        if (this.#keys !== keys) return null;
        this.#inner.select(row);
        const json = read();
        this.#inner.select(selected);
        return json === null ? null : [JSON.stringify(json)];
      });
      if (isRemoval) watch.removed(place);
    };
  }
}

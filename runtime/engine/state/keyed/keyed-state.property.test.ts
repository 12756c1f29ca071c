/** Keyed state against Maps, over backends, with restores at other parallelisms in between and time going by. */
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { columnOf } from '../../../core/column-builder.ts';
import type { Column } from '../../../core/column.ts';
import { hashRows, keyGroupOf, keyGroupRange, subtaskOfKeyGroup } from '../../../core/hash.ts';
import { field } from '../../../core/schema.ts';
import type { Json, KeyedState, StateCodec, StateTtl } from '../../../core/state.ts';
import { INT, STRING, type DataType, type Value } from '../../../core/types.ts';
import { MovingBackend } from '../../../testing/moving-backend.ts';
import { propertyRuns } from '../../../testing/property-runs.ts';
import { decodeStateSnapshot, encodeStateSnapshot, type StateBackend, type StateSnapshot } from '../index.ts';
import { MemoryBackend } from '../memory-backend.ts';
import { RocksDbFixture } from '../rocksdb/rocksdb-fixture.ts';
import type { StateBackendOptions } from '../state-backend.ts';

type Key = readonly Value[];
type BackendKind = 'memory' | 'moving' | 'rocksdb';

type Action =
  | { readonly do: 'set' | 'add' | 'put'; readonly number: number }
  | { readonly do: 'clearValue' | 'clearList' | 'clearMap' }
  | { readonly do: 'setList'; readonly numbers: readonly number[] }
  | { readonly do: 'removeFromMap'; readonly number: number }
  | { readonly do: 'addTimer' | 'removeTimer'; readonly at: number };

interface Row {
  readonly key: Key;
  readonly action: Action;
}

type Step =
  | { readonly do: 'batch'; readonly rows: readonly Row[] }
  | { readonly do: 'due'; readonly time: number; readonly max: number }
  | { readonly do: 'wait'; readonly ms: number }
  | {
      readonly do: 'restore';
      readonly parallelism: number;
      readonly backend: BackendKind;
      /** Happen while the snapshot is under way, and are lost. */
      readonly lost: readonly Row[];
    };

interface Case {
  readonly types: readonly DataType[];
  readonly ttl: StateTtl | undefined;
  readonly steps: readonly Step[];
}

const anyNumber = fc.nat(4);
const anyTime = fc.integer({ min: -5, max: 40 });
const anyAction: Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constantFrom('set' as const, 'add' as const, 'put' as const), number: anyNumber }),
  fc.record({ do: fc.constantFrom('clearValue' as const, 'clearList' as const, 'clearMap' as const) }),
  fc.record({ do: fc.constant('setList' as const), numbers: fc.array(anyNumber, { maxLength: 3 }) }),
  fc.record({ do: fc.constant('removeFromMap' as const), number: anyNumber }),
  fc.record({ do: fc.constantFrom('addTimer' as const, 'addTimer' as const, 'removeTimer' as const), at: anyTime }),
);

const KEYS: readonly (readonly [readonly DataType[], Arbitrary<Key>])[] = [
  [[STRING], fc.tuple(fc.constantFrom('a', 'b', 'c', 'dd', '', null))],
  [[INT, STRING], fc.tuple(fc.constantFrom(1, 2, null), fc.constantFrom('a', 'b', null))],
];

const anyCase = (backends: readonly BackendKind[]): Arbitrary<Case> =>
  fc
    .tuple(
      fc.constantFrom(...KEYS),
      fc.option(
        fc.record({ ms: fc.constantFrom(3, 10), update: fc.constantFrom('on-create-and-write', 'on-read-and-write') }),
        {
          nil: undefined,
        },
      ),
    )
    .chain(([[types, key], ttl]) => {
      const rows = (maxLength: number) => fc.array(fc.record({ key, action: anyAction }), { maxLength });
      const step: Arbitrary<Step> = fc.oneof(
        { weight: 6, arbitrary: fc.record({ do: fc.constant('batch' as const), rows: rows(12) }) },
        {
          weight: 2,
          arbitrary: fc.record({ do: fc.constant('due' as const), time: anyTime, max: fc.constantFrom(1, 3, 100) }),
        },
        { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(6) }) },
        {
          weight: 2,
          arbitrary: fc.record({
            do: fc.constant('restore' as const),
            parallelism: fc.integer({ min: 1, max: 3 }),
            backend: fc.constantFrom(...backends),
            lost: rows(6),
          }),
        },
      );
      return fc.record({
        types: fc.constant(types),
        ttl: fc.constant(ttl as StateTtl | undefined),
        steps: fc.array(step, { maxLength: 14 }),
      });
    });

const plain: StateCodec = { toJson: (value) => value as Json, fromJson: (json) => json, sizeOf: () => 8 };

/** What a row sees before its action. */
interface Seen {
  readonly value: unknown;
  readonly list: readonly unknown[];
  readonly map: Readonly<Record<string, unknown>>;
}

interface Timer {
  readonly at: number;
  readonly key: string;
}

/** Under test: one subtask. */
class Subject {
  readonly backend: StateBackend;
  readonly #keyed: KeyedState;
  readonly #value;
  readonly #list;
  readonly #map;
  readonly #timers;
  readonly #types: readonly DataType[];

  constructor(backend: StateBackend, { types, ttl }: Case) {
    this.backend = backend;
    this.#types = types;
    const keys = types.map((type, i) => field(`k${i}`, type));
    this.#keyed = backend.keyed({ name: 'k', keys, ...(ttl === undefined ? {} : { ttl }) });
    this.#value = this.#keyed.value<number>('value', plain);
    this.#list = this.#keyed.listState<number>('list', plain);
    this.#map = this.#keyed.map<number>('map', plain);
    this.#timers = this.#keyed.timers('timers');
  }

  handle(rows: readonly Row[]): Seen[] {
    this.#keyed.load(columnsOf(this.#types, rows), rows.length);
    const seen = rows.map(({ action }, row) => {
      this.#keyed.select(row);
      const before = {
        value: this.#value.get(),
        list: [...this.#list.get()],
        map: Object.fromEntries(this.#map.keys().map((key) => [key, this.#map.get(key)])),
      };
      this.#act(action);
      return before;
    });
    this.backend.settle();
    return seen;
  }

  #act(action: Action): void {
    switch (action.do) {
      case 'set':
        return this.#value.set(action.number);
      case 'add':
        return this.#list.add(action.number);
      case 'put':
        return this.#map.set(`m${action.number % 3}`, action.number);
      case 'clearValue':
        return this.#value.clear();
      case 'clearList':
        return this.#list.clear();
      case 'clearMap':
        return this.#map.clear();
      case 'setList':
        return this.#list.set(action.numbers);
      case 'removeFromMap':
        return this.#map.remove(`m${action.number % 3}`);
      case 'addTimer':
        return this.#timers.add(action.at);
      case 'removeTimer':
        return this.#timers.remove(action.at);
    }
  }

  /** All that is due, `max` at a time. */
  takeDue(time: number, max: number): Timer[] {
    const taken: Timer[] = [];
    for (let due = this.#timers.takeDue(time, max); due !== null; due = this.#timers.takeDue(time, max)) {
      expect(due.count).toBeGreaterThan(0);
      expect(due.count).toBeLessThanOrEqual(max);
      for (let i = 0; i < due.count; i++) {
        taken.push({ at: due.at[i]!, key: textOf(due.keys.map((column) => column.value(i))) });
      }
    }
    this.backend.settle();
    return taken;
  }

  get nextAt(): number {
    return this.#timers.nextAt;
  }
}

interface Entry<T> {
  content: T;
  lastUse: number;
}

/** The obvious thing. */
class Model {
  readonly #ttl: StateTtl | undefined;
  readonly #values = new Map<string, Entry<number>>();
  readonly #lists = new Map<string, Entry<readonly number[]>>();
  readonly #maps = new Map<string, Entry<Readonly<Record<string, number>>>>();
  /** In order of making. */
  timers: Timer[] = [];
  now = 0;

  constructor(ttl: StateTtl | undefined) {
    this.#ttl = ttl;
  }

  handle(rows: readonly Row[]): Seen[] {
    for (const { key } of rows) {
      for (const entries of [this.#values, this.#lists, this.#maps]) {
        const entry = this.#alive<unknown>(entries, textOf(key));
        if (entry !== undefined && this.#ttl?.update === 'on-read-and-write') entry.lastUse = this.now;
      }
    }
    return rows.map(({ key, action }) => {
      const text = textOf(key);
      const before = {
        value: this.#alive(this.#values, text)?.content,
        list: this.#alive(this.#lists, text)?.content ?? [],
        map: this.#alive(this.#maps, text)?.content ?? {},
      };
      this.#act(text, action, before);
      return before;
    });
  }

  #act(key: string, action: Action, before: { list: readonly number[]; map: Readonly<Record<string, number>> }): void {
    const lastUse = this.now;
    switch (action.do) {
      case 'set':
        this.#values.set(key, { content: action.number, lastUse });
        break;
      case 'add':
        this.#lists.set(key, { content: [...before.list, action.number], lastUse });
        break;
      case 'put':
        this.#maps.set(key, { content: { ...before.map, [`m${action.number % 3}`]: action.number }, lastUse });
        break;
      case 'clearValue':
        this.#values.delete(key);
        break;
      case 'clearList':
        this.#lists.delete(key);
        break;
      case 'clearMap':
        this.#maps.delete(key);
        break;
      case 'setList':
        if (action.numbers.length === 0) this.#lists.delete(key);
        else this.#lists.set(key, { content: action.numbers, lastUse });
        break;
      case 'removeFromMap': {
        const { [`m${action.number % 3}`]: removed, ...rest } = before.map;
        if (removed === undefined) break;
        if (Object.keys(rest).length === 0) this.#maps.delete(key);
        else this.#maps.set(key, { content: rest, lastUse });
        break;
      }
      case 'addTimer':
        if (!this.timers.some((timer) => timer.key === key && timer.at === action.at))
          this.timers.push({ at: action.at, key });
        break;
      case 'removeTimer':
        this.timers = this.timers.filter((timer) => timer.key !== key || timer.at !== action.at);
        break;
    }
  }

  #alive<T>(entries: Map<string, Entry<T>>, key: string): Entry<T> | undefined {
    const entry = entries.get(key);
    return entry === undefined || (this.#ttl !== undefined && entry.lastUse + this.#ttl.ms <= this.now)
      ? undefined
      : entry;
  }

  takeDue(time: number): Timer[] {
    const due = this.timers.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at);
    this.timers = this.timers.filter(({ at }) => at > time);
    return due;
  }
}

function columnsOf(types: readonly DataType[], rows: readonly Row[]): readonly Column[] {
  return types.map((type, i) =>
    columnOf(
      type,
      rows.map(({ key }) => key[i]!),
    ),
  );
}

function textOf(key: Key): string {
  return JSON.stringify(key);
}

function deal(types: readonly DataType[], rows: readonly Row[], parallelism: number): number[] {
  const hashes = new Int32Array(rows.length);
  hashRows(columnsOf(types, rows), rows.length, hashes);
  return Array.from(hashes, (hash) => subtaskOfKeyGroup(keyGroupOf(hash), parallelism));
}

const rocksDb = new RocksDbFixture(0);
afterAll(() => rocksDb.close());

function backendOf(kind: BackendKind, options: StateBackendOptions): StateBackend {
  switch (kind) {
    case 'memory':
      return new MemoryBackend(options);
    case 'moving':
      return new MovingBackend(options);
    case 'rocksdb':
      return rocksDb.backend(options);
  }
}

function run(one: Case): void {
  const model = new Model(one.ttl);
  let subtasks: Subject[] = [];
  let isOrdered = true;
  const start = (parallelism: number, kind: BackendKind, restored: readonly StateSnapshot[]): void => {
    for (const { backend } of subtasks) backend.close();
    subtasks = Array.from({ length: parallelism }, (_, subtask) => {
      const keyGroups = keyGroupRange(subtask, parallelism);
      const options = {
        keyGroups,
        subtask,
        parallelism,
        restored,
        onMismatch: 'refuse',
        now: () => model.now,
      } as const;
      return new Subject(backendOf(kind, options), one);
    });
  };
  const handle = (rows: readonly Row[]): Seen[] => {
    const owners = deal(one.types, rows, subtasks.length);
    const seen: Seen[] = [];
    subtasks.forEach((subtask, i) => {
      const own = rows.flatMap((_, row) => (owners[row] === i ? [row] : []));
      subtask.handle(own.map((row) => rows[row]!)).forEach((one, nth) => {
        seen[own[nth]!] = one;
      });
    });
    return seen;
  };
  start(1, 'memory', []);
  for (const step of one.steps) {
    switch (step.do) {
      case 'batch':
        expect(handle(step.rows)).toEqual(model.handle(step.rows));
        break;
      case 'due': {
        const taken = subtasks.flatMap((subtask) => subtask.takeDue(step.time, step.max));
        const expected = model.takeDue(step.time);
        if (isOrdered) expect(taken).toEqual(expected);
        else expect(sorted(taken)).toEqual(sorted(expected));
        break;
      }
      case 'wait':
        model.now += step.ms;
        break;
      case 'restore': {
        const snapshots = subtasks.map(({ backend }) => backend.snapshot('savepoint'));
        for (const snapshot of snapshots) snapshot.step();
        handle(step.lost);
        for (const subtask of subtasks) subtask.takeDue(20, 100);
        const files = snapshots.map((snapshot) => {
          while (snapshot.step());
          return encodeStateSnapshot(snapshot.result());
        });
        handle(step.lost);
        isOrdered &&= step.parallelism === 1;
        start(step.parallelism, step.backend, files.map(decodeStateSnapshot));
        break;
      }
    }
    const next = model.timers.reduce((first, { at }) => Math.min(first, at), Infinity);
    expect(subtasks.reduce((first, { nextAt }) => Math.min(first, nextAt), Infinity)).toBe(next);
  }
}

function sorted(timers: readonly Timer[]): readonly Timer[] {
  return timers.toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

describe('keyed state', () => {
  it('is what Maps would be, also after a snapshot and restore at another parallelism', () => {
    fc.assert(fc.property(anyCase(['memory', 'moving']), run), propertyRuns(300));
  });

  it('is so in RocksDB too', () => {
    const property = fc.property(anyCase(['rocksdb', 'rocksdb', 'memory']), (one) => {
      run(one);
      rocksDb.closeBackends();
    });
    fc.assert(property, propertyRuns(40));
  });
});

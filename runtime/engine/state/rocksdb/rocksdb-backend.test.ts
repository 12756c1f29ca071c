import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnOf } from '../../../core/column-builder.ts';
import { keyGroupRange } from '../../../core/hash.ts';
import { field } from '../../../core/schema.ts';
import type { KeyedTable, StateTtl, TableSpec } from '../../../core/state.ts';
import { BIGINT, STRING } from '../../../core/types.ts';
import {
  createStateBackend,
  decodeStateSnapshot,
  encodeStateSnapshot,
  finishSnapshot,
  summariseState,
  type StateBackend,
  type StateSnapshot,
} from '../index.ts';
import { RocksDbFixture } from './rocksdb-fixture.ts';

let fixture: RocksDbFixture;
let now = 0;

beforeEach(() => {
  now = 1000;
  fixture = new RocksDbFixture(0);
});
afterEach(() => fixture.close());

function inMemory(restored: readonly StateSnapshot[]): StateBackend {
  return createStateBackend('memory', {
    keyGroups: keyGroupRange(0, 1),
    subtask: 0,
    parallelism: 1,
    restored,
    onMismatch: 'refuse',
    now: () => now,
  });
}

function snapshotOf(backend: StateBackend, kind: 'checkpoint' | 'savepoint'): StateSnapshot {
  return decodeStateSnapshot(encodeStateSnapshot(finishSnapshot(backend.snapshot(kind))));
}

const KEYS = Array.from({ length: 500 }, (_, i) => BigInt(i));

function specOf(ttl?: StateTtl): TableSpec {
  return {
    name: 't',
    keys: [field('k', BIGINT)],
    namespaced: false,
    columns: [{ name: 'n', type: 'i32' }],
    ...(ttl === undefined ? {} : { ttl }),
  };
}

function write(backend: StateBackend, table: KeyedTable, keys: readonly bigint[], value: number): void {
  const slots = new Int32Array(keys.length);
  table.slots([columnOf(BIGINT, keys)], keys.length, null, slots);
  for (const slot of slots) table.i32('n')[slot]! += value;
  backend.settle();
}

function read(backend: StateBackend, table: KeyedTable, keys: readonly bigint[]): (number | null)[] {
  const slots = new Int32Array(keys.length);
  table.find([columnOf(BIGINT, keys)], keys.length, null, slots);
  const values = Array.from(slots, (slot) => (slot < 0 ? null : table.i32('n')[slot]!));
  backend.settle();
  return values;
}

describe('the rocksdb backend', () => {
  it('keeps no database for an operator without tables', () => {
    const backend = fixture.backend();
    const list = backend.list<number>('l', 'split');
    list.set([1, 2]);
    const snapshot = snapshotOf(backend, 'checkpoint');
    expect(snapshot).toEqual({
      subtask: 0,
      lists: [{ name: 'l', redistribution: 'split', values: [1, 2] }],
      tables: [],
    });
  });

  it.each(['on-create-and-write', 'on-read-and-write'] as const)('forgets entries by time: %s', (update) => {
    const backend = fixture.backend({ now: () => now });
    const table = backend.table(specOf({ ms: 100, update }));
    write(backend, table, KEYS, 1);
    now += 60;
    write(backend, table, KEYS.slice(0, 100), 1);
    expect(read(backend, table, KEYS.slice(100, 200))).toEqual(KEYS.slice(100, 200).map(() => 1));
    now += 60;
    const isRead = update === 'on-read-and-write';
    expect(read(backend, table, KEYS)).toEqual(KEYS.map((_, i) => (i < 100 ? 2 : i < 200 && isRead ? 1 : null)));
    // One that is made again begins anew.
    write(backend, table, KEYS.slice(300, 301), 5);
    expect(read(backend, table, KEYS.slice(300, 301))).toEqual([5]);
  });

  it('leaves what has expired out of savepoints and scans', () => {
    const ttl: StateTtl = { ms: 100, update: 'on-create-and-write' };
    const backend = fixture.backend({ now: () => now });
    const table = backend.table(specOf(ttl));
    write(backend, table, KEYS, 1);
    now += 60;
    write(backend, table, KEYS.slice(0, 100), 1);
    now += 60;
    const scan = table.scan(0);
    let seen = 0;
    for (let slots = scan.next(70); slots.length > 0; slots = scan.next(70)) {
      seen += slots.length;
      backend.settle();
    }
    expect(seen).toBe(100);
    const restored = inMemory([snapshotOf(backend, 'savepoint')]);
    const copy = restored.table(specOf(ttl));
    expect(copy.size).toBe(100);
    expect(read(restored, copy, KEYS.slice(99, 101))).toEqual([2, null]);
  });

  it('keeps a snapshot free of what is written while it is taken', () => {
    const backend = fixture.backend();
    const table = backend.table(specOf());
    write(backend, table, KEYS, 1);
    const taken = backend.snapshot('savepoint');
    write(backend, table, KEYS, 1);
    table.removeNamespace(0);
    write(backend, table, [1n], 7);
    const restored = inMemory([finishSnapshot(taken)]);
    expect(read(restored, restored.table(specOf()), KEYS)).toEqual(KEYS.map(() => 1));
    expect(read(backend, table, [0n, 1n])).toEqual([null, 7]);
  });

  it('refuses a table of another layout, and tells of one that nobody takes', () => {
    const backend = fixture.backend();
    write(backend, backend.table(specOf()), KEYS, 1);
    const restored = [finishSnapshot(backend.snapshot('checkpoint'))];
    expect(summariseState(restored).tables).toMatchObject([{ name: 't', entries: 500 }]);
    const other = fixture.backend({ restored });
    expect(other.unclaimed()).toEqual(['t']);
    expect(() => other.table({ ...specOf(), namespaced: true })).toThrow(expect.objectContaining({ code: 'MR2205' }));
  });

  it('holds keyed values and timers, over a savepoint into memory', () => {
    const codec = { toJson: (value: unknown) => value as number, fromJson: (json: unknown) => json, sizeOf: () => 8 };
    const spec = { name: 's', keys: [field('k', STRING)] };
    const names = Array.from({ length: 400 }, (_, i) => `key ${i}`);
    const use = (backend: StateBackend): (number | undefined)[] => {
      const keyed = backend.keyed(spec);
      const sum = keyed.value<number>('sum', codec);
      const timers = keyed.timers('due');
      const before: (number | undefined)[] = [];
      for (let from = 0; from < names.length; from += 50) {
        const part = names.slice(from, from + 50);
        keyed.load([columnOf(STRING, part)], part.length);
        part.forEach((_, row) => {
          keyed.select(row);
          before.push(sum.get());
          sum.set((sum.get() ?? 0) + from + row);
          timers.add(from + row);
        });
        backend.settle();
      }
      return before;
    };
    const backend = fixture.backend();
    expect(use(backend)).toEqual(names.map(() => undefined));
    const memory = inMemory([snapshotOf(backend, 'savepoint')]);
    expect(use(memory)).toEqual(names.map((_, i) => i));
    const native = finishSnapshot(backend.snapshot('checkpoint'));
    expect(use(fixture.backend({ restored: [native] }))).toEqual(names.map((_, i) => i));
  });
});

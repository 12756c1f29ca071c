import { describe, expect, it } from 'vitest';
import { columnBuilder, columnOf } from '../../core/column-builder.ts';
import { field } from '../../core/schema.ts';
import type { TableSpec } from '../../core/state.ts';
import { BIGINT, INT, STRING, type Value } from '../../core/types.ts';
import {
  createStateBackend,
  decodeStateSnapshot,
  encodeStateSnapshot,
  finishSnapshot,
  summariseState,
  type StateBackend,
  type StateSnapshot,
} from './index.ts';

function backend(subtask: number, parallelism: number, restored: readonly StateSnapshot[] = []): StateBackend {
  const keyGroups = {
    start: Math.ceil((subtask * 128) / parallelism),
    end: Math.ceil(((subtask + 1) * 128) / parallelism),
  };
  return createStateBackend('memory', {
    keyGroups,
    subtask,
    parallelism,
    restored,
    onMismatch: 'refuse',
    now: () => 0,
  });
}

function snapshotOf(store: StateBackend): StateSnapshot {
  return finishSnapshot(store.snapshot('checkpoint'));
}

const COUNTS: TableSpec = {
  name: 'counts',
  keys: [field('user', STRING)],
  namespaced: true,
  columns: [{ name: 'n', type: 'i64' }],
};

function count(store: StateBackend, users: readonly Value[], window = 0) {
  const table = store.table(COUNTS);
  const slots = new Int32Array(users.length);
  table.slots([columnOf(STRING, users)], users.length, new Float64Array(users.length).fill(window), slots);
  for (const slot of slots) table.i64('n')[slot]!++;
  return table;
}

describe('list state', () => {
  it('is dealt out round robin when split, in the order of the subtasks that wrote it', () => {
    const written = [0, 1].map((subtask) => {
      const store = backend(subtask, 2);
      store.list<string>('files', 'split').set([`a${subtask}`, `b${subtask}`, `c${subtask}`]);
      return snapshotOf(store);
    });
    const dealt = [0, 1, 2].map((subtask) =>
      backend(subtask, 3, [...written].reverse())
        .list('files', 'split')
        .get(),
    );
    expect(dealt).toEqual([
      ['a0', 'a1'],
      ['b0', 'b1'],
      ['c0', 'c1'],
    ]);
  });

  it('is whole for each subtask when union', () => {
    const written = [0, 1].map((subtask) => {
      const store = backend(subtask, 2);
      store.list<number>('open', 'union').set([subtask]);
      return snapshotOf(store);
    });
    expect([0, 1, 2].map((subtask) => backend(subtask, 3, written).list('open', 'union').get())).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  it('keeps what a snapshot took when the operator goes on writing', () => {
    const store = backend(0, 1);
    const positions = [1];
    const list = store.list<number>('positions', 'split');
    list.set(positions);
    const snapshot = snapshotOf(store);
    positions.push(2);
    list.set([3]);
    expect(snapshot.lists).toEqual([{ name: 'positions', redistribution: 'split', values: [1] }]);
  });
});

describe('a snapshot', () => {
  it('survives its file form, also at an odd place of a larger buffer', () => {
    const store = backend(0, 1);
    count(store, ['a', 'b', null, 'a']);
    store.list<number>('positions', 'split').set([7]);
    const bytes = encodeStateSnapshot(snapshotOf(store));
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeStateSnapshot(bytes)).toEqual(snapshotOf(store));
    expect(decodeStateSnapshot(shifted.subarray(3))).toEqual(snapshotOf(store));
  });

  it('is the same for the same state', () => {
    const states = [0, 1].map(() => {
      const store = backend(0, 1);
      count(store, ['a', 'b', 'c', null]);
      return encodeStateSnapshot(snapshotOf(store));
    });
    expect(states[0]).toEqual(states[1]);
  });

  it('is refused when it is cut short, foreign or newer', () => {
    const store = backend(0, 1);
    count(store, ['a', 'b']);
    const bytes = encodeStateSnapshot(snapshotOf(store));
    const newer = bytes.slice();
    newer[4] = 99;
    for (const damaged of [
      bytes.subarray(0, 4),
      bytes.subarray(0, 40),
      bytes.subarray(0, bytes.length - 8),
      new Uint8Array(64),
      newer,
    ]) {
      expect(() => decodeStateSnapshot(damaged)).toThrow(expect.objectContaining({ code: 'MR2202' }));
    }
  });

  it('is refused by a table of another layout', () => {
    const store = backend(0, 1);
    count(store, ['a']);
    const restored = [snapshotOf(store)];
    const changed: TableSpec[] = [
      { ...COUNTS, keys: [field('user', INT)] },
      { ...COUNTS, keys: [field('page', STRING)] },
      { ...COUNTS, namespaced: false },
      { ...COUNTS, columns: [{ name: 'n', type: 'f64' }] },
    ];
    for (const spec of changed) {
      expect(() => backend(0, 1, restored).table(spec)).toThrow(
        expect.objectContaining({ code: 'MR2205', message: expect.stringContaining('"counts"') }),
      );
    }
  });

  it('says what it holds', () => {
    const store = backend(0, 1);
    count(store, ['a', 'b', 'a']);
    store.list<number>('positions', 'union').set([1, 2]);
    const summary = summariseState([snapshotOf(store)]);
    expect(summary).toMatchObject({
      lists: [{ name: 'positions', redistribution: 'union', entries: 2 }],
      tables: [{ name: 'counts', entries: 2, keyGroups: 2, layout: { keys: [{ name: 'user', type: 'STRING' }] } }],
    });
    expect(summary.tables[0]!.bytes).toBeGreaterThan(0);
  });
});

describe('memory', () => {
  it('is given back to new keys as old ones go', () => {
    const store = backend(0, 1);
    const table = store.table({ ...COUNTS, columns: [] });
    const slots = new Int32Array(100);
    for (let window = 0; window < 500; window++) {
      const users = columnOf(
        STRING,
        Array.from({ length: 100 }, (_, i) => `user ${window} number ${i}, with a name that takes some room`),
      );
      table.slots([users], 100, new Float64Array(100).fill(window), slots);
      table.removeNamespace(window - 3);
    }
    expect(table.size).toBe(300);
    expect(store.bytes).toBeLessThan(200_000);
    const builder = columnBuilder(STRING);
    table.appendKeys(table.scan(497).next(1), 1, [builder]);
    expect(builder.finish().value(0)).toBe('user 497 number 0, with a name that takes some room');
  });

  it('is counted for objects by their codec', () => {
    const store = backend(0, 1);
    const codec = { toJson: () => null, fromJson: () => null, sizeOf: () => 1_000_000 };
    const table = store.table({
      name: 't',
      keys: [field('k', BIGINT)],
      namespaced: false,
      columns: [{ name: 'o', type: 'object', codec }],
    });
    table.slots([columnOf(BIGINT, [1n, 2n])], 2, null, new Int32Array(2));
    table.objects('o').fill({}, 0, 2);
    expect(store.bytes).toBeGreaterThan(2_000_000);
  });
});

import { cpSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { columnBuilder, columnOf } from '../../../core/column-builder.ts';
import { hashRows, keyGroupOf, keyGroupRange } from '../../../core/hash.ts';
import { field } from '../../../core/schema.ts';
import type { KeyedTable, TableSpec } from '../../../core/state.ts';
import { INT, STRING } from '../../../core/types.ts';
import {
  createStateBackend,
  decodeStateSnapshot,
  encodeStateSnapshot,
  finishSnapshot,
  type StateBackend,
  type StateSnapshot,
} from '../index.ts';
import { RocksDbFixture } from './rocksdb-fixture.ts';

const fixture = new RocksDbFixture(0);
afterAll(() => fixture.close());

const SPEC: TableSpec = {
  name: 't',
  keys: [field('a', INT), field('b', STRING)],
  namespaced: true,
  columns: [
    { name: 'count', type: 'i32' },
    { name: 'sum', type: 'i64' },
    { name: 'half', type: 'f64' },
    {
      name: 'text',
      type: 'object',
      codec: { toJson: (value) => value as string, fromJson: (json) => json, sizeOf: (value) => String(value).length },
    },
  ],
};

type Key = readonly [number | null, string | null];
interface Row {
  readonly key: Key;
  readonly namespace: number;
}
type Step =
  | { readonly do: 'add'; readonly rows: readonly Row[] }
  | { readonly do: 'find'; readonly rows: readonly Row[] }
  | { readonly do: 'remove'; readonly rows: readonly Row[] }
  | { readonly do: 'removeNamespace'; readonly namespace: number }
  | { readonly do: 'merge'; readonly from: number; readonly namespace: number }
  | { readonly do: 'touch'; readonly namespace: number; readonly most: number }
  | {
      readonly do: 'move';
      readonly to: 'rocksdb' | 'memory';
      readonly kind: 'checkpoint' | 'savepoint';
      readonly parallelism: number;
    };

const namespace = fc.constantFrom(0, 60_000, -1.5, 1_700_000_000_000);
const key: fc.Arbitrary<Key> = fc.tuple(
  fc.oneof(fc.constant(null), fc.integer({ min: -20, max: 20 })),
  fc.constantFrom(null, '', 'a', 'ü', 'much longer than the others'),
);
const rows = fc.array(fc.record({ key, namespace }), { maxLength: 120, size: 'max' });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), rows }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('find' as const), rows }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), rows }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('removeNamespace' as const), namespace }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), from: namespace, namespace }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('touch' as const), namespace, most: fc.nat(90) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      to: fc.constantFrom('rocksdb' as const, 'memory' as const),
      kind: fc.constantFrom('checkpoint' as const, 'savepoint' as const),
      parallelism: fc.constantFrom(1, 2, 3),
    }),
  },
);

interface Entry {
  readonly key: Key;
  readonly namespace: number;
  count: number;
  sum: bigint;
}

const idOf = (one: Key, of: number): string => JSON.stringify([one, of]);

/** What a table is: a map. */
type Model = Map<string, Entry>;

/** The subtasks of one operator. */
interface Subtasks {
  readonly kind: 'rocksdb' | 'memory';
  readonly backends: readonly StateBackend[];
  readonly tables: readonly KeyedTable[];
}

function start(kind: 'rocksdb' | 'memory', parallelism: number, restored: readonly StateSnapshot[]): Subtasks {
  const backends = Array.from({ length: parallelism }, (_, subtask) => {
    if (kind === 'rocksdb') return fixture.backend({ subtask, parallelism, restored: restored.map(fetched) });
    const keyGroups = keyGroupRange(subtask, parallelism);
    return createStateBackend('memory', {
      keyGroups,
      subtask,
      parallelism,
      restored,
      onMismatch: 'refuse',
      now: () => 0,
    });
  });
  return { kind, backends, tables: backends.map((backend) => backend.table(SPEC)) };
}

/** As the checkpoint storage does: each subtask gets files of its own. */
function fetched(snapshot: StateSnapshot): StateSnapshot {
  if (snapshot.native === undefined) return snapshot;
  const folder = fixture.environment.newFolder();
  cpSync(snapshot.native.folder!, folder, { recursive: true });
  return { ...snapshot, native: { ...snapshot.native, folder } };
}

function move(subtasks: Subtasks, to: Extract<Step, { do: 'move' }>): Subtasks {
  // A checkpoint is for the same backend.
  const target = to.kind === 'checkpoint' ? subtasks.kind : to.to;
  const snapshots = subtasks.backends.map((backend) =>
    decodeStateSnapshot(encodeStateSnapshot(finishSnapshot(backend.snapshot(to.kind)))),
  );
  if (subtasks.kind === 'memory') for (const backend of subtasks.backends) backend.close();
  else fixture.closeBackends();
  return start(target, to.parallelism, snapshots);
}

function columnsOf(some: readonly Row[]) {
  return [
    columnOf(
      INT,
      some.map((row) => row.key[0]),
    ),
    columnOf(
      STRING,
      some.map((row) => row.key[1]),
    ),
  ];
}

function keysAt(table: KeyedTable, slots: Int32Array): Key[] {
  const builders = SPEC.keys.map(({ type }) => columnBuilder(type));
  table.appendKeys(slots, slots.length, builders);
  const [a, b] = builders.map((builder) => builder.finish());
  return Array.from(slots, (_, i) => [a!.value(i), b!.value(i)] as unknown as Key);
}

function bump(table: KeyedTable, slot: number, amount: bigint): void {
  table.i32('count')[slot]!++;
  table.i64('sum')[slot]! += amount;
  table.f64('half')[slot] = table.i32('count')[slot]! / 2;
  table.objects('text')[slot] = `n${table.i32('count')[slot]}`;
}

function bumpModel(model: Model, one: Key, of: number, amount: bigint): void {
  const id = idOf(one, of);
  const entry = model.get(id) ?? { key: one, namespace: of, count: 0, sum: 0n };
  model.set(id, entry);
  entry.count++;
  entry.sum += amount;
}

/** The rows each subtask owns. */
function owned(subtasks: Subtasks, some: readonly Row[]): [KeyedTable, StateBackend, Row[]][] {
  return subtasks.tables.map((table, subtask) => {
    const { start: first, end } = keyGroupRange(subtask, subtasks.tables.length);
    return [table, subtasks.backends[subtask]!, some.filter((row) => inRange(row.key, first, end))];
  });
}

function run(subtasks: Subtasks, model: Model, one: Exclude<Step, { do: 'move' }>): void {
  if (one.do === 'add' || one.do === 'find' || one.do === 'remove') {
    for (const [table, backend, mine] of owned(subtasks, one.rows)) {
      const slots = new Int32Array(mine.length);
      const namespaces = Float64Array.from(mine, (row) => row.namespace);
      if (one.do === 'add') {
        table.slots(columnsOf(mine), mine.length, namespaces, slots);
        mine.forEach((row, i) => {
          bump(table, slots[i]!, BigInt(i));
          bumpModel(model, row.key, row.namespace, BigInt(i));
        });
      } else {
        table.find(columnsOf(mine), mine.length, namespaces, slots);
        expect([...slots].map((slot) => slot >= 0)).toEqual(mine.map((row) => model.has(idOf(row.key, row.namespace))));
        if (one.do === 'remove') {
          for (const slot of new Set(slots)) if (slot >= 0) table.remove(slot);
          for (const row of mine) model.delete(idOf(row.key, row.namespace));
        }
      }
      backend.settle();
    }
    return;
  }
  subtasks.tables.forEach((table, i) => {
    if (one.do === 'removeNamespace') table.removeNamespace(one.namespace);
    else if (one.do === 'merge') merge(table, model, one.from, one.namespace, subtasks.backends[i]!);
    else touchSome(table, model, one.namespace, one.most);
    subtasks.backends[i]!.settle();
  });
  if (one.do === 'removeNamespace') {
    for (const [id, entry] of model) if (entry.namespace === one.namespace) model.delete(id);
  }
}

function merge(table: KeyedTable, model: Model, from: number, into: number, backend: StateBackend): void {
  if (from === into) return;
  const scan = table.scan(from);
  for (let slots = scan.next(30); slots.length > 0; slots = scan.next(30)) {
    const keys = keysAt(table, slots);
    const out = new Int32Array(slots.length);
    table.slotsIn(slots, slots.length, into, out);
    keys.forEach((one, i) => {
      bump(table, out[i]!, 7n);
      bumpModel(model, one, into, 7n);
    });
    backend.settle();
  }
}

/** As a timer does: writes to entries that a scan found. */
function touchSome(table: KeyedTable, model: Model, of: number, most: number): void {
  const slots = table.scan(of).next(most + 1);
  table.touch(slots, slots.length);
  keysAt(table, slots).forEach((one, i) => {
    bump(table, slots[i]!, 3n);
    bumpModel(model, one, of, 3n);
  });
}

function inRange(one: Key, first: number, end: number): boolean {
  const keyGroup = keyGroupOfKey(one);
  return keyGroup >= first && keyGroup < end;
}

function keyGroupOfKey(one: Key): number {
  const hash = new Int32Array(1);
  hashRows(columnsOf([{ key: one, namespace: 0 }]), 1, hash);
  return keyGroupOf(hash[0]!);
}

function contentOf({ tables, backends }: Subtasks): unknown[] {
  const seen: unknown[] = [];
  tables.forEach((table, i) => {
    for (const of of table.namespaces()) {
      const scan = table.scan(of);
      for (let max = 1, slots = scan.next(max); slots.length > 0; slots = scan.next((max += 20))) {
        keysAt(table, slots).forEach((one, k) => {
          const slot = slots[k]!;
          const values = [
            table.i32('count')[slot],
            table.i64('sum')[slot],
            table.f64('half')[slot],
            table.objects('text')[slot],
          ];
          seen.push([idOf(one, table.namespaceOf(slot)), ...values]);
        });
        backends[i]!.settle();
      }
    }
  });
  return seen.sort((a, b) => String(a).localeCompare(String(b)));
}

function contentOfModel(model: Model): unknown[] {
  return [...model]
    .map(([id, { count, sum }]) => [id, count, sum, count / 2, `n${count}`])
    .sort((a, b) => String(a).localeCompare(String(b)));
}

describe('a table in RocksDB behind a small cache', () => {
  it(
    'is a map, at any parallelism, through checkpoints and savepoints, to memory and back',
    { timeout: 120_000 },
    () => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 3, maxLength: 14, size: 'max' }), (steps) => {
          let subtasks = start('rocksdb', 1, []);
          const model: Model = new Map();
          try {
            for (const one of steps) {
              if (one.do === 'move') subtasks = move(subtasks, one);
              else run(subtasks, model, one);
            }
            expect(subtasks.tables.reduce((sum, table) => sum + table.size, 0)).toBe(model.size);
            expect(contentOf(subtasks)).toEqual(contentOfModel(model));
          } finally {
            fixture.closeBackends();
          }
        }),
        { numRuns: 25, endOnFailure: true },
      );
    },
  );
});

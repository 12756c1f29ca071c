import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnOf } from '../../core/column-builder.ts';
import { field } from '../../core/schema.ts';
import type { KeyedTable, StateTtl, TableSpec } from '../../core/state.ts';
import { INT } from '../../core/types.ts';
import { createStateBackend, finishSnapshot, type StateBackend, type StateSnapshot } from './index.ts';

const TTL_MS = 100;

function specOf(update: StateTtl['update']): TableSpec {
  return {
    name: 't',
    keys: [field('id', INT)],
    namespaced: true,
    columns: [{ name: 'count', type: 'i32' }],
    ttl: { ms: TTL_MS, update },
  };
}

function backend(now: () => number, restored: readonly StateSnapshot[] = []): StateBackend {
  return createStateBackend('memory', {
    keyGroups: { start: 0, end: 128 },
    subtask: 0,
    parallelism: 1,
    restored,
    onMismatch: 'refuse',
    now,
  });
}

type Command =
  | {
      readonly do: 'write' | 'read' | 'merge' | 'remove' | 'rewrite';
      readonly ids: readonly number[];
      readonly namespace: number;
    }
  | { readonly do: 'scan' | 'removeNamespace'; readonly namespace: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'restore' };

const namespace = fc.constantFrom(0, 7);
const ids = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });

const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constantFrom('write' as const, 'read' as const, 'merge' as const, 'remove' as const, 'rewrite' as const),
        ids,
        namespace,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('scan' as const, 'removeNamespace' as const), namespace }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 30, 99, 100, 250) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const) }) },
  ),
  { maxLength: 40 },
);

/** The obvious table: counts and times of use, looked through at every turn. */
class Model {
  readonly entries = new Map<string, { count: number; usedAt: number; readonly namespace: number }>();

  forget(now: number): void {
    for (const [id, { usedAt }] of this.entries) if (usedAt + TTL_MS <= now) this.entries.delete(id);
  }

  write(id: number, namespace: number, now: number): void {
    const key = `${id}/${namespace}`;
    const entry = this.entries.get(key) ?? { count: 0, usedAt: now, namespace };
    entry.count++;
    entry.usedAt = now;
    this.entries.set(key, entry);
  }

  counts(namespace: number): number[] {
    return [...this.entries.values()].filter((entry) => entry.namespace === namespace).map(({ count }) => count);
  }
}

function columnsOf(ids: readonly number[]) {
  return [columnOf(INT, ids)];
}

function write(table: KeyedTable, slots: Int32Array): void {
  for (const slot of slots) table.i32('count')[slot]!++;
}

function ascending(counts: Iterable<number>): number[] {
  return [...counts].sort((a, b) => a - b);
}

describe('a time to live', () => {
  it.each(['on-create-and-write', 'on-read-and-write'] as const)('is that of a naive map, young again %s', (update) => {
    fc.assert(
      fc.property(commands, (commands) => {
        let now = 0;
        let store = backend(() => now);
        let table = store.table(specOf(update));
        const model = new Model();
        const isRead = update === 'on-read-and-write';
        for (const command of commands) {
          model.forget(now);
          switch (command.do) {
            case 'write': {
              const { ids, namespace } = command;
              const slots = new Int32Array(ids.length);
              table.slots(columnsOf(ids), ids.length, new Float64Array(ids.length).fill(namespace), slots);
              write(table, slots);
              for (const id of ids) model.write(id, namespace, now);
              break;
            }
            case 'read':
            case 'rewrite':
            case 'remove':
            case 'merge': {
              const { ids, namespace } = command;
              const unique = [...new Set(ids)];
              const slots = new Int32Array(unique.length);
              table.find(columnsOf(unique), unique.length, new Float64Array(unique.length).fill(namespace), slots);
              const expected = unique.map((id) => model.entries.get(`${id}/${namespace}`));
              expect(Array.from(slots, (slot) => (slot < 0 ? undefined : table.i32('count')[slot]))).toEqual(
                expected.map((entry) => entry?.count),
              );
              if (isRead) for (const entry of expected) if (entry !== undefined) entry.usedAt = now;
              const there = slots.filter((slot) => slot >= 0);
              const idsThere = unique.filter((_, i) => slots[i]! >= 0);
              if (command.do === 'rewrite') {
                table.touch(there, there.length);
                write(table, there);
                for (const id of idsThere) model.write(id, namespace, now);
              } else if (command.do === 'remove') {
                for (const slot of there) table.remove(slot);
                for (const id of idsThere) model.entries.delete(`${id}/${namespace}`);
              } else if (command.do === 'merge') {
                table.slotsIn(there, there.length, 7 - namespace, there);
                write(table, there);
                for (const id of idsThere) model.write(id, 7 - namespace, now);
              }
              break;
            }
            case 'scan': {
              const { namespace } = command;
              const scan = table.scan(namespace);
              const seen: number[] = [];
              for (let next = scan.next(2); next.length > 0; next = scan.next(2)) seen.push(...next);
              expect(ascending(seen.map((slot) => table.i32('count')[slot]!))).toEqual(
                ascending(model.counts(namespace)),
              );
              if (isRead)
                for (const entry of model.entries.values()) if (entry.namespace === namespace) entry.usedAt = now;
              break;
            }
            case 'removeNamespace':
              table.removeNamespace(command.namespace);
              for (const [key, entry] of model.entries)
                if (entry.namespace === command.namespace) model.entries.delete(key);
              break;
            case 'wait':
              now += command.ms;
              break;
            case 'restore':
              store = backend(() => now, [finishSnapshot(store.snapshot('checkpoint'))]);
              table = store.table(specOf(update));
          }
          store.settle();
          if (command.do === 'wait') continue;
          expect(table.size).toBe(model.entries.size);
          expect(table.namespaces()).toEqual(
            ascending(new Set([...model.entries.values()].map((entry) => entry.namespace))),
          );
          store.settle();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives an entry that came back zeros, last in order of making', () => {
    let now = 0;
    const store = backend(() => now);
    const table = store.table(specOf('on-create-and-write'));
    const slots = new Int32Array(2);
    table.slots(columnsOf([1, 2]), 2, null, slots);
    table.i32('count').fill(5);
    store.settle();
    now = 60;
    table.slots(columnsOf([2]), 1, null, slots);
    store.settle();
    now = 120;
    table.slots(columnsOf([1]), 1, null, slots);
    expect(Array.from(table.scan(0).next(9), (slot) => table.i32('count')[slot])).toEqual([5, 0]);
  });

  it('holds within an operator’s call, however long it takes', () => {
    let now = 0;
    const store = backend(() => now);
    const table = store.table(specOf('on-create-and-write'));
    const slots = new Int32Array(1);
    table.slots(columnsOf([1]), 1, null, slots);
    now = TTL_MS;
    expect(table.size).toBe(1);
    store.settle();
    expect(table.size).toBe(0);
  });

  it('cleans away what nobody asks for, some at a time, and gives its memory back', () => {
    let now = 0;
    const store = backend(() => now);
    const table = store.table(specOf('on-create-and-write'));
    const count = 5000;
    const slots = new Int32Array(count);
    const fill = (from: number): void =>
      table.slots(columnsOf(Array.from({ length: count }, (_, i) => from + i)), count, null, slots);
    fill(0);
    const { bytes } = store;
    for (let round = 1; round < 10; round++) {
      now += TTL_MS;
      for (let call = 0; call < 5; call++) store.settle();
      fill(round * count);
      store.settle();
    }
    expect(store.bytes).toBe(bytes);
  });

  it('leaves out of a snapshot what had expired, and keeps what expires while it is taken', () => {
    let now = 0;
    const store = backend(() => now);
    const table = store.table(specOf('on-create-and-write'));
    const slots = new Int32Array(1);
    table.slots(columnsOf([1]), 1, null, slots);
    store.settle();
    now = 60;
    table.slots(columnsOf([2]), 1, null, slots);
    now = 120;
    const snapshot = store.snapshot('savepoint');
    now = 300;
    store.settle();
    expect(table.size).toBe(0);
    const restored = finishSnapshot(snapshot);
    expect(restored.tables[0]!.keyGroups.map(({ entries }) => entries)).toEqual([1]);
    const at = (time: number): number => backend(() => time, [restored]).table(specOf('on-create-and-write')).size;
    expect([at(120), at(159), at(160)]).toEqual([1, 1, 0]);
    // A clock that is behind the writer's makes nothing live longer than from now on.
    expect(at(0)).toBe(1);
  });
});

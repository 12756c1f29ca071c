import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnBuilder, columnOf } from '../../core/column-builder.ts';
import { field } from '../../core/schema.ts';
import type { KeyedTable, TableSpec } from '../../core/state.ts';
import { INT, STRING } from '../../core/types.ts';
import { createStateBackend, type SnapshotInProgress, type StateSnapshot } from './index.ts';

interface Tally {
  n: number;
}

const SPEC: TableSpec = {
  name: 't',
  keys: [field('id', INT), field('name', STRING)],
  namespaced: true,
  columns: [
    { name: 'count', type: 'i32' },
    { name: 'sum', type: 'i64' },
    { name: 'half', type: 'f64' },
    {
      name: 'tally',
      type: 'object',
      codec: {
        toJson: (value) => (value as Tally).n,
        fromJson: (json): Tally => ({ n: json as number }),
        sizeOf: () => 16,
      },
    },
  ],
};

type Command =
  | { readonly do: 'add'; readonly ids: readonly number[]; readonly namespace: number }
  | { readonly do: 'change' | 'remove'; readonly ids: readonly number[]; readonly namespace: number }
  | { readonly do: 'merge'; readonly namespace: number; readonly into: number }
  | { readonly do: 'removeNamespace'; readonly namespace: number; readonly max: number }
  | { readonly do: 'begin' | 'step' | 'discard' };

/** Most entries are there from the start, in namespace 1. */
const namespace = fc.constantFrom(0, 1, 1, 1);
const ids = fc.array(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 8_980, max: 9_020 })), {
  maxLength: 20,
});

const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), ids, namespace }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('change' as const, 'remove' as const), ids, namespace }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const), namespace, into: namespace }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('removeNamespace' as const),
        namespace,
        max: fc.constantFrom(9, Infinity),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('step' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('discard' as const) }) },
  ),
  { maxLength: 25 },
);

function keysOf(ids: readonly number[]) {
  return [
    columnOf(INT, ids),
    columnOf(
      STRING,
      ids.map((id) => (id % 7 === 0 ? null : `name ${id}`)),
    ),
  ];
}

function write(table: KeyedTable, slots: Int32Array, count: number): void {
  for (const slot of slots.subarray(0, count)) {
    table.i32('count')[slot]!++;
    table.i64('sum')[slot]! += BigInt(slot);
    table.f64('half')[slot] = table.i32('count')[slot]! / 2;
    const tallies = table.objects('tally') as (Tally | undefined)[];
    const tally = (tallies[slot] ??= { n: 0 });
    tally.n++;
  }
}

function add(table: KeyedTable, ids: readonly number[], namespace: number): void {
  const slots = new Int32Array(ids.length);
  table.slots(keysOf(ids), ids.length, new Float64Array(ids.length).fill(namespace), slots);
  write(table, slots, ids.length);
}

function found(table: KeyedTable, ids: readonly number[], namespace: number): Int32Array {
  const slots = new Int32Array(ids.length);
  table.find(keysOf(ids), ids.length, new Float64Array(ids.length).fill(namespace), slots);
  return Int32Array.from(new Set(slots)).filter((slot) => slot >= 0);
}

/** Reads all there is, in order of making, as lines: knows nothing of snapshots. */
function deepCopy(table: KeyedTable): string[] {
  return table.namespaces().flatMap((namespace) => {
    const slots = table.scan(namespace).next(Infinity);
    const builders = SPEC.keys.map(({ type }) => columnBuilder(type));
    table.appendKeys(slots, slots.length, builders);
    const keys = builders.map((builder) => builder.finish());
    const counts = table.i32('count');
    const sums = table.i64('sum');
    const halves = table.f64('half');
    const tallies = table.objects('tally') as Tally[];
    return Array.from(slots, (slot, i) => {
      const key = keys.map((column) => column.value(i)).join();
      return `${namespace} ${key}: ${counts[slot]} ${sums[slot]} ${halves[slot]} ${tallies[slot]!.n}`;
    });
  });
}

function backend(restored: readonly StateSnapshot[] = []) {
  return createStateBackend('memory', {
    keyGroups: { start: 0, end: 128 },
    subtask: 0,
    parallelism: 1,
    restored,
    onMismatch: 'refuse',
    now: () => 0,
  });
}

describe('a snapshot taken while its table is written to', () => {
  it('is the table as it was when the snapshot began', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 40, 40, 40, 9_000), commands, (prefill, commands) => {
        const store = backend();
        const table = store.table(SPEC);
        add(
          table,
          Array.from({ length: prefill }, (_, i) => i),
          1,
        );
        add(table, [1, 2, 9_000], 0);
        const begun: { readonly snapshot: SnapshotInProgress; readonly expected: string[] }[] = [];
        for (const command of commands) {
          switch (command.do) {
            case 'add':
              add(table, command.ids, command.namespace);
              break;
            case 'change': {
              const slots = found(table, command.ids, command.namespace);
              table.touch(slots, slots.length);
              write(table, slots, slots.length);
              break;
            }
            case 'remove':
              for (const slot of found(table, command.ids, command.namespace)) table.remove(slot);
              break;
            case 'merge': {
              const scan = table.scan(command.namespace);
              const from = scan.next(100);
              const into = new Int32Array(from.length);
              table.slotsIn(from, from.length, command.into, into);
              write(table, into, into.length);
              break;
            }
            case 'removeNamespace':
              table.removeNamespace(command.namespace, command.max);
              break;
            case 'begin':
              begun.push({ expected: deepCopy(table), snapshot: store.snapshot('checkpoint') });
              break;
            case 'step':
              begun.at(-1)?.snapshot.step();
              break;
            case 'discard':
              begun.pop()?.snapshot.discard();
          }
        }
        for (const { snapshot, expected } of begun) {
          while (snapshot.step());
          expect(deepCopy(backend([snapshot.result()]).table(SPEC))).toEqual(expected);
        }
      }),
      { numRuns: 150 },
    );
  });
});

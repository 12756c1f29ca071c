import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnBuilder, columnOf } from '../../core/column-builder.ts';
import { hashRows, keyGroupOf } from '../../core/hash.ts';
import { field } from '../../core/schema.ts';
import type { KeyedTable, TableSpec } from '../../core/state.ts';
import {
  BIGINT,
  BOOLEAN,
  BYTES,
  DATE,
  decimal,
  DOUBLE,
  INT,
  STRING,
  TIMESTAMP,
  type DataType,
  type Value,
} from '../../core/types.ts';
import {
  createStateBackend,
  decodeStateSnapshot,
  encodeStateSnapshot,
  finishSnapshot,
  type StateBackend,
  type StateSnapshot,
} from './index.ts';

const textCodec = {
  toJson: (value: unknown) => value as string,
  fromJson: (json: unknown) => json,
  sizeOf: (value: unknown) => (value as string).length,
};

/** Few values a type, so that keys meet; the awkward ones among them. */
const VALUES: readonly (readonly [DataType, readonly Value[]])[] = [
  [INT, [0, 1, -1, 2147483647, null]],
  [BIGINT, [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 1n << 32n, null]],
  [DOUBLE, [0, -0, 1.5, NaN, Infinity, null]],
  [TIMESTAMP, [0, 1, 1_700_000_000_000, null]],
  [DATE, [0, 19_000, null]],
  [BOOLEAN, [true, false, null]],
  [decimal(30, 2), [0n, -1n, 10n ** 29n, null]],
  [STRING, ['', 'a', 'ab', 'ü', 'a much longer key than the others, so that arenas grow', null]],
  [BYTES, [new Uint8Array(0), new Uint8Array([0]), new Uint8Array([0, 0]), null]],
];

interface Row {
  readonly key: readonly Value[];
  readonly namespace: number;
}

type Step =
  | { readonly do: 'add'; readonly rows: readonly Row[] }
  | { readonly do: 'remove'; readonly nth: number }
  | { readonly do: 'removeNamespace'; readonly namespace: number }
  | { readonly do: 'merge'; readonly nth: number; readonly namespace: number };

interface Case {
  readonly types: readonly DataType[];
  readonly namespaced: boolean;
  readonly steps: readonly Step[];
}

const cases: fc.Arbitrary<Case> = fc
  .tuple(fc.array(fc.constantFrom(...VALUES), { maxLength: 3 }), fc.boolean())
  .chain(([columns, namespaced]) => {
    const namespace = namespaced ? fc.constantFrom(0, 1, -60_000, 1_700_000_000_000) : fc.constant(0);
    const row: fc.Arbitrary<Row> = fc.record({
      key: fc.tuple(...columns.map(([, values]) => fc.constantFrom(...values))),
      namespace,
    });
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('add' as const), rows: fc.array(row, { maxLength: 40 }) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), nth: fc.nat(50) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('removeNamespace' as const), namespace }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), nth: fc.nat(50), namespace }) },
    );
    return fc.record({
      types: fc.constant(columns.map(([type]) => type)),
      namespaced: fc.constant(namespaced),
      steps: fc.array(step, { maxLength: 12 }),
    });
  });

/** The obvious table: a list of entries in order of making. */
interface ModelEntry {
  readonly id: string;
  readonly key: readonly Value[];
  readonly namespace: number;
  count: number;
  sum: bigint;
}

function idOf(key: readonly Value[], namespace: number): string {
  const parts = key.map((value) => {
    if (value instanceof Uint8Array) return [...value].join();
    return typeof value === 'number' ? String(value + 0) : String(value);
  });
  return `${namespace}|${parts.join('|')}|${key.map((value) => value === null).join()}`;
}

function normalised(value: Value): Value {
  return typeof value === 'number' ? value + 0 : value;
}

class Model {
  entries: ModelEntry[] = [];

  add({ key, namespace }: Row): ModelEntry {
    const id = idOf(key, namespace);
    const found = this.entries.find((entry) => entry.id === id);
    const entry = found ?? { id, key: key.map(normalised), namespace, count: 0, sum: 0n };
    if (found === undefined) this.entries.push(entry);
    return entry;
  }

  /** By namespace, in order of making within one. */
  inOrder(): ModelEntry[] {
    return [...this.entries].sort((a, b) => a.namespace - b.namespace);
  }
}

function specOf({ types, namespaced }: Case): TableSpec {
  return {
    name: 't',
    keys: types.map((type, i) => field(`k${i}`, type)),
    namespaced,
    columns: [
      { name: 'count', type: 'i32' },
      { name: 'sum', type: 'i64' },
      { name: 'half', type: 'f64' },
      { name: 'text', type: 'object', codec: textCodec },
    ],
  };
}

function run(table: KeyedTable, model: Model, { types, namespaced, steps }: Case): void {
  for (const step of steps) {
    switch (step.do) {
      case 'add': {
        const { rows } = step;
        const slots = new Int32Array(rows.length);
        const columns = types.map((type, k) =>
          columnOf(
            type,
            rows.map(({ key }) => key[k]!),
          ),
        );
        table.slots(columns, rows.length, namespaced ? Float64Array.from(rows, (row) => row.namespace) : null, slots);
        rows.forEach((row, i) => {
          const entry = model.add(row);
          entry.count++;
          entry.sum += BigInt(i);
          count(table, slots[i]!, BigInt(i));
        });
        break;
      }
      case 'remove': {
        const ordered = model.inOrder();
        if (ordered.length === 0) break;
        const nth = step.nth % ordered.length;
        table.remove(allSlots(table)[nth]!);
        model.entries = model.entries.filter((entry) => entry !== ordered[nth]);
        break;
      }
      case 'removeNamespace':
        while (table.removeNamespace(step.namespace, 3) === true);
        model.entries = model.entries.filter((entry) => entry.namespace !== step.namespace);
        break;
      case 'merge': {
        const ordered = model.inOrder();
        if (ordered.length === 0) break;
        const nth = step.nth % ordered.length;
        const slots = allSlots(table).subarray(nth, nth + 1);
        const into = new Int32Array(1);
        table.slotsIn(slots, 1, step.namespace, into);
        count(table, into[0]!, 7n);
        const entry = model.add({ key: ordered[nth]!.key, namespace: step.namespace });
        entry.count++;
        entry.sum += 7n;
      }
    }
  }
}

function count(table: KeyedTable, slot: number, amount: bigint): void {
  table.i32('count')[slot]!++;
  table.i64('sum')[slot]! += amount;
  table.f64('half')[slot] = table.i32('count')[slot]! / 2;
  table.objects('text')[slot] = `n${table.i32('count')[slot]}`;
}

/** A scan in steps of odd sizes. */
function slotsOf(table: KeyedTable, namespace: number): number[] {
  const scan = table.scan(namespace);
  const slots: number[] = [];
  for (let max = 1; ; max += 2) {
    const next = scan.next(max);
    if (next.length === 0) return slots;
    slots.push(...next);
  }
}

function allSlots(table: KeyedTable): Int32Array {
  return Int32Array.from(table.namespaces().flatMap((namespace) => slotsOf(table, namespace)));
}

interface Seen {
  readonly key: readonly Value[];
  readonly namespace: number;
  readonly values: readonly unknown[];
}

function contentOf(table: KeyedTable, types: readonly DataType[]): Seen[] {
  const slots = allSlots(table);
  const builders = types.map((type) => columnBuilder(type));
  table.appendKeys(slots, slots.length, builders);
  const columns = builders.map((builder) => builder.finish());
  return Array.from(slots, (slot, i) => ({
    key: columns.map((column) => column.value(i)),
    namespace: table.namespaceOf(slot),
    values: [table.i32('count')[slot], table.i64('sum')[slot], table.f64('half')[slot], table.objects('text')[slot]],
  }));
}

function contentOfModel(entries: readonly ModelEntry[]): Seen[] {
  return entries.map((e) => ({
    key: e.key,
    namespace: e.namespace,
    values: [e.count, e.sum, e.count / 2, `n${e.count}`],
  }));
}

function backend(subtask: number, parallelism: number, restored: readonly StateSnapshot[] = []) {
  const start = Math.ceil((subtask * 128) / parallelism);
  const end = Math.ceil(((subtask + 1) * 128) / parallelism);
  return createStateBackend('memory', {
    keyGroups: { start, end },
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

describe('a keyed table', () => {
  it('is a map from key and namespace to values, in order of making', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const table = backend(0, 1).table(specOf(one));
        const model = new Model();
        run(table, model, one);
        const expected = model.inOrder();
        expect(contentOf(table, one.types)).toEqual(contentOfModel(expected));
        expect(table.size).toBe(expected.length);
        expect(table.namespaces()).toEqual([...new Set(expected.map((entry) => entry.namespace))]);
        for (const namespace of table.namespaces()) {
          expect(slotsOf(table, namespace).length).toBe(
            expected.filter((entry) => entry.namespace === namespace).length,
          );
        }
      }),
    );
  });

  it('finds what is there and nothing else', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const table = backend(0, 1).table(specOf(one));
        const model = new Model();
        run(table, model, one);
        const rows = one.steps.flatMap((step) => (step.do === 'add' ? step.rows : []));
        const out = new Int32Array(rows.length);
        const columns = one.types.map((type, k) =>
          columnOf(
            type,
            rows.map(({ key }) => key[k]!),
          ),
        );
        table.find(columns, rows.length, one.namespaced ? Float64Array.from(rows, (row) => row.namespace) : null, out);
        const counts = table.i32('count');
        const expected = rows.map(({ key, namespace }) => {
          const id = idOf(key, namespace);
          return model.entries.find((entry) => entry.id === id)?.count ?? null;
        });
        expect(Array.from(out, (slot) => (slot < 0 ? null : counts[slot]))).toEqual(expected);
        expect(table.size).toBe(model.entries.length);
      }),
    );
  });

  it('comes back from snapshots at any parallelism, each key with its owner', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (one, before, after) => {
        const whole = backend(0, 1);
        run(whole.table(specOf(one)), new Model(), one);
        const expected = contentOf(backend(0, 1, [snapshotOf(whole)]).table(specOf(one)), one.types);
        const first = shares(one, before, [snapshotOf(whole)]);
        const second = shares(one, after, first.map((share) => share.snapshot).reverse());
        expect(sorted(second.flatMap((share) => share.content))).toEqual(sorted(expected));
        for (const share of second)
          expect(share.groups.every((group) => Math.floor((group * after) / 128) === share.subtask)).toBe(true);
        expect(shares(one, 1, [snapshotOf(whole)])[0]!.content).toEqual(contentOf(tableOf(whole, one), one.types));
      }),
    );
  });
});

/** The whole again, through a restore: a table can be asked for once only. */
function tableOf(whole: ReturnType<typeof backend>, one: Case): KeyedTable {
  return backend(0, 1, [snapshotOf(whole)]).table(specOf(one));
}

function shares(one: Case, parallelism: number, restored: readonly StateSnapshot[]) {
  return Array.from({ length: parallelism }, (_, subtask) => {
    const own = backend(subtask, parallelism, restored);
    const content = contentOf(own.table(specOf(one)), one.types);
    const hashes = new Int32Array(content.length);
    hashRows(
      one.types.map((type, k) =>
        columnOf(
          type,
          content.map(({ key }) => key[k]!),
        ),
      ),
      content.length,
      hashes,
    );
    const snapshot = decodeStateSnapshot(encodeStateSnapshot(snapshotOf(own)));
    return { subtask, content, snapshot, groups: Array.from(hashes, keyGroupOf) };
  });
}

function sorted(content: readonly Seen[]): Seen[] {
  return [...content].sort((a, b) => (idOf(a.key, a.namespace) < idOf(b.key, b.namespace) ? -1 : 1));
}

/** What a table says it takes of memory against what it takes. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { columnOf } from '../../core/column-builder.ts';
import { field } from '../../core/schema.ts';
import type { TableSpec } from '../../core/state.ts';
import { BIGINT, INT, STRING, type Field } from '../../core/types.ts';
import { createStateBackend } from './index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const ENTRIES = 200_000;
const BATCH = 2_000;

function memoryUsed(): number {
  // What one collection finds, the next one frees.
  for (let i = 0; i < 3; i++) collectGarbage();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

function keyColumn({ type }: Field, from: number) {
  const ids = Array.from({ length: BATCH }, (_, i) => from + i);
  switch (type.kind) {
    case 'STRING':
      return columnOf(
        STRING,
        ids.map((id) => `user ${id}, of some length`),
      );
    case 'BIGINT':
      return columnOf(BIGINT, ids.map(BigInt));
    default:
      return columnOf(INT, ids);
  }
}

/** Bytes said for each byte taken, of a table with many entries. */
function honesty(spec: TableSpec, namespaces: number, objectOf: (id: number) => unknown): number {
  const store = createStateBackend('memory', {
    keyGroups: { start: 0, end: 128 },
    subtask: 0,
    parallelism: 1,
    restored: [],
    onMismatch: 'refuse',
    now: () => 0,
  });
  const before = memoryUsed();
  const table = store.table(spec);
  const slots = new Int32Array(BATCH);
  for (let from = 0; from < ENTRIES; from += BATCH) {
    const keys = spec.keys.map((key) => keyColumn(key, from));
    table.slots(
      keys,
      BATCH,
      Float64Array.from(slots, (_, i) => (from + i) % namespaces),
      slots,
    );
    for (const { name, type } of spec.columns) {
      if (type !== 'object') continue;
      const objects = table.objects(name);
      slots.forEach((slot, i) => (objects[slot] = objectOf(from + i)));
    }
  }
  const taken = memoryUsed() - before;
  expect(table.size).toBe(ENTRIES);
  return store.bytes / taken;
}

const numbers = [
  { name: 'a', type: 'i64' },
  { name: 'b', type: 'f64' },
  { name: 'c', type: 'i32' },
] as const;

/** Doubles in an array: 8 bytes each, and the headers of the array and of its elements. */
const listCodec = { toJson: () => null, fromJson: () => null, sizeOf: (list: unknown) => 48 + 8 * (list as []).length };

describe('the memory that a table says it takes', () => {
  it.each<[string, TableSpec, number]>([
    ['by number', { name: 't', keys: [field('k', BIGINT)], namespaced: true, columns: numbers }, 3],
    ['by text', { name: 't', keys: [field('k', STRING)], namespaced: true, columns: numbers }, 3],
    [
      'by several fields',
      { name: 't', keys: [field('k', STRING), field('l', INT)], namespaced: true, columns: numbers },
      3,
    ],
    ['by many namespaces', { name: 't', keys: [field('k', BIGINT)], namespaced: true, columns: numbers }, 100_000],
    [
      'with a time to live',
      {
        name: 't',
        keys: [field('k', BIGINT)],
        namespaced: true,
        columns: numbers,
        ttl: { ms: 1000, update: 'on-read-and-write' },
      },
      3,
    ],
    [
      'with objects',
      {
        name: 't',
        keys: [field('k', BIGINT)],
        namespaced: true,
        columns: [...numbers, { name: 'o', type: 'object', codec: listCodec }],
      },
      3,
    ],
  ])('is about what it takes, %s', (_, spec, namespaces) => {
    const ratio = honesty(spec, namespaces, (id) => Array.from({ length: 1 + (id % 20) }, (_, i) => i + 0.5));
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.2);
  });
});

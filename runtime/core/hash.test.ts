import { describe, expect, it } from 'vitest';
import { columnOf } from './column-builder.ts';
import { hashRows, KEY_GROUPS, keyGroupRange, subtaskOfKeyGroup } from './hash.ts';
import { BIGINT, DOUBLE, INT, STRING, type DataType, type Value } from './types.ts';

function hashes(type: DataType, values: readonly Value[]): number[] {
  const out = new Int32Array(values.length);
  hashRows([columnOf(type, values)], values.length, out);
  return [...out];
}

describe('key hashes', () => {
  it('stay as they are: savepoints depend on them', () => {
    expect(hashes(STRING, ['', 'a', 'user-42', 'Größe'])).toMatchInlineSnapshot(`
      [
        -15128758,
        721651713,
        315004893,
        -537683212,
      ]
    `);
    expect(hashes(BIGINT, [0n, -1n, 2n ** 63n - 1n])).toMatchInlineSnapshot(`
      [
        256347020,
        628567068,
        640624727,
      ]
    `);
    expect(hashes(INT, [null, 0])).toMatchInlineSnapshot(`
      [
        351618104,
        -15128758,
      ]
    `);
  });

  it('do not depend on what a batch keeps in the place of a null', () => {
    const [first] = hashes(INT, [null, 5]);
    const [, second] = hashes(INT, [7, null]);
    expect(first).toBe(second);
  });

  it('treat -0 as 0', () => {
    expect(hashes(DOUBLE, [-0])).toEqual(hashes(DOUBLE, [0]));
  });

  it.each([1, 2, 3, 5, 128])('give every key group to one of %d subtasks', (parallelism) => {
    const owners = Array.from({ length: KEY_GROUPS }, (_, group) => subtaskOfKeyGroup(group, parallelism));
    const ranges = Array.from({ length: parallelism }, (_, subtask) => keyGroupRange(subtask, parallelism));
    owners.forEach((owner, group) => {
      expect(group >= ranges[owner]!.start && group < ranges[owner]!.end).toBe(true);
    });
  });
});

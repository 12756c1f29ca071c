import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashRows, keyGroupOf, keyGroupRange } from '../../core/hash.ts';
import { batchOf } from '../../core/batch.ts';
import { field, schemaOf } from '../../core/schema.ts';
import { INT } from '../../core/types.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { KeyPartitions } from './key-partitions.ts';

const anySubtask = fc
  .integer({ min: 1, max: 128 })
  .chain((parallelism) =>
    fc.record({ parallelism: fc.constant(parallelism), subtask: fc.integer({ min: 0, max: parallelism - 1 }) }),
  );

describe('key partitions', () => {
  it('are ranges that make up those of the subtask', () => {
    fc.assert(
      fc.property(anySubtask, ({ subtask, parallelism }) => {
        const partitions = new KeyPartitions(subtask, parallelism);
        const ranges = Array.from({ length: partitions.count }, (_, p) => partitions.keyGroups(p));
        const { start, end } = keyGroupRange(subtask, parallelism);
        expect([ranges[0]!.start, ranges.at(-1)!.end]).toEqual([start, end]);
        ranges.forEach((range, i) => {
          expect(range.end).toBeGreaterThan(range.start);
          if (i > 0) expect(range.start).toBe(ranges[i - 1]!.end);
        });
      }),
      propertyRuns(200),
    );
  });

  it('get each row of the subtask once, where its key belongs', () => {
    const schema = schemaOf([field('k', INT, false)]);
    fc.assert(
      fc.property(anySubtask, fc.array(fc.nat(), { maxLength: 60 }), ({ subtask, parallelism }, keys) => {
        const partitions = new KeyPartitions(subtask, parallelism);
        const own = keyGroupRange(subtask, parallelism);
        const groupsOf = (values: readonly number[]): number[] => {
          const hashes = new Int32Array(values.length);
          hashRows(
            batchOf(
              schema,
              values.map((v) => [v]),
            ).columns,
            values.length,
            hashes,
          );
          return Array.from(hashes, keyGroupOf);
        };
        const groups = groupsOf(keys);
        const rows = keys.filter((_, i) => groups[i]! >= own.start && groups[i]! < own.end);
        const selections = Array.from({ length: partitions.count }, () => new Int32Array(rows.length));
        const counts = new Int32Array(partitions.count);
        partitions.select(
          batchOf(
            schema,
            rows.map((v) => [v]),
          ).columns,
          rows.length,
          selections,
          counts,
        );
        const dealt = selections.flatMap((selection, p) => {
          const { start, end } = partitions.keyGroups(p);
          const taken = Array.from(selection.subarray(0, counts[p]), (row) => rows[row]!);
          for (const group of groupsOf(taken)) expect(group >= start && group < end).toBe(true);
          return taken;
        });
        expect(dealt.toSorted((a, b) => a - b)).toEqual(rows.toSorted((a, b) => a - b));
      }),
      propertyRuns(100),
    );
  });
});

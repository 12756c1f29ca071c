import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../core/types.ts';
import { schema } from '../../testing/builders.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { createHarness, type HarnessSnapshot, type OperatorHarness } from '../../testing/operator-harness.ts';
import { parquetBytes } from '../../testing/parquet-bytes.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { createSourceFile } from './runtime.ts';
import { sourceFileSpec } from './spec.ts';

const ROW = schema('id INT, ts TIMESTAMP, price DECIMAL(20,2)');
const SCHEMA = [
  { name: 'price', type: 'DECIMAL(22,3)' },
  { name: 'id', type: 'BIGINT' },
];

interface Options {
  readonly subtask?: number;
  readonly parallelism?: number;
  readonly restoreFrom?: readonly HarnessSnapshot[];
}

function open(files: MemoryFiles, config: Record<string, unknown>, options: Options = {}): Promise<OperatorHarness> {
  return createHarness({
    spec: sourceFileSpec,
    create: createSourceFile,
    config: { path: 'in', format: 'parquet', schema: SCHEMA, ...config },
    files,
    ...options,
  });
}

function put(files: MemoryFiles, name: string, bytes: Uint8Array): void {
  const writer = files.openAppend(`/data-folder/in/${name}`);
  writer.write(bytes);
  writer.close();
}

const rowOf = (id: number, ts: number | null = id): readonly Value[] => [id, ts, BigInt(id) * 100n];
const rowsOf = (...ids: number[]) => ids.map((id) => rowOf(id));
const ids = (source: OperatorHarness, column = 1): number[] => source.rows().map((row) => Number(row[column]));

describe('source.file, Parquet', () => {
  it('reads the columns that the schema names, of all files, a row group from each in turn', async () => {
    const files = new MemoryFiles();
    put(files, 'a.parquet', parquetBytes(ROW, rowsOf(1, 2, 3), 2));
    put(files, 'b.parquet', parquetBytes(ROW, rowsOf(4, 5, 6), 2));
    put(files, '_SUCCESS', new Uint8Array(0));
    put(files, '.c.parquet.inprogress', new Uint8Array(7));
    const source = await open(files, {});
    expect(source.poll()).toBe('ended');
    expect(ids(source)).toEqual([1, 2, 4, 5, 3, 6]);
    expect(source.rows()[0]).toEqual([1000n, 1n]);
  });

  it('keeps event times, and rejects rows without, by number', async () => {
    const files = new MemoryFiles();
    put(files, 'a.parquet', parquetBytes(ROW, [rowOf(1, 5), rowOf(2, 9), rowOf(3, null), rowOf(4, 7)], 2));
    const fields = [{ name: 'ts', type: 'TIMESTAMP' }, ...SCHEMA];
    const source = await open(files, { schema: fields, onError: 'reject', eventTime: { field: 'ts' } });
    source.poll();
    expect(ids(source, 2)).toEqual([1, 2, 4]);
    expect(source.rows('rejected')).toEqual([['in/a.parquet', 3n, '"ts" is NULL', '{"ts":null,"price":3.000,"id":3}']]);
    const failing = await open(files, { schema: fields, eventTime: { field: 'ts' } });
    expect(() => failing.poll()).toThrow(expect.objectContaining({ code: 'MR2103' }));
  });

  it('fills in partitions from the path', async () => {
    const files = new MemoryFiles();
    put(files, 'day=2026-11-26/city=Köln %2F x/part-0-0.parquet', parquetBytes(ROW, rowsOf(1), 9));
    put(files, 'day=2026-11-27/city=__HIVE_DEFAULT_PARTITION__/part-0-1.parquet', parquetBytes(ROW, rowsOf(2), 9));
    put(files, 'other/part-0-1.parquet', parquetBytes(ROW, rowsOf(3), 9));
    const fields = [{ name: 'day', type: 'DATE' }, ...SCHEMA, { name: 'city', type: 'STRING' }];
    const source = await open(files, { schema: fields });
    source.poll();
    expect(source.rows()).toEqual([
      [20_783, 1000n, 1n, 'Köln / x'],
      [20_784, 2000n, 2n, null],
    ]);
    const wrong = await open(files, { schema: [...SCHEMA, { name: 'day', type: 'INT' }] }).catch(
      (error: unknown) => error,
    );
    expect(wrong).toMatchObject({
      code: 'MR2103',
      message: expect.stringContaining('"day" in its path is not a INT: 2026-11-26') as string,
    });
  });

  it('follows: new files once they are whole, each once', async () => {
    const files = new MemoryFiles();
    const source = await open(files, { path: 'in/*.parquet', follow: true });
    const look = (): number[] => {
      source.advanceTo(source.clock.now() + 200);
      expect(source.poll()).toBe('waiting');
      return ids(source);
    };
    const bytes = parquetBytes(ROW, rowsOf(1, 2), 1);
    expect(look()).toEqual([]);
    put(files, 'a.parquet', bytes.subarray(0, 50));
    expect(look()).toEqual([]);
    put(files, 'a.parquet', bytes.subarray(50));
    expect(look()).toEqual([1, 2]);
    put(files, 'b.parquet', parquetBytes(ROW, rowsOf(3), 1));
    expect(look()).toEqual([1, 2, 3]);
    const restored = await open(files, { path: 'in/*.parquet', follow: true }, { restoreFrom: [source.snapshot(1)] });
    expect(restored.poll()).toBe('waiting');
    files.remove('/data-folder/in/b.parquet');
    restored.advanceTo(restored.clock.now() + 200);
    restored.poll();
    put(files, 'b.parquet', parquetBytes(ROW, rowsOf(4), 1));
    restored.advanceTo(restored.clock.now() + 200);
    restored.poll();
    expect(ids(restored)).toEqual([4]);
  });

  it('reads every row once, wherever it is restored, at any parallelism', async () => {
    const anyFiles = fc.array(fc.record({ rows: fc.nat({ max: 9 }), group: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 5,
    });
    const anyParallelism = fc.integer({ min: 1, max: 3 });
    await fc.assert(
      fc.asyncProperty(
        anyFiles,
        anyParallelism,
        anyParallelism,
        fc.nat({ max: 8 }),
        async (shapes, before, after, looks) => {
          const files = new MemoryFiles();
          let next = 0;
          shapes.forEach(({ rows, group }, i) => {
            const numbers = Array.from({ length: rows }, () => next++);
            put(files, `${i}.parquet`, parquetBytes(ROW, rowsOf(...numbers), group));
          });
          const first = await Promise.all(
            Array.from({ length: before }, (_, subtask) =>
              open(files, { rowsPerSecond: 10 }, { subtask, parallelism: before }),
            ),
          );
          for (const source of first) {
            for (let i = 0; i < looks; i++) {
              source.pollOnce();
              source.advanceTo(source.clock.now() + 100);
            }
          }
          const read = first.flatMap((source) => ids(source));
          const restoreFrom = first.map((source) => source.snapshot(1));
          const second = await Promise.all(
            Array.from({ length: after }, (_, subtask) =>
              open(files, {}, { subtask, parallelism: after, restoreFrom }),
            ),
          );
          for (const source of second) source.poll();
          const all = [...read, ...second.flatMap((source) => ids(source))].sort((a, b) => a - b);
          expect(all).toEqual(Array.from({ length: next }, (_, i) => i));
        },
      ),
      propertyRuns(100),
    );
  });
});

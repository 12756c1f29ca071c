import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../core/config.ts';
import { inferOperator } from '../../testing/operator-harness.ts';
import { shape } from '../../testing/builders.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { createHarness, type HarnessSnapshot } from '../../testing/operator-harness.ts';
import { readFooter } from '../../formats/parquet/parquet-footer.ts';
import { bytesSource } from '../../testing/bytes-source.ts';
import { createSinkFile } from './runtime.ts';
import { sinkFileSpec } from './spec.ts';

const input = shape('user STRING, id BIGINT, ts TIMESTAMP');
const row = ['ada, "x"', 9007199254740993n, '2026-01-01T00:00:00Z'] as const;

function open(config: Record<string, unknown>, files: MemoryFiles, restoreFrom?: readonly HarnessSnapshot[]) {
  return createHarness({
    spec: sinkFileSpec,
    create: createSinkFile,
    config,
    inputs: [input],
    files,
    ...(restoreFrom === undefined ? {} : { restoreFrom }),
  });
}

describe('sink.file', () => {
  it('shows nothing before the checkpoint is complete', async () => {
    const files = new MemoryFiles();
    const sink = await open({ path: 'out.jsonl', format: 'jsonl' }, files);
    sink.push(0, [[...row]]);
    sink.snapshot(1);
    expect(files.text('/data-folder/out.jsonl')).toBe('');
    sink.checkpointComplete(1);
    expect(files.text('/data-folder/out.jsonl')).toBe(
      '{"user":"ada, \\"x\\"","id":9007199254740993,"ts":"2026-01-01T00:00:00.000Z"}\n',
    );
  });

  it('writes the header once in one file, and in every part', async () => {
    const files = new MemoryFiles();
    for (const path of ['out.csv', 'out']) {
      const sink = await open({ path, format: 'csv' }, files);
      for (const checkpoint of [1, 2]) {
        sink.push(0, [[...row]]);
        sink.snapshot(checkpoint);
        sink.checkpointComplete(checkpoint);
      }
    }
    const line = '"ada, ""x""",9007199254740993,2026-01-01T00:00:00.000Z\n';
    expect(files.text('/data-folder/out.csv')).toBe(`user,id,ts\n${line}${line}`);
    expect(files.paths()).toEqual([
      '/data-folder/out.csv',
      '/data-folder/out/part-0-0.csv',
      '/data-folder/out/part-0-1.csv',
    ]);
    expect(files.text('/data-folder/out/part-0-1.csv')).toBe(`user,id,ts\n${line}`);
  });

  it('replaces what an earlier job wrote, and nothing else', async () => {
    const files = new MemoryFiles();
    for (const name of [
      'part-0-7.jsonl',
      'part-5-0.jsonl',
      '.part-1-1.jsonl.inprogress',
      'part-0-0.csv',
      'notes.jsonl',
    ]) {
      files.write(`/data-folder/out/${name}`, 'old');
    }
    await open({ path: 'out', format: 'jsonl' }, files);
    expect(files.paths()).toEqual(['/data-folder/out/notes.jsonl', '/data-folder/out/part-0-0.csv']);
    files.write('/data-folder/out.jsonl', 'old');
    await open({ path: 'out.jsonl', format: 'jsonl' }, files);
    expect(files.text('/data-folder/out.jsonl')).toBe('');
  });

  it('begins a new part when one is full', async () => {
    const files = new MemoryFiles();
    const sink = await open({ path: 'out', format: 'csv', rolling: { maxRows: 2 } }, files);
    sink.push(
      0,
      Array.from({ length: 5 }, () => [...row]),
    );
    sink.snapshot(1);
    sink.checkpointComplete(1);
    expect(files.paths().map((path) => files.text(path).split('\n').length - 2)).toEqual([2, 2, 1]);
  });

  it('goes back to an older checkpoint, whatever was written since', async () => {
    const files = new MemoryFiles();
    const config = { path: 'out.csv', format: 'csv' };
    const sink = await open(config, files);
    const snapshots = [1, 2, 3].map((checkpoint) => {
      sink.push(0, [[`row ${checkpoint}`, checkpoint, null]]);
      const snapshot = sink.snapshot(checkpoint);
      sink.checkpointComplete(checkpoint);
      return snapshot;
    });
    await open(config, files, [snapshots[1]!]);
    expect(files.text('/data-folder/out.csv')).toBe('user,id,ts\nrow 1,1,\nrow 2,2,\n');
  });

  it('refuses to go on behind an output that was cut', async () => {
    const files = new MemoryFiles();
    const config = { path: 'out.csv', format: 'csv' };
    const sink = await open(config, files);
    sink.push(0, [[...row]]);
    const snapshot = sink.snapshot(1);
    sink.checkpointComplete(1);
    files.write('/data-folder/out.csv', '');
    await expect(open(config, files, [snapshot])).rejects.toMatchObject({ code: 'MR2102', retryable: false });
  });

  it('is one subtask for one file, and does not let that roll', () => {
    const traits = (path: string) =>
      sinkFileSpec.traits(checkConfig(sinkFileSpec.config, { path, format: 'jsonl' }).value!).maxParallelism;
    expect([traits('a.jsonl'), traits('A.JSONL'), traits('a'), traits('a.csv')]).toEqual([1, 1, null, null]);
    const { diagnostics } = inferOperator(sinkFileSpec, { path: 'a.csv', format: 'csv', rolling: { maxRows: 1 } }, [
      input,
    ]);
    expect(diagnostics).toMatchObject([{ code: 'MR1203', path: 'rolling' }]);
  });

  it('writes a folder for each partition and leaves out the fields that say it', async () => {
    const files = new MemoryFiles();
    const partitionBy = [
      { as: 'day', expr: "DATE_FORMAT(ts, 'yyyy-MM-dd')" },
      { as: 'user', expr: 'user' },
    ];
    const sink = await open({ path: 'out', format: 'csv', partitionBy, maxOpenPartitions: 2 }, files);
    const ts = '2026-01-01T23:00:00Z';
    sink.push(0, [
      ['a/b', 1n, ts],
      [null, 2n, ts],
      ['a/b', 3n, '2026-01-02T00:00:00Z'],
      ['a/b', 4n, ts],
    ]);
    sink.snapshot(1);
    sink.checkpointComplete(1);
    expect(files.paths()).toEqual([
      '/data-folder/out/day=2026-01-01/user=__HIVE_DEFAULT_PARTITION__/part-0-1.csv',
      '/data-folder/out/day=2026-01-01/user=a%2Fb/part-0-0.csv',
      '/data-folder/out/day=2026-01-02/user=a%2Fb/part-0-2.csv',
    ]);
    expect(files.text(files.paths()[1]!)).toBe('id,ts\n1,2026-01-01T23:00:00.000Z\n4,2026-01-01T23:00:00.000Z\n');
  });

  it('replaces partitions of an earlier job, and leaves other folders alone', async () => {
    const files = new MemoryFiles();
    for (const folder of ['day=1', 'other']) files.write(`/data-folder/out/${folder}/part-0-0.csv`, 'old');
    await open({ path: 'out', format: 'csv', partitionBy: [{ as: 'day', expr: 'id' }] }, files);
    expect(files.paths()).toEqual(['/data-folder/out/other/part-0-0.csv']);
  });

  it('writes row groups as they fill, of the fullest partition when there are too many rows', async () => {
    const files = new MemoryFiles();
    const partitionBy = [{ as: 'part', expr: 'MOD(id, 5)' }];
    const sink = await open({ path: 'out', format: 'parquet', rowGroupRows: 4, partitionBy }, files);
    sink.push(
      0,
      Array.from({ length: 100 }, (_, i) => ['x', BigInt(i), null]),
    );
    sink.snapshot(1);
    sink.checkpointComplete(1);
    expect(files.paths()).toHaveLength(5);
    const groups = files.paths().map((path) => readFooter(bytesSource(files.readAll(path)), path).row_groups);
    expect(groups.flat().reduce((rows, group) => rows + Number(group.num_rows), 0)).toBe(100);
    expect(Math.max(...groups.flat().map((group) => Number(group.num_rows)))).toBe(4);
  });

  it.each([
    [{ path: 'out.parquet', format: 'parquet' }, 'MR1203', 'path'],
    [{ path: 'out.csv', format: 'csv', partitionBy: [{ as: 'p', expr: 'id' }] }, 'MR1203', 'partitionBy'],
    [{ path: 'out', format: 'csv', partitionBy: [{ as: 'p', expr: 'nope' }] }, 'MR1302', 'partitionBy[0].expr'],
    [{ path: 'out', format: 'csv', partitionBy: [{ as: 'p', expr: 'ARRAY[id]' }] }, 'MR1306', 'partitionBy[0].expr'],
    [{ path: 'out', format: 'csv', partitionBy: [{ as: 'user', expr: 'id' }] }, 'MR1402', 'partitionBy[0].as'],
    [
      { path: 'out', format: 'csv', partitionBy: ['user', 'id', 'ts'].map((as) => ({ as, expr: as })) },
      'MR1203',
      'partitionBy',
    ],
  ])('%o is %s at %s', (config, code, path) => {
    const { diagnostics } = inferOperator(sinkFileSpec, config, [{ ...input, bounded: false }]);
    expect(diagnostics).toMatchObject([{ code, path }]);
  });
});

import { describe, expect, it } from 'vitest';
import { inferOperator } from '../../testing/operator-harness.ts';
import { shape } from '../../testing/builders.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { createHarness, type HarnessSnapshot } from '../../testing/operator-harness.ts';
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
    const traits = (path: string) => sinkFileSpec.traits({ path, format: 'jsonl', rolling: null }).maxParallelism;
    expect([traits('a.jsonl'), traits('A.JSONL'), traits('a'), traits('a.csv')]).toEqual([1, 1, null, null]);
    const { diagnostics } = inferOperator(sinkFileSpec, { path: 'a.csv', format: 'csv', rolling: { maxRows: 1 } }, [
      input,
    ]);
    expect(diagnostics).toMatchObject([{ code: 'MR1203', path: 'rolling' }]);
  });
});

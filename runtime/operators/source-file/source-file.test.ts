import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../core/config.ts';
import { FAKE_EPOCH_MS } from '../../testing/fake-clock.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import {
  createHarness,
  inferOperator,
  type HarnessSnapshot,
  type OperatorHarness,
} from '../../testing/operator-harness.ts';
import { createSourceFile } from './runtime.ts';
import { sourceFileSpec } from './spec.ts';

const SCHEMA = [
  { name: 'id', type: 'INT' },
  { name: 'ts', type: 'TIMESTAMP' },
];

interface Options {
  readonly subtask?: number;
  readonly parallelism?: number;
  readonly restoreFrom?: readonly HarnessSnapshot[];
  readonly connected?: readonly string[];
}

function open(files: MemoryFiles, config: Record<string, unknown>, options: Options = {}): Promise<OperatorHarness> {
  return createHarness({
    spec: sourceFileSpec,
    create: createSourceFile,
    config: { path: 'in.csv', format: 'csv', schema: SCHEMA, ...config },
    files,
    ...options,
  });
}

function filesOf(contents: Record<string, string>): MemoryFiles {
  const files = new MemoryFiles();
  for (const [name, text] of Object.entries(contents)) files.write(`/data-folder/${name}`, text);
  return files;
}

const ids = (source: OperatorHarness): unknown[] => source.rows().map((row) => row[0]);

describe('source.file, bounded', () => {
  it('finds columns by the header, whatever their order', async () => {
    const source = await open(filesOf({ 'in.csv': '\uFEFFts,extra,id\r\n2026-01-01 00:00:00,x,1\r\n,"a\nb",2' }), {});
    expect(source.poll()).toBe('ended');
    expect(source.rows()).toEqual([
      [1, FAKE_EPOCH_MS],
      [2, null],
    ]);
  });

  it('reads JSON Lines', async () => {
    const source = await open(filesOf({ 'in.jsonl': '{"id":1,"ts":5}\n\n{"ts":"2026-01-01","other":[]}' }), {
      path: 'in.jsonl',
      format: 'jsonl',
    });
    source.poll();
    expect(source.rows()).toEqual([
      [1, 5],
      [null, FAKE_EPOCH_MS],
    ]);
  });

  it('deals files out by name and waits for the one that is furthest behind', async () => {
    const files = filesOf({
      'in/b.csv': 'id,ts\n3,50\n4,60\n',
      'in/a.csv': 'id,ts\n1,1000\n2,2000\n',
      'in/c.csv': 'id,ts\n5,0\n',
    });
    const config = { path: 'in', eventTime: { field: 'ts' } };
    const whole = await open(files, config);
    whole.poll();
    expect(
      whole.events.map((event) =>
        event.type === 'row' ? event.row.values[0] : event.type === 'watermark' ? `w${event.watermark}` : '',
      ),
    ).toEqual([1, 2, 3, 4, 5, 'w0', 'w2000', 'wInfinity'].filter((each) => each !== 'w2000'));
    const [first, second] = [
      await open(files, config, { subtask: 0, parallelism: 2 }),
      await open(files, config, { subtask: 1, parallelism: 2 }),
    ];
    first.poll();
    second.poll();
    expect([ids(first), ids(second)]).toEqual([
      [1, 2, 5],
      [3, 4],
    ]);
  });

  it('fails at a bad row with its file, line and text', async () => {
    const source = await open(filesOf({ 'in.csv': 'id,ts\n1,\n"2\n",x\n' }), {});
    expect(() => source.poll()).toThrow(
      expect.objectContaining({
        code: 'MR2103',
        message: 'in.csv:3: "ts" is not a TIMESTAMP: x: "2\n",x',
        retryable: false,
      }),
    );
  });

  it('sends bad rows, and rows without event time, to the port "rejected"', async () => {
    const files = filesOf({ 'in.csv': 'id,ts\n1,1\n2\nx,2\n4,\n5,5\n' });
    const source = await open(files, { onError: 'reject', eventTime: { field: 'ts' } });
    source.poll();
    expect(ids(source)).toEqual([1, 5]);
    expect(source.rows('rejected')).toEqual([
      ['in.csv', 3n, 'has 1 cell instead of 2', '2'],
      ['in.csv', 4n, '"id" is not a INT: x', 'x,2'],
      ['in.csv', 5n, '"ts" is NULL', '4,'],
    ]);
  });

  it('says how many bad rows went nowhere', async () => {
    const source = await open(
      filesOf({ 'in.csv': 'id,ts\nx,\ny,\n1,\n' }),
      { onError: 'reject' },
      { connected: ['out'] },
    );
    source.poll();
    source.close();
    expect(source.logs).toMatchObject([{ level: 'warn', message: expect.stringContaining('2 rows') as string }]);
  });

  it('fails when a file or a column is not there', async () => {
    await expect(open(new MemoryFiles(), {})).rejects.toMatchObject({
      code: 'MR2101',
      remedy: expect.any(String) as string,
    });
    const source = await open(filesOf({ 'in.csv': 'id,time\n1,1\n' }), {});
    expect(() => source.poll()).toThrow(
      expect.objectContaining({
        code: 'MR2103',
        message: 'in.csv:1: the header has no column "ts"; it has "id", "time"',
      }),
    );
  });

  it('keeps to its rate without making up for a long stop', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i},`).join('\n');
    const source = await open(filesOf({ 'in.csv': `id,ts\n${rows}\n` }), { rowsPerSecond: 10 });
    expect([source.poll(), ids(source).length]).toEqual(['waiting', 1]);
    source.advanceTo(FAKE_EPOCH_MS + 500);
    source.poll();
    expect(ids(source)).toHaveLength(6);
    source.advanceTo(FAKE_EPOCH_MS + 60_000);
    source.poll();
    expect(ids(source)).toHaveLength(17);
  });

  it('gives the whole rate where it has all the files, and its share of it where it has some', async () => {
    const rows = `id,ts\n${Array.from({ length: 100 }, (_, i) => `${i},\n`).join('')}`;
    const afterOneSecond = async (files: Record<string, string>, path: string): Promise<number> => {
      const source = await open(filesOf(files), { path, rowsPerSecond: 10 }, { subtask: 0, parallelism: 2 });
      source.poll();
      source.advanceTo(FAKE_EPOCH_MS + 1000);
      source.poll();
      return ids(source).length;
    };
    expect(await afterOneSecond({ 'in.csv': rows }, 'in.csv')).toBe(11);
    expect(await afterOneSecond({ 'in/a.csv': rows, 'in/b.csv': rows }, 'in/*.csv')).toBe(6);
  });

  it('goes on after a restore at another parallelism, with the watermark where it was', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const files = filesOf(
      Object.fromEntries(
        names.map((name, f) => [
          `in/${name}.csv`,
          `id,ts\n${Array.from({ length: 5 }, (_, i) => `${f * 10 + i},${i}\n`).join('')}`,
        ]),
      ),
    );
    const config = { path: 'in/*.csv', rowsPerSecond: 40, eventTime: { field: 'ts' } };
    const before = await Promise.all([0, 1].map((subtask) => open(files, config, { subtask, parallelism: 2 })));
    for (const source of before)
      for (let i = 0; i < 6; i++, source.advanceTo(source.clock.now() + 50)) source.pollOnce();
    const read = before.flatMap(ids);
    expect(read.length).toBeGreaterThan(5);
    const restoreFrom = before.map((source) => source.snapshot(1));
    files.write('/data-folder/in/0.csv', 'id,ts\n99,99\n');
    const after = await Promise.all(
      [0, 1, 2].map((subtask) =>
        open(files, { ...config, rowsPerSecond: null }, { subtask, parallelism: 3, restoreFrom }),
      ),
    );
    for (const source of after) source.poll();
    const all = [...read, ...after.flatMap(ids)].sort((a, b) => Number(a) - Number(b));
    expect(all).toEqual(names.flatMap((_, f) => Array.from({ length: 5 }, (__, i) => f * 10 + i)));
  });
});

describe('source.file, followed', () => {
  it('reads whole lines as they are appended, and new files', async () => {
    const files = filesOf({ 'in/a.csv': 'id,ts\n1,1\n2,' });
    const source = await open(files, { path: 'in/*.csv', follow: true });
    const look = (): unknown[] => {
      source.advanceTo(source.clock.now() + 200);
      expect(source.poll()).toBe('waiting');
      return ids(source);
    };
    expect(look()).toEqual([1]);
    files.append('/data-folder/in/a.csv', '2\n3,3\n4');
    files.write('/data-folder/in/b.csv', 'id,ts\n10,10\n');
    expect(look().slice(1).sort()).toEqual([10, 2, 3]);
    files.append('/data-folder/in/a.csv', ',4\n');
    expect(look().slice(4)).toEqual([4]);
  });

  it('starts over with a file that was cut, and forgets one that was removed', async () => {
    const files = filesOf({ 'in/a.csv': 'id,ts\n1,1\n2,2\n', 'in/b.csv': 'id,ts\n9,9\n' });
    const source = await open(files, { path: 'in', follow: true });
    source.poll();
    files.write('/data-folder/in/a.csv', 'id,ts\n3,3\n');
    files.remove('/data-folder/in/b.csv');
    source.advanceTo(FAKE_EPOCH_MS + 200);
    source.poll();
    expect(ids(source)).toEqual([1, 2, 9, 3]);
    expect(source.logs).toHaveLength(2);
  });

  it('goes on after a restore without a file that was removed meanwhile', async () => {
    const files = filesOf({ 'in/a.csv': 'id,ts\n1,1\n', 'in/b.csv': 'id,ts\n2,2\n' });
    const first = await open(files, { path: 'in', follow: true });
    first.poll();
    const snapshot = first.snapshot(1);
    files.remove('/data-folder/in/a.csv');
    files.append('/data-folder/in/b.csv', '3,3\n');
    const second = await open(files, { path: 'in', follow: true }, { restoreFrom: [snapshot] });
    expect(second.poll()).toBe('waiting');
    expect(ids(second)).toEqual([3]);
  });

  it('every file has one subtask, also after a restore, and one without files is idle', async () => {
    const files = filesOf(
      Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`in/${i}.csv`, `id,ts\n${i},${i}\n`])),
    );
    const config = { path: 'in', follow: true, eventTime: { field: 'ts', idleTimeoutMs: 1000 } };
    const before = await Promise.all([0, 1].map((subtask) => open(files, config, { subtask, parallelism: 2 })));
    for (const source of before) source.poll();
    expect(before.flatMap(ids).length).toBe(9);
    for (let i = 0; i < 9; i++) files.append(`/data-folder/in/${i}.csv`, `${i + 10},${i}\n`);
    const restoreFrom = before.map((source) => source.snapshot(1));
    const after = await Promise.all(
      Array.from({ length: 40 }, (_, subtask) => open(files, config, { subtask, parallelism: 40, restoreFrom })),
    );
    for (const source of after) source.poll();
    expect(after.flatMap(ids).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 9 }, (_, i) => i + 10),
    );
    const without = after.filter((source) => ids(source).length === 0);
    expect(without.length).toBeGreaterThan(0);
    for (const source of without) expect(source.events).toEqual([{ type: 'idle' }]);
  });

  it('is idle when no line comes for its time-out', async () => {
    const files = filesOf({ 'in.csv': 'id,ts\n1,7\n' });
    const source = await open(files, { follow: true, eventTime: { field: 'ts', idleTimeoutMs: 1000 } });
    source.poll();
    source.advanceTo(FAKE_EPOCH_MS + 1000);
    files.append('/data-folder/in.csv', '2,8\n');
    source.poll();
    expect(source.events.filter((event) => event.type !== 'row')).toEqual([
      { type: 'watermark', watermark: 7 },
      { type: 'idle' },
      { type: 'watermark', watermark: 8 },
    ]);
  });
});

describe('source.file, checks', () => {
  const check = (config: Record<string, unknown>) =>
    inferOperator(sourceFileSpec, { path: 'in.csv', format: 'csv', schema: SCHEMA, ...config }, []).diagnostics;

  it.each([
    [{ schema: 'infer' }, 'MR1406', 'schema'],
    [{ schema: [...SCHEMA, { name: 'id', type: 'INT' }] }, 'MR1402', 'schema[2].name'],
    [{ schema: [{ name: 'id', type: 'NUMBER' }] }, 'MR1401', 'schema[0].type'],
    [{ schema: [{ name: 'id' }] }, 'MR1201', 'schema[0].type'],
    [{ schema: [] }, 'MR1203', 'schema'],
    [{ delimiter: ', ' }, 'MR1203', 'delimiter'],
    [{ eventTime: { field: 'id' } }, 'MR1502', 'eventTime.field'],
    [{ rowsPerSecond: 0 }, 'MR1203', 'rowsPerSecond'],
  ])('%o is %s at %s', (config, code, path) => {
    expect(check(config)).toMatchObject([{ code, path }]);
  });

  it('is unbounded when it follows', () => {
    const { outputs } = inferOperator(sourceFileSpec, { path: 'a', format: 'jsonl', schema: SCHEMA, follow: true }, []);
    expect([outputs.out?.bounded, outputs.rejected?.bounded, outputs.out?.eventTime]).toEqual([false, false, false]);
    expect(checkConfig(sourceFileSpec.config, {}).problems.map((problem) => problem.path)).toEqual([
      'path',
      'format',
      'schema',
    ]);
  });
});

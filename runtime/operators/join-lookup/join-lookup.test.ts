/** With a file: matches, what is read when, and what is said of wrong configs and files. */
import { describe, expect, it } from 'vitest';
import { DELETE } from '../../core/batch.ts';
import { shape } from '../../testing/builders.ts';
import { Crew } from '../../testing/crew.ts';
import { FAKE_EPOCH_MS } from '../../testing/fake-clock.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createJoinLookup } from './runtime.ts';
import { joinLookupSpec } from './spec.ts';

const PATH = '/data-folder/products.csv';
const ORDERS = shape('id INT, price INT');
const TABLE = {
  type: 'file',
  path: 'products.csv',
  schema: [
    { name: 'id', type: 'INT' },
    { name: 'name', type: 'STRING' },
  ],
};
const CONFIG = { table: TABLE, on: [{ left: 'id', right: 'id' }], kind: 'left' };

function filesWith(text: string): MemoryFiles {
  const files = new MemoryFiles();
  files.write(PATH, text);
  return files;
}

function open(files: MemoryFiles, config: object = {}, inputs = [ORDERS]): Promise<OperatorHarness> {
  return createHarness({
    spec: joinLookupSpec,
    create: createJoinLookup,
    config: { ...CONFIG, ...config },
    inputs,
    files,
  });
}

describe('join.lookup with a file', () => {
  it('adds all fields but the keys, and cuts what becomes more than a batch', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `1,n${i}`);
    const harness = await open(filesWith(['id,name', ...lines, ''].join('\n')));
    harness.push(0, [
      [1, 10],
      [2, 20],
    ]);
    expect(harness.plan.outputs.out!.schema.fields.map(({ name }) => name)).toEqual(['id', 'price', 'name']);
    expect(harness.rows()).toEqual([...lines.map((line) => [1, 10, line.slice(2)]), [2, 20, null]]);
    expect(harness.batches().map(({ length }) => length)).toEqual([2048, 953]);
  });

  it('takes back what an update takes back', async () => {
    const [files, inputs] = [filesWith('id,name\n1,Pen\n'), [{ ...ORDERS, changelog: 'update' as const }]];
    const subject = { spec: joinLookupSpec, create: createJoinLookup, config: CONFIG, inputs, files };
    const crew = await Crew.start({ ...subject, parallelism: 1 });
    await crew.push(0, [
      { values: [1, 5], eventTime: 0 },
      { values: [1, 5], eventTime: 0, kind: DELETE },
    ]);
    expect(crew.members[0]!.output().map(({ kind, values }) => [kind, ...values])).toEqual([
      [0, 1, 5, 'Pen'],
      [DELETE, 1, 5, 'Pen'],
    ]);
  });

  it('sees a change within a second, and reads again what is too old', async () => {
    const files = filesWith('id,name\n1,Pen\n');
    let reads = 0;
    const readAll = files.readAll.bind(files);
    files.readAll = (path) => {
      reads++;
      return readAll(path);
    };
    files.version = (path) => String(readAll(path).length);
    const harness = await open(files, { cacheTtl: '10 seconds' });
    const nameAt = (seconds: number): unknown => {
      harness.advanceTo(FAKE_EPOCH_MS + seconds * 1000);
      harness.push(0, [[1, 0]]);
      return harness.rows().at(-1)![2];
    };
    files.write(PATH, 'id,name\n1,Quill\n');
    expect([nameAt(0.5), reads]).toEqual(['Pen', 1]);
    expect([nameAt(1), reads]).toEqual(['Quill', 2]);
    expect([nameAt(2), reads]).toEqual(['Quill', 2]);
    // Of the same length: nothing tells but its age.
    files.write(PATH, 'id,name\n1,Quart\n');
    expect([nameAt(10), reads]).toEqual(['Quill', 2]);
    expect([nameAt(11), reads]).toEqual(['Quart', 3]);
  });

  it('goes on with what it has while the file cannot be read, but not for ever', async () => {
    const files = filesWith('id,name\n1,Pen\n');
    const harness = await open(files);
    const push = (seconds: number): void => {
      harness.advanceTo(FAKE_EPOCH_MS + seconds * 1000);
      harness.push(0, [[1, 0]]);
    };
    files.remove(PATH);
    push(1);
    push(2);
    expect(harness.rows()).toEqual([
      [1, 0, 'Pen'],
      [1, 0, 'Pen'],
    ]);
    expect(harness.logs.map(({ level }) => level)).toEqual(['warn', 'warn']);
    files.write(PATH, 'id,name\n1,Quill\n');
    push(3);
    expect(harness.rows().at(-1)).toEqual([1, 0, 'Quill']);
    files.write(PATH, 'id,name\none,Quill\n');
    push(4);
    push(5);
    expect(() => push(6)).toThrow('/data-folder/products.csv, line 2: "id" is not a INT: one');
  });

  it('does not start with a file that is not there, or lacks a field', async () => {
    await expect(open(new MemoryFiles())).rejects.toMatchObject({ code: 'MR2101' });
    await expect(open(filesWith('id,title\n1,Pen\n'))).rejects.toMatchObject({ code: 'MR2103' });
  });
});

describe('the config of join.lookup', () => {
  const problemsOf = (config: object): string[] =>
    inferOperator(joinLookupSpec, { ...CONFIG, ...config }, [ORDERS]).diagnostics.map(
      ({ code, path, message }) => `${code} ${path}: ${message}`,
    );

  it.each([
    [
      { table: { ...TABLE, path: 'products.txt' } },
      'MR1203 table.path: the name of the file must end in .csv or .jsonl',
    ],
    [{ on: [{ left: 'no', right: 'id' }] }, 'MR1403 on[0].left: the input has no field "no"'],
    [{ on: [{ left: 'id', right: 'no' }] }, 'MR1403 on[0].right: the table has no field "no"'],
    [{ on: [{ left: 'id', right: 'name' }] }, 'MR1405 on[0].right: "id" is INT and "name" is STRING'],
    [{ fields: [{ field: 'name', as: 'price' }] }, 'MR1402 undefined: the result would have two fields "price"'],
    [{ fields: [{ field: 'no' }] }, 'MR1403 fields[0].field: the table has no field "no"'],
    [{ table: { ...TABLE, schema: [...TABLE.schema, TABLE.schema[1]] } }, 'MR1402 table.schema[2].name: There are two'],
  ])('%j', (config, expected) => {
    expect(problemsOf(config).join('\n')).toContain(expected);
  });

  it('of SQLite has only types that SQLite has, and keys that it can compare', () => {
    const withType = (type: string): object => ({
      table: { type: 'sqlite', path: 'x.db', query: 't', schema: [{ name: 'id', type }] },
      fields: [{ field: 'id', as: 'other' }],
    });
    expect(problemsOf(withType('ARRAY<INT>')).join('\n')).toContain('which SQLite does not have');
    expect(problemsOf(withType('TIMESTAMP')).join('\n')).toContain('which SQLite has no one way to write');
  });
});

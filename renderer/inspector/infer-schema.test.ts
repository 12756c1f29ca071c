import { describe, expect, it } from 'vitest';
import { ParquetEncoder } from '../../runtime/formats/parquet/index.ts';
import { field, schemaOf } from '../../runtime/core/schema.ts';
import { BIGINT, BOOLEAN, decimal } from '../../runtime/core/types.ts';
import { catalog } from '../../runtime/operators/catalog.ts';
import { inferredSample, sampleFile, schemaPlace, type FileSamples } from './infer-schema.ts';
import { relativeTo, resolveFrom } from './widgets/relative-path.ts';

const PLACE = { target: 'schema', pathKey: 'path', formatKey: 'format' };
const FILES = ['clicks/clicks.pipeline.json', 'clicks/data/b.csv', 'clicks/data/a.csv', 'other/x.jsonl'];

describe('schemaPlace', () => {
  it('is found in sources that read files, and only there', () => {
    expect(schemaPlace(catalog['source.file'].config.fields)).toEqual(PLACE);
    const others = Object.values(catalog).filter((spec) => spec.type !== 'source.file');
    expect(others.filter((spec) => schemaPlace(spec.config.fields) !== null)).toEqual([]);
  });
});

describe('sampleFile', () => {
  const find = (path: string, params = {}): string | null =>
    sampleFile({ path }, PLACE, 'clicks/clicks.pipeline.json', params, FILES);

  it.each([
    ['data/b.csv', 'clicks/data/b.csv'],
    ['data/*.csv', 'clicks/data/a.csv'],
    ['**/*.csv', 'clicks/data/a.csv'],
    ['data', 'clicks/data/a.csv'],
    ['../other/x.jsonl', 'other/x.jsonl'],
    ['new.csv', 'clicks/new.csv'],
    ['', null],
    ['/etc/passwd', null],
    ['../../secret', null],
  ])('%s → %s', (path, expected) => expect(find(path)).toBe(expected));

  it('fills parameters in', () => {
    expect(find('${input}', { input: 'data/b.csv' })).toBe('clicks/data/b.csv');
  });
});

function parquetFile(): Uint8Array {
  const encoder = new ParquetEncoder(
    schemaOf([field('id', BIGINT), field('flag', BOOLEAN), field('price', decimal(38, 4))]),
    10,
  );
  return new Uint8Array([...encoder.header, ...encoder.finish()]);
}

const samples = (text: string, bytes = parquetFile()): FileSamples => ({
  readSample: async (_path, maxBytes) => text.slice(0, maxBytes),
  readTail: async (_path, maxBytes) => bytes.slice(-maxBytes),
});

describe('inferredSample', () => {
  it('writes fields as a document does', async () => {
    const file = samples('user;n\nanna;1\nbob;2\n');
    const { fields } = await inferredSample(file, 'f', { format: 'csv', delimiter: ';' }, PLACE, undefined);
    expect(fields).toEqual([
      { name: 'user', type: 'STRING' },
      { name: 'n', type: 'INT' },
    ]);
  });

  it('takes the default format, and knows nothing of other ones', async () => {
    expect(await inferredSample(samples('{"a":true}\n'), 'f', {}, PLACE, 'jsonl')).toEqual({
      fields: [{ name: 'a', type: 'BOOLEAN' }],
      rows: [{ a: 'true' }],
    });
    expect(await inferredSample(samples('a\n1\n'), 'f', { format: 'avro' }, PLACE, undefined)).toEqual({
      fields: [],
      rows: [],
    });
  });

  it('reads the footer of a Parquet file', async () => {
    const config = { format: 'parquet' };
    const { fields } = await inferredSample(samples(''), 'f', config, PLACE, undefined);
    expect(fields).toEqual([
      { name: 'id', type: 'BIGINT' },
      { name: 'flag', type: 'BOOLEAN' },
      { name: 'price', type: 'DECIMAL(38,4)' },
    ]);
    expect(await inferredSample(samples('', new Uint8Array(100)), 'f', config, PLACE, undefined)).toEqual({
      fields: [],
      rows: [],
    });
  });
});

describe('relative paths', () => {
  it.each([
    ['a/p.json', 'a/data/x.csv', 'data/x.csv'],
    ['a/b/p.json', 'a/x.csv', '../x.csv'],
    ['p.json', 'x.csv', 'x.csv'],
    ['a/p.json', 'b/x.csv', '../b/x.csv'],
  ])('from %s, %s is %s and back', (from, path, relative) => {
    expect(relativeTo(from, path)).toBe(relative);
    expect(resolveFrom(from, relative)).toBe(path);
  });
});

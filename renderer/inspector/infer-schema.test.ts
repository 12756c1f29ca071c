import { describe, expect, it } from 'vitest';
import { catalog } from '../../runtime/operators/catalog.ts';
import { inferredSchema, sampleFile, schemaPlace } from './infer-schema.ts';
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

describe('inferredSchema', () => {
  it('writes fields as a document does', () => {
    const fields = inferredSchema('user;n\nanna;1\nbob;2\n', { format: 'csv', delimiter: ';' }, PLACE, undefined);
    expect(fields).toEqual([
      { name: 'user', type: 'STRING' },
      { name: 'n', type: 'INT' },
    ]);
  });

  it('takes the default format, and knows nothing of other ones', () => {
    expect(inferredSchema('{"a":true}\n', {}, PLACE, 'jsonl')).toEqual([{ name: 'a', type: 'BOOLEAN' }]);
    expect(inferredSchema('a\n1\n', { format: 'avro' }, PLACE, undefined)).toEqual([]);
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

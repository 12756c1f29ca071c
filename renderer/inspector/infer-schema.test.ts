import { describe, expect, it } from 'vitest';
import { ParquetEncoder } from '../../runtime/formats/parquet/index.ts';
import { field, schemaOf } from '../../runtime/core/schema.ts';
import { BIGINT, BOOLEAN, decimal } from '../../runtime/core/types.ts';
import { catalog } from '../../runtime/operators/catalog.ts';
import { nodeId } from '../../runtime/core/ids.ts';
import { validateDocument } from '../../runtime/compiler/validate.ts';
import { addNode, emptyDocument, type RawConfig } from '../../runtime/graph/index.ts';
import { readSample, sampleFile, schemaPlace, type FileSample, type FileSamples } from './infer-schema.ts';
import { takeSample } from './take-sample.ts';
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

async function inferredSample(file: FileSamples, config: RawConfig, formatDefault?: string): Promise<FileSample> {
  const sample = await readSample(file, 'f', config, PLACE, formatDefault);
  return sample.of(sample.csv);
}

describe('readSample', () => {
  it('writes fields as a document does', async () => {
    const file = samples('user;n\nanna;1\nbob;2\n');
    const { fields } = await inferredSample(file, { format: 'csv' });
    expect(fields).toEqual([
      { name: 'user', type: 'STRING' },
      { name: 'n', type: 'INT' },
    ]);
  });

  it('takes the default format, and knows nothing of other ones', async () => {
    expect(await inferredSample(samples('{"a":true}\n'), {}, 'jsonl')).toEqual({
      fields: [{ name: 'a', type: 'BOOLEAN' }],
      rows: [{ a: 'true' }],
      epochs: new Map(),
    });
    expect(await inferredSample(samples('a\n1\n'), { format: 'avro' })).toEqual({
      fields: [],
      rows: [],
      epochs: new Map(),
    });
  });

  it('reads the footer of a Parquet file', async () => {
    const config = { format: 'parquet' };
    const { fields } = await inferredSample(samples(''), config);
    expect(fields).toEqual([
      { name: 'id', type: 'BIGINT' },
      { name: 'flag', type: 'BOOLEAN' },
      { name: 'price', type: 'DECIMAL(38,4)' },
    ]);
    expect(await inferredSample(samples('', new Uint8Array(100)), config)).toEqual({
      fields: [],
      rows: [],
      epochs: new Map(),
    });
  });
});

describe('takeSample', () => {
  it.each([
    ['s', '1764201600'],
    ['ms', '1764201600000'],
    ['us', '1764201600000000'],
  ] as const)('makes the event time of numbers in %s', async (unit, time) => {
    const sample = await readSample(
      samples(`${time};7\n${time};8\n`),
      'f',
      { format: 'csv', header: false },
      PLACE,
      '',
    );
    const { fields, epochs } = sample.of(sample.csv);
    expect([...epochs]).toEqual([['column1', unit]]);
    const config = { path: 'f', format: 'csv', header: false, schema: 'infer' };
    const { document, id } = addNode(emptyDocument('t'), { type: 'source.file', position: { x: 0, y: 0 }, config });
    const eventTime = { field: 'column1', epoch: unit };
    const taken = takeSample(document, id, 'schema', { fields, csv: sample.csv, eventTime });
    const { nodes, diagnostics } = validateDocument(taken);
    expect(taken.nodes[0]!.config).toMatchObject({ delimiter: ';', header: false });
    expect(diagnostics.filter(({ severity, nodeId: at }) => severity === 'error' && at !== undefined)).toEqual([]);
    expect(nodes.get(nodeId('watermark'))?.outputs['out']).toMatchObject({
      eventTime: true,
      schema: { fields: [{}, {}, { name: 'event_time' }] },
    });
    const byField = { field: 'at', epoch: null };
    const plain = takeSample(document, id, 'schema', { fields, csv: null, eventTime: byField });
    expect(plain.nodes.map(({ config: { eventTime: chosen } }) => chosen)).toEqual([{ field: 'at' }]);
  });

  it('takes other numbers for numbers', async () => {
    const sample = await readSample(samples('n,m\n5,1764201600\n6,12\n'), 'f', { format: 'csv' }, PLACE, '');
    expect(sample.of(sample.csv).epochs.size).toBe(0);
    expect(sample.of({ delimiter: ',', header: false }).fields.map(({ name }) => name)).toEqual(['column1', 'column2']);
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

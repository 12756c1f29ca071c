/** Files of another writer (Arrow's, see fixtures/write.py), in many encodings, codecs and page layouts, hold what was written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BatchBuilder } from '../../core/batch.ts';
import { encodeUtf8 } from '../../core/utf8.ts';
import type { Value } from '../../core/types.ts';
import { schema as schemaOfText } from '../../testing/builders.ts';
import { bytesSource } from '../../testing/bytes-source.ts';
import { inferParquetSchema } from './infer-parquet-schema.ts';
import { ParquetReader } from './parquet-reader.ts';

const ROWS = 60;
const FILES = [
  'dictionary-snappy',
  'delta-zstd-v2',
  'plain-gzip',
  'small-pages-lz4-v2',
  'small-pages-v1',
  'int96-brotli',
] as const;

const SCHEMA = schemaOfText(
  'id BIGINT, flag BOOLEAN, small INT, big BIGINT, ratio DOUBLE, price DECIMAL(9,2), wide DECIMAL(38,4), city STRING, text STRING, raw BYTES, day DATE, at TIMESTAMP, tags ARRAY<STRING>, counts MAP<STRING,BIGINT>, where ROW<lat DOUBLE, path ARRAY<ROW<x INT>>>',
);

function row(i: number): readonly Value[] {
  if (i % 7 === 6) return [BigInt(i), ...SCHEMA.fields.slice(1).map(() => null)];
  return [
    BigInt(i),
    i % 3 === 0,
    i * 37 - 5000,
    9007199254740993n * BigInt(i - 30),
    i / 3,
    BigInt(i * 100 - 5),
    12345678901234567890123456789n * BigInt(i - 30),
    ['Köln', 'Paris', '東京'][i % 3]!,
    `row ${(i * 7919) % ROWS}`,
    new Uint8Array([i, 255]),
    i - 31,
    Math.floor((999_900 - i * 700) / 1000) - 1000,
    Array.from({ length: i % 4 }, (_, k) => (k % 5 === 4 ? null : `t${k}`)),
    new Map(Array.from({ length: i % 3 }, (_, k) => [`k${k}`, BigInt(k * i)] as const)),
    [i / 8, i % 4 === 0 ? null : [[i], [null]]],
  ];
}

const source = (name: string) => bytesSource(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.parquet`)));

describe.each(FILES)('%s.parquet', (name) => {
  it.each([1, 7, 1000])('reads as it was written, %i rows at a time', (limit) => {
    const reader = new ParquetReader(source(name), name, SCHEMA, { rowGroup: 0, row: 0 });
    const into = new BatchBuilder(SCHEMA);
    while (!reader.isDone) expect(reader.read(into, limit)).toBeGreaterThan(0);
    const batch = into.finish();
    expect(Array.from({ length: batch.length }, (_, i) => batch.row(i))).toEqual(
      Array.from({ length: ROWS }, (_, i) => row(i)),
    );
  });

  it('goes on in the middle of a row group, with a part of the columns in another order', () => {
    const some = { fields: [14, 7, 0].map((c) => SCHEMA.fields[c]!) };
    const reader = new ParquetReader(source(name), name, some, { rowGroup: 0, row: 20 });
    const into = new BatchBuilder(some);
    expect(reader.read(into, 3)).toBe(3);
    const batch = into.finish();
    expect([0, 1, 2].map((i) => batch.row(i))).toEqual([20, 21, 22].map((i) => [row(i)[14]!, row(i)[7]!, row(i)[0]!]));
  });

  it('says its own schema', () => {
    const inferred = inferParquetSchema(source(name).read(0, Infinity));
    expect(inferred).toEqual(SCHEMA.fields.map((field) => ({ ...field, nullable: true })));
  });
});

describe('ParquetReader', () => {
  const open = (text: string, bytes = source('plain-gzip').read(0, Infinity)) => {
    const schema = schemaOfText(text);
    const reader = new ParquetReader(bytesSource(bytes), 'f.parquet', schema, { rowGroup: 0, row: 0 });
    reader.read(new BatchBuilder(schema), 10);
  };

  it.each([
    ['nope INT', 'there is no column "nope"; there are id, flag'],
    ['big INT', 'the column "big" is BIGINT (INT64) and cannot be read as the declared INT'],
    ['wide DECIMAL(38,2)', 'the column "wide" is DECIMAL(38,4)'],
    ['at BIGINT', 'the column "at" is TIMESTAMP'],
    ['tags STRING', 'the column "tags" is ARRAY<STRING> (LIST) and cannot be read as the declared STRING'],
    ['where ROW<lon DOUBLE>', 'there is no column "where.lon"; there are lat, path'],
    ['counts MAP<STRING,STRING>', 'the column "counts.value" is BIGINT'],
  ])('%s: %s', (text, message) => {
    expect(() => open(text)).toThrow(
      expect.objectContaining({ code: 'MR2103', message: expect.stringContaining(message) }),
    );
  });

  it('widens what it can: no value changes', () => {
    open('small BIGINT');
    open('small DOUBLE');
    open('price DECIMAL(20,4)');
    open('city BYTES');
  });

  it('names the file where it was cut, and what is none', () => {
    const whole = source('plain-gzip').read(0, Infinity);
    const message = (bytes: Uint8Array<ArrayBuffer>) => {
      try {
        open('id BIGINT', bytes);
        return null;
      } catch (error) {
        return (error as { code: string }).code + (error as Error).message;
      }
    };
    expect(message(encodeUtf8('a,b\n1,2\n3,4\n') as Uint8Array<ArrayBuffer>)).toBe(
      'MR2101f.parquet cannot be read as Parquet: it does not begin with PAR1',
    );
    expect(message(whole.slice(0, 3))).toContain('it has 3 bytes');
    expect(message(whole.slice(0, -100))).toContain('it has no footer: it was cut, or is still being written');
    const damaged = whole.slice();
    damaged.fill(0xff, 4, 60);
    expect(message(damaged)).toContain('f.parquet: the column "id" of row group 0 cannot be read');
  });
});

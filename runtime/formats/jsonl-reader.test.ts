import { describe, expect, it } from 'vitest';
import { BatchBuilder } from '../core/batch.ts';
import { encodeUtf8 } from '../core/utf8.ts';
import { schema } from '../testing/builders.ts';
import { createRowReader } from './create-row-reader.ts';

function read(fields: string, text: string) {
  const rowSchema = schema(fields);
  const reader = createRowReader({ format: 'jsonl', schema: rowSchema, file: 'f.jsonl' });
  reader.push(encodeUtf8(text));
  reader.finish();
  const builder = new BatchBuilder(rowSchema);
  while (reader.read(builder, 100) === 100);
  const batch = builder.finish();
  return { rows: Array.from({ length: batch.length }, (_, i) => batch.row(i)), rejected: reader.takeRejected() };
}

describe('JSON Lines', () => {
  it.each([
    ['a BIGINT', '9223372036854775807', 2n ** 63n - 1n],
    ['a BIGINT', '9007199254740993', 2n ** 53n + 1n],
    ['a BIGINT', '9007199254740993.0', 2n ** 53n + 1n],
    ['a BIGINT', '1e18', 10n ** 18n],
    ['a BIGINT', '"12"', 12n],
    ['a INT', '3.0', 3],
    ['a INT', '-0', 0],
    ['a DOUBLE', '"NaN"', NaN],
    ['a DOUBLE', '-0', -0],
    ['a DOUBLE', '0.12345678901234567890', 0.12345678901234568],
    ['a DECIMAL(38,10)', '1234567890123456789012345678.0123456789', 12345678901234567890123456780123456789n],
    ['a DECIMAL(10,2)', '"1.005"', 101n],
    ['a DECIMAL(10,9)', '1e-7', 100n],
    ['a STRING', '"é\\u00e9\\n"', 'éé\n'],
    ['a STRING', '12345678901234567890', '12345678901234567890'],
    ['a STRING', '{"x":[1,true]}', '{"x":[1,true]}'],
    ['a BOOLEAN', '"true"', true],
    ['a BYTES', '"AQI="', Uint8Array.of(1, 2)],
    ['a DATE', '"1970-01-02"', 1],
    ['a TIMESTAMP', '1500.7', 1500],
    ['a TIMESTAMP', '"2026-01-01"', Date.UTC(2026, 0, 1)],
    [
      'a MAP<INT,STRING>',
      '{"1":"x","2":null}',
      new Map<number, string | null>([
        [1, 'x'],
        [2, null],
      ]),
    ],
    ['a MAP<ARRAY<INT>,INT>', '{"[1]":2}', new Map([[[1], 2]])],
    ['a ROW<x INT, y ARRAY<STRING>>', '{"y":["p"],"z":0}', [null, ['p']]],
  ])('%s from %s', (fields, json, value) => {
    expect(read(fields, `{"a":${json}}`)).toEqual({ rows: [[value]], rejected: [] });
  });

  it('fills what is missing with NULL and skips what is not asked for', () => {
    expect(read('a INT, constructor STRING, b INT', '{"b":1,"c":2}\n{"a":3,"constructor":"x"}\n').rows).toEqual([
      [null, null, 1],
      [3, 'x', null],
    ]);
  });

  it('skips blank lines, carriage returns and a byte order mark, and takes the last of equal keys', () => {
    expect(read('a BIGINT', '\uFEFF{"a":1}\r\n\n  \n{"a":2,"a":12345678901234567}').rows).toEqual([
      [1n],
      [12345678901234567n],
    ]);
  });

  it.each([
    ['{"a":1', 'is not JSON: '],
    ['[1]', 'is not a JSON object'],
    ['12', 'is not a JSON object'],
    ['null', 'is not a JSON object'],
    ['12345678901234567890', 'is not a JSON object'],
    ['{"a":"x"}', '"a" is not a INT: x'],
    ['{"a":1.5}', '"a" is not a INT: 1.5'],
    ['{"a":2147483648}', '"a" is not a INT: 2147483648'],
    ['{"a":{"b":[1]}}', '"a" is not a INT: {"b":[1]}'],
    ['{"a":1,"r":{"x":null}}', '"r" is not a ROW<x INT NOT NULL>: {"x":null}'],
    ['{"a":null}', '"a" is NULL'],
    ['{}', '"a" is NULL'],
  ])('rejects %s', (line, reason) => {
    const { rows, rejected } = read('a INT NOT NULL, r ROW<x INT NOT NULL>', `{"a":0}\n${line}\n{"a":1}\n`);
    expect(rows).toEqual([
      [0, null],
      [1, null],
    ]);
    expect(rejected).toMatchObject([
      { line: 2, offset: 8, reason: expect.stringContaining(reason) as string, raw: line },
    ]);
  });

  it('says so where the text of a bad row is not all kept', () => {
    const [row] = read('a INT', `{"a":"${'x'.repeat(70_000)}"}\n`).rejected;
    expect(row!.raw.length).toBe(65_536);
    expect(row!.reason).toContain('of its 70008 bytes the first 65536 are kept');
  });
});

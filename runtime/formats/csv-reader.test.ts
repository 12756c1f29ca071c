import { describe, expect, it } from 'vitest';
import { BatchBuilder } from '../core/batch.ts';
import { encodeUtf8 } from '../core/utf8.ts';
import { schema } from '../testing/builders.ts';
import { createRowReader } from './create-row-reader.ts';
import type { ReaderOptions } from './row-reader.ts';

function read(fields: string, text: string, options: Partial<ReaderOptions> = {}) {
  const rowSchema = schema(fields);
  const reader = createRowReader({ format: 'csv', schema: rowSchema, file: 'f.csv', ...options });
  reader.push(encodeUtf8(text));
  reader.finish();
  const builder = new BatchBuilder(rowSchema);
  while (reader.read(builder, 100) === 100);
  const batch = builder.finish();
  const rows = Array.from({ length: batch.length }, (_, i) => batch.row(i));
  return { rows, rejected: reader.takeRejected(), position: reader.position };
}

describe('CSV', () => {
  it.each([
    ['quotes, doubled quotes, delimiters and newlines inside', 'a,b\n"x, ""y""\n\r\nz",1\n', [['x, "y"\n\r\nz', 1]]],
    [
      'either line end and none at the end',
      'a,b\r\nx,1\r\ny,2',
      [
        ['x', 1],
        ['y', 2],
      ],
    ],
    ['a carriage return before the end of the file', 'a,b\r\n"x",1\r', [['x', 1]]],
    ['columns in any order, unknown ones skipped', 'c,b,a\n,1,x\n', [['x', 1]]],
    ['quoted names', '"b","a"\n1,x\n', [['x', 1]]],
    ['quotes inside a cell as text', 'a,b\nx"y",1\n', [['x"y"', 1]]],
    ['blank lines skipped', '\na,b\n\nx,1\n\n', [['x', 1]]],
    [
      'empty cells as NULL, quoted ones as text',
      'a,b\n,1\n"",\n',
      [
        [null, 1],
        ['', null],
      ],
    ],
    ['a byte order mark', '\uFEFFa,b\nx,1\n', [['x', 1]]],
    ['blanks around numbers but not around text', 'a,b\n x , 1 \n', [[' x ', 1]]],
    ['nothing', '', []],
    ['a header alone', 'a,b', []],
  ])('takes %s', (_, text, rows) => {
    expect(read('a STRING, b INT', text)).toMatchObject({ rows, rejected: [] });
  });

  it('reads every type', () => {
    const types =
      'a BOOLEAN, b BIGINT, c DOUBLE, d DECIMAL(5,2), e BYTES, f DATE, g TIMESTAMP, h ARRAY<INT>, i MAP<STRING,BIGINT>, j ROW<x INT>';
    const row =
      'TRUE,-9223372036854775808,1.5e3,12.345,AQI=,2026-02-28,2026-11-22 15:04:05.1239,"[1,null]","{""k"":9007199254740993}","{""x"":1}"\n';
    const instant = Date.UTC(2026, 10, 22, 15, 4, 5, 123);
    expect(read(types, row, { header: false }).rows).toEqual([
      [
        true,
        -(2n ** 63n),
        1500,
        1235n,
        Uint8Array.of(1, 2),
        20512,
        instant,
        [1, null],
        new Map([['k', 2n ** 53n + 1n]]),
        [1],
      ],
    ]);
  });

  it.each([
    '.5',
    '5.',
    '-0',
    '-0.0',
    '123456789012345',
    '0.1',
    '1234567.89012345',
    '12345678901234567890.5',
    '1e-400',
    'NaN',
    '-Infinity',
    '+3',
  ])('reads the double %s as JavaScript does', (text) => {
    expect(read('a DOUBLE', `${text}\n`, { header: false }).rows).toEqual([[Number(text)]]);
  });

  it.each([
    ['a INT', '2147483648', '"a" is not a INT: 2147483648'],
    ['a INT', '1.0', '"a" is not a INT: 1.0'],
    ['a INT', '-', '"a" is not a INT: -'],
    ['a INT', '""', '"a" is not a INT: '],
    ['a BIGINT', '9223372036854775808', '"a" is not a BIGINT: 9223372036854775808'],
    ['a DOUBLE', '1.2.3', '"a" is not a DOUBLE: 1.2.3'],
    ['a DOUBLE', '0x10', '"a" is not a DOUBLE: 0x10'],
    ['a DOUBLE', '.', '"a" is not a DOUBLE: .'],
    ['a DECIMAL(3,2)', '10', '"a" is not a DECIMAL(3,2): 10'],
    ['a TIMESTAMP', '2026-02-29 00:00:00', '"a" is not a TIMESTAMP: 2026-02-29 00:00:00'],
    ['a TIMESTAMP', '2026-13-01T00:00:00Z', '"a" is not a TIMESTAMP: 2026-13-01T00:00:00Z'],
    ['a TIMESTAMP', '2026-01-01T24:00:00Z', '"a" is not a TIMESTAMP: 2026-01-01T24:00:00Z'],
    ['a DATE', '2026-00-10', '"a" is not a DATE: 2026-00-10'],
    ['a BOOLEAN', 'yes', '"a" is not a BOOLEAN: yes'],
    ['a BYTES', '?', '"a" is not a BYTES: ?'],
    ['a ARRAY<INT>', '[1', '"a" is not a ARRAY<INT>: [1'],
    ['a INT NOT NULL, b INT', ',1', '"a" is NULL'],
    ['a INT, b INT', '1,2,3', 'has 3 cells instead of 2'],
    ['a STRING', '"x"y', 'there is text behind a closing quote'],
    ['a STRING', '"x', 'a quote is not closed'],
  ])('rejects %s of %s', (fields, text, reason) => {
    expect(read(fields, `${text}\n`, { header: false }).rejected[0]).toMatchObject({ line: 1, offset: 0, reason });
  });

  it.each([
    '2026-11-22T15:04:05Z',
    '2026-11-22 15:04:05.000',
    '2026-11-22T16:04:05+01:00',
    '2026-11-22 15:04:05',
    '1795359845000',
  ])('reads the instant %s', (text) => {
    expect(read('a TIMESTAMP', `${text}\n`, { header: false }).rows).toEqual([[Date.UTC(2026, 10, 22, 15, 4, 5)]]);
  });

  it('reads years of any century', () => {
    expect(read('a TIMESTAMP', '0001-01-01T00:00:00Z\n', { header: false }).rows).toEqual([[-62_135_596_800_000]]);
  });

  it('knows lines and offsets, and goes on behind a bad row', () => {
    const { rows, rejected, position } = read('a INT, b STRING', 'a,b\n1,"x\ny"\nz,\n2,\n');
    expect(rows).toEqual([
      [1, 'x\ny'],
      [2, null],
    ]);
    expect(rejected).toEqual([{ line: 4, offset: 12, reason: '"a" is not a INT: z', raw: 'z,' }]);
    expect(position).toEqual({ offset: 18, line: 6, layout: { width: 2, cells: [0, 1] } });
  });

  it('gives up on a quote that is not closed, and goes on behind its line', () => {
    const reader = createRowReader({ format: 'csv', schema: schema('a STRING'), file: 'f.csv', header: false });
    const builder = new BatchBuilder(schema('a STRING'));
    const mebibyte = encodeUtf8(`${'x'.repeat(2 ** 20 - 1)}\n`);
    reader.push(encodeUtf8('"open\ngood\n'));
    for (let i = 0; i < 17; i++) {
      reader.push(mebibyte);
      reader.read(builder, 100);
    }
    expect(builder.length).toBe(18);
    expect(reader.takeRejected()).toMatchObject([
      { line: 1, reason: expect.stringContaining('is longer than') as string, raw: '"open' },
    ]);
  });

  it('takes other delimiters', () => {
    expect(read('a INT, b STRING', 'a;b\n1;"x;y"\n', { delimiter: ';' }).rows).toEqual([[1, 'x;y']]);
    expect(read('a INT, b STRING', 'a\tb\n1\tx,y\n', { delimiter: '\t' }).rows).toEqual([[1, 'x,y']]);
  });

  it('wants a header with all fields', () => {
    expect(() => read('a INT, b INT', 'a,c\n1,2\n')).toThrow(
      expect.objectContaining({ code: 'MR2103', message: 'f.csv:1: the header has no column "b"; it has "a", "c"' }),
    );
  });
});

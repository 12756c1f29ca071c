import { describe, expect, it } from 'vitest';
import { DELETE, INSERT } from '../core/batch.ts';
import { decodeUtf8 } from '../core/utf8.ts';
import { batch } from '../testing/builders.ts';
import type { Literal } from '../testing/literals.ts';
import type { TextFormat } from './file-format.ts';
import { formatValue } from './json-text.ts';
import { createRowWriter } from './row-writer.ts';

const FIELDS =
  'a BIGINT, b DECIMAL(20,2), c DOUBLE, d STRING, e TIMESTAMP, f DATE, g BYTES, h MAP<INT,STRING>, i ROW<x INT, y ARRAY<BOOLEAN>>';
const ROW: readonly Literal[] = [
  2n ** 60n,
  123n,
  NaN,
  'a "b"\n',
  -1,
  0,
  Uint8Array.of(1),
  new Map([[1, 'x']]),
  [1, [true, null]],
];

function write(format: TextFormat, fields: string, rows: readonly (readonly Literal[])[], hasChanges = false): string {
  const rowBatch = batch(
    fields,
    rows,
    undefined,
    rows.map((_, i) => (hasChanges && i === 1 ? DELETE : INSERT)),
  );
  const writer = createRowWriter({ format, schema: rowBatch.schema, hasChanges });
  return decodeUtf8(writer.header) + decodeUtf8(writer.encode(rowBatch));
}

describe('row writers', () => {
  it('write JSON Lines', () => {
    expect(write('jsonl', FIELDS, [ROW])).toBe(
      '{"a":1152921504606846976,"b":1.23,"c":"NaN","d":"a \\"b\\"\\n","e":"1969-12-31T23:59:59.999Z","f":"1970-01-01","g":"AQ==","h":{"1":"x"},"i":{"x":1,"y":[true,null]}}\n',
    );
    expect(write('jsonl', 'a INT, "b"" c" STRING'.replaceAll('"b"" c"', '`b" c`'), [[null, null]])).toBe(
      '{"a":null,"b\\" c":null}\n',
    );
  });

  it('write CSV', () => {
    expect(write('csv', FIELDS, [ROW])).toBe(
      'a,b,c,d,e,f,g,h,i\n1152921504606846976,1.23,NaN,"a ""b""\n",1969-12-31T23:59:59.999Z,1970-01-01,AQ==,"{""1"":""x""}","{""x"":1,""y"":[true,null]}"\n',
    );
    expect(write('csv', 'a INT, b STRING, c STRING', [[null, null, '']])).toBe('a,b,c\n,,""\n');
  });

  it('write the change kind when there are updates', () => {
    expect(write('jsonl', 'n INT', [[1], [1]], true)).toBe('{"n":1,"__op":"+I"}\n{"n":1,"__op":"-D"}\n');
    expect(write('csv', 'n INT', [[1], [1]], true)).toBe('n,__op\n1,+I\n1,-D\n');
  });

  it('write instants that ISO text cannot say as milliseconds', () => {
    const far = 8.64e15 + 1;
    expect(write('jsonl', 't TIMESTAMP', [[far]])).toBe(`{"t":${far}}\n`);
    expect(write('csv', 't TIMESTAMP', [[far]])).toBe(`t\n${far}\n`);
  });

  it('formatValue gives plain JSON, exact where a number is', () => {
    const { schema, columns } = batch(FIELDS, [ROW, ROW.map(() => null)]);
    const values = (row: number) => schema.fields.map((f, i) => formatValue(f.type, columns[i]!, row));
    expect(values(0)).toEqual([
      '1152921504606846976',
      1.23,
      'NaN',
      'a "b"\n',
      '1969-12-31T23:59:59.999Z',
      '1970-01-01',
      'AQ==',
      { 1: 'x' },
      { x: 1, y: [true, null] },
    ]);
    expect(values(1)).toEqual(schema.fields.map(() => null));
    const exact = batch('a BIGINT, b DECIMAL(38,0)', [[7, 12345678901234567890n]]);
    expect(exact.columns.map((column) => formatValue(column.type, column, 0))).toEqual([7, '12345678901234567890']);
  });
});

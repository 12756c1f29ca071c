import { describe, expect, it } from 'vitest';
import { DATE, INT, printDataType, STRING } from '../core/types.ts';
import type { TextFormat } from './file-format.ts';
import { inferSchema, sampleRows, textFits, type InferOptions } from './infer-schema.ts';

function infer(sample: string, format: TextFormat, options?: InferOptions): Record<string, string> {
  return Object.fromEntries(
    inferSchema(sample, format, options).map((field) => [field.name, printDataType(field.type)]),
  );
}

describe('inferSchema', () => {
  it('finds the narrowest types of CSV columns', () => {
    const sample = [
      'flag,count,id,price,day,at,mixed,code,none,"two, words",list',
      'true,1,1,1.5,2026-01-01,2026-01-01T00:00:00Z,2026-01-01,007,,x,"[1,2]"',
      'FALSE,-2,3000000000,2,2026-01-02,2026-01-01 00:00:00,2026-01-01 10:00:00,12,,3,[]',
      ',,,,,,,,,,',
    ].join('\n');
    expect(infer(`${sample}\n`, 'csv')).toEqual({
      flag: 'BOOLEAN',
      count: 'INT',
      id: 'BIGINT',
      price: 'DOUBLE',
      day: 'DATE',
      at: 'TIMESTAMP',
      mixed: 'TIMESTAMP',
      code: 'STRING',
      none: 'STRING',
      'two, words': 'STRING',
      list: 'ARRAY<INT>',
    });
  });

  it('finds the types of JSON fields, nested ones too, in the order they come', () => {
    const sample = [
      '{"b":1,"a":{"x":1,"y":"2026-01-01T00:00:00Z"},"tags":["p"],"big":12345678901234567890}',
      '{"b":2.5,"a":{"x":3000000000,"z":null},"tags":[],"s":"1","odd":1}',
      '{"odd":"text","a":{},"tags":null}',
    ].join('\n');
    expect(infer(sample, 'jsonl')).toEqual({
      b: 'DOUBLE',
      a: 'ROW<x BIGINT, y TIMESTAMP, z STRING>',
      tags: 'ARRAY<STRING>',
      big: 'STRING',
      s: 'STRING',
      odd: 'STRING',
    });
  });

  it('does not mind a sample that is cut in the middle of a row', () => {
    expect(infer('a,b\n1,2026-01-01T00:00:00Z\n2,2026-01-01T00:00:00Z\n3,2026-0', 'csv')).toEqual({
      a: 'INT',
      b: 'TIMESTAMP',
    });
    expect(infer('{"a":1}\n{"a":"x', 'jsonl')).toEqual({ a: 'INT' });
  });

  it('takes small files without a last newline, a byte order mark and other delimiters', () => {
    expect(infer('\uFEFFa;b\n1;x', 'csv', { delimiter: ';' })).toEqual({ a: 'INT', b: 'STRING' });
    expect(infer('1,x\n2,y\n', 'csv', { header: false })).toEqual({ column1: 'INT', column2: 'STRING' });
    expect(infer('a', 'csv')).toEqual({ a: 'STRING' });
    expect([infer('', 'csv'), infer('', 'jsonl'), infer('no json', 'jsonl')]).toEqual([{}, {}, {}]);
  });
});

describe('sampleRows', () => {
  it('gives the first rows as texts, as the schema is read', () => {
    expect(sampleRows('a;b\n1;x\n;"y;z"\n3;', 'csv', { delimiter: ';' }, 5)).toEqual([
      { a: '1', b: 'x' },
      { a: null, b: 'y;z' },
    ]);
    expect(sampleRows('1,2\n', 'csv', { header: false }, 5)).toEqual([{ column1: '1', column2: '2' }]);
    expect(sampleRows('{"a":1,"b":{"c":[2]}}\n{"a":null,"b":"t"}\nno', 'jsonl', {}, 1)).toEqual([
      { a: '1', b: '{"c":[2]}' },
    ]);
  });

  it('knows which texts a type can hold', () => {
    expect([textFits('12', INT), textFits('1.5', INT), textFits('2026-01-01', DATE), textFits('x', STRING)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});

import { readDocument } from '../graph/index.ts';
import { describe, expect, it } from 'vitest';
import { fillIn, mergeParameters, unknownParameters } from './parameters.ts';

const { values } = mergeParameters({ path: 'a.csv', rows: 10, on: true });

describe('fillIn', () => {
  it.each([
    ['${path}', 'a.csv'],
    ['data/${path}', 'data/a.csv'],
    ['${rows}', 10],
    ['n < ${rows}', 'n < 10'],
    ['${on}', true],
    ['$${path}', '${path}'],
    ['$${path} ${path}', '${path} a.csv'],
    ['$5 { } $', '$5 { } $'],
    ['', ''],
  ])('makes of %j', (text, expected) => {
    expect(fillIn({ a: [{ b: text }] }, values)).toMatchObject({ value: { a: [{ b: expected }] }, problems: [] });
  });

  it.each([
    ['${nope}', 'MR1601', { start: 0, end: 7 }],
    ['x ${rows} ${nope}', 'MR1601', { start: 10, end: 17 }],
    ['a ${path', 'MR1602', { start: 2, end: 8 }],
    ['${}', 'MR1602', { start: 0, end: 3 }],
    ['${a b}', 'MR1602', { start: 0, end: 6 }],
    ['${toString}', 'MR1601', { start: 0, end: 11 }],
  ])('finds what is wrong in %j', (text, code, range) => {
    const { value, problems } = fillIn({ list: [text] }, values);
    expect(problems).toMatchObject([{ code, range, path: 'list[0]' }]);
    if (code === 'MR1601' && text === '${nope}') expect(value).toEqual({ list: [text] });
  });

  it('leaves code as it is', () => {
    const raw = { code: '`${row.a}`', other: '${path}' };
    expect(fillIn(raw, values, new Set(['code']))).toMatchObject({
      value: { code: '`${row.a}`', other: 'a.csv' },
      problems: [],
    });
  });

  it('takes ranges back to the text of the document', () => {
    //          0123456789012345678
    const raw = 'n < ${rows} AND $${x';
    const { value, toSource } = fillIn({ condition: raw }, values);
    expect(value).toEqual({ condition: 'n < 10 AND ${x' });
    expect(toSource('condition', { start: 0, end: 1 })).toEqual({ start: 0, end: 1 });
    expect(toSource('condition', { start: 4, end: 6 })).toEqual({ start: 4, end: 11 });
    expect(toSource('condition', { start: 5, end: 6 })).toEqual({ start: 4, end: 11 });
    expect(toSource('condition', { start: 7, end: 10 })).toEqual({ start: 12, end: 15 });
    expect(toSource('condition', { start: 13, end: 14 })).toEqual({ start: 19, end: 20 });
    expect(toSource('other', { start: 3, end: 4 })).toEqual({ start: 3, end: 4 });
  });
});

describe('mergeParameters', () => {
  it('reads a given value as the type that the document uses', () => {
    const given = { path: '7', rows: '20', on: 'false', extra: '5' };
    expect(Object.fromEntries(mergeParameters({ path: 'a', rows: 10, on: true }, given).values)).toEqual({
      path: '7',
      rows: 20,
      on: false,
      extra: '5',
    });
  });

  it.each([{ rows: 'many' }, { rows: '' }, { on: 'yes' }])('refuses %j', (given) => {
    expect(mergeParameters({ rows: 10, on: true }, given).problems.map((problem) => problem.code)).toEqual(['MR1603']);
  });
});

describe('unknownParameters', () => {
  const raw = { format: 'millrace/pipeline', version: 1, name: 'x', nodes: [], edges: [], notes: [], groups: [] };
  const node = { id: 'a', type: 'filter', position: { x: 0, y: 0 }, config: { condition: 'a > ${least}' } };
  const { document } = readDocument({ ...raw, settings: { params: { rows: 1 } }, nodes: [node] });

  it('passes names that are defined or referred to', () => {
    expect(unknownParameters(document!, { rows: '2', least: '3' })).toEqual([]);
  });

  it('names what there is', () => {
    expect(unknownParameters(document!, { row: '2' })).toMatchObject([
      { code: 'MR1604', message: 'the document has no parameter "row"; it has rows, least' },
    ]);
  });
});

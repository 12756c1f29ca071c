import { describe, expect, it } from 'vitest';
import { columnOf } from '../core/column-builder.ts';
import { field, schemaOf } from '../core/schema.ts';
import { BIGINT, BOOLEAN, decimal, DOUBLE, INT, rowOf, STRING, type Value } from '../core/types.ts';
import { checkExpression, compileKernel, compilePredicate, scopeOf, type TypedExpression } from './index.ts';

const schema = schemaOf([
  field('i', INT),
  field('n', BIGINT),
  field('x', DOUBLE),
  field('price', decimal(10, 2)),
  field('name', STRING),
  field('ok', BOOLEAN),
  field('place', rowOf([field('lat', DOUBLE, false)])),
]);
const rows: readonly (readonly Value[])[] = [
  [1, 5n, 1.5, 150n, 'Zoë', true, [1.25]],
  [2147483647, 9223372036854775807n, -0.5, -1n, '', false, [2.5]],
  [null, null, null, null, null, null, null],
];
const columns = schema.fields.map((f, c) =>
  columnOf(
    f.type,
    rows.map((row) => row[c]!),
  ),
);
const context = { now: () => 1_700_000_000_000, random: () => 0.25 };

function typed(text: string): TypedExpression {
  const { expression, problems } = checkExpression(text, scopeOf(schema));
  expect(problems).toEqual([]);
  return expression!;
}

function values(text: string): readonly Value[] {
  const column = compileKernel(typed(text))(columns, rows.length, context);
  return rows.map((_, row) => column.value(row));
}

describe('compileKernel', () => {
  it.each<[string, readonly Value[]]>([
    ['i + 1', [2, -2147483648, null]],
    ['n + 1', [6n, -9223372036854775808n, null]],
    ['-7 / 2', [-3, -3, -3]],
    ['x / 0e0', [Infinity, -Infinity, null]],
    ['price * 2', [300n, -2n, null]],
    ['CAST(price AS STRING)', ['1.50', '-0.01', null]],
    ["name || '!'", ['Zoë!', '!', null]],
    ["name = 'Zoë'", [true, false, null]],
    ["ok AND name = ''", [false, false, null]],
    ['ok IS TRUE OR name IS NULL', [true, false, true]],
    ['place.lat * 2', [2.5, 5, null]],
    ['i NOT IN (1, NULL)', [false, null, null]],
    ['CASE WHEN ok THEN name END', ['Zoë', null, null]],
    ['EXTRACT(YEAR FROM CURRENT_TIMESTAMP)', [2023n, 2023n, 2023n]],
    ['CAST(n AS INT)', [5, -1, null]],
    ['TRY_CAST(name AS INT)', [null, null, null]],
  ])('%s', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('hands a bare column on without copying it', () => {
    expect(compileKernel(typed('name'))(columns, rows.length, context)).toBe(columns[4]);
  });

  it('never runs a branch that is not taken', () => {
    expect(values('CASE WHEN i = 1 THEN 0 ELSE i / (i - i + 1) END')).toEqual([0, 2147483647, null]);
    expect(values('IF(TRUE, i, 1 / 0)')).toEqual([1, 2147483647, null]);
    expect(values('COALESCE(0, 1 / 0)')).toEqual([0, 0, 0]);
    expect(values('FALSE AND 1 / 0 = 1')).toEqual([false, false, false]);
  });

  it.each([
    ['i / 0', 'division of INT by zero'],
    ['n % 0', 'division of BIGINT by zero'],
    ['price / 0', 'division of DECIMAL by zero'],
    ['CAST(name AS INT)', 'cannot cast "Zoë" from STRING to INT'],
    ['CAST(n AS DECIMAL(3,0))', 'cannot cast "9223372036854775807" from BIGINT to DECIMAL(3,0)'],
  ])('%s fails', (text, message) => {
    expect(() => values(text)).toThrow(expect.objectContaining({ name: 'StreamError', code: 'MR2104', message }));
  });

  it('keeps nothing of a batch that failed', () => {
    const kernel = compileKernel(typed('CAST(1 / i AS STRING) || name'));
    const zero = [columnOf(INT, [1, 0]), ...columns.slice(1)];
    expect(() => kernel(zero, 2, context)).toThrow('division');
    expect(kernel(columns, 1, context).value(0)).toBe('1Zoë');
  });

  it('keeps the text of literals out of the code', () => {
    const nasty = "'); throw new Error(''x'') //\u2028`${1}\\";
    expect(values(`'${nasty.replaceAll("'", "''")}'`)[0]).toBe(nasty);
  });

  it('reads columns that are longer than the batch', () => {
    expect(compileKernel(typed('i + 1'))(columns, 1, context).length).toBe(1);
  });
});

describe('compilePredicate', () => {
  it('selects TRUE only, not FALSE and not NULL', () => {
    const selection = new Int32Array(rows.length);
    expect(compilePredicate(typed('x > 0'))(columns, rows.length, context, selection)).toBe(1);
    expect(selection[0]).toBe(0);
    expect(compilePredicate(typed('NOT ok OR name IS NULL'))(columns, rows.length, context, selection)).toBe(2);
    expect([...selection.subarray(0, 2)]).toEqual([1, 2]);
  });
});

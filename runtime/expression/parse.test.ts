import { describe, expect, it } from 'vitest';
import { parseExpression } from './parse.ts';
import { syntaxChildren, type Syntax } from './syntax.ts';

/** Shape of a tree: `+(a, *(b, c))`. */
function shape(syntax: Syntax): string {
  const children = syntaxChildren(syntax).map(shape);
  const label = ((): string => {
    switch (syntax.node) {
      case 'name':
        return syntax.path.map((part) => part.text).join('.');
      case 'number':
        return syntax.text;
      case 'arithmetic':
      case 'comparison':
      case 'logical':
        return syntax.operator;
      case 'call':
        return syntax.name.text;
      case 'is':
        return `is ${syntax.test}`;
      default:
        return syntax.node;
    }
  })();
  return children.length === 0 ? label : `${label}(${children.join(', ')})`;
}

function shapeOf(text: string): string {
  const { syntax, problems } = parseExpression(text);
  expect(problems, text).toEqual([]);
  return shape(syntax);
}

describe('parseExpression', () => {
  it.each([
    ['a + b * c', '+(a, *(b, c))'],
    ['a - b - c', '-(-(a, b), c)'],
    ['NOT a = b AND c OR d', 'OR(AND(not(=(a, b)), c), d)'],
    ['a = b IS NULL', 'is NULL(=(a, b))'],
    ['-a * b', '*(negate(a), b)'],
    ['a BETWEEN 1 AND 2 AND b', 'AND(between(a, 1, 2), b)'],
    ["a || b LIKE 'x' ESCAPE '!'", 'like(concat(a, b), string, string)'],
    ['left.ip = right.ip', '=(left.ip, right.ip)'],
    ['a[1].b', 'field(element(a, 1))'],
    ['"my ""field""" + `x``y`', '+(my "field", x`y)'],
    ["timestamp > TIMESTAMP '2026-01-01 00:00:00'", '>(timestamp, time)'],
    ["date + INTERVAL '1' DAY", '+(date, interval)'],
    ['EXTRACT(DAY FROM ts)', 'EXTRACT(DAY, ts)'],
    ["TRIM(BOTH 'x' FROM s)", 'TRIM(string, s)'],
    ['TRIM(both)', 'TRIM(both)'],
    ['CASE a WHEN 1 THEN b ELSE c END', 'case(a, 1, b, c)'],
    ['CAST(a AS ROW<x INT, y ARRAY<STRING>>)', 'cast(a)'],
    ['a /* not * this */ + b -- nor this', '+(a, b)'],
    ['größe + 変数', '+(größe, 変数)'],
  ])('reads %s', (text, expected) => {
    expect(shapeOf(text)).toBe(expected);
  });

  it.each([
    ['a +', '+(a, missing)'],
    ['(a + ) * 3', '*(+(a, missing), 3)'],
    ['UPPER(', 'UPPER'],
    ['f(a, )', 'f(a, missing)'],
    ['a AND', 'AND(a, missing)'],
  ])('keeps what it can of %s', (text, expected) => {
    const { syntax, problems } = parseExpression(text);
    expect(shape(syntax)).toBe(expected);
    expect(problems.map((p) => p.code)).toEqual(['MR1301']);
  });

  it.each([
    ['', 'MR1309', 0, 0],
    ['a b', 'MR1301', 2, 3],
    ["a = 'x", 'MR1301', 4, 6],
    ['a € b', 'MR1301', 2, 3],
    ['a + ', 'MR1301', 2, 3],
  ])('says where %j is wrong', (text, code, start, end) => {
    expect(parseExpression(text).problems[0]).toMatchObject({ severity: 'error', code, range: { start, end } });
  });

  it('gives each sub-expression its range', () => {
    const { syntax } = parseExpression('(a + 1) * b');
    expect(syntaxChildren(syntax).map((child) => child.range)).toEqual([
      { start: 0, end: 7 },
      { start: 10, end: 11 },
    ]);
  });
});

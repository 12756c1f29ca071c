import { describe, expect, it } from 'vitest';
import { field, schemaOf } from '../core/schema.ts';
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DATE,
  decimal,
  DOUBLE,
  INT,
  INTERVAL,
  mapOf,
  printDataType,
  rowOf,
  STRING,
  TIMESTAMP,
  type DataType,
} from '../core/types.ts';
import { checkExpression, referencedFields, scopeOf, type Scope } from './index.ts';

const scope = scopeOf(
  schemaOf([
    field('i', INT),
    field('n', BIGINT, false),
    field('x', DOUBLE),
    field('price', decimal(10, 2)),
    field('big', decimal(38, 10)),
    field('name', STRING),
    field('ok', BOOLEAN),
    field('day', DATE),
    field('ts', TIMESTAMP),
    field('tags', arrayOf(STRING)),
    field('counts', mapOf(STRING, BIGINT)),
    field('place', rowOf([field('lat', DOUBLE), field('city', STRING, false)])),
  ]),
);
const joined: Scope = {
  inputs: [
    { name: 'left', schema: schemaOf([field('id', INT), field('ip', STRING)]) },
    { name: 'right', schema: schemaOf([field('id', BIGINT), field('city', STRING)]) },
  ],
};

describe('types', () => {
  it.each([
    ['1', 'INT NOT NULL'],
    ['2147483648', 'BIGINT NOT NULL'],
    ['-2147483648', 'INT NOT NULL'],
    ['9223372036854775808', 'DECIMAL(19,0) NOT NULL'],
    ['1.50', 'DECIMAL(3,2) NOT NULL'],
    ['1e3', 'DOUBLE NOT NULL'],
    ['i + n', 'BIGINT'],
    ['n / 2', 'BIGINT NOT NULL'],
    ['n % 10', 'INT NOT NULL'],
    ['i * x', 'DOUBLE'],
    ['price + i', 'DECIMAL(13,2)'],
    ['price * price', 'DECIMAL(20,4)'],
    ['price / 3', 'DECIMAL(21,13)'],
    ['big * big', 'DECIMAL(38,6)'],
    ['price * x', 'DOUBLE'],
    ["ts + INTERVAL '5' MINUTE", 'TIMESTAMP'],
    ["day + INTERVAL '1' DAY", 'DATE'],
    ["day + INTERVAL '1' HOUR", 'TIMESTAMP'],
    ["day + n * INTERVAL '1' DAY", 'DATE'],
    ['ts - ts', 'BIGINT'],
    ['day - day', 'INT'],
    ['place.lat', 'DOUBLE'],
    ['place.city', 'STRING'],
    ['tags[1]', 'STRING'],
    ["counts['a']", 'BIGINT'],
    ['i IS NULL', 'BOOLEAN NOT NULL'],
    ['CASE WHEN ok THEN 1 ELSE 2.5 END', 'DECIMAL(11,1) NOT NULL'],
    ['CASE WHEN ok THEN 1 END', 'INT'],
    ['COALESCE(i, 0)', 'INT NOT NULL'],
    ['TRY_CAST(name AS INT)', 'INT'],
    ['CAST(n AS VARCHAR(20))', 'STRING NOT NULL'],
    ['CAST(name AS TIMESTAMP_LTZ(3))', 'TIMESTAMP'],
    ['ARRAY[1, n]', 'ARRAY<BIGINT> NOT NULL'],
    ["MAP['a', 1]", 'MAP<STRING,INT> NOT NULL'],
    ['ROUND(price, 1)', 'DECIMAL(10,1)'],
    ['CURRENT_TIMESTAMP', 'TIMESTAMP NOT NULL'],
  ])('%s is %s', (text, expected) => {
    const { expression, problems } = checkExpression(text, scope);
    expect(problems).toEqual([]);
    expect(`${printDataType(expression!.type)}${expression!.nullable ? '' : ' NOT NULL'}`).toBe(expected);
  });

  it.each<[string, DataType]>([
    ['i', BIGINT],
    ['1.5', DOUBLE],
    ['NULL', STRING],
    ['day', TIMESTAMP],
    ['price * 2', decimal(10, 2)],
    ["INTERVAL '1' DAY", INTERVAL],
  ])('%s fits where %j is expected', (text, expected) => {
    expect(checkExpression(text, scope, expected).expression?.type).toEqual(expected);
  });
});

describe('problems', () => {
  it.each([
    ['nmae', 'MR1302', 'No field "nmae" in the input. Did you mean "name"?', 0, 4],
    ['place.cty', 'MR1302', 'The ROW has no field "cty". Did you mean "city"?', 6, 9],
    ['UPPR(name)', 'MR1303', 'No function UPPR. Did you mean "UPPER"?', 0, 4],
    ['UPPER(i)', 'MR1304', 'UPPER(INT) is not defined. Use UPPER(text STRING).', 0, 8],
    ['EXTRACT(HOURR FROM ts)', 'MR1304', 'HOURR is no unit of time. Did you mean "HOUR"?', 8, 13],
    ["REGEXP(name, '(')", 'MR1304', '"(" is no regular expression', 13, 16],
    [
      "JSON_VALUE(name, 'a.b')",
      'MR1304',
      "\"a.b\" is no JSON path: write it as in '$.user.name' or '$.items[0]'",
      17,
      22,
    ],
    ['name + 1', 'MR1305', 'STRING + INT is not defined. To join texts, write ||.', 0, 8],
    ['1 + (name > 5)', 'MR1305', '> compares STRING with INT. Add a CAST.', 4, 14],
    ['name AND ok', 'MR1305', 'AND needs BOOLEAN, not STRING', 0, 4],
    ['NULL', 'MR1306', 'NULL alone has no type: write CAST(NULL AS STRING), or another type', 0, 4],
    ["DATE '2026-02-30'", 'MR1308', "'2026-02-30' is no DATE: write it as in DATE '2026-11-22'", 0, 17],
    [
      "INTERVAL '1' MONTH",
      'MR1308',
      'MONTH is no unit of an INTERVAL: use MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK; for calendar units use TIMESTAMPADD(MONTH, n, ts)',
      0,
      18,
    ],
    ['CAST(i AS NUMBER)', 'MR1401', expect.stringContaining('Unknown type "NUMBER"') as string, 10, 16],
    ['  ', 'MR1309', 'The expression is empty', 0, 2],
  ])('%s: %s %s', (text, code, message, start, end) => {
    const { expression, problems } = checkExpression(text, scope);
    expect(expression).toBeNull();
    const suggestion = /Did you mean "(.*)"\?/.exec(message)?.[1];
    const meant = suggestion === undefined ? {} : { suggestion };
    expect(problems).toEqual([{ severity: 'error', code, message, ...meant, range: { start, end } }]);
  });

  it('reports every mistake, not just the first', () => {
    const { problems } = checkExpression('foo + bar > UPPR(baz)', scope);
    expect(problems.map((p) => p.code)).toEqual(['MR1302', 'MR1302', 'MR1302', 'MR1303']);
  });

  it('refuses what is too wide for its place', () => {
    expect(checkExpression('n', scope, INT).problems).toEqual([
      {
        severity: 'error',
        code: 'MR1306',
        message: 'Expected INT, but this is BIGINT. Write CAST(… AS INT).',
        range: { start: 0, end: 1 },
      },
    ]);
  });
});

describe('several inputs', () => {
  it('finds fields by qualifier or alone, and counts columns over all inputs', () => {
    const { expression } = checkExpression("left.id = right.id AND city = 'Oslo'", joined);
    expect(referencedFields(expression!)).toEqual([
      { index: 0, name: 'id', input: 'left' },
      { index: 2, name: 'id', input: 'right' },
      { index: 3, name: 'city', input: 'right' },
    ]);
  });

  it.each([
    ['id = 1', 'MR1307', '"id" is in several inputs: write left.id or right.id'],
    ['left.citi', 'MR1302', '"left" has no field "citi".'],
  ])('%s: %s %s', (text, code, message) => {
    expect(checkExpression(text, joined).problems).toMatchObject([{ code, message }]);
  });
});

import { describe, expect, it } from 'vitest';
import { field, schemaOf } from '../core/schema.ts';
import { arrayOf, BIGINT, BOOLEAN, DATE, decimal, DOUBLE, INT, mapOf, STRING, TIMESTAMP } from '../core/types.ts';
import {
  checkExpression,
  printExpression,
  printFlinkSql,
  printSparkSql,
  scopeOf,
  untranslatable,
  type TypedExpression,
} from './index.ts';

const scope = scopeOf(
  schemaOf([
    field('i', INT),
    field('n', BIGINT),
    field('x', DOUBLE),
    field('price', decimal(10, 2)),
    field('s', STRING),
    field('ok', BOOLEAN),
    field('day', DATE),
    field('ts', TIMESTAMP),
    field('tags', arrayOf(STRING)),
    field('counts', mapOf(STRING, INT)),
    field('user', STRING),
    field('date', DATE),
    field('two words', INT),
  ]),
);

function typed(text: string): TypedExpression {
  const { expression, problems } = checkExpression(text, scope);
  expect(problems).toEqual([]);
  return expression!;
}

describe('printExpression', () => {
  it.each([
    ['(i+1)*2', '(i + 1) * 2'],
    ['i-(1-2)', 'i - (1 - 2)'],
    ['- -i', '-(-i)'],
    ['not (ok and (i != 1))', 'NOT (ok AND i <> 1)'],
    ['"two words" + 1', '`two words` + 1'],
    ['date is not null', '`date` IS NOT NULL'],
    ['substr(s, 1)', 'SUBSTRING(s, 1)'],
    ["trim(leading 'x' from s)", "LTRIM(s, 'x')"],
    ['extract( day from ts )', 'EXTRACT(DAY FROM ts)'],
    ["ts + interval '90' minute", "ts + INTERVAL '90' MINUTE"],
    ["ts + interval '120' minute", "ts + INTERVAL '2' HOUR"],
    ["s = 'it''s'", "s = 'it''s'"],
    ['1.50 + 1e3', '1.50 + 1000e0'],
    ['now()', 'CURRENT_TIMESTAMP'],
  ])('%s → %s', (text, expected) => {
    expect(printExpression(typed(text))).toBe(expected);
  });
});

describe('printFlinkSql', () => {
  it.each([
    ['user', '`user`'],
    ['n % 10 = 0', '`n` % 10 = 0'],
    ["ts > TIMESTAMP '2026-01-01 00:00:00'", "`ts` > CAST(TIMESTAMP '2026-01-01 00:00:00.000' AS TIMESTAMP_LTZ(3))"],
    ["ts + INTERVAL '250' MILLISECOND", "`ts` + INTERVAL '0.250' SECOND(2, 3)"],
    ["ts - INTERVAL '100' DAY", "`ts` - INTERVAL '100' DAY(3)"],
    ['CAST(s AS TIMESTAMP)', 'CAST(`s` AS TIMESTAMP_LTZ(3))'],
    ['YEAR(ts)', 'EXTRACT(YEAR FROM `ts`)'],
    ["IS_JSON(s || 'x') AND ok", "((`s` || 'x') IS JSON) AND `ok`"],
    ['COALESCE(s, NULL)', 'COALESCE(`s`, CAST(NULL AS STRING))'],
    [
      'ts - ts',
      'CAST(TIMESTAMPDIFF(SECOND, FLOOR(`ts` TO SECOND), FLOOR(`ts` TO SECOND)) AS BIGINT) * 1000 + EXTRACT(MILLISECOND FROM `ts`) - EXTRACT(MILLISECOND FROM `ts`)',
    ],
  ])('%s → %s', (text, expected) => {
    expect(printFlinkSql(typed(text))).toBe(expected);
  });
});

describe('printSparkSql', () => {
  it.each([
    ['i / 2', 'CAST(`i` div 2 AS INT)'],
    ['n / 2', '`n` div 2'],
    ['x / 2', '`x` / 2'],
    ['n % 10', 'CAST(`n` % 10 AS INT)'],
    ['price * 2', 'CAST(`price` * CAST(2 AS DECIMAL(10, 0)) AS DECIMAL(20, 2))'],
    ['tags[i]', 'get(`tags`, CAST(`i` AS INT) - 1)'],
    ["counts['a']", "try_element_at(`counts`, 'a')"],
    ["s = 'a\\b''c'", "`s` = 'a\\\\b\\'c'"],
    ["s LIKE 'a\\%'", "`s` LIKE 'a\\\\%' ESCAPE '!'"],
    ['CAST(ok AS STRING)', 'upper(CAST(`ok` AS STRING))'],
    ['CAST(ts AS STRING)', "date_format(`ts`, 'yyyy-MM-dd HH:mm:ss.SSS')"],
    ['ts - ts', 'unix_millis(`ts`) - unix_millis(`ts`)'],
    ['FLOOR(ts TO HOUR)', "date_trunc('HOUR', `ts`)"],
    ['SHA256(s)', 'sha2(`s`, 256)'],
    ['ARRAY[1, 2]', 'array(1, 2)'],
  ])('%s → %s', (text, expected) => {
    expect(printSparkSql(typed(text))).toBe(expected);
  });
});

describe('untranslatable', () => {
  it('names the functions that a target lacks', () => {
    expect(untranslatable(typed('CRC32(s) > 0 AND UPPER(s) = s'), 'flink')).toEqual(['Flink SQL has no CRC32']);
    expect(untranslatable(typed('CRC32(s) > 0'), 'spark')).toEqual([]);
  });
});

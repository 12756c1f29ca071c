/** Random well-typed expressions and rows, for property tests. */
import fc from 'fast-check';
import { field, schemaOf, type Schema } from '../core/schema.ts';
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DATE,
  decimal,
  DOUBLE,
  INT,
  mapOf,
  rowOf,
  STRING,
  TIMESTAMP,
  type Value,
} from '../core/types.ts';

/** A nullable and a NOT NULL column of the common types, and one of each nested type. */
export const randomSchema: Schema = schemaOf([
  field('flag', BOOLEAN),
  field('i', INT),
  field('j', INT, false),
  field('l', BIGINT),
  field('m', BIGINT, false),
  field('x', DOUBLE),
  field('y', DOUBLE, false),
  field('price', decimal(10, 2)),
  field('s', STRING),
  field('t', STRING, false),
  field('day', DATE),
  field('ts', TIMESTAMP),
  field('tags', arrayOf(STRING)),
  field('place', rowOf([field('lat', DOUBLE), field('name', STRING)])),
  field('counts', mapOf(STRING, INT)),
]);

const int = fc.oneof(fc.constantFrom(0, 1, -1, 2147483647, -2147483648), fc.integer({ min: -20, max: 20 }));
const long = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 9223372036854775807n, -9223372036854775808n, 4294967296n),
  fc.bigInt({ min: -20n, max: 20n }),
);
const double = fc.oneof(
  fc.constantFrom(0, -0, 1, 1e300, 1e-300, 0.1, -2.5),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
);
const text = fc.constantFrom('', 'a', 'ab', 'Zoë', '東京', '😀b', ' 12 ', '7', 'a%b_', "it's", '\uffee', 'true');
const date = fc.integer({ min: -1000, max: 30000 });
const instant = fc.oneof(fc.constantFrom(0, -1), fc.integer({ min: -1e12, max: 2e12 }));

function nullable(values: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.option(values, { nil: null, freq: 3 });
}

/** Of `randomSchema`. */
export const randomRow: fc.Arbitrary<Value[]> = fc.tuple(
  nullable(fc.boolean()),
  nullable(int),
  int,
  nullable(long),
  long,
  nullable(double),
  double,
  nullable(fc.bigInt({ min: -99999n, max: 99999n })),
  nullable(text),
  text,
  nullable(date),
  nullable(instant),
  nullable(fc.array(nullable(text), { maxLength: 3 }) as fc.Arbitrary<Value>),
  nullable(fc.tuple(nullable(double), nullable(text)) as fc.Arbitrary<Value>),
  nullable(
    fc.uniqueArray(fc.tuple(text, nullable(int)), { maxLength: 3, selector: ([key]) => key }).map((e) => new Map(e)),
  ),
);

/** Rows without a NULL, so that kernels take the loop without null checks. */
export const randomFullRow: fc.Arbitrary<Value[]> = fc.tuple(
  fc.boolean(),
  int,
  int,
  long,
  long,
  double,
  double,
  fc.bigInt({ min: -99999n, max: 99999n }),
  text,
  text,
  date,
  instant,
  fc.array(text, { maxLength: 3 }),
  fc.tuple(double, text),
  fc.uniqueArray(fc.tuple(text, int), { maxLength: 3, selector: ([key]) => key }).map((e) => new Map<Value, Value>(e)),
);

type Kind = 'BOOLEAN' | 'INT' | 'BIGINT' | 'DOUBLE' | 'DECIMAL' | 'STRING' | 'DATE' | 'TIMESTAMP';
const KINDS: readonly Kind[] = ['BOOLEAN', 'INT', 'BIGINT', 'DOUBLE', 'DECIMAL', 'STRING', 'DATE', 'TIMESTAMP'];

const LEAVES: Readonly<Record<Kind, readonly string[]>> = {
  BOOLEAN: ['flag', 'TRUE', 'FALSE', 'CAST(NULL AS BOOLEAN)'],
  INT: ['i', 'j', '0', '3', '-7', '2147483647', '-2147483648', "counts['a']", 'CAST(NULL AS INT)'],
  BIGINT: ['l', 'm', '9223372036854775807', '-9223372036854775808', '3000000000'],
  DOUBLE: ['x', 'y', '1.5e0', '-2e-3', 'place.lat'],
  DECIMAL: ['price', '1.50', '-0.07', '.25'],
  STRING: ['s', 't', "''", "'a'", "'it''s'", "'東京'", 'place.name', 'tags[1]', 'tags[j]'],
  DATE: ['day', "DATE '2026-02-28'"],
  TIMESTAMP: ['ts', "TIMESTAMP '2026-11-22 15:04:05.123'"],
};

const UNITS = fc.constantFrom('SECOND', 'MINUTE', 'HOUR', 'DAY');
const cache = new Map<string, fc.Arbitrary<string>>();

/** SQL of one type, at most `depth` operators deep. Every text passes the checker. */
function textOf(kind: Kind, depth: number): fc.Arbitrary<string> {
  const key = `${kind}${depth}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const leaf = fc.constantFrom(...LEAVES[kind]);
  const made =
    depth === 0
      ? leaf
      : fc.oneof(
          { weight: 1, arbitrary: leaf },
          ...compound(kind, depth - 1).map((arbitrary) => ({ weight: 2, arbitrary })),
        );
  cache.set(key, made);
  return made;
}

/** A template with `$` in the place of each operand. */
function template(text: string, ...operands: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const parts = text.split('$');
  return fc.tuple(...operands).map((values) => parts.map((part, i) => part + (values[i] ?? '')).join(''));
}

function compound(kind: Kind, depth: number): readonly fc.Arbitrary<string>[] {
  const of = (other: Kind): fc.Arbitrary<string> => textOf(other, depth);
  const [same, flag] = [of(kind), of('BOOLEAN')];
  const any = fc.constantFrom(...KINDS).chain((other) => textOf(other, depth));
  const shared = [
    template('CASE WHEN $ THEN $ ELSE $ END', flag, same, same),
    template('CASE WHEN $ THEN $ END', flag, same),
    template('CASE $ WHEN 1 THEN $ WHEN $ THEN $ END', of('INT'), same, of('BIGINT'), same),
    template('COALESCE($, $)', same, same),
    template('IF($, $, $)', flag, same, same),
    template('NULLIF($, $)', same, same),
    ...(kind === 'BOOLEAN' ? [] : [template('GREATEST($, $)', same, same), template('LEAST($, $)', same, same)]),
  ];
  const arithmetic = ['+', '-', '*', '/', '%'].map((operator) => template(`($ ${operator} $)`, same, same));
  switch (kind) {
    case 'BOOLEAN':
      return [
        ...shared,
        template('($ AND $)', same, same),
        template('($ OR $)', same, same),
        template('(NOT $)', same),
        ...['NULL', 'TRUE', 'FALSE', 'UNKNOWN', 'NOT NULL', 'NOT TRUE'].map((test) =>
          template(`($ IS ${test})`, test.endsWith('NULL') ? any : same),
        ),
        ...KINDS.flatMap((other) => [
          template('($ = $)', of(other), of(other)),
          template('($ <> $)', of(other), of(other)),
          template('($ < $)', of(other), of(other)),
          template('($ >= $)', of(other), of(other)),
          template('($ IS DISTINCT FROM $)', of(other), of(other)),
          template('($ BETWEEN $ AND $)', of(other), of(other), of(other)),
          template('($ NOT IN ($, $))', of(other), of(other), of(other)),
        ]),
        template('($ < $)', of('INT'), of('BIGINT')),
        template('($ = $)', of('DECIMAL'), of('INT')),
        template('($ > $)', of('DOUBLE'), of('DECIMAL')),
        template("($ IN ('a', 'b', '東京', NULL))", of('STRING')),
        template('($ IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10))', of('INT')),
        template("($ LIKE 'a%')", of('STRING')),
        template("($ NOT LIKE '%!%_' ESCAPE '!')", of('STRING')),
        template('($ LIKE $)', of('STRING'), of('STRING')),
        template('TRY_CAST($ AS BOOLEAN)', of('STRING')),
        template('STARTSWITH($, $)', of('STRING'), of('STRING')),
      ];
    case 'INT':
      return [
        ...shared,
        ...arithmetic,
        template('($ % $)', of('BIGINT'), same),
        template('(- $)', same),
        template('ABS($)', same),
        template('CHAR_LENGTH($)', of('STRING')),
        template('POSITION($ IN $)', of('STRING'), of('STRING')),
        template('TRY_CAST($ AS INT)', of('STRING')),
        template('CAST($ AS INT)', of('DOUBLE')),
        template('CAST($ AS INT)', of('BIGINT')),
        template('CAST($ AS INT)', of('BOOLEAN')),
        template(
          'CARDINALITY(ARRAY[$, $])',
          any.map((e) => `JSON_STRING(${e})`),
          of('STRING'),
        ),
        template('ARRAY[$, $][$]', same, same, same),
        template('MOD($, $)', same, same),
        template('($ - $)', of('DATE'), of('DATE')),
      ];
    case 'BIGINT':
      return [
        ...shared,
        ...arithmetic,
        template('($ + $)', same, of('INT')),
        template('(- $)', same),
        template('CAST($ AS BIGINT)', of('INT')),
        template('CAST($ AS BIGINT)', of('DECIMAL')),
        template('CAST($ AS BIGINT)', of('DOUBLE')),
        template('($ - $)', of('TIMESTAMP'), of('TIMESTAMP')),
        template('EXTRACT(HOUR FROM $)', of('TIMESTAMP')),
        template('YEAR($)', of('DATE')),
      ];
    case 'DOUBLE':
      return [
        ...shared,
        ...arithmetic,
        template('($ * $)', same, of('INT')),
        template('($ + $)', of('DECIMAL'), same),
        template('(- $)', same),
        template('SQRT($)', same),
        template('FLOOR($)', same),
        template('ROUND($, 2)', same),
        template('CAST($ AS DOUBLE)', of('BIGINT')),
        template('TRY_CAST($ AS DOUBLE)', of('STRING')),
      ];
    case 'DECIMAL':
      return [
        ...shared,
        ...arithmetic,
        template('($ + $)', same, of('INT')),
        template('($ * $)', of('BIGINT'), same),
        template('(- $)', same),
        template('ROUND($, 1)', same),
        template('ABS($)', same),
        template('CAST($ AS DECIMAL(12,3))', of('INT')),
        template('TRY_CAST($ AS DECIMAL(5,1))', of('DOUBLE')),
      ];
    case 'STRING':
      return [
        ...shared,
        template('($ || $)', same, same),
        template('UPPER($)', same),
        template('SUBSTRING($, $, 2)', same, of('INT')),
        template('TRIM(BOTH $ FROM $)', same, same),
        template("REPLACE($, 'a', $)", same, same),
        template("CONCAT_WS('-', $, $)", same, same),
        template('LPAD($, 3, $)', same, same),
        template('CAST($ AS STRING)', fc.constantFrom<Kind>('BOOLEAN', 'INT', 'BIGINT', 'DOUBLE', 'DECIMAL').chain(of)),
        template("MAP['k', $, 'l', $]['l']", same, same),
        template('ROW($, $).f1', of('INT'), same),
      ];
    case 'DATE':
      return [
        ...shared,
        template("($ + INTERVAL '3' DAY)", same),
        template('CAST($ AS DATE)', of('TIMESTAMP')),
        template('FLOOR($ TO MONTH)', same),
        template('TRY_CAST($ AS DATE)', of('STRING')),
      ];
    case 'TIMESTAMP':
      return [
        ...shared,
        UNITS.chain((unit) => template(`($ + INTERVAL '5' ${unit})`, same)),
        template("($ - INTERVAL '250' MILLISECOND)", same),
        template("($ + $ * INTERVAL '1' SECOND)", same, fc.constantFrom('i', 'j', '3')),
        template("($ + INTERVAL '90' MINUTE)", of('DATE')),
        template('CAST($ AS TIMESTAMP)', of('DATE')),
        UNITS.chain((unit) => template(`FLOOR($ TO ${unit})`, same)),
        template('TIMESTAMPADD(MONTH, 1, $)', same),
      ];
  }
}

/** SQL over `randomSchema`, of any type, that the checker accepts. */
export const randomExpression: fc.Arbitrary<string> = fc.constantFrom(...KINDS).chain((kind) => textOf(kind, 3));

/** SQL over `randomSchema` that is BOOLEAN. */
export const randomCondition: fc.Arbitrary<string> = textOf('BOOLEAN', 3);

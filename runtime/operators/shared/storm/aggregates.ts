/** Aggregates of a config in Java. */
import type { Remark } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import type { Schema } from '../../../core/schema.ts';
import { checkExpression, javaText, scopeOf } from '../../../expression/index.ts';
import { ALL_ROWS, type AggregateItem } from '../aggregates/config.ts';
import { UntranslatableExpression } from '../flink-sql/expressions.ts';
import { javaCondition, javaOver, method } from './java.ts';

const METHODS: Readonly<Record<AggregateItem['fn'], string>> = {
  COUNT: 'count',
  SUM: 'sum',
  AVG: 'avg',
  MIN: 'min',
  MAX: 'max',
  FIRST_VALUE: 'firstValue',
  LAST_VALUE: 'lastValue',
  STDDEV_POP: 'stddevPop',
  STDDEV_SAMP: 'stddevSamp',
  VAR_POP: 'varPop',
  VAR_SAMP: 'varSamp',
  APPROX_COUNT_DISTINCT: 'count',
  PERCENTILE: 'percentile',
  LISTAGG: 'listagg',
  COLLECT: 'collect',
};

/** The method `aggregates` of a bolt. */
export function aggregatesMethod(items: readonly AggregateItem[], schema: Schema): string {
  const calls = items.map((item) => aggregateCall(item, schema));
  return method('List<Aggregate> aggregates()', `return List.of(\n    ${calls.join(',\n    ')});`);
}

function aggregateCall(item: AggregateItem, schema: Schema): string {
  const { fn, expr, distinct, filter, percentile, separator } = item;
  const isDistinct = distinct || fn === 'APPROX_COUNT_DISTINCT';
  const args = expr.trim() === ALL_ROWS ? [] : [`row -> ${javaOver(expr, schema)}`];
  if (isDistinct && checkExpression(expr, scopeOf(schema)).expression?.type.kind === 'BYTES') {
    throw new UntranslatableExpression(say`tells values of BYTES apart, which Java does not: take their TO_BASE64`);
  }
  if (fn === 'LISTAGG') args.push(javaText(separator ?? ','));
  if (fn === 'PERCENTILE') args.push(String(percentile ?? 0.5));
  const where = filter === null ? '' : `.where(row -> ${javaCondition(filter, schema)})`;
  return `Aggregate.${METHODS[fn]}(${args.join(', ')})${where}${isDistinct ? '.distinct()' : ''}`;
}

/** Those that take rows back: the others know only values that come. */
const REVERSIBLE: ReadonlySet<AggregateItem['fn']> = new Set([
  'COUNT',
  'SUM',
  'AVG',
  'FIRST_VALUE',
  'LAST_VALUE',
  'LISTAGG',
  'COLLECT',
  'PERCENTILE',
  'APPROX_COUNT_DISTINCT',
]);

export function irreversible(items: readonly AggregateItem[]): readonly string[] {
  return items.map(({ fn }) => fn).filter((fn) => !REVERSIBLE.has(fn));
}

export function countRemarks(items: readonly AggregateItem[]): readonly Remark[] {
  return items.some(({ fn }) => fn === 'APPROX_COUNT_DISTINCT') ? [EXACT_COUNT] : [];
}

const EXACT_COUNT: Remark = {
  fidelity: 'approximate',
  text: say`APPROX_COUNT_DISTINCT counts exactly, and keeps every value for it.`,
};

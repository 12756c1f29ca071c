/** Items of the config `aggregates` as calls. */
import type { ExportedInput, Remark, SqlDialect } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import { quoted } from '../../../expression/print.ts';
import { isAllRows, type AggregateItem } from '../aggregates/config.ts';
import { scopeOf } from '../../../expression/index.ts';
import type { ScopeField } from '../../../expression/scope.ts';
import { columnIn, sqlExpression } from './expressions.ts';

/** `SUM(DISTINCT x) FILTER (WHERE y)`, with `over` behind it and an alias. */
export function sqlCall(item: AggregateItem, input: ExportedInput, columnOf?: (field: ScopeField) => string): string {
  const { filter } = item;
  const write = writerOf(input, columnOf);
  return `${callOf(item, input.dialect, write)}${filter === null ? '' : ` FILTER (WHERE ${write(filter)})`}`;
}

/** `SUM(x) OVER (…)`. Flink takes no FILTER there: what it would leave out counts as NULL, which aggregates pass over. */
export function sqlOverCall(item: AggregateItem, input: ExportedInput, over: string): string {
  const { filter } = item;
  if (filter === null || input.dialect === 'millrace') return `${sqlCall(item, input)} ${over}`;
  const write = writerOf(input);
  const passing = (value: string): string => `CASE WHEN ${write(filter)} THEN ${value} END`;
  if (isAllRows(item)) return `${item.fn}(${passing('1')}) ${over}`;
  return `${callOf(item, input.dialect, (text) => passing(write(text)))} ${over}`;
}

/** What Flink computes otherwise. */
export function aggregateRemarks(items: readonly AggregateItem[]): readonly Remark[] {
  return items.some(isApproximate) ? [EXACT_COUNT] : [];
}

const EXACT_COUNT: Remark = {
  fidelity: 'approximate',
  text: say`Counts distinct values exactly, and keeps each of them: Flink has APPROX_COUNT_DISTINCT for batch jobs only.`,
};

function isApproximate({ fn }: AggregateItem): boolean {
  return fn === 'APPROX_COUNT_DISTINCT';
}

function writerOf(
  input: ExportedInput,
  columnOf: (field: ScopeField) => string = ({ field }) => columnIn(input, field.name),
): (text: string) => string {
  return (text) => sqlExpression(text, scopeOf(input.schema), input.dialect, columnOf);
}

/** `SUM(DISTINCT x)` */
function callOf(item: AggregateItem, dialect: SqlDialect, write: (text: string) => string): string {
  if (dialect === 'flink' && isApproximate(item)) return `COUNT(DISTINCT ${write(item.expr)})`;
  const { fn, expr, distinct, percentile, separator } = item;
  const options = [
    ...(fn === 'PERCENTILE' && percentile !== null ? [String(percentile)] : []),
    ...(fn === 'LISTAGG' && separator !== null ? [quoted(separator)] : []),
  ];
  const args = isAllRows(item) ? '*' : [write(expr), ...options].join(', ');
  return `${fn}(${distinct ? 'DISTINCT ' : ''}${args})`;
}

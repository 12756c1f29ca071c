/** Items of the config `aggregates` as calls. */
import type { ExportedInput } from '../../../core/exporter.ts';
import { quoted } from '../../../expression/print.ts';
import { isAllRows, type AggregateItem } from '../aggregates/config.ts';
import { scopeOf } from '../../../expression/index.ts';
import type { ScopeField } from '../../../expression/scope.ts';
import { columnIn, sqlExpression } from './expressions.ts';

/** `SUM(DISTINCT x) FILTER (WHERE y)`, with `over` behind it and an alias. */
export function sqlCall(
  item: AggregateItem,
  input: ExportedInput,
  columnOf: (field: ScopeField) => string = ({ field }) => columnIn(input, field.name),
): string {
  const { fn, expr, distinct, filter, percentile, separator } = item;
  const write = (text: string): string => sqlExpression(text, scopeOf(input.schema), input.dialect, columnOf);
  const options = [
    ...(fn === 'PERCENTILE' && percentile !== null ? [String(percentile)] : []),
    ...(fn === 'LISTAGG' && separator !== null ? [quoted(separator)] : []),
  ];
  const args = isAllRows(item) ? '*' : [write(expr), ...options].join(', ');
  const condition = filter === null ? '' : ` FILTER (WHERE ${write(filter)})`;
  return `${fn}(${distinct ? 'DISTINCT ' : ''}${args})${condition}`;
}

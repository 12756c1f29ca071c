import type { Exporter } from '../../core/exporter.ts';
import { sqlOver } from '../shared/flink-sql/expressions.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { sameColumns } from '../shared/flink-sql/select.ts';
import { OTHERWISE, type RouteConfig } from './spec.ts';

export const routeExport: Exporter<RouteConfig> = {
  /** A filter for each port: what fits none of the cases before one of its own. */
  flink({ cases }, inputs, output) {
    const input = inputs[0]!;
    if (input.dialect === 'millrace') return { unsupported: 'has several outputs, and a query has one: use filters' };
    const conditions = cases.map(({ condition }) => `(${sqlOver(condition, input)})`);
    const own = cases.flatMap(({ port }, i) => {
      if (port !== output.port) return [];
      const earlier = conditions.slice(0, i).filter((_, k) => cases[k]!.port !== port);
      return [[...earlier.map(isNot), conditions[i]!].join('\n  AND ')];
    });
    if (output.port === OTHERWISE) own.push(conditions.map(isNot).join('\n  AND '));
    const where = own.length === 1 ? own[0]! : own.map((one) => `(${one})`).join('\n  OR ');
    return { select: `${sameColumns(input, output)}\nFROM ${sqlName(input.table)}\nWHERE ${where}` };
  },
};

/** A condition that is NULL fits no row. */
function isNot(condition: string): string {
  return `${condition} IS NOT TRUE`;
}

import type { Exporter } from '../../core/exporter.ts';
import { sqlOver } from '../shared/flink-sql/expressions.ts';
import { aliasedAs, freshColumn, sqlName } from '../shared/flink-sql/names.ts';
import { extraTime, sameRows, selectList } from '../shared/flink-sql/select.ts';
import type { UnnestConfig } from './spec.ts';
import { checkExpression, scopeOf } from '../../expression/index.ts';
import { keptTime, selectExpr } from '../shared/spark/columns.ts';
import { chain } from '../shared/spark/python.ts';
import { javaOver, method, names } from '../shared/storm/java.ts';

export const unnestExport: Exporter<UnnestConfig> = {
  facts: (_config, inputs, { schema }) => sameRows(inputs, schema.fields),
  flink({ expr, as, outer }, inputs, output) {
    const input = inputs[0]!;
    const alias = freshColumn('elements', [...input.columns, input.table, as]);
    const columns = output.schema.fields.map(({ name }) => (name === as ? `${alias}.${sqlName(as)}` : sqlName(name)));
    const unnest = `UNNEST(${sqlOver(expr, input)}) AS ${alias} (${sqlName(as)})`;
    return {
      select: [
        selectList([...columns, ...extraTime(input, output)]),
        `FROM ${sqlName(input.table)}`,
        outer ? `LEFT JOIN ${unnest} ON TRUE` : `CROSS JOIN ${unnest}`,
      ].join('\n'),
    };
  },
  spark({ expr, as, outer }, inputs, output) {
    const input = inputs[0]!;
    const isMap = checkExpression(expr, scopeOf(input.schema)).expression?.type.kind === 'MAP';
    const items = isMap ? `map_entries(${sqlOver(expr, input)})` : sqlOver(expr, input);
    const element = aliasedAs(`${outer ? 'explode_outer' : 'explode'}(${items})`, as);
    return { frame: chain(input.table, selectExpr(['*', element]), ...keptTime(input, output)) };
  },
  storm: ({ expr, outer }, inputs, outputs) => ({
    base: 'UnnestBolt',
    args: [String(outer), ...names(outputs.out!.schema)],
    members: [method('Object elements(Row row)', `return ${javaOver(expr, inputs[0]!.schema)};`)],
  }),
};

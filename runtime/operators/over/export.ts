import type { Exporter } from '../../core/exporter.ts';
import { sqlCall } from '../shared/flink-sql/aggregates.ts';
import { sqlInterval } from '../shared/flink-sql/expressions.ts';
import { aliasedAs, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { extraTime, sameRows, selectList, withoutTime } from '../shared/flink-sql/select.ts';
import type { Frame, OverConfig } from './spec.ts';

export const overExport: Exporter<OverConfig> = {
  facts: (_config, inputs, { port, schema }) => (port === 'out' ? sameRows(inputs, schema.fields) : inputs[0]!),
  readsTime: ({ orderBy }) => orderBy === 'event',
  flink({ partitionBy, orderBy, frame, aggregates }, inputs, output) {
    const input = inputs[0]!;
    if (aggregates.length === 0) return { unsupported: 'has no aggregates, and only drops late rows' };
    if (orderBy === 'event' && input.time === null) return withoutTime(input);
    const order = orderBy === 'event' ? sqlName(input.time!) : 'PROCTIME()';
    const partition = partitionBy.length === 0 ? '' : `PARTITION BY ${sqlNames(partitionBy)} `;
    const over = `OVER (${partition}ORDER BY ${order} ${frameOf(frame)})`;
    const columns = [
      ...input.schema.fields.map(({ name }) => sqlName(name)),
      ...aggregates.map((item) => aliasedAs(`${sqlCall(item, input)} ${over}`, item.as)),
      ...extraTime(input, output),
    ];
    return { select: `${selectList(columns)}\nFROM ${sqlName(input.table)}` };
  },
};

function frameOf(frame: Frame): string {
  const first =
    frame.preceding === null ? 'UNBOUNDED' : frame.type === 'rows' ? frame.preceding : sqlInterval(frame.preceding);
  return `${frame.type.toUpperCase()} BETWEEN ${first} PRECEDING AND CURRENT ROW`;
}

import type { Exporter, Remark, SqlDialect } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { aggregateRemarks, sqlOverCall } from '../shared/flink-sql/aggregates.ts';
import { sqlInterval } from '../shared/flink-sql/expressions.ts';
import { aliasedAs, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { extraTime, sameRows, selectList, withoutTime } from '../shared/flink-sql/select.ts';
import type { Frame, OverConfig } from './spec.ts';
import { sparkOverAggregate } from '../shared/spark/aggregates.ts';
import { extraColumn, selectExpr } from '../shared/spark/columns.ts';
import { chain } from '../shared/spark/python.ts';
import { batchOnly, LATE_ROWS, untimed } from '../shared/spark/remarks.ts';
import { aggregatesMethod, countRemarks } from '../shared/storm/aggregates.ts';
import { listOf, names } from '../shared/storm/java.ts';
import { milliseconds } from '../shared/storm/windows.ts';

export const overExport: Exporter<OverConfig> = {
  facts: (_config, inputs, { port, schema }) => (port === 'out' ? sameRows(inputs, schema.fields) : inputs[0]!),
  readsTime: ({ orderBy }) => orderBy === 'event',
  flink({ partitionBy, orderBy, frame, aggregates }, inputs, output) {
    const input = inputs[0]!;
    if (aggregates.length === 0) return { unsupported: say`has no aggregates, and only drops late rows` };
    if (orderBy === 'event' && input.time === null) return withoutTime(input);
    const order = orderBy === 'event' ? sqlName(input.time!) : 'PROCTIME()';
    const partition = partitionBy.length === 0 ? '' : `PARTITION BY ${sqlNames(partitionBy)} `;
    const over = `OVER (${partition}ORDER BY ${order} ${frameOf(frame, input.dialect)})`;
    const columns = [
      ...input.schema.fields.map(({ name }) => sqlName(name)),
      ...aggregates.map((item) => aliasedAs(sqlOverCall(item, input, over), item.as)),
      ...extraTime(input, output),
    ];
    return { select: `${selectList(columns)}\nFROM ${sqlName(input.table)}`, remarks: aggregateRemarks(aggregates) };
  },
  spark({ partitionBy, orderBy, frame, aggregates }, inputs, output, { mode }) {
    const input = inputs[0]!;
    if (output.port !== 'out') return LATE_ROWS;
    if (mode === 'streaming') return batchOnly(say`computes over the rows before each row`);
    if (orderBy === 'processing') return { unsupported: say`goes by the order of arrival, which Spark does not know` };
    if (input.time === null) return untimed(input);
    const partition = partitionBy.length === 0 ? '' : `PARTITION BY ${sqlNames(partitionBy)} `;
    const over = `OVER (${partition}ORDER BY ${sqlName(input.time)} ${frameOf(frame, 'spark')})`;
    const columns = input.schema.fields.map(({ name }) => sqlName(name));
    for (const item of aggregates) {
      const computed = sparkOverAggregate(item, input, over);
      if ('unsupported' in computed) return computed;
      columns.push(aliasedAs(computed.sql, item.as));
    }
    const list = [...columns, ...extraColumn(input, output)];
    return { frame: chain(input.table, selectExpr(list)), remarks: frame.type === 'rows' ? [SAME_TIME] : [] };
  },
  storm({ partitionBy, orderBy, frame, aggregates }, inputs, outputs) {
    const preceding =
      frame.preceding === null
        ? 'null'
        : frame.type === 'rows'
          ? String(frame.preceding)
          : milliseconds(frame.preceding);
    return {
      base: 'OverBolt',
      args: [String(orderBy === 'processing'), listOf(partitionBy), ...names(outputs.out!.schema)],
      setup: [`${frame.type === 'rows' ? 'precedingRows' : 'precedingRange'}(${preceding});`],
      members: [aggregatesMethod(aggregates, inputs[0]!.schema)],
      isStateful: true,
      remarks: countRemarks(aggregates),
    };
  },
};

function frameOf(frame: Frame, dialect: SqlDialect): string {
  const first =
    frame.preceding === null
      ? 'UNBOUNDED'
      : frame.type === 'rows'
        ? frame.preceding
        : sqlInterval(frame.preceding, dialect);
  return `${frame.type.toUpperCase()} BETWEEN ${first} PRECEDING AND CURRENT ROW`;
}

const SAME_TIME: Remark = {
  fidelity: 'note',
  text: say`Rows with the same time are in no order; in Millrace they are in that of their arrival.`,
};

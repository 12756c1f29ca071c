import type { Exporter, Remark } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { asField, sqlOver } from '../shared/flink-sql/expressions.ts';
import { freshColumn, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { keptForEver, rankedRows, sameColumns, sameRows, ttlProblem } from '../shared/flink-sql/select.ts';
import { keyNames, WINDOW_FIELDS, type TopnConfig } from './spec.ts';
import { rankedFrame } from '../shared/spark/ranking.ts';
import { batchOnly } from '../shared/spark/remarks.ts';
import { javaOver, listOf, method, names } from '../shared/storm/java.ts';
import { ttlRemark } from '../shared/storm/remarks.ts';

export const topnExport: Exporter<TopnConfig> = {
  facts: (_config, inputs, { schema }) => sameRows(inputs, schema.fields),
  flink(config, inputs, output) {
    const input = inputs[0]!;
    const { orderBy, n, rank, perWindow, stateTtl } = config;
    const problem = ttlProblem(input, perWindow ? null : stateTtl);
    if (problem !== null) return problem;
    const keys = keyNames(config);
    const isByWindow = input.isWindowed && WINDOW_FIELDS.every((name) => keys.includes(name));
    if (perWindow && !isByWindow) {
      return {
        unsupported: say`ranks per window, and a query knows windows only behind a window aggregate or window join in it: put one before it, or partition by the fields of the window without perWindow`,
      };
    }
    if (!perWindow && isByWindow) {
      return {
        unsupported: say`ranks by window_start and window_end with updates, which a query takes for a ranking per window`,
      };
    }
    if (n === 1 && keys.length > 0 && orderBy.length === 1 && asField(orderBy[0]!.expr) === input.time) {
      return { unsupported: say`ranks one row by its time, which a query takes for a deduplication: use one` };
    }
    const order = `ORDER BY ${orderBy.map((key) => sortKey(key, sqlOver(key.expr, input))).join(', ')}`;
    if (keys.length === 0 && rank === null) {
      return { select: `${sameColumns(input, output)}\nFROM ${sqlName(input.table)}\n${order}\nLIMIT ${n}` };
    }
    const over = keys.length === 0 ? order : `PARTITION BY ${sqlNames(keys)} ${order}`;
    const ranked = rankedRows(input, output, { over, rank: rank ?? freshColumn('row_num', input.columns), n });
    return { ...ranked, ...keptForEver(input, perWindow ? null : stateTtl) };
  },
  spark(config, inputs, output, { mode }) {
    const input = inputs[0]!;
    if (mode === 'streaming') return batchOnly(say`ranks rows`);
    const { orderBy, n, rank } = config;
    const ranking = {
      partitionBy: keyNames(config),
      orderBy: orderBy.map((key) => sortKey(key, sqlOver(key.expr, input))),
      rank: rank ?? freshColumn('row_num', input.columns),
      n,
    };
    return { frame: rankedFrame(input, output, ranking), remarks: [TIES] };
  },
  storm({ partitionBy, orderBy, n, rank, perWindow, stateTtl }, inputs, outputs) {
    const [input] = inputs;
    const orders = orderBy.map(({ expr, direction, nulls }) => {
      const nullsFirst = nulls === null ? direction === 'asc' : nulls === 'first';
      const text = javaOver(expr, input!.schema);
      return `Order.${direction === 'asc' ? 'ascending' : 'descending'}(row -> ${text}, ${nullsFirst})`;
    });
    return {
      base: 'TopNBolt',
      args: [String(n), String(rank !== null), String(perWindow), listOf(partitionBy), ...names(outputs.out!.schema)],
      setup: input!.isChangelog ? ['takeRowsBack();'] : [],
      members: [method('List<Order> orders()', `return List.of(\n    ${orders.join(',\n    ')});`)],
      isStateful: true,
      remarks: ttlRemark([perWindow ? null : stateTtl]),
    };
  },
};

function sortKey({ direction, nulls }: TopnConfig['orderBy'][number], text: string): string {
  return `${text}${direction === 'desc' ? ' DESC' : ''}${nulls === null ? '' : ` NULLS ${nulls.toUpperCase()}`}`;
}

const TIES: Remark = {
  fidelity: 'note',
  text: say`Rows that are equal in the sort keys rank as they come to be read; in Millrace they rank by arrival.`,
};

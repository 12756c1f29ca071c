import type { Exporter, SqlFragment } from '../../core/exporter.ts';
import { sqlCall } from '../shared/flink-sql/aggregates.ts';
import { aliasedAs } from '../shared/flink-sql/names.ts';
import { selectList, timeBeside, withoutTime } from '../shared/flink-sql/select.ts';
import { windowTable } from '../shared/flink-sql/window-table.ts';
import { firesEarly, WINDOW_END, WINDOW_START, type AggregateWindowConfig } from './spec.ts';
import { isCountWindow } from './window-config.ts';
import { sparkWindowAggregate } from './spark.ts';

export const aggregateWindowExport: Exporter<AggregateWindowConfig> = {
  facts({ window }, inputs, { port, schema }) {
    if (port !== 'out') return inputs[0]!;
    const isTimed = !isCountWindow(window) && window.time === 'event';
    return { time: isTimed ? timeBeside(schema.fields) : null, isWindowed: isTimed };
  },
  readsTime: () => true,
  flink(config, inputs, output) {
    const input = inputs[0]!;
    const { groupBy, window, aggregates } = config;
    if (isCountWindow(window)) return { unsupported: 'goes by the number of rows, and windows of SQL go by time' };
    const problem = problemOf(config);
    if (problem !== null) return problem;
    const { time } = input;
    if (time === null) return withoutTime(input);
    const { table, before, columnOf } = windowTable(window, { ...input, time }, groupBy, output);
    const keys = groupBy.map(columnOf);
    const list = [
      ...groupBy.map((name) => aliasedAs(columnOf(name), name)),
      WINDOW_START,
      WINDOW_END,
      ...aggregates.map((item) =>
        aliasedAs(
          sqlCall(item, input, ({ field }) => columnOf(field.name)),
          item.as,
        ),
      ),
      ...(output.extraTime === null ? [] : [aliasedAs('window_time', output.extraTime)]),
    ];
    const groups = [...keys, WINDOW_START, WINDOW_END, ...(output.extraTime === null ? [] : ['window_time'])];
    return { before, select: `${selectList(list)}\nFROM ${table}\nGROUP BY ${groups.join(', ')}` };
  },
  spark: sparkWindowAggregate,
};

/** What no query says of a window of time. */
function problemOf(config: AggregateWindowConfig): SqlFragment | null {
  const { window, allowedLateness } = config;
  if (!isCountWindow(window) && window.time === 'processing') {
    return { unsupported: 'goes by processing time, and windows of a query by event time' };
  }
  if (allowedLateness > 0)
    return { unsupported: 'fires again for late rows (allowedLateness), which a query cannot say' };
  if (firesEarly(config)) return { unsupported: 'gives early results, which a query cannot say' };
  return null;
}

/** Windows by the number of rows in Flink SQL, which has none: aggregates over the last rows, of which every so many stay. */
import type { ExportedInput, ExportedOutput, SqlFragment } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { aggregateRemarks, sqlOverCall } from '../shared/flink-sql/aggregates.ts';
import { aliasedAs, sqlName } from '../shared/flink-sql/names.ts';
import { BY_ARRIVAL, numberedRows, overArrival } from '../shared/flink-sql/numbered-rows.ts';
import { selectList } from '../shared/flink-sql/select.ts';
import type { AggregateWindowConfig } from './spec.ts';
import type { CountWindowConfig } from './window-config.ts';

export function flinkCountWindow(
  { groupBy, aggregates }: AggregateWindowConfig,
  window: CountWindowConfig,
  input: ExportedInput,
  output: ExportedOutput,
): SqlFragment {
  if (input.dialect === 'millrace') {
    return { unsupported: say`goes by the number of rows, and windows of SQL go by time` };
  }
  const { rows, every } = extentOf(window);
  const numbered = numberedRows(input, groupBy, output);
  const over = overArrival(groupBy, rows);
  const name = output.freshTable(`${output.table}_so_far`);
  const results = [
    ...groupBy.map(sqlName),
    ...aggregates.map((item) => aliasedAs(sqlOverCall(item, input, over), item.as)),
  ];
  const list = selectList([...results, sqlName(numbered.number)]);
  const fields = output.schema.fields.map((one) => sqlName(one.name));
  return {
    before: [...numbered.before, { name, select: `${list}\nFROM ${sqlName(numbered.input.table)}` }],
    select: `${selectList(fields)}\nFROM ${sqlName(name)}\nWHERE MOD(${sqlName(numbered.number)}, ${every}) = 0`,
    remarks: [BY_ARRIVAL, ...aggregateRemarks(aggregates)],
  };
}

/** `rows`: how many a window holds at most, null: all so far; `every`: with how many it fires. */
function extentOf(window: CountWindowConfig): { readonly rows: number | null; readonly every: number } {
  if (window.type === 'count') return { rows: window.size, every: window.slide ?? window.size };
  const { count, purge } = window.trigger;
  return { rows: purge ? count : null, every: count };
}

import type { ExportedOutput, Exporter, NamedQuery, Remark, SqlFragment, SqlQuery } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { aggregateRemarks, sqlCall } from '../shared/flink-sql/aggregates.ts';
import { aliasedAs, sqlName } from '../shared/flink-sql/names.ts';
import { selectList, timeBeside, withoutTime } from '../shared/flink-sql/select.ts';
import { lateRows, windowTable, withClock, withOneKey, type OneKey } from '../shared/flink-sql/window-table.ts';
import { flinkCountWindow } from './flink-count.ts';
import { firesEarly, WINDOW_END, WINDOW_START, type AggregateWindowConfig } from './spec.ts';
import { isCountWindow } from './window-config.ts';
import { sparkWindowAggregate } from './spark.ts';
import { stormWindowAggregate } from './storm.ts';

export const aggregateWindowExport: Exporter<AggregateWindowConfig> = {
  facts({ window }, inputs, { port, schema }) {
    if (port !== 'out') return inputs[0]!;
    const isTimed = !isCountWindow(window) && window.time === 'event';
    return { time: isTimed ? timeBeside(schema.fields) : null, isWindowed: isTimed };
  },
  readsTime: () => true,
  flinkPort({ window, allowedLateness }, inputs, output) {
    const input = inputs[0]!;
    if (isCountWindow(window) || window.type === 'session' || window.time === 'processing' || input.time === null) {
      return {
        unsupported: say`hands on late rows, which Flink tells by no query for these windows: leave "late" open`,
      };
    }
    return lateRows(window, { ...input, time: input.time }, allowedLateness, output);
  },
  flink(config, inputs, output) {
    const input = inputs[0]!;
    const { groupBy, window, aggregates } = config;
    if (isCountWindow(window)) return flinkCountWindow(config, window, input, output);
    const problem = input.dialect === 'millrace' ? problemOf(config) : null;
    if (problem !== null) return problem;
    const clocked = window.time === 'processing' ? withClock(input, output) : null;
    const time = clocked?.time ?? input.time;
    if (time === null) return withoutTime(input);
    const rows = clocked?.input ?? input;
    const isByOneKey = input.dialect === 'flink' && window.type === 'session' && groupBy.length > 1;
    const one = isByOneKey ? withOneKey(rows, groupBy, output) : null;
    const partition = one === null ? groupBy : [one.column];
    const { table, before, columnOf } = windowTable(window, { ...(one?.input ?? rows), time }, partition, output);
    const keys = partition.map(columnOf);
    const results = [
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
    const list = [...partition.map((name, i) => aliasedAs(keys[i]!, name)), ...results];
    const grouped = `${selectList(list)}\nFROM ${table}\nGROUP BY ${groups.join(', ')}`;
    const whole = one === null ? { before: [], select: grouped } : apart(one, groupBy, grouped, output);
    return {
      before: [...(clocked?.before ?? []), ...(one?.before ?? []), ...before, ...whole.before],
      select: whole.select,
      remarks: remarksOf(config),
    };
  },
  spark: sparkWindowAggregate,
  storm: stormWindowAggregate,
};

/** Keys of groups as fields again. */
function apart(
  one: OneKey,
  groupBy: readonly string[],
  select: string,
  output: ExportedOutput,
): SqlQuery & { before: readonly NamedQuery[] } {
  const name = output.freshTable(`${output.table}_grouped`);
  const others = output.schema.fields.filter((field) => !groupBy.includes(field.name));
  const list = [
    ...groupBy.map((key) => aliasedAs(one.keyOf(key), key)),
    ...others.map((field) => sqlName(field.name)),
    ...(output.extraTime === null ? [] : [sqlName(output.extraTime)]),
  ];
  return { before: [{ name, select }], select: `${selectList(list)}\nFROM ${sqlName(name)}` };
}

const CLOCKED = say`Which window a row is in depends on when it is read; and where the input ends, windows that are still open give nothing.`;

/** What Flink does otherwise. */
function remarksOf(config: AggregateWindowConfig): readonly Remark[] {
  const { allowedLateness, window, aggregates } = config;
  const remarks: Remark[] = [...aggregateRemarks(aggregates)];
  if (!isCountWindow(window) && window.time === 'processing') {
    remarks.push({ fidelity: 'approximate', text: CLOCKED });
  }
  if (allowedLateness > 0) {
    remarks.push({
      fidelity: 'approximate',
      text: say`A window gives its result once: rows that are late are dropped, and do not change it any more.`,
    });
  }
  if (firesEarly(config)) {
    remarks.push({ fidelity: 'approximate', text: say`Results come at the end of a window only, none before it.` });
  }
  return remarks;
}

/** What no query of ours says of a window of time. */
function problemOf(config: AggregateWindowConfig): SqlFragment | null {
  const { window, allowedLateness } = config;
  if (!isCountWindow(window) && window.time === 'processing') {
    return { unsupported: say`goes by processing time, and windows of a query by event time` };
  }
  if (allowedLateness > 0)
    return { unsupported: say`fires again for late rows (allowedLateness), which a query cannot say` };
  if (firesEarly(config)) return { unsupported: say`gives early results, which a query cannot say` };
  return null;
}

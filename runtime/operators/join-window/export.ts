import type { ExportedInput, Exporter, PythonChain } from '../../core/exporter.ts';
import { joinQuery, LEFT, RIGHT, sidesOf } from '../shared/flink-sql/joins.ts';
import { withoutTime } from '../shared/flink-sql/select.ts';
import { windowTable } from '../shared/flink-sql/window-table.ts';
import { WINDOW_FIELDS, type JoinWindowConfig } from './spec.ts';
import { freshColumn } from '../shared/flink-sql/names.ts';
import { sparkJoin, sparkSides } from '../shared/spark/joins.ts';
import { call, chain, pythonText } from '../shared/spark/python.ts';
import { LATE_ROWS, untimed } from '../shared/spark/remarks.ts';
import { windowColumn } from '../shared/spark/windows.ts';

export const joinWindowExport: Exporter<JoinWindowConfig> = {
  // COALESCE is no longer the window itself.
  facts: ({ kind }, _inputs, { port }) => ({ time: null, isWindowed: port === 'out' && kind !== 'full' }),
  readsTime: () => true,
  flink(config, inputs, output) {
    const sides = sidesOf(inputs);
    const untimed = [sides.left, sides.right].find(({ time }) => time === null);
    if (untimed !== undefined) return withoutTime(untimed);
    const tableOf = (input: ExportedInput, alias: string): ReturnType<typeof windowTable> & { from: string } => {
      const table = windowTable(config.window, { ...input, time: input.time! }, [], output);
      return { ...table, from: `(SELECT * FROM ${table.table}) AS ${alias}` };
    };
    const left = tableOf(sides.left, LEFT);
    const right = tableOf(sides.right, RIGHT);
    return joinQuery(config, sides, {
      left,
      right,
      before: [...left.before, ...right.before],
      bounds: WINDOW_FIELDS.map(({ name }) => `${LEFT}.${name} = ${RIGHT}.${name}`),
      tail: WINDOW_FIELDS.map((field) => ({ field, text: boundOf(config.kind, field.name) })),
    });
  },
  spark(config, inputs, output) {
    const sides = sparkSides(inputs);
    if (output.port !== 'out') return LATE_ROWS;
    const name = freshColumn('window', [...sides.left.columns, ...sides.right.columns]);
    const frames: PythonChain[] = [];
    for (const input of [sides.left, sides.right]) {
      if (input.time === null) return untimed(input);
      const column = windowColumn(config.window, input.time);
      if ('unsupported' in column) return column;
      frames.push(chain(input.table, call('select', '"*"', `${column.column}.alias(${pythonText(name)})`)));
    }
    const [left, right] = frames as [PythonChain, PythonChain];
    const joined = sparkJoin(config, sides, {
      left,
      right,
      bounds: [`${LEFT}.${name} = ${RIGHT}.${name}`],
      tail: WINDOW_FIELDS.map((field) => ({
        field,
        text: boundOf(config.kind, field.name === 'window_start' ? `${name}.start` : `${name}.end`),
      })),
    });
    return { ...joined, waitsForWatermark: config.kind !== 'inner' };
  },
};

/** Of the side that is there. */
function boundOf(kind: JoinWindowConfig['kind'], name: string): string {
  if (kind === 'full') return `COALESCE(${LEFT}.${name}, ${RIGHT}.${name})`;
  return `${kind === 'right' ? RIGHT : LEFT}.${name}`;
}

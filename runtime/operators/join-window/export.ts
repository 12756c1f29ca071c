import type { ExportedInput, Exporter, PythonChain } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { joinQuery, LEFT, RIGHT, sidesOf } from '../shared/flink-sql/joins.ts';
import { withoutTime } from '../shared/flink-sql/select.ts';
import { windowTable } from '../shared/flink-sql/window-table.ts';
import { WINDOW_FIELDS, type JoinWindowConfig } from './spec.ts';
import { sqlInterval } from '../shared/flink-sql/expressions.ts';
import { freshColumn, sqlName } from '../shared/flink-sql/names.ts';
import { sparkJoin, sparkSides } from '../shared/spark/joins.ts';
import { call, chain, pythonText } from '../shared/spark/python.ts';
import { LATE_ROWS, untimed } from '../shared/spark/remarks.ts';
import { windowColumn } from '../shared/spark/windows.ts';
import { names } from '../shared/storm/java.ts';
import { joinArgs, joinMembers } from '../shared/storm/joins.ts';
import { windowsText } from '../shared/storm/windows.ts';

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
  /** By the start of the window; that times in one window are close says which rows a stream may forget. */
  spark(config, inputs, output, { mode }) {
    const sides = sparkSides(inputs);
    const { left, right } = sides;
    const { window } = config;
    if (output.port !== 'out') return LATE_ROWS;
    if (left.time === null) return untimed(left);
    if (right.time === null) return untimed(right);
    if (window.type !== 'tumbling' && window.type !== 'hopping') {
      return { unsupported: say`joins in ${window.type} windows, which Spark has not: use hopping windows` };
    }
    const start = freshColumn('window_start', [...left.columns, ...right.columns]);
    const frames = [left, right].map((input) => {
      const column = windowColumn(window, input.time!);
      return 'unsupported' in column
        ? column
        : chain(input.table, call('withColumn', pythonText(start), `${column.column}.start`));
    });
    const problem = frames.find((frame) => 'unsupported' in frame);
    if (problem !== undefined) return problem;
    const at = `${LEFT}.${sqlName(left.time)}`;
    const size = sqlInterval(window.size, 'spark');
    const joined = sparkJoin(config, sides, {
      left: frames[0] as PythonChain,
      right: frames[1] as PythonChain,
      bounds: [
        `${LEFT}.${start} = ${RIGHT}.${start}`,
        ...(mode === 'streaming'
          ? [`${RIGHT}.${sqlName(right.time)} BETWEEN ${at} - ${size} AND ${at} + ${size}`]
          : []),
      ],
      tail: WINDOW_FIELDS.map((field) => ({
        field,
        text: `${boundOf(config.kind, start)}${field.name === 'window_start' ? '' : ` + ${size}`}`,
      })),
    });
    return { ...joined, waitsForWatermark: config.kind !== 'inner' };
  },
  storm(config, inputs, outputs) {
    const { window } = config;
    if (window.type === 'session') return { unsupported: say`joins sessions, which have no bounds before they end` };
    return {
      base: 'WindowJoinBolt',
      args: [windowsText(window), ...joinArgs(config, inputs), ...names(outputs.out!.schema)],
      members: joinMembers(config, inputs),
      isStateful: true,
    };
  },
};

/** Of the side that is there. */
function boundOf(kind: JoinWindowConfig['kind'], name: string): string {
  if (kind === 'full') return `COALESCE(${LEFT}.${name}, ${RIGHT}.${name})`;
  return `${kind === 'right' ? RIGHT : LEFT}.${name}`;
}

import type { ExportedInput, Exporter } from '../../core/exporter.ts';
import { joinQuery, LEFT, RIGHT, sidesOf } from '../shared/flink-sql/joins.ts';
import { withoutTime } from '../shared/flink-sql/select.ts';
import { windowTable } from '../shared/flink-sql/window-table.ts';
import { WINDOW_FIELDS, type JoinWindowConfig } from './spec.ts';

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
};

/** Of the side that is there. */
function boundOf(kind: JoinWindowConfig['kind'], name: string): string {
  if (kind === 'full') return `COALESCE(${LEFT}.${name}, ${RIGHT}.${name})`;
  return `${kind === 'right' ? RIGHT : LEFT}.${name}`;
}

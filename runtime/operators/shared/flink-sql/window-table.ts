/** Windows as window table functions. */
import type { ExportedInput, ExportedOutput, NamedQuery, SqlDialect, SqlQuery } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import { printFlinkType } from '../../../expression/index.ts';
import type { WindowConfig } from '../windows.ts';
import { columnIn, sqlInterval } from './expressions.ts';
import { aliasedAs, freshColumn, sqlName } from './names.ts';
import { selectList } from './select.ts';

/** Columns that the function adds. */
const WINDOW_COLUMNS = ['window_start', 'window_end', 'window_time'];

export interface WindowTable {
  /** `TABLE(TUMBLE(…))` */
  readonly table: string;
  readonly before: readonly NamedQuery[];
  /** What a field of the input is called in it, as SQL writes it. */
  columnOf(name: string): string;
}

/** Columns of the input that are called as those that the function adds are renamed before it. `partitionBy`: fields, for sessions. */
export function windowTable(
  window: WindowConfig,
  input: ExportedInput & { readonly time: string },
  partitionBy: readonly string[],
  output: ExportedOutput,
): WindowTable {
  const taken = [...input.columns, ...WINDOW_COLUMNS];
  const renamed = new Map(
    input.columns
      .filter((name) => WINDOW_COLUMNS.includes(name))
      .map((name) => [name, freshColumn(`input_${name}`, taken)]),
  );
  const columnOf = (name: string): string => sqlName(renamed.get(name) ?? name);
  const name = renamed.size === 0 ? input.table : output.freshTable(`${input.table}_rows`);
  const list = selectList(
    input.columns.map((column) => {
      const newName = renamed.get(column);
      return newName === undefined ? sqlName(column) : aliasedAs(columnIn(input, column), newName);
    }),
  );
  const before = renamed.size === 0 ? [] : [{ name, select: `${list}\nFROM ${sqlName(input.table)}` }];
  const partition =
    window.type === 'session' && partitionBy.length > 0 ? ` PARTITION BY ${partitionBy.map(columnOf).join(', ')}` : '';
  const args = [
    `TABLE ${sqlName(name)}${partition}`,
    `DESCRIPTOR(${columnOf(input.time)})`,
    ...intervalsOf(window, input.dialect),
  ];
  return { table: `TABLE(${FUNCTIONS[window.type]}(${args.join(', ')}))`, before, columnOf };
}

/** The input with a column for the clock, which windows in processing time go by. */
export function withClock(
  input: ExportedInput,
  output: ExportedOutput,
): { readonly time: string; readonly input: ExportedInput; readonly before: readonly NamedQuery[] } {
  const time = freshColumn('proctime', input.columns);
  const name = output.freshTable(`${input.table}_now`);
  const list = selectList([...input.columns.map(sqlName), aliasedAs('PROCTIME()', time)]);
  return {
    time,
    input: { ...input, table: name, columns: [...input.columns, time] },
    before: [{ name, select: `${list}\nFROM ${sqlName(input.table)}` }],
  };
}

/** The column that holds several keys as one, and what each key is in it. */
export interface OneKey {
  readonly column: string;
  readonly input: ExportedInput;
  readonly before: readonly NamedQuery[];
  /** Of a key, as SQL writes it. */
  keyOf(name: string): string;
}

/** The input with its keys as one: in a view Flink 2.3 loses the parentheses of several (FLINK-40205). */
export function withOneKey(input: ExportedInput, keys: readonly string[], output: ExportedOutput): OneKey {
  const column = freshColumn('session_key', input.columns);
  const name = output.freshTable(`${input.table}_keyed`);
  const fields = input.schema.fields.filter((field) => keys.includes(field.name));
  const type = printFlinkType({ kind: 'ROW', fields });
  const row = `CAST(ROW(${fields.map((field) => sqlName(field.name)).join(', ')}) AS ${type})`;
  const select = `${selectList([...input.columns.map(sqlName), aliasedAs(row, column)])}\nFROM ${sqlName(input.table)}`;
  return {
    column,
    input: { ...input, table: name, columns: [...input.columns, column] },
    before: [{ name, select }],
    keyOf: (key) => `${sqlName(column)}.${sqlName(key)}`,
  };
}

/** Rows whose last window has fired, and has been kept for `allowedLateness` ms. */
export function lateRows(
  window: Exclude<WindowConfig, { type: 'session' }>,
  input: ExportedInput & { readonly time: string },
  allowedLateness: number,
  output: ExportedOutput,
): SqlQuery {
  // The last window of a row: for hopping ones it begins where a tumbling one of their slide does.
  const length = window.type === 'hopping' ? window.slide : window.size;
  const behind = (window.type === 'hopping' ? window.size - window.slide : 0) + allowedLateness;
  const tumbling: WindowConfig = { type: 'tumbling', time: 'event', size: length, offset: window.offset };
  const { table, before, columnOf } = windowTable(tumbling, input, [], output);
  const list = output.schema.fields.map(({ name }) => aliasedAs(columnOf(name), name));
  const end = behind === 0 ? 'window_time' : `window_time + ${sqlInterval(behind, input.dialect)}`;
  return {
    before,
    select: `${selectList(list)}\nFROM ${table}\nWHERE ${end} <= CURRENT_WATERMARK(window_time)`,
    remarks: [
      {
        fidelity: 'note',
        text: say`Which rows are late is told by the watermark before the windows: at parallelism 1 exactly those that the windows drop.`,
      },
    ],
  };
}

const FUNCTIONS = { tumbling: 'TUMBLE', hopping: 'HOP', cumulative: 'CUMULATE', session: 'SESSION' } as const;

function intervalsOf(window: WindowConfig, dialect: SqlDialect): readonly string[] {
  return lengthsOf(window).map((ms) => sqlInterval(ms, dialect));
}

/** In milliseconds, in the order of the function's parameters. */
function lengthsOf(window: WindowConfig): readonly number[] {
  switch (window.type) {
    case 'tumbling':
      return [window.size, ...offsetOf(window)];
    case 'hopping':
      return [window.slide, window.size, ...offsetOf(window)];
    case 'cumulative':
      return [window.step, window.size, ...offsetOf(window)];
    case 'session':
      return [window.gap];
  }
}

function offsetOf({ offset }: { readonly offset: number }): readonly number[] {
  return offset === 0 ? [] : [offset];
}

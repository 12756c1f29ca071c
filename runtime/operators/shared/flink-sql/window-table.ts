/** Windows as window table functions. */
import type { ExportedInput, ExportedOutput, NamedQuery } from '../../../core/exporter.ts';
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
  const args = [`TABLE ${sqlName(name)}${partition}`, `DESCRIPTOR(${columnOf(input.time)})`, ...intervalsOf(window)];
  return { table: `TABLE(${FUNCTIONS[window.type]}(${args.join(', ')}))`, before, columnOf };
}

const FUNCTIONS = { tumbling: 'TUMBLE', hopping: 'HOP', cumulative: 'CUMULATE', session: 'SESSION' } as const;

function intervalsOf(window: WindowConfig): readonly string[] {
  switch (window.type) {
    case 'tumbling':
      return [sqlInterval(window.size), ...offsetOf(window)];
    case 'hopping':
      return [sqlInterval(window.slide), sqlInterval(window.size), ...offsetOf(window)];
    case 'cumulative':
      return [sqlInterval(window.step), sqlInterval(window.size), ...offsetOf(window)];
    case 'session':
      return [sqlInterval(window.gap)];
  }
}

function offsetOf({ offset }: { readonly offset: number }): readonly string[] {
  return offset === 0 ? [] : [sqlInterval(offset)];
}

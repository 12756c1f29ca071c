/** Window table functions: `TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE))`, by position or by name. */
import { say } from '../../core/say.ts';
import type { Cursor } from './cursor.ts';
import { readExpression } from './parse-expression.ts';
import { QueryProblem } from './problem.ts';
import type { Expression, Name, WindowTable } from './query.ts';

/** Names of the intervals of each function, in order. */
const INTERVALS: Readonly<Record<WindowTable['fn'], readonly string[]>> = {
  TUMBLE: ['SIZE', 'OFFSET'],
  HOP: ['SLIDE', 'SIZE', 'OFFSET'],
  CUMULATE: ['STEP', 'SIZE', 'OFFSET'],
  SESSION: ['GAP'],
};

/** Null when no window function is next. */
export function parseWindowTable(cursor: Cursor, readAlias: () => Name | null): WindowTable | null {
  const first = cursor.position;
  const fn = (Object.keys(INTERVALS) as WindowTable['fn'][]).find(
    (name) => cursor.sees('TABLE', '(', name, '(') || cursor.sees(name, '('),
  );
  if (fn === undefined) return null;
  const isWrapped = cursor.take('TABLE', '(');
  cursor.expect(fn, '(');
  const args = readArguments(cursor, fn);
  cursor.expect(')');
  if (isWrapped) cursor.expect(')');
  const range = cursor.since(first);
  const { table, time, partitionBy, intervals } = args;
  if (table === null) throw new QueryProblem('MR1801', say`${fn} needs its table: TABLE name`, range);
  if (time === null) throw new QueryProblem('MR1801', say`${fn} needs its time: DESCRIPTOR(column)`, range);
  return { type: 'window', fn, table, partitionBy, time, intervals, alias: readAlias(), range };
}

interface Arguments {
  table: Name | null;
  partitionBy: readonly Name[];
  time: Name | null;
  readonly intervals: Map<string, Expression>;
}

function readArguments(cursor: Cursor, fn: WindowTable['fn']): Arguments {
  const found: Arguments = { table: null, partitionBy: [], time: null, intervals: new Map() };
  do {
    const label = cursor.peek(1)?.image === '=' && cursor.peek(2)?.image === '>' ? cursor.name() : null;
    if (label !== null) cursor.expect('=', '>');
    if (cursor.take('TABLE')) {
      found.table = cursor.name('a table');
      if (cursor.take('PARTITION', 'BY')) found.partitionBy = readPartition(cursor);
    } else if (cursor.take('DESCRIPTOR')) {
      const [time] = cursor.names();
      found.time = time!;
    } else {
      const name = label?.text.toUpperCase() ?? INTERVALS[fn][found.intervals.size];
      if (name === undefined || !INTERVALS[fn].includes(name))
        throw cursor.unexpected(say`${INTERVALS[fn].join(', ')} or ")"`);
      found.intervals.set(name, readExpression(cursor));
    }
  } while (cursor.take(','));
  return found;
}

/** `PARTITION BY a, b, DESCRIPTOR(…)`: the list goes on as long as names do. */
function readPartition(cursor: Cursor): Name[] {
  const names = [cursor.name()];
  while (cursor.sees(',') && cursor.seesName(1) && !isLabelOrFunction(cursor)) {
    cursor.expect(',');
    names.push(cursor.name());
  }
  return names;
}

function isLabelOrFunction(cursor: Cursor): boolean {
  const behind = cursor.peek(2)?.image;
  return behind === '(' || behind === '=' || cursor.peek(1)?.image.toUpperCase() === 'INTERVAL';
}

/** From the text of a query to `Query`. Flink SQL's grammar, as far as a stream of rows goes. */
import { say } from '../../core/say.ts';
import { Cursor } from './cursor.ts';
import { readExpression, readExpressions } from './parse-expression.ts';
import { parseSort } from './parse-over.ts';
import { parseFrom } from './parse-table.ts';
import { QueryProblem, unsupported } from './problem.ts';
import type { Name, Query, QueryBody, Select, SelectItem } from './query.ts';

/** Throws QueryProblem. */
export function parseQuery(text: string): Query {
  const cursor = new Cursor(text.replace(/;(\s*)$/, ' $1'));
  if (cursor.isAtEnd)
    throw new QueryProblem('MR1801', say`the query is empty: write SELECT … FROM …`, { start: 0, end: text.length });
  const query = readQuery(cursor);
  if (!cursor.isAtEnd) throw cursor.unexpected(say`the end of the query`);
  return query;
}

/** Up to what no query has, such as a closing parenthesis. */
export function readQuery(cursor: Cursor): Query {
  const first = cursor.position;
  const named = cursor.take('WITH') ? readWith(cursor) : [];
  const body = readBody(cursor);
  const orderBy = cursor.take('ORDER', 'BY') ? parseSort(cursor, { readExpression, readExpressions }) : [];
  const limit = readLimit(cursor);
  return { with: named, body, orderBy, limit, range: cursor.since(first) };
}

function readWith(cursor: Cursor): Query['with'] {
  const all: Query['with'][number][] = [];
  do {
    const name = cursor.name(say`the name of a query`);
    const columns = cursor.sees('(') ? cursor.names() : [];
    cursor.expect('AS', '(');
    const query = readQuery(cursor);
    cursor.expect(')');
    all.push({ name, columns, query });
  } while (cursor.take(','));
  return all;
}

function readBody(cursor: Cursor): QueryBody {
  const first = cursor.position;
  const branches = [readTerm(cursor)];
  while (cursor.sees('UNION')) {
    const { here } = cursor;
    cursor.expect('UNION');
    if (!cursor.take('ALL'))
      throw unsupported('UNION', say`write UNION ALL, and SELECT DISTINCT around it to drop repeated rows`, here);
    branches.push(readTerm(cursor));
  }
  for (const word of ['INTERSECT', 'EXCEPT', 'MINUS']) {
    if (cursor.sees(word)) throw unsupported(word, say`join the two streams, or filter with a condition`, cursor.here);
  }
  return branches.length === 1 ? branches[0]! : { type: 'union', branches, range: cursor.since(first) };
}

function readTerm(cursor: Cursor): QueryBody {
  if (cursor.take('(')) {
    const query = readQuery(cursor);
    cursor.expect(')');
    return { type: 'nested', query };
  }
  for (const verb of ['INSERT', 'CREATE', 'UPDATE', 'DELETE', 'SET', 'DROP', 'EXPLAIN', 'VALUES']) {
    if (cursor.sees(verb))
      throw unsupported(
        verb,
        say`an SQL operator is one SELECT; sources and sinks are nodes of the pipeline`,
        cursor.here,
      );
  }
  return { type: 'select', select: readSelect(cursor) };
}

function readSelect(cursor: Cursor): Select {
  const first = cursor.position;
  cursor.expect('SELECT');
  const isDistinct = cursor.take('DISTINCT');
  if (!isDistinct) cursor.take('ALL');
  const items = readItems(cursor);
  if (!cursor.sees('FROM')) throw cursor.unexpected('FROM');
  const from = parseFrom(cursor, { readQuery });
  const where = cursor.take('WHERE') ? readExpression(cursor) : null;
  const groupBy = readGroupBy(cursor);
  const having = cursor.take('HAVING') ? readExpression(cursor) : null;
  if (cursor.sees('WINDOW')) throw unsupported('WINDOW', say`write the window in parentheses behind OVER`, cursor.here);
  return { isDistinct, items, from, where, groupBy, having, range: cursor.since(first) };
}

function readItems(cursor: Cursor): SelectItem[] {
  const items: SelectItem[] = [];
  do items.push(readItem(cursor));
  while (cursor.take(','));
  return items;
}

function readItem(cursor: Cursor): SelectItem {
  const first = cursor.position;
  if (cursor.take('*')) return { type: 'all', table: null, range: cursor.since(first) };
  if (cursor.seesName() && cursor.peek(1)?.image === '.' && cursor.peek(2)?.image === '*') {
    const table = cursor.name();
    cursor.expect('.', '*');
    return { type: 'all', table, range: cursor.since(first) };
  }
  return { type: 'expression', expression: readExpression(cursor), alias: readAlias(cursor) };
}

function readAlias(cursor: Cursor): Name | null {
  if (cursor.take('AS')) return cursor.name(say`an alias`);
  return cursor.seesName() && !cursor.sees('FROM') ? cursor.name() : null;
}

function readGroupBy(cursor: Cursor): Select['groupBy'] {
  const first = cursor.position;
  if (!cursor.take('GROUP', 'BY')) return null;
  for (const word of ['GROUPING', 'CUBE', 'ROLLUP']) {
    if (cursor.sees(word))
      throw unsupported(word, say`make one aggregate for each set of keys and join them with UNION ALL`, cursor.here);
  }
  return { keys: readExpressions(cursor), range: cursor.since(first) };
}

function readLimit(cursor: Cursor): Query['limit'] {
  const first = cursor.position;
  if (cursor.sees('OFFSET') || cursor.sees('FETCH'))
    throw unsupported(cursor.peek()!.image.toUpperCase(), say`write LIMIT`, cursor.here);
  if (!cursor.take('LIMIT')) return null;
  const token = cursor.next();
  if (!/^\d+$/.test(token.image))
    throw new QueryProblem('MR1801', say`LIMIT needs a number of rows`, cursor.since(first));
  return { rows: Number(token.image), range: cursor.since(first) };
}

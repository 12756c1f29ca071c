/** The tables behind FROM, and how they are joined. */
import { say } from '../../core/say.ts';
import type { Cursor } from './cursor.ts';
import { readExpression } from './parse-expression.ts';
import { parseMatch } from './parse-match.ts';
import { parseWindowTable } from './parse-window.ts';
import { unsupported } from './problem.ts';
import type { Expression, Join, JoinKind, Name, Query, TableExpression } from './query.ts';

interface QueryReader {
  readQuery(cursor: Cursor): Query;
}

/** Words that come behind a table, so that they are no alias of it. */
const NO_ALIAS = new Set(
  'WHERE GROUP HAVING WINDOW UNION INTERSECT EXCEPT MINUS ORDER LIMIT OFFSET FETCH JOIN INNER LEFT RIGHT FULL CROSS NATURAL ON AS USING FOR MATCH_RECOGNIZE SELECT'.split(
    ' ',
  ),
);

export function parseFrom(cursor: Cursor, reader: QueryReader): TableExpression {
  cursor.expect('FROM');
  const first = cursor.position;
  let table = readTable(cursor, reader);
  for (;;) {
    const kind = readJoinWords(cursor);
    if (kind === null) return table;
    table = readJoined(cursor, reader, table, kind, first);
  }
}

type JoinWords = JoinKind | 'cross';

/** Null: no further table is joined. */
function readJoinWords(cursor: Cursor): JoinWords | null {
  if (cursor.take(',') || cursor.take('CROSS', 'JOIN')) return 'cross';
  if (cursor.take('JOIN') || cursor.take('INNER', 'JOIN')) return 'inner';
  for (const kind of ['left', 'right', 'full'] as const) {
    const word = kind.toUpperCase();
    if (cursor.take(word, 'JOIN') || cursor.take(word, 'OUTER', 'JOIN')) return kind;
  }
  if (cursor.sees('NATURAL')) throw unsupported(say`NATURAL JOIN`, say`name the columns in ON`, cursor.here);
  for (const word of ['SEMI', 'ANTI']) {
    if (cursor.sees('LEFT', word))
      throw unsupported(say`LEFT ${word} JOIN`, say`write a LEFT JOIN and keep the rows by a condition`, cursor.here);
  }
  return null;
}

function readJoined(
  cursor: Cursor,
  reader: QueryReader,
  left: TableExpression,
  kind: JoinWords,
  first: number,
): TableExpression {
  if (cursor.sees('UNNEST', '(')) return readUnnest(cursor, left, kind, first);
  if (cursor.sees('LATERAL')) {
    throw unsupported('LATERAL', say`write CROSS JOIN UNNEST(…), or compute the columns in a SELECT`, cursor.here);
  }
  const right = readTable(cursor, reader);
  const { on, using } = readCondition(cursor, kind);
  const join: Join = {
    type: 'join',
    left,
    right,
    kind: kind === 'cross' ? 'inner' : kind,
    on,
    using,
    range: cursor.since(first),
  };
  return join;
}

function readCondition(cursor: Cursor, kind: JoinWords): { on: Expression | null; using: readonly Name[] } {
  if (kind === 'cross') return { on: null, using: [] };
  if (cursor.take('USING')) return { on: null, using: cursor.names() };
  cursor.expect('ON');
  return { on: readExpression(cursor), using: [] };
}

function readUnnest(cursor: Cursor, left: TableExpression, kind: JoinWords, first: number): TableExpression {
  if (kind === 'right' || kind === 'full') {
    throw unsupported(
      say`${kind.toUpperCase()} JOIN UNNEST`,
      say`write CROSS JOIN UNNEST or LEFT JOIN UNNEST`,
      cursor.here,
    );
  }
  cursor.expect('UNNEST', '(');
  const expression = readExpression(cursor);
  cursor.expect(')');
  if (cursor.sees('WITH'))
    throw unsupported(say`WITH ORDINALITY`, say`leave it out: elements have no number`, cursor.here);
  const { alias, columns } = readAlias(cursor);
  if (kind !== 'cross') {
    cursor.expect('ON');
    if (!cursor.take('TRUE'))
      throw unsupported(say`a condition on UNNEST`, say`write ON TRUE and the condition in WHERE`, cursor.here);
  }
  return { type: 'unnest', left, expression, isOuter: kind === 'left', alias, columns, range: cursor.since(first) };
}

function readTable(cursor: Cursor, reader: QueryReader): TableExpression {
  const first = cursor.position;
  const table = readPrimary(cursor, reader);
  return cursor.sees('MATCH_RECOGNIZE') ? parseMatch(cursor, table, first, () => readAlias(cursor).alias) : table;
}

function readPrimary(cursor: Cursor, reader: QueryReader): TableExpression {
  const first = cursor.position;
  if (cursor.take('(')) {
    if (!['SELECT', 'WITH', '('].some((word) => cursor.sees(word))) {
      throw unsupported(say`a join in parentheses`, say`leave the parentheses out, or write a sub-query`, cursor.here);
    }
    const query = reader.readQuery(cursor);
    cursor.expect(')');
    const { alias, columns } = readAlias(cursor);
    return { type: 'query', query, alias, columns, range: cursor.since(first) };
  }
  const window = parseWindowTable(cursor, () => readAlias(cursor).alias);
  if (window !== null) return window;
  if (cursor.sees('UNNEST', '(')) {
    throw unsupported(say`UNNEST as the first table`, say`write FROM table CROSS JOIN UNNEST(…)`, cursor.here);
  }
  const name = cursor.name('a table');
  if (cursor.sees('.'))
    throw unsupported(say`a table of a catalogue or database`, say`write the name of an input alone`, cursor.here);
  if (cursor.sees('('))
    throw unsupported(
      say`a table function`,
      say`windows are TABLE(TUMBLE(…)), and HOP, CUMULATE, SESSION`,
      cursor.since(first),
    );
  let asOf: Expression | null = null;
  if (cursor.take('FOR', 'SYSTEM_TIME')) {
    cursor.expect('AS', 'OF');
    asOf = readExpression(cursor);
  }
  const { alias, columns } = readAlias(cursor);
  return { type: 'table', name, alias, columns, asOf, range: cursor.since(first) };
}

function readAlias(cursor: Cursor): { alias: Name | null; columns: readonly Name[] } {
  const hasAs = cursor.take('AS');
  if (!hasAs && (!cursor.seesName() || NO_ALIAS.has(cursor.peek()!.image.toUpperCase())))
    return { alias: null, columns: [] };
  const alias = cursor.name(say`an alias`);
  return { alias, columns: cursor.sees('(') ? cursor.names() : [] };
}

/** What stands behind OVER. */
import { say } from '../../core/say.ts';
import type { Cursor } from './cursor.ts';
import { unsupported } from './problem.ts';
import type { Expression, Over, OverFrame, SortItem } from './query.ts';

/** How expressions are read: handed in, for they hold OVER in turn. */
export interface ExpressionReader {
  readExpression(cursor: Cursor): Expression;
  readExpressions(cursor: Cursor): Expression[];
}

export function parseOver(cursor: Cursor, reader: ExpressionReader): Over {
  const first = cursor.position;
  if (!cursor.sees('('))
    throw unsupported(say`a named window`, say`write the window in parentheses behind OVER`, cursor.here);
  cursor.expect('(');
  const partitionBy = cursor.take('PARTITION', 'BY') ? reader.readExpressions(cursor) : [];
  const orderBy = cursor.take('ORDER', 'BY') ? parseSort(cursor, reader) : [];
  const frame = cursor.sees('ROWS') || cursor.sees('RANGE') ? parseFrame(cursor, reader) : null;
  cursor.expect(')');
  return { partitionBy, orderBy, frame, range: cursor.since(first) };
}

/** Behind ORDER BY. */
export function parseSort(cursor: Cursor, { readExpression }: ExpressionReader): SortItem[] {
  const items: SortItem[] = [];
  do {
    const expression = readExpression(cursor);
    const isDescending = cursor.take('DESC');
    if (!isDescending) cursor.take('ASC');
    const nulls = cursor.take('NULLS', 'FIRST') ? 'first' : cursor.take('NULLS', 'LAST') ? 'last' : null;
    items.push({ expression, direction: isDescending ? 'desc' : 'asc', nulls });
  } while (cursor.take(','));
  return items;
}

function parseFrame(cursor: Cursor, { readExpression }: ExpressionReader): OverFrame {
  const first = cursor.position;
  const type = cursor.take('ROWS') ? 'rows' : 'range';
  if (type === 'range') cursor.expect('RANGE');
  const isBetween = cursor.take('BETWEEN');
  const isUnbounded = cursor.take('UNBOUNDED');
  const preceding = isUnbounded ? null : readExpression(cursor);
  cursor.expect('PRECEDING');
  if (isBetween) {
    cursor.expect('AND');
    if (!cursor.take('CURRENT', 'ROW')) {
      throw unsupported(
        say`a frame that ends elsewhere than at the CURRENT ROW`,
        say`a stream knows no rows to come: end it with AND CURRENT ROW`,
        cursor.here,
      );
    }
  }
  return { type, preceding, range: cursor.since(first) };
}

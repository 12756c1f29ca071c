/** Where an expression ends, and the calls in it that are the query's to answer; the rest is the expression language's. */
import type { IToken } from 'chevrotain';
import { parseExpression } from '../../expression/index.ts';
import { aggregateFunctions } from '../shared/aggregates/index.ts';
import { say } from '../../core/say.ts';
import { Cursor, isClosing, isComma, isOpening, isWord, rangeOf } from './cursor.ts';
import { parseOver } from './parse-over.ts';
import { QueryProblem, unsupported } from './problem.ts';
import type { Call, Expression, Over } from './query.ts';

/** Words that end an expression, outside of parentheses. */
const STOPS = new Set(
  (
    'FROM WHERE GROUP HAVING WINDOW UNION INTERSECT EXCEPT MINUS ORDER LIMIT OFFSET FETCH JOIN INNER LEFT RIGHT FULL CROSS NATURAL ON AS USING ' +
    'ASC DESC NULLS PRECEDING FOLLOWING ROWS RANGE'
  ).split(' '),
);
/** Those that are also functions. */
const STOPS_AND_CALLS = new Set(['LEFT', 'RIGHT']);
/** Words between operands: what stands behind them is no alias. */
const OPERATORS = new Set(
  'AND OR NOT IS IN LIKE BETWEEN ESCAPE DISTINCT WHEN THEN ELSE CASE TRUE FALSE NULL UNKNOWN SIMILAR TO END'.split(' '),
);
const RANKINGS = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'NTILE', 'LAG', 'LEAD', 'CUME_DIST', 'PERCENT_RANK']);

/** Reads an expression; throws QueryProblem when there is none. */
export function readExpression(cursor: Cursor): Expression {
  const first = cursor.position;
  const calls: Call[] = [];
  let depth = 0;
  let before: IToken | undefined;
  for (; !cursor.isAtEnd; before = cursor.peek(-1)) {
    const token = cursor.peek()!;
    if (depth === 0 && endsExpression(cursor, token, before)) break;
    if (isWord(token, 'SELECT') || isWord(token, 'EXISTS')) throw subquery(cursor);
    if (isCall(cursor, token)) {
      calls.push(readCall(cursor));
      continue;
    }
    if (isOpening(token)) depth++;
    if (isClosing(token)) depth--;
    cursor.next();
  }
  if (cursor.position === first) throw cursor.unexpected(say`an expression`);
  const range = cursor.since(first);
  const strange = cursor.strangeIn(range);
  if (strange !== undefined) {
    throw new QueryProblem(
      'MR1801',
      say`unexpected character ${JSON.stringify(cursor.text.slice(strange.start, strange.end))}`,
      strange,
    );
  }
  return toExpression(cursor.text, range, calls);
}

/** Expressions with commas between them. */
export function readExpressions(cursor: Cursor): Expression[] {
  const all = [readExpression(cursor)];
  while (cursor.take(',')) all.push(readExpression(cursor));
  return all;
}

function endsExpression(cursor: Cursor, token: IToken, before: IToken | undefined): boolean {
  if (isComma(token) || isClosing(token)) return true;
  const word = token.image.toUpperCase();
  if (isWord(token, 'FROM') && isWord(before, 'DISTINCT')) return false;
  if (before !== undefined && before.image === '.') return false;
  if (isWord(token, word) && STOPS.has(word)) return !(STOPS_AND_CALLS.has(word) && cursor.peek(1)?.image === '(');
  return isAlias(cursor, token, before);
}

/** A name right behind an operand is an alias, but for the unit of an interval. */
function isAlias(cursor: Cursor, token: IToken, before: IToken | undefined): boolean {
  if (before === undefined || !cursor.seesName() || OPERATORS.has(token.image.toUpperCase())) return false;
  const last = before.image.toUpperCase();
  const isOperand =
    isClosing(before) || /^['"`\d]/.test(last) || last === 'END' || (/^[\p{L}_$]/u.test(last) && !OPERATORS.has(last));
  return isOperand && !isWord(cursor.peek(-2), 'INTERVAL');
}

function isCall(cursor: Cursor, token: IToken): boolean {
  if (cursor.peek(1)?.image !== '(' || cursor.peek(-1)?.image === '.') return false;
  const name = token.image.toUpperCase();
  return isWord(token, name) && (Object.hasOwn(aggregateFunctions, name) || RANKINGS.has(name));
}

function readCall(cursor: Cursor): Call {
  const first = cursor.position;
  const name = cursor.name();
  cursor.expect('(');
  const isDistinct = cursor.take('DISTINCT');
  let args: readonly Expression[] | null = [];
  if (cursor.take('*')) args = null;
  else if (!cursor.sees(')')) args = readExpressions(cursor);
  cursor.expect(')');
  const filter = readFilter(cursor);
  const over = readOver(cursor);
  return { name, fn: name.text.toUpperCase(), args, isDistinct, filter, over, range: cursor.since(first) };
}

function readFilter(cursor: Cursor): Expression | null {
  if (!cursor.take('FILTER')) return null;
  cursor.expect('(', 'WHERE');
  const filter = readExpression(cursor);
  cursor.expect(')');
  return filter;
}

function readOver(cursor: Cursor): Over | null {
  return cursor.take('OVER') ? parseOver(cursor, { readExpression, readExpressions }) : null;
}

function subquery(cursor: Cursor): QueryProblem {
  return unsupported(
    say`a sub-query in an expression`,
    say`join the two streams instead, with the condition in ON`,
    rangeOf(cursor.peek()!),
  );
}

function toExpression(text: string, range: { start: number; end: number }, calls: readonly Call[]): Expression {
  const names = new Map<string, Call>();
  let masked = text.slice(0, range.end);
  calls.forEach((call, i) => {
    const { start, end } = call.range;
    const name = `$${i}`.padEnd(end - start, '_');
    names.set(name, call);
    masked = masked.slice(0, start) + name + masked.slice(end);
  });
  // Blanks before it: ranges of the expression are ranges of the query.
  const { syntax, problems } = parseExpression(' '.repeat(range.start) + masked.slice(range.start));
  const [problem] = problems;
  if (problem !== undefined) throw new QueryProblem('MR1801', problem.message, problem.range);
  return { range, syntax, calls: names };
}

/** MATCH_RECOGNIZE. Its expressions are the pattern operator's own language and are handed on as they are written. */
import { say } from '../../core/say.ts';
import { Cursor, isClosing, isComma, isOpening, isWord } from './cursor.ts';
import { readExpression, readExpressions } from './parse-expression.ts';
import { parseSort } from './parse-over.ts';
import { QueryProblem, unsupported } from './problem.ts';
import type { MatchTable, Name, TableExpression } from './query.ts';

export function parseMatch(
  cursor: Cursor,
  input: TableExpression,
  first: number,
  readAlias: () => Name | null,
): MatchTable {
  cursor.expect('MATCH_RECOGNIZE', '(');
  const partitionBy = cursor.take('PARTITION', 'BY') ? readNames(cursor) : [];
  const orderBy = cursor.take('ORDER', 'BY') ? parseSort(cursor, { readExpression, readExpressions }) : [];
  cursor.expect('MEASURES');
  const measures = readList(cursor, () => {
    const expression = textUntil(cursor, ['AS']);
    cursor.expect('AS');
    return { expression, as: cursor.name() };
  });
  if (cursor.sees('ALL', 'ROWS')) throw unsupported(say`ALL ROWS PER MATCH`, say`write ONE ROW PER MATCH`, cursor.here);
  if (cursor.take('ONE')) cursor.expect('ROW', 'PER', 'MATCH');
  const afterMatch = readAfterMatch(cursor);
  cursor.expect('PATTERN');
  const pattern = readPattern(cursor);
  const within = cursor.take('WITHIN') ? readExpression(cursor) : null;
  if (cursor.sees('SUBSET')) throw unsupported('SUBSET', say`name the variables one by one`, cursor.here);
  const define = cursor.take('DEFINE')
    ? readList(cursor, () => {
        const variable = cursor.name();
        cursor.expect('AS');
        return { variable, condition: textUntil(cursor, []) };
      })
    : [];
  cursor.expect(')');
  const alias = readAlias();
  return {
    type: 'match',
    input,
    partitionBy,
    orderBy,
    measures,
    afterMatch,
    pattern,
    within,
    define,
    alias,
    range: cursor.since(first),
  };
}

function readNames(cursor: Cursor): Name[] {
  const names = [cursor.name()];
  while (cursor.take(',')) names.push(cursor.name());
  return names;
}

function readList<T>(cursor: Cursor, readOne: () => T): T[] {
  const all = [readOne()];
  while (cursor.take(',')) all.push(readOne());
  return all;
}

function readAfterMatch(cursor: Cursor): Readonly<Record<string, string>> {
  if (!cursor.take('AFTER', 'MATCH', 'SKIP')) return { type: 'past-last-row' };
  if (cursor.take('PAST', 'LAST', 'ROW')) return { type: 'past-last-row' };
  cursor.expect('TO');
  if (cursor.take('NEXT', 'ROW')) return { type: 'to-next-row' };
  if (cursor.take('FIRST')) return { type: 'to-first', variable: cursor.name().text };
  cursor.take('LAST');
  return { type: 'to-last', variable: cursor.name().text };
}

/** A text up to a comma, a closing parenthesis or one of the words, outside of parentheses. */
function textUntil(cursor: Cursor, words: readonly string[]): Name {
  const first = cursor.position;
  for (let depth = 0; !cursor.isAtEnd; cursor.next()) {
    const token = cursor.peek()!;
    if (depth === 0 && (isComma(token) || isClosing(token) || words.some((word) => isWord(token, word)))) break;
    depth += isOpening(token) ? 1 : isClosing(token) ? -1 : 0;
  }
  if (cursor.position === first) throw cursor.unexpected(say`an expression`);
  return textAt(cursor, cursor.since(first));
}

function readPattern(cursor: Cursor): Name {
  const opening = cursor.expect('(');
  let depth = 1;
  while (!cursor.isAtEnd) {
    const token = cursor.next();
    depth += isOpening(token) ? 1 : isClosing(token) ? -1 : 0;
    if (depth === 0) return textAt(cursor, { start: opening.startOffset + 1, end: token.startOffset });
  }
  throw new QueryProblem('MR1801', say`the pattern is not closed: ")" is missing`, {
    start: opening.startOffset,
    end: cursor.text.length,
  });
}

function textAt({ text }: Cursor, range: { start: number; end: number }): Name {
  return { text: text.slice(range.start, range.end), range };
}

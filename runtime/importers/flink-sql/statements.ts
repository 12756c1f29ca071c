/** A script taken apart into statements: the tokens are those of our expressions, which quote and comment as Flink does. */
import type { IToken } from 'chevrotain';
import { expressionLexer } from '../../expression/tokens.ts';

export interface ScriptStatement {
  readonly tokens: readonly IToken[];
  /** As it is written, without the semicolon. */
  readonly sql: string;
  /** Of its first character in the script. */
  readonly start: number;
  /** Lines of comment before it, without their dashes. */
  readonly comment: readonly string[];
}

/** What stands around the statements of a set. */
const SET_HEADS = [['EXECUTE', 'STATEMENT', 'SET', 'BEGIN'], ['BEGIN', 'STATEMENT', 'SET'], ['END']];

export function readStatements(text: string): readonly ScriptStatement[] {
  const { tokens, errors } = expressionLexer.tokenize(text);
  // No token has a semicolon: outside of strings and comments it is what the lexer stumbles over.
  const ends = errors.flatMap(({ offset, length }) =>
    [...text.slice(offset, offset + length)].flatMap((character, i) => (character === ';' ? [offset + i] : [])),
  );
  const statements: ScriptStatement[] = [];
  let begin = 0;
  let at = 0;
  for (const end of [...ends, text.length]) {
    let own: IToken[] = [];
    while (at < tokens.length && tokens[at]!.startOffset < end) own.push(tokens[at++]!);
    const comment = commentOf(text.slice(begin, own[0]?.startOffset ?? end));
    begin = end + 1;
    own = withoutHead(own);
    const [first] = own;
    if (first === undefined) continue;
    const sql = text.slice(first.startOffset, end).trimEnd();
    statements.push({ tokens: own, sql, start: first.startOffset, comment });
  }
  return statements;
}

function withoutHead(tokens: IToken[]): IToken[] {
  const head = SET_HEADS.find((words) => words.every((word, i) => tokens[i]?.image.toUpperCase() === word));
  return head === undefined ? tokens : withoutHead(tokens.slice(head.length));
}

function commentOf(text: string): readonly string[] {
  return [...text.matchAll(/^\s*-- ?(.*)$/gm)].map(([, line]) => line!);
}

/** What it says, whatever its blanks and comments are. */
export function meaning({ tokens }: Pick<ScriptStatement, 'tokens'>): string {
  return tokens.map(({ image }) => image).join(' ');
}

/** The tokens of a query, read from left to right. Keywords are known by their place: a column may be called `window`. */
import type { IToken, TokenType } from 'chevrotain';
import type { TextRange } from '../../core/diagnostics.ts';
import { say } from '../../core/say.ts';
import {
  Comma,
  expressionLexer,
  LeftParen,
  Name as NameToken,
  OpenString,
  QuotedName,
  RightParen,
} from '../../expression/tokens.ts';
import { QueryProblem } from './problem.ts';
import type { Name } from './query.ts';

export class Cursor {
  readonly text: string;
  readonly #tokens: readonly IToken[];
  readonly #strange: readonly TextRange[];
  #at = 0;

  /** Throws QueryProblem where the text is not closed. */
  constructor(text: string) {
    this.text = text;
    const { tokens, errors } = expressionLexer.tokenize(text);
    this.#tokens = tokens;
    this.#strange = errors.map(({ offset, length }) => ({ start: offset, end: offset + length }));
    const open = tokens.find((token) => token.tokenType === OpenString);
    if (open !== undefined)
      throw new QueryProblem('MR1801', say`the string is not closed: a quote is missing`, rangeOf(open));
  }

  /** Characters that no token has, between two places. */
  strangeIn({ start, end }: TextRange): TextRange | undefined {
    return this.#strange.find((one) => one.start >= start && one.end <= end);
  }

  get position(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(ahead = 0): IToken | undefined {
    return this.#tokens[this.#at + ahead];
  }

  next(): IToken {
    const token = this.peek();
    if (token === undefined) throw this.unexpected('more');
    this.#at++;
    return token;
  }

  /** Whether the next tokens are these words or signs. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, i) => isWord(this.peek(i), word));
  }

  /** Goes past these words if they are next. */
  take(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.#at += words.length;
    return true;
  }

  expect(...words: readonly string[]): IToken {
    for (const word of words) if (!this.take(word)) throw this.unexpected(word);
    return this.#tokens[this.#at - 1]!;
  }

  seesType(type: TokenType, ahead = 0): boolean {
    return this.peek(ahead)?.tokenType === type;
  }

  seesName(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token !== undefined && isName(token);
  }

  name(what = 'a name'): Name {
    const token = this.peek();
    if (token === undefined || !isName(token)) throw this.unexpected(what);
    this.#at++;
    return nameOf(token);
  }

  /** `(a, b)` */
  names(): Name[] {
    this.expect('(');
    const names = [this.name()];
    while (this.take(',')) names.push(this.name());
    this.expect(')');
    return names;
  }

  /** From a token on to the last one read. */
  since(position: number): TextRange {
    const first = this.#tokens[position];
    const last = this.#tokens[Math.max(position, this.#at - 1)];
    const end = this.text.trimEnd().length;
    return { start: first?.startOffset ?? end, end: last === undefined ? end : rangeOf(last).end };
  }

  /** Place of the next token, or of the last character when there is none. */
  get here(): TextRange {
    const token = this.peek();
    if (token !== undefined) return rangeOf(token);
    const end = this.text.trimEnd().length;
    return { start: Math.max(0, end - 1), end };
  }

  unexpected(expected: string): QueryProblem {
    const found = this.peek()?.image;
    const { start, end } = this.here;
    const strange = this.strangeIn({ start: this.#tokens[this.#at - 1]?.endOffset ?? 0, end });
    if (strange !== undefined) {
      const character = this.text.slice(strange.start, strange.end);
      return new QueryProblem('MR1801', say`unexpected character ${JSON.stringify(character)}`, strange);
    }
    return new QueryProblem(
      'MR1801',
      say`expected ${expected} but found ${found === undefined ? say`the end` : `"${found}"`}`,
      { start, end },
    );
  }
}

export function rangeOf(token: IToken): TextRange {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

export function isWord(token: IToken | undefined, word: string): boolean {
  return token !== undefined && token.tokenType !== QuotedName && token.image.toUpperCase() === word;
}

function isName({ tokenType }: IToken): boolean {
  return tokenType === QuotedName || tokenType.name === 'Word' || (tokenType.CATEGORIES ?? []).includes(NameToken);
}

function nameOf(token: IToken): Name {
  const quote = token.image[0]!;
  const text = token.tokenType === QuotedName ? token.image.slice(1, -1).replaceAll(quote + quote, quote) : token.image;
  return { text, range: rangeOf(token) };
}

export function isOpening(token: IToken): boolean {
  return token.tokenType === LeftParen || token.image === '[';
}

export function isClosing(token: IToken): boolean {
  return token.tokenType === RightParen || token.image === ']';
}

export function isComma(token: IToken): boolean {
  return token.tokenType === Comma;
}

/** The tokens of one statement, from left to right. */
import type { IToken } from 'chevrotain';
import { QuotedName } from '../../expression/tokens.ts';
import { say } from '../../core/say.ts';
import { StatementProblem } from './problem.ts';

export class TokenReader {
  readonly #text: string;
  readonly #tokens: readonly IToken[];
  #at = 0;

  /** `text`: of the whole script. */
  constructor(text: string, tokens: readonly IToken[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Of the next token in the script. */
  get offset(): number {
    return this.#tokens[this.#at]?.startOffset ?? this.#tokens.at(-1)?.endOffset ?? 0;
  }

  sees(...words: readonly string[]): boolean {
    return words.every((word, i) => {
      const token = this.#tokens[this.#at + i];
      return token !== undefined && token.tokenType !== QuotedName && token.image.toUpperCase() === word;
    });
  }

  take(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.#at += words.length;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) throw this.unexpected(word);
  }

  unexpected(expected: string): StatementProblem {
    const found = this.#tokens[this.#at]?.image;
    return new StatementProblem(say`expected ${expected} but found ${found ?? say`the end`}`, this.offset);
  }

  next(): IToken {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.unexpected('more');
    this.#at++;
    return token;
  }

  /** The last part of a name with a catalog and database. */
  name(): string {
    let name = nameOf(this.next());
    while (this.take('.')) name = nameOf(this.next());
    return name;
  }

  names(): string[] {
    const names: string[] = [];
    this.expect('(');
    do names.push(this.name());
    while (this.take(','));
    this.expect(')');
    return names;
  }

  string(): string {
    const { image } = this.next();
    if (!image.startsWith("'")) throw this.unexpected(say`a text in quotes`);
    return image.slice(1, -1).replaceAll("''", "'");
  }

  /** `('key' = 'value', …)` */
  options(): Record<string, string> {
    const options: Record<string, string> = {};
    this.expect('(');
    do {
      const key = this.string();
      this.expect('=');
      options[key] = this.string();
    } while (this.take(','));
    this.expect(')');
    return options;
  }

  /** As it is written, up to one of these outside of parentheses. */
  textUntil(...ends: readonly string[]): string {
    const first = this.offset;
    let depth = 0;
    while (!this.isAtEnd && !(depth === 0 && ends.some((end) => this.sees(end)))) {
      const { image } = this.next();
      if (image === '(' || image === '[') depth++;
      if (image === ')' || image === ']') depth--;
    }
    const last = this.#tokens[this.#at - 1];
    return this.#text.slice(first, last === undefined ? first : last.startOffset + last.image.length);
  }

  /** The rest as it is written. */
  rest(): string {
    return this.textUntil();
  }
}

/** Without its quotes. */
export function nameOf({ image, tokenType }: IToken): string {
  return tokenType === QuotedName ? image.slice(1, -1).replaceAll(image[0]! + image[0]!, image[0]!) : image;
}

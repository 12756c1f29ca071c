/** Where a cursor stands in a text that may be half typed: from its tokens alone, because the tree may not be there yet. */
import { tokenMatcher, type IToken } from 'chevrotain';
import type { TextRange } from '../../core/diagnostics.ts';
import {
  Comma,
  Dot,
  expressionLexer,
  K,
  LeftBracket,
  LeftParen,
  Name,
  QuotedName,
  RightBracket,
  RightParen,
  StringLiteral,
} from '../tokens.ts';

export interface EnclosingCall {
  readonly name: string;
  /** Of the argument at the cursor, from 0. */
  readonly argument: number;
}

export interface Cursor {
  /** What is typed of a word, up to the cursor; '' between words. */
  readonly prefix: string;
  /** The word under the cursor, to be replaced. */
  readonly range: TextRange;
  /** Tokens before that word. */
  readonly before: readonly IToken[];
  /** The innermost call whose parenthesis is open. */
  readonly call: EnclosingCall | null;
}

/** Null inside a string or a comment. */
export function cursorAt(text: string, offset: number): Cursor | null {
  const { tokens, groups } = expressionLexer.tokenize(text);
  const comments = (groups.comments as IToken[] | undefined) ?? [];
  if (comments.some((c) => c.startOffset < offset && (offset < end(c) || isOpen(c)))) return null;
  const under = tokens.find((t) => t.startOffset < offset && offset <= end(t));
  if (under !== undefined && tokenMatcher(under, StringLiteral) && (offset < end(under) || !isClosed(under)))
    return null;
  const word = under !== undefined && isWord(under) ? under : undefined;
  const before = tokens.filter((t) => t !== word && t.startOffset < offset);
  return {
    prefix: word === undefined ? '' : text.slice(word.startOffset, offset),
    range: word === undefined ? { start: offset, end: offset } : { start: word.startOffset, end: end(word) },
    before,
    call: enclosingCall(before),
  };
}

function end(token: IToken): number {
  return token.startOffset + token.image.length;
}

function isOpen(comment: IToken): boolean {
  return comment.image.startsWith('--') || !comment.image.endsWith('*/');
}

function isClosed(string: IToken): boolean {
  return string.image.length > 1 && string.image.endsWith("'");
}

/** A name or any keyword. */
function isWord(token: IToken): boolean {
  return tokenMatcher(token, Name) || tokenMatcher(token, QuotedName) || /^[a-z_]+$/i.test(token.image);
}

/** SQL's special forms separate arguments with words. */
const SEPARATORS = [K.FROM, K.FOR, K.TO];

function enclosingCall(before: readonly IToken[]): EnclosingCall | null {
  let depth = 0;
  let argument = 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const { tokenType } = before[i]!;
    if (tokenType === RightParen || tokenType === RightBracket) depth++;
    if (tokenType === LeftBracket && depth-- === 0) return null;
    if (depth === 0 && (tokenType === Comma || SEPARATORS.includes(tokenType))) argument++;
    if (tokenType !== LeftParen) continue;
    if (depth-- > 0) continue;
    const name = before[i - 1];
    if (name !== undefined && tokenMatcher(name, Name)) return { name: name.image, argument };
    // A plain parenthesis: the call, if any, is further out.
    depth = 0;
    argument = 0;
  }
  return null;
}

/** The dotted path that ends before the cursor's dot; null when no dot stands there, or no plain path before it. */
export function pathBefore({ before }: Cursor): readonly IToken[] | null {
  const path: IToken[] = [];
  let i = before.length - 1;
  while (i >= 1 && before[i]!.tokenType === Dot && isWord(before[i - 1]!)) {
    path.unshift(before[i - 1]!);
    i -= 2;
  }
  return path.length === 0 ? null : path;
}

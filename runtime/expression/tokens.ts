/** Tokens of the expression language. Words match without regard to case. */
import { createToken, Lexer, type TokenType } from 'chevrotain';

/** A name: a plain word, or any soft keyword, which keeps fields such as `timestamp` or `date` usable without quotes. */
export const Name = createToken({ name: 'Name', pattern: Lexer.NA });

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
/** A function, because the lexer drops the `u` flag of a plain pattern. */
export const Word = createToken({
  name: 'Word',
  pattern: (text: string, offset: number) => {
    WORD.lastIndex = offset;
    return WORD.exec(text);
  },
  categories: Name,
  line_breaks: false,
});
export const QuotedName = createToken({
  name: 'QuotedName',
  pattern: /"(?:[^"]|"")+"|`(?:[^`]|``)+`/,
  line_breaks: true,
});

function keyword(name: string, soft: boolean): TokenType {
  return createToken({
    name,
    pattern: new RegExp(name, 'i'),
    longer_alt: Word,
    ...(soft ? { categories: Name } : {}),
  });
}

export const RESERVED_WORDS = [
  'AND',
  'OR',
  'NOT',
  'IS',
  'NULL',
  'TRUE',
  'FALSE',
  'BETWEEN',
  'IN',
  'LIKE',
  'CASE',
  'WHEN',
  'THEN',
  'ELSE',
  'END',
  'CAST',
  'TRY_CAST',
] as const;

export const SOFT_WORDS = [
  'UNKNOWN',
  'DISTINCT',
  'FROM',
  'ESCAPE',
  'AS',
  'FOR',
  'TO',
  'BOTH',
  'LEADING',
  'TRAILING',
  'TIMESTAMP',
  'DATE',
  'INTERVAL',
  'ARRAY',
  'MAP',
  'ROW',
] as const;

type Keyword = (typeof RESERVED_WORDS)[number] | (typeof SOFT_WORDS)[number];

export const K = Object.fromEntries([
  ...RESERVED_WORDS.map((word) => [word, keyword(word, false)] as const),
  ...SOFT_WORDS.map((word) => [word, keyword(word, true)] as const),
]) as Readonly<Record<Keyword, TokenType>>;

export const DoubleLiteral = createToken({ name: 'DoubleLiteral', pattern: /(?:\d+(?:\.\d*)?|\.\d+)e[+-]?\d+/i });
export const DecimalLiteral = createToken({ name: 'DecimalLiteral', pattern: /\d+\.\d*|\.\d+/ });
export const IntegerLiteral = createToken({ name: 'IntegerLiteral', pattern: /\d+/ });
export const StringLiteral = createToken({ name: 'StringLiteral', pattern: /'(?:[^']|'')*'/, line_breaks: true });
/** Runs to the end of the text: what a string looks like while it is typed. */
export const OpenString = createToken({
  name: 'OpenString',
  pattern: /'(?:[^']|'')*/,
  line_breaks: true,
  categories: StringLiteral,
});

export const NotEqual = createToken({ name: 'NotEqual', pattern: /<>|!=/ });
export const LessEqual = createToken({ name: 'LessEqual', pattern: /<=/ });
export const GreaterEqual = createToken({ name: 'GreaterEqual', pattern: />=/ });
export const Less = createToken({ name: 'Less', pattern: /</ });
export const Greater = createToken({ name: 'Greater', pattern: />/ });
export const Equal = createToken({ name: 'Equal', pattern: /=/ });
export const Concat = createToken({ name: 'Concat', pattern: /\|\|/ });
export const Plus = createToken({ name: 'Plus', pattern: /\+/ });
export const Minus = createToken({ name: 'Minus', pattern: /-/ });
export const Star = createToken({ name: 'Star', pattern: /\*/ });
export const Slash = createToken({ name: 'Slash', pattern: /\// });
export const Percent = createToken({ name: 'Percent', pattern: /%/ });
export const LeftParen = createToken({ name: 'LeftParen', pattern: /\(/ });
export const RightParen = createToken({ name: 'RightParen', pattern: /\)/ });
export const LeftBracket = createToken({ name: 'LeftBracket', pattern: /\[/ });
export const RightBracket = createToken({ name: 'RightBracket', pattern: /\]/ });
export const Comma = createToken({ name: 'Comma', pattern: /,/ });
export const Dot = createToken({ name: 'Dot', pattern: /\./ });

const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
const LineComment = createToken({ name: 'LineComment', pattern: /--[^\n]*/, group: 'comments' });
/** An unclosed one runs to the end of the text. */
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: /\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/,
  group: 'comments',
  line_breaks: true,
});

export const TOKENS: TokenType[] = [
  Space,
  LineComment,
  BlockComment,
  DoubleLiteral,
  DecimalLiteral,
  IntegerLiteral,
  StringLiteral,
  OpenString,
  QuotedName,
  // Longest first: the lexer takes the first that fits, and INTERVAL begins with IN.
  ...Object.values(K).toSorted((a, b) => b.name.length - a.name.length),
  Word,
  Name,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  Equal,
  Concat,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  Comma,
  Dot,
];

export const expressionLexer = new Lexer(TOKENS, { ensureOptimizations: false });

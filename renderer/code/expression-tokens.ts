/** Colours of the expression language; what it means is told by runtime/expression. */
import type { languages } from 'monaco-editor/editor';
import { RESERVED_WORDS, SOFT_WORDS } from '../../runtime/expression/tokens.ts';

export const EXPRESSION_LANGUAGE = 'millrace-expression';

export const TOKENS: languages.IMonarchLanguage = {
  ignoreCase: true,
  unicode: true,
  defaultToken: 'delimiter',
  keywords: [...RESERVED_WORDS, ...SOFT_WORDS].map((word) => word.toLowerCase()),
  tokenizer: {
    root: [
      [/\$\{[^}]*\}?/, 'parameter'],
      [/[\p{L}_$][\p{L}\p{N}_$]*(?=\s*\()/u, { cases: { '@keywords': 'keyword', '@default': 'function' } }],
      [/[\p{L}_$][\p{L}\p{N}_$]*/u, { cases: { '@keywords': 'keyword', '@default': 'identifier' } }],
      [/(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/, 'number'],
      [/'(?:[^']|'')*'?/, 'string'],
      [/"(?:[^"]|"")*"?|`(?:[^`]|``)*`?/, 'identifier'],
      [/--.*$/, 'comment'],
      [/\/\*/, 'comment', '@comment'],
      [/<>|!=|<=|>=|\|\||[=<>+\-*/%]/, 'operator'],
      [/[()[\],.]/, 'delimiter'],
      [/\s+/, 'white'],
    ],
    comment: [
      [/\*\//, 'comment', '@pop'],
      [/./, 'comment'],
    ],
  },
};

export const CONFIGURATION: languages.LanguageConfiguration = {
  comments: { lineComment: '--', blockComment: ['/*', '*/'] },
  brackets: [
    ['(', ')'],
    ['[', ']'],
  ],
  autoClosingPairs: [
    { open: '(', close: ')' },
    { open: '[', close: ']' },
    { open: "'", close: "'", notIn: ['string'] },
  ],
  surroundingPairs: [
    { open: '(', close: ')' },
    { open: "'", close: "'" },
    { open: '"', close: '"' },
  ],
};

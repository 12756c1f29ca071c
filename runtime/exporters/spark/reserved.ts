/** What no variable of the program may be called: words of Python, and what the program uses by name. */
export const RESERVED: readonly string[] = [
  ...'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda'.split(' '), // prettier-ignore
  ...'nonlocal not or pass raise return try while with yield match case type print list dict set range filter map id input'.split(' '), // prettier-ignore
  ...['F', 'SparkSession', 'spark', 'CHECKPOINTS', 'query'],
];

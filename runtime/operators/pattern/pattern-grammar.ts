/** Tokens and grammar of row patterns: `A (B | C)+ D{2,3}?`. */
import { createToken, CstParser, EOF, Lexer, type CstNode, type IToken, type TokenType } from 'chevrotain';
import { say } from '../../core/say.ts';

const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
export const Variable = createToken({
  name: 'Variable',
  // A function, because the lexer drops the `u` flag of a plain pattern.
  pattern: (text: string, offset: number) => {
    NAME.lastIndex = offset;
    return NAME.exec(text);
  },
  line_breaks: false,
});
export const Count = createToken({ name: 'Count', pattern: /\d+/ });
const Star = createToken({ name: 'Star', pattern: '*' });
const Plus = createToken({ name: 'Plus', pattern: '+' });
const Question = createToken({ name: 'Question', pattern: '?' });
const Bar = createToken({ name: 'Bar', pattern: '|' });
const Comma = createToken({ name: 'Comma', pattern: ',' });
const LeftParen = createToken({ name: 'LeftParen', pattern: '(' });
const RightParen = createToken({ name: 'RightParen', pattern: ')' });
const LeftBrace = createToken({ name: 'LeftBrace', pattern: '{' });
const RightBrace = createToken({ name: 'RightBrace', pattern: '}' });
const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });

const TOKENS = [Space, Variable, Count, Star, Plus, Question, Bar, Comma, LeftParen, RightParen, LeftBrace, RightBrace];
export const patternLexer = new Lexer(TOKENS);

const SPELLING = new Map<TokenType, string>([
  [RightParen, '")"'],
  [RightBrace, '"}"'],
  [Count, 'a number'],
  [Variable, 'a variable'],
]);

function describe(token: IToken): string {
  return token.tokenType === EOF ? say`the end` : `"${token.image}"`;
}

class PatternParser extends CstParser {
  constructor() {
    super(TOKENS, {
      nodeLocationTracking: 'onlyOffset',
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected, actual }) =>
          say`Expected ${SPELLING.get(expected) ?? expected.name} but found ${describe(actual)}`,
        buildNotAllInputParsedMessage: ({ firstRedundant }) =>
          say`Expected the end but found ${describe(firstRedundant)}`,
        buildNoViableAltMessage: ({ actual }) => say`Expected a variable or "(" but found ${describe(actual[0]!)}`,
        buildEarlyExitMessage: ({ actual }) => say`Expected a variable or "(" but found ${describe(actual[0]!)}`,
      },
    });
    this.performSelfAnalysis();
  }

  readonly alternatives = this.RULE('alternatives', () => {
    this.AT_LEAST_ONE_SEP({ SEP: Bar, DEF: () => this.SUBRULE(this.sequence, { LABEL: 'item' }) });
  });

  readonly sequence = this.RULE('sequence', () => {
    this.AT_LEAST_ONE(() => this.SUBRULE(this.factor, { LABEL: 'item' }));
  });

  readonly factor = this.RULE('factor', () => {
    this.OR([
      { ALT: () => this.CONSUME(Variable) },
      {
        ALT: () => {
          this.CONSUME(LeftParen);
          this.SUBRULE(this.alternatives, { LABEL: 'group' });
          this.CONSUME(RightParen);
        },
      },
    ]);
    this.OPTION(() => this.SUBRULE(this.quantifier));
  });

  readonly quantifier = this.RULE('quantifier', () => {
    this.OR([
      { ALT: () => this.CONSUME(Star) },
      { ALT: () => this.CONSUME(Plus) },
      { ALT: () => this.CONSUME(Question, { LABEL: 'optional' }) },
      {
        ALT: () => {
          this.CONSUME(LeftBrace);
          this.OPTION(() => this.CONSUME(Count, { LABEL: 'min' }));
          this.OPTION2(() => {
            this.CONSUME(Comma);
            this.OPTION3(() => this.CONSUME2(Count, { LABEL: 'max' }));
          });
          this.CONSUME(RightBrace);
        },
      },
    ]);
    this.OPTION4(() => this.CONSUME2(Question, { LABEL: 'reluctant' }));
  });
}

const parser = new PatternParser();

/** The parser keeps state, but only for the length of this call. */
export function parsePatternTokens(tokens: IToken[]): {
  readonly cst: CstNode;
  readonly errors: readonly { readonly message: string; readonly token: IToken }[];
} {
  parser.input = tokens;
  const cst = parser.alternatives();
  return { cst, errors: parser.errors.map(({ message, token }) => ({ message, token })) };
}

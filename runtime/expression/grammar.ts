/**
 * The grammar, loosest operator first: OR · AND · NOT · IS · comparisons · BETWEEN / IN / LIKE · + - · * / % || · unary - + · [ ] and .
 * This is Calcite's order, which Flink SQL reads by. Recovery is on: half-typed text still gives a tree.
 */
import { CstParser, EOF, tokenMatcher, type CstNode, type IToken, type TokenType } from 'chevrotain';
import { say } from '../core/say.ts';
import * as T from './tokens.ts';

const { K } = T;

function describe(token: IToken): string {
  return token.tokenType === EOF ? say`the end` : `"${token.image}"`;
}

const SPELLING = new Map<TokenType, string>([
  [T.LeftParen, '"("'],
  [T.RightParen, '")"'],
  [T.LeftBracket, '"["'],
  [T.RightBracket, '"]"'],
  [T.StringLiteral, 'a string'],
  [T.Name, 'a name'],
  [T.IntegerLiteral, 'a number'],
]);

class ExpressionParser extends CstParser {
  constructor() {
    super(T.TOKENS, {
      recoveryEnabled: true,
      nodeLocationTracking: 'onlyOffset',
      maxLookahead: 3,
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected, actual }) =>
          say`Expected ${SPELLING.get(expected) ?? expected.name} but found ${describe(actual)}`,
        buildNotAllInputParsedMessage: ({ firstRedundant }) =>
          say`Expected an operator or the end but found ${describe(firstRedundant)}`,
        buildNoViableAltMessage: ({ actual }) => say`Expected an expression but found ${describe(actual[0]!)}`,
        buildEarlyExitMessage: ({ actual }) => say`Expected more but found ${describe(actual[0]!)}`,
      },
    });
    this.performSelfAnalysis();
  }

  readonly root = this.RULE('root', () => {
    this.SUBRULE(this.expression);
  });

  readonly expression = this.RULE('expression', () => {
    this.SUBRULE(this.conjunction, { LABEL: 'operand' });
    this.MANY(() => {
      this.CONSUME(K.OR, { LABEL: 'operator' });
      this.SUBRULE2(this.conjunction, { LABEL: 'operand' });
    });
  });

  readonly conjunction = this.RULE('conjunction', () => {
    this.SUBRULE(this.negation, { LABEL: 'operand' });
    this.MANY(() => {
      this.CONSUME(K.AND, { LABEL: 'operator' });
      this.SUBRULE2(this.negation, { LABEL: 'operand' });
    });
  });

  readonly negation = this.RULE('negation', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(K.NOT);
          this.SUBRULE(this.negation, { LABEL: 'operand' });
        },
      },
      { ALT: () => this.SUBRULE(this.test) },
    ]);
  });

  readonly test = this.RULE('test', () => {
    this.SUBRULE(this.comparison, { LABEL: 'operand' });
    this.MANY(() => {
      this.SUBRULE(this.testSuffix, { LABEL: 'suffix' });
    });
  });

  readonly testSuffix = this.RULE('testSuffix', () => {
    this.CONSUME(K.IS);
    this.OPTION(() => this.CONSUME(K.NOT));
    this.OR([
      { ALT: () => this.CONSUME(K.NULL, { LABEL: 'what' }) },
      { ALT: () => this.CONSUME(K.TRUE, { LABEL: 'what' }) },
      { ALT: () => this.CONSUME(K.FALSE, { LABEL: 'what' }) },
      { ALT: () => this.CONSUME(K.UNKNOWN, { LABEL: 'what' }) },
      {
        ALT: () => {
          this.CONSUME(K.DISTINCT, { LABEL: 'what' });
          this.CONSUME(K.FROM);
          this.SUBRULE(this.sum, { LABEL: 'right' });
        },
      },
    ]);
  });

  readonly comparison = this.RULE('comparison', () => {
    this.SUBRULE(this.range, { LABEL: 'operand' });
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(T.Equal, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(T.NotEqual, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(T.LessEqual, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(T.GreaterEqual, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(T.Less, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(T.Greater, { LABEL: 'operator' }) },
      ]);
      this.SUBRULE2(this.range, { LABEL: 'operand' });
    });
  });

  readonly range = this.RULE('range', () => {
    this.SUBRULE(this.sum, { LABEL: 'operand' });
    this.MANY({
      // POSITION(a IN b): this IN is the call's.
      GATE: () => !(tokenMatcher(this.LA(1), K.IN) && this.LA(2).tokenType !== T.LeftParen),
      DEF: () => this.SUBRULE(this.rangeSuffix, { LABEL: 'suffix' }),
    });
  });

  readonly rangeSuffix = this.RULE('rangeSuffix', () => {
    this.OPTION(() => this.CONSUME(K.NOT));
    this.OR([
      {
        ALT: () => {
          this.CONSUME(K.BETWEEN);
          this.SUBRULE(this.sum, { LABEL: 'low' });
          this.CONSUME(K.AND);
          this.SUBRULE2(this.sum, { LABEL: 'high' });
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.IN);
          this.CONSUME(T.LeftParen);
          this.AT_LEAST_ONE_SEP({
            SEP: T.Comma,
            DEF: () => this.SUBRULE(this.expression, { LABEL: 'item' }),
          });
          this.CONSUME(T.RightParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.LIKE);
          this.SUBRULE3(this.sum, { LABEL: 'pattern' });
          this.OPTION2(() => {
            this.CONSUME(K.ESCAPE);
            this.SUBRULE4(this.sum, { LABEL: 'escape' });
          });
        },
      },
    ]);
  });

  readonly sum = this.RULE('sum', () => {
    this.SUBRULE(this.product, { LABEL: 'operand' });
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(T.Plus, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(T.Minus, { LABEL: 'operator' }) },
      ]);
      this.SUBRULE2(this.product, { LABEL: 'operand' });
    });
  });

  readonly product = this.RULE('product', () => {
    this.SUBRULE(this.sign, { LABEL: 'operand' });
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(T.Star, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(T.Slash, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(T.Percent, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(T.Concat, { LABEL: 'operator' }) },
      ]);
      this.SUBRULE2(this.sign, { LABEL: 'operand' });
    });
  });

  readonly sign = this.RULE('sign', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Minus);
          this.SUBRULE(this.sign, { LABEL: 'operand' });
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Plus);
          this.SUBRULE2(this.sign, { LABEL: 'operand' });
        },
      },
      { ALT: () => this.SUBRULE(this.postfix) },
    ]);
  });

  readonly postfix = this.RULE('postfix', () => {
    this.SUBRULE(this.primary);
    this.MANY(() => this.SUBRULE(this.postfixSuffix, { LABEL: 'suffix' }));
  });

  readonly postfixSuffix = this.RULE('postfixSuffix', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.LeftBracket);
          this.SUBRULE(this.expression, { LABEL: 'key' });
          this.CONSUME(T.RightBracket);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Dot);
          this.SUBRULE(this.name, { LABEL: 'name' });
        },
      },
    ]);
  });

  readonly name = this.RULE('name', () => {
    this.OR([{ ALT: () => this.CONSUME(T.Name) }, { ALT: () => this.CONSUME(T.QuotedName) }]);
  });

  readonly primary = this.RULE('primary', () => {
    this.OR({
      // A soft keyword is also a name: the special forms come first.
      IGNORE_AMBIGUITIES: true,
      // Two tokens tell them apart; with three, `UPPER(` at the end of the text would not be a call.
      MAX_LOOKAHEAD: 2,
      DEF: [
        { ALT: () => this.CONSUME(T.IntegerLiteral) },
        { ALT: () => this.CONSUME(T.DecimalLiteral) },
        { ALT: () => this.CONSUME(T.DoubleLiteral) },
        { ALT: () => this.CONSUME(T.StringLiteral) },
        { ALT: () => this.CONSUME(K.TRUE) },
        { ALT: () => this.CONSUME(K.FALSE) },
        { ALT: () => this.CONSUME(K.NULL) },
        { ALT: () => this.SUBRULE(this.parenthesised) },
        { ALT: () => this.SUBRULE(this.caseExpression) },
        { ALT: () => this.SUBRULE(this.castExpression) },
        { ALT: () => this.SUBRULE(this.timeLiteral) },
        { ALT: () => this.SUBRULE(this.intervalLiteral) },
        { ALT: () => this.SUBRULE(this.listConstructor) },
        { ALT: () => this.SUBRULE(this.rowConstructor) },
        { ALT: () => this.SUBRULE(this.call) },
        { ALT: () => this.SUBRULE(this.name) },
      ],
    });
  });

  readonly parenthesised = this.RULE('parenthesised', () => {
    this.CONSUME(T.LeftParen);
    this.SUBRULE(this.expression);
    this.CONSUME(T.RightParen);
  });

  readonly caseExpression = this.RULE('caseExpression', () => {
    this.CONSUME(K.CASE);
    this.OPTION(() => this.SUBRULE(this.expression, { LABEL: 'operand' }));
    this.AT_LEAST_ONE(() => this.SUBRULE(this.caseBranch, { LABEL: 'branch' }));
    this.OPTION2(() => {
      this.CONSUME(K.ELSE);
      this.SUBRULE2(this.expression, { LABEL: 'otherwise' });
    });
    this.CONSUME(K.END);
  });

  readonly caseBranch = this.RULE('caseBranch', () => {
    this.CONSUME(K.WHEN);
    this.SUBRULE(this.expression, { LABEL: 'when' });
    this.CONSUME(K.THEN);
    this.SUBRULE2(this.expression, { LABEL: 'then' });
  });

  readonly castExpression = this.RULE('castExpression', () => {
    this.OR([{ ALT: () => this.CONSUME(K.CAST) }, { ALT: () => this.CONSUME(K.TRY_CAST) }]);
    this.CONSUME(T.LeftParen);
    this.SUBRULE(this.expression);
    this.CONSUME(K.AS);
    this.SUBRULE(this.typeName);
    this.CONSUME(T.RightParen);
  });

  /** Only its extent matters: core reads the text of a type. */
  readonly typeName = this.RULE('typeName', () => {
    this.SUBRULE(this.name);
    this.OPTION(() => {
      this.CONSUME(T.LeftParen);
      this.CONSUME(T.IntegerLiteral);
      this.OPTION2(() => {
        this.CONSUME(T.Comma);
        this.CONSUME2(T.IntegerLiteral);
      });
      this.CONSUME(T.RightParen);
    });
    this.OPTION3(() => {
      this.CONSUME(T.Less);
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.typeArgument) });
      this.CONSUME(T.Greater);
    });
  });

  readonly typeArgument = this.RULE('typeArgument', () => {
    this.SUBRULE(this.typeName);
    this.OPTION(() => this.SUBRULE2(this.typeName));
    this.OPTION2(() => {
      this.CONSUME(K.NOT);
      this.CONSUME(K.NULL);
    });
  });

  readonly timeLiteral = this.RULE('timeLiteral', () => {
    this.OR([{ ALT: () => this.CONSUME(K.TIMESTAMP) }, { ALT: () => this.CONSUME(K.DATE) }]);
    this.CONSUME(T.StringLiteral);
  });

  readonly intervalLiteral = this.RULE('intervalLiteral', () => {
    this.CONSUME(K.INTERVAL);
    this.CONSUME(T.StringLiteral);
    this.CONSUME(T.Name);
  });

  readonly listConstructor = this.RULE('listConstructor', () => {
    this.OR([{ ALT: () => this.CONSUME(K.ARRAY) }, { ALT: () => this.CONSUME(K.MAP) }]);
    this.CONSUME(T.LeftBracket);
    this.MANY_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.expression, { LABEL: 'item' }) });
    this.CONSUME(T.RightBracket);
  });

  readonly rowConstructor = this.RULE('rowConstructor', () => {
    this.CONSUME(K.ROW);
    this.CONSUME(T.LeftParen);
    this.MANY_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.expression, { LABEL: 'item' }) });
    this.CONSUME(T.RightParen);
  });

  readonly call = this.RULE('call', () => {
    this.CONSUME(T.Name);
    this.CONSUME(T.LeftParen);
    this.OPTION({
      GATE: () => this.#startsTrimSide(),
      DEF: () => {
        this.OR([
          { ALT: () => this.CONSUME(K.BOTH, { LABEL: 'side' }) },
          { ALT: () => this.CONSUME(K.LEADING, { LABEL: 'side' }) },
          { ALT: () => this.CONSUME(K.TRAILING, { LABEL: 'side' }) },
        ]);
        this.OPTION2({
          GATE: () => this.LA(2).tokenType !== T.RightParen,
          DEF: () => this.CONSUME(K.FROM, { LABEL: 'separator' }),
        });
      },
    });
    this.OPTION3({
      GATE: () => this.LA(1).tokenType !== T.RightParen,
      DEF: () => {
        this.SUBRULE(this.expression, { LABEL: 'argument' });
        this.MANY(() => {
          this.OR2([
            { ALT: () => this.CONSUME(T.Comma, { LABEL: 'separator' }) },
            { ALT: () => this.CONSUME2(K.FROM, { LABEL: 'separator' }) },
            { ALT: () => this.CONSUME(K.FOR, { LABEL: 'separator' }) },
            { ALT: () => this.CONSUME(K.TO, { LABEL: 'separator' }) },
            { ALT: () => this.CONSUME(K.IN, { LABEL: 'separator' }) },
          ]);
          this.SUBRULE2(this.expression, { LABEL: 'argument' });
        });
      },
    });
    this.CONSUME(T.RightParen);
  });

  /** `TRIM(BOTH …)`, but not `F(both)` or `F(both + 1)` on a field of that name. */
  #startsTrimSide(): boolean {
    const next = this.LA(2);
    const starts = [T.StringLiteral, T.Name, T.QuotedName, T.LeftParen, K.CASE, K.CAST, K.TRY_CAST, K.NULL];
    return starts.some((type) => tokenMatcher(next, type));
  }
}

const parser = new ExpressionParser();

export interface GrammarError {
  readonly message: string;
  readonly token: IToken;
  readonly previous: IToken | null;
}

/** The parser keeps state, but only for the length of this call. */
export function parseTokens(tokens: IToken[]): { cst: CstNode; errors: readonly GrammarError[] } {
  parser.input = tokens;
  const cst = parser.root();
  const errors = parser.errors.map((error) => ({
    message: error.message,
    token: error.token,
    previous: 'previousToken' in error ? (error.previousToken as IToken) : null,
  }));
  return { cst, errors };
}

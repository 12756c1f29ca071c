/** From text to `Syntax`, whatever the text: what cannot be read becomes a `missing` node and a problem. */
import type { CstElement, CstNode, IToken } from 'chevrotain';
import type { TextRange } from '../core/diagnostics.ts';
import { assert } from '../core/errors.ts';
import { say } from '../core/say.ts';
import { problem, type ExpressionProblem } from './problem.ts';
import { parseTokens, type GrammarError } from './grammar.ts';
import type {
  ArgumentSeparator,
  ArithmeticOperator,
  ComparisonOperator,
  NamePart,
  Syntax,
  SyntaxNode,
  TrimSide,
  TruthTest,
} from './syntax.ts';
import { expressionLexer, OpenString } from './tokens.ts';

export interface ParsedExpression {
  readonly syntax: Syntax;
  /** In the order of the text; empty when it is well formed. */
  readonly problems: readonly ExpressionProblem[];
}

export function parseExpression(text: string): ParsedExpression {
  if (text.trim() === '') {
    const range = { start: 0, end: text.length };
    return { syntax: { node: 'missing', range }, problems: [problem('MR1309', say`The expression is empty`, range)] };
  }
  const { tokens, errors: lexErrors } = expressionLexer.tokenize(text);
  const { cst, errors } = parseTokens(tokens);
  const problems = [
    ...lexErrors.map((e) =>
      problem('MR1301', say`Unexpected character ${JSON.stringify(text.substr(e.offset, e.length))}`, {
        start: e.offset,
        end: e.offset + e.length,
      }),
    ),
    ...tokens
      .filter((t) => t.tokenType === OpenString)
      .map((t) => problem('MR1301', say`The string is not closed: a quote is missing`, tokenRange(t))),
    ...errors.map((e) => problem('MR1301', e.message, errorRange(e, text))),
  ];
  problems.sort((a, b) => a.range.start - b.range.start);
  return { syntax: new SyntaxBuilder(text).build(cst), problems };
}

function tokenRange(token: IToken): TextRange {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

function errorRange(error: GrammarError, text: string): TextRange {
  if (Number.isFinite(error.token.startOffset) && error.token.image !== '') return tokenRange(error.token);
  // At the end of the text: the last character that says something, so that there is something to underline.
  const end = text.trimEnd().length;
  return { start: Math.max(0, end - 1), end };
}

/** Content of a quoted name or string: a doubled quote stands for itself. */
function unquote(image: string, quote: string): string {
  const closed = image.length > 1 && image.endsWith(quote);
  return image.slice(1, closed ? -1 : undefined).replaceAll(quote + quote, quote);
}

type Children = Readonly<Record<string, readonly CstElement[] | undefined>>;

function isToken(element: CstElement): element is IToken {
  return 'image' in element;
}

class SyntaxBuilder {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  build(cst: CstNode): Syntax {
    const root = this.#only(cst, 'expression');
    return root === undefined ? this.#missing(cst) : this.#expression(root);
  }

  #nodes(cst: CstNode, label: string): readonly CstNode[] {
    return ((cst.children as Children)[label] ?? []).filter((c): c is CstNode => !isToken(c));
  }

  #tokens(cst: CstNode, label: string): readonly IToken[] {
    return ((cst.children as Children)[label] ?? []).filter(isToken);
  }

  #only(cst: CstNode, label: string): CstNode | undefined {
    return this.#nodes(cst, label)[0];
  }

  #has(cst: CstNode, token: string): boolean {
    return this.#tokens(cst, token).length > 0;
  }

  #range(cst: CstNode): TextRange {
    const start = cst.location?.startOffset ?? NaN;
    const end = (cst.location?.endOffset ?? NaN) + 1;
    return Number.isFinite(start) && Number.isFinite(end)
      ? { start, end }
      : { start: this.#text.length, end: this.#text.length };
  }

  #missing(cst: CstNode): Syntax {
    return { node: 'missing', range: this.#range(cst) };
  }

  #at(cst: CstNode, node: SyntaxNode): Syntax {
    return { ...node, range: this.#range(cst) };
  }

  /** The child expression at `label`, or a missing one when recovery skipped it. */
  #operand(cst: CstNode, label: string): Syntax {
    const child = this.#only(cst, label);
    return child === undefined
      ? { node: 'missing', range: { start: this.#range(cst).end, end: this.#range(cst).end } }
      : this.#expression(child);
  }

  #expression(cst: CstNode): Syntax {
    switch (cst.name) {
      case 'expression':
        return this.#leftToRight(cst, (_, left, right) => ({ node: 'logical', operator: 'OR', left, right }));
      case 'conjunction':
        return this.#leftToRight(cst, (_, left, right) => ({ node: 'logical', operator: 'AND', left, right }));
      case 'negation':
        return this.#has(cst, 'NOT')
          ? this.#at(cst, { node: 'not', operand: this.#operand(cst, 'operand') })
          : this.#operand(cst, 'test');
      case 'test':
        return this.#suffixed(cst, (operand, suffix) => this.#testSuffix(operand, suffix));
      case 'comparison':
        return this.#leftToRight(cst, (image, left, right) => ({
          node: 'comparison',
          operator: (image === '!=' ? '<>' : image) as ComparisonOperator,
          left,
          right,
        }));
      case 'range':
        return this.#suffixed(cst, (operand, suffix) => this.#rangeSuffix(operand, suffix));
      case 'sum':
      case 'product':
        return this.#leftToRight(cst, (image, left, right) =>
          image === '||'
            ? { node: 'concat', left, right }
            : { node: 'arithmetic', operator: image as ArithmeticOperator, left, right },
        );
      case 'sign':
        return this.#sign(cst);
      case 'postfix':
        return this.#postfix(cst);
      case 'primary':
        return this.#primary(cst);
      default:
        return this.#missing(cst);
    }
  }

  #leftToRight(cst: CstNode, combine: (operator: string, left: Syntax, right: Syntax) => SyntaxNode): Syntax {
    const [first, ...rest] = this.#nodes(cst, 'operand').map((child) => this.#expression(child));
    if (first === undefined) return this.#missing(cst);
    return this.#tokens(cst, 'operator').reduce((left, operator, i) => {
      const end = tokenRange(operator).end;
      const right = rest[i] ?? { node: 'missing', range: { start: end, end } };
      return { ...combine(operator.image, left, right), range: { start: left.range.start, end: right.range.end } };
    }, first);
  }

  #suffixed(cst: CstNode, apply: (operand: Syntax, suffix: CstNode) => SyntaxNode): Syntax {
    return this.#nodes(cst, 'suffix').reduce(
      (operand, suffix) => ({
        ...apply(operand, suffix),
        range: { start: operand.range.start, end: this.#range(suffix).end },
      }),
      this.#operand(cst, 'operand'),
    );
  }

  #testSuffix(operand: Syntax, suffix: CstNode): SyntaxNode {
    const negated = this.#has(suffix, 'NOT');
    const what = this.#tokens(suffix, 'what')[0]?.image.toUpperCase();
    switch (what) {
      case undefined:
        return { node: 'missing' };
      case 'DISTINCT':
        return { node: 'distinct', negated, left: operand, right: this.#operand(suffix, 'right') };
      default:
        return { node: 'is', test: what as TruthTest, negated, operand };
    }
  }

  #rangeSuffix(operand: Syntax, suffix: CstNode): SyntaxNode {
    const negated = this.#has(suffix, 'NOT');
    if (this.#has(suffix, 'BETWEEN')) {
      return {
        node: 'between',
        negated,
        operand,
        low: this.#operand(suffix, 'low'),
        high: this.#operand(suffix, 'high'),
      };
    }
    if (this.#has(suffix, 'IN')) {
      return { node: 'in', negated, operand, items: this.#nodes(suffix, 'item').map((item) => this.#expression(item)) };
    }
    if (this.#has(suffix, 'LIKE')) {
      const escape = this.#has(suffix, 'ESCAPE') ? this.#operand(suffix, 'escape') : null;
      return { node: 'like', negated, operand, pattern: this.#operand(suffix, 'pattern'), escape };
    }
    return { node: 'missing' };
  }

  #sign(cst: CstNode): Syntax {
    if (this.#has(cst, 'Minus')) return this.#at(cst, { node: 'negate', operand: this.#operand(cst, 'operand') });
    return this.#operand(cst, this.#has(cst, 'Plus') ? 'operand' : 'postfix');
  }

  /** A chain of plain names is one path: only the checker knows whether `a.b` is a field of an input or of a row. */
  #postfix(cst: CstNode): Syntax {
    return this.#nodes(cst, 'suffix').reduce<Syntax>(
      (operand, suffix) => {
        const range = { start: operand.range.start, end: this.#range(suffix).end };
        if (this.#has(suffix, 'LeftBracket'))
          return { node: 'element', operand, key: this.#operand(suffix, 'key'), range };
        const name = this.#name(this.#only(suffix, 'name'), range.end);
        if (operand.node === 'name') return { node: 'name', path: [...operand.path, name], range };
        return { node: 'field', operand, name, range };
      },
      this.#operand(cst, 'primary'),
    );
  }

  #name(cst: CstNode | undefined, otherwiseAt: number): NamePart {
    const token = cst && (this.#tokens(cst, 'Name')[0] ?? this.#tokens(cst, 'QuotedName')[0]);
    if (token === undefined || token.isInsertedInRecovery)
      return { text: '', range: { start: otherwiseAt, end: otherwiseAt } };
    const quote = token.image[0]!;
    const quoted = quote === '"' || quote === '`';
    return { text: quoted ? unquote(token.image, quote) : token.image, range: tokenRange(token) };
  }

  #primary(cst: CstNode): Syntax {
    const [label, children] =
      Object.entries(cst.children as Children).find(([, c]) => c !== undefined && c.length > 0) ?? [];
    const child = children?.[0];
    if (label === undefined || child === undefined) return this.#missing(cst);
    return isToken(child) ? this.#literal(cst, label, child) : this.#compound(child);
  }

  #literal(cst: CstNode, label: string, token: IToken): Syntax {
    if (token.isInsertedInRecovery) return this.#missing(cst);
    switch (label) {
      case 'IntegerLiteral':
        return this.#at(cst, { node: 'number', text: token.image, form: 'integer' });
      case 'DecimalLiteral':
        return this.#at(cst, { node: 'number', text: token.image, form: 'decimal' });
      case 'DoubleLiteral':
        return this.#at(cst, { node: 'number', text: token.image, form: 'double' });
      case 'StringLiteral':
        return this.#at(cst, { node: 'string', value: unquote(token.image, "'") });
      case 'NULL':
        return this.#at(cst, { node: 'null' });
      default:
        return this.#at(cst, { node: 'boolean', value: label === 'TRUE' });
    }
  }

  #compound(cst: CstNode): Syntax {
    switch (cst.name) {
      case 'parenthesised':
        return { ...this.#operand(cst, 'expression'), range: this.#range(cst) };
      case 'caseExpression':
        return this.#at(cst, {
          node: 'case',
          operand: this.#only(cst, 'operand') === undefined ? null : this.#operand(cst, 'operand'),
          branches: this.#nodes(cst, 'branch').map((branch) => ({
            when: this.#operand(branch, 'when'),
            then: this.#operand(branch, 'then'),
          })),
          otherwise: this.#has(cst, 'ELSE') ? this.#operand(cst, 'otherwise') : null,
        });
      case 'castExpression':
        return this.#at(cst, {
          node: 'cast',
          safe: this.#has(cst, 'TRY_CAST'),
          operand: this.#operand(cst, 'expression'),
          type: this.#typeName(cst),
        });
      case 'timeLiteral':
        return this.#at(cst, {
          node: 'time',
          kind: this.#has(cst, 'DATE') ? 'DATE' : 'TIMESTAMP',
          text: this.#stringContent(cst),
        });
      case 'intervalLiteral': {
        const unit = this.#tokens(cst, 'Name').find((token) => !token.isInsertedInRecovery);
        return this.#at(cst, {
          node: 'interval',
          text: this.#stringContent(cst),
          unit: unit === undefined ? null : { text: unit.image, range: tokenRange(unit) },
        });
      }
      case 'listConstructor':
        return this.#at(cst, { node: this.#has(cst, 'MAP') ? 'map' : 'array', items: this.#items(cst, 'item') });
      case 'rowConstructor':
        return this.#at(cst, { node: 'row', items: this.#items(cst, 'item') });
      case 'call':
        return this.#call(cst);
      case 'name': {
        const name = this.#name(cst, this.#range(cst).end);
        return name.text === '' ? this.#missing(cst) : this.#at(cst, { node: 'name', path: [name] });
      }
      default:
        return this.#missing(cst);
    }
  }

  #items(cst: CstNode, label: string): readonly Syntax[] {
    return this.#nodes(cst, label).map((item) => this.#expression(item));
  }

  #stringContent(cst: CstNode): string {
    const token = this.#tokens(cst, 'StringLiteral')[0];
    return token === undefined ? '' : unquote(token.image, "'");
  }

  #typeName(cst: CstNode): NamePart {
    const type = this.#only(cst, 'typeName');
    const range = type === undefined ? { start: this.#range(cst).end, end: this.#range(cst).end } : this.#range(type);
    return { text: this.#text.slice(range.start, range.end), range };
  }

  #call(cst: CstNode): Syntax {
    const token = this.#tokens(cst, 'Name')[0];
    assert(token !== undefined, 'a call without a name');
    const side = this.#tokens(cst, 'side')[0];
    return this.#at(cst, {
      node: 'call',
      name: { text: token.image, range: tokenRange(token) },
      trimSide: side === undefined ? null : (side.image.toUpperCase() as TrimSide),
      args: this.#items(cst, 'argument'),
      separators: this.#tokens(cst, 'separator').map((t) => t.image.toUpperCase() as ArgumentSeparator),
    });
  }
}

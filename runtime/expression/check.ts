/** From syntax to typed tree: names and types are resolved, conversions made explicit, mistakes reported. */
import type { DiagnosticCode } from '../core/diagnostic-codes.ts';
import type { TextRange } from '../core/diagnostics.ts';
import { say } from '../core/say.ts';
import {
  arrayOf,
  BOOLEAN,
  INT,
  mapOf,
  NULL,
  parseDataType,
  printDataType,
  rowOf,
  sameType,
  STRING,
  type DataType,
} from '../core/types.ts';
import { ArithmeticChecker } from './check-arithmetic.ts';
import { CallChecker } from './check-call.ts';
import { ComparisonChecker } from './check-comparisons.ts';
import { castHint, timeAsNumber } from './check-hints.ts';
import { NameChecker } from './check-names.ts';
import { functionNames } from './functions/index.ts';
import { intervalLiteral, numberLiteral, timeLiteral } from './literals.ts';
import { parseExpression } from './parse.ts';
import { problem, type ExpressionProblem } from './problem.ts';
import type { Scope } from './scope.ts';
import { nearest } from './suggest.ts';
import type { Syntax } from './syntax.ts';
import { canCast, commonType, typeAlias, widens } from './type-rules.ts';
import { booleanOf, type TypedBranch, type TypedExpression } from './typed-expression.ts';

export interface CheckedExpression {
  /** Null iff there are errors. */
  readonly expression: TypedExpression | null;
  readonly problems: readonly ExpressionProblem[];
}

/**
 * Reads and types `text`. With `expected`, the result is widened to that type, or MR1306 is reported.
 * Without it, a type that no column can have (NULL, INTERVAL) is MR1306 too.
 */
export function checkExpression(text: string, scope: Scope, expected?: DataType): CheckedExpression {
  const { syntax, problems: syntaxProblems } = parseExpression(text);
  const { expression, problems } = checkSyntax(syntax, scope, expected);
  return { expression: syntaxProblems.length === 0 ? expression : null, problems: [...syntaxProblems, ...problems] };
}

/** As `checkExpression`, of what was parsed before. A part that could not be read gives null without a problem: the parser has said so. */
export function checkSyntax(syntax: Syntax, scope: Scope, expected?: DataType): CheckedExpression {
  const checker = new Checker(scope);
  const typed = checker.check(syntax);
  const result = typed === null ? null : checker.fit(typed, expected, syntax.range);
  return { expression: checker.problems.length === 0 ? result : null, problems: checker.problems };
}

/** A sub-expression that has a type, and where it stands. */
export interface TypedPlace {
  readonly syntax: Syntax;
  readonly typed: TypedExpression;
}

/** Types what it can of a tree, also of one with mistakes: `places` is what the editor shows on hover. */
export class Checker {
  readonly problems: ExpressionProblem[] = [];
  readonly places: TypedPlace[] = [];
  readonly scope: Scope;
  readonly calls: CallChecker;
  readonly #names: NameChecker;
  readonly #operators: ArithmeticChecker;
  readonly #comparisons: ComparisonChecker;

  constructor(scope: Scope) {
    this.scope = scope;
    this.calls = new CallChecker(this);
    this.#names = new NameChecker(this);
    this.#operators = new ArithmeticChecker(this);
    this.#comparisons = new ComparisonChecker(this);
  }

  /** Null when the sub-expression is wrong: then a problem has been reported, or the parser has. */
  check(syntax: Syntax): TypedExpression | null {
    const typed = this.#check(syntax);
    if (typed !== null) this.places.push({ syntax, typed });
    return typed;
  }

  report(code: DiagnosticCode, message: string, range: TextRange, suggestion: string | null = null): null {
    this.problems.push(problem(code, message, range, suggestion));
    return null;
  }

  /** Brings a whole expression to the type that its place needs. */
  fit(e: TypedExpression, expected: DataType | undefined, range: TextRange): TypedExpression | null {
    if (expected !== undefined) {
      if (widens(e.type, expected)) return this.widen(e, expected);
      return this.report(
        'MR1306',
        say`Expected ${printDataType(expected)}, but this is ${printDataType(e.type)}.${castHint(e.type, expected)}`,
        range,
      );
    }
    if (e.type.kind === 'NULL') {
      return this.report('MR1306', say`NULL alone has no type: write CAST(NULL AS STRING), or another type`, range);
    }
    return e.type.kind === 'INTERVAL'
      ? this.report('MR1306', say`An INTERVAL cannot be a field: add it to a TIMESTAMP`, range)
      : e;
  }

  /** `e` as `type`, which it must widen to; the cast is not printed. */
  widen(e: TypedExpression, type: DataType): TypedExpression {
    if (sameType(e.type, type)) return e;
    return { node: 'cast', safe: false, implicit: true, operand: e, type, nullable: e.nullable };
  }

  checkAll(items: readonly Syntax[]): readonly TypedExpression[] | null {
    const typed = items.map((item) => this.check(item));
    return allPresent(typed) ? typed : null;
  }

  #check(syntax: Syntax): TypedExpression | null {
    switch (syntax.node) {
      case 'missing':
        return null;
      case 'number':
        return this.number(syntax.text, syntax.form, false, syntax.range);
      case 'string':
        return { node: 'literal', value: syntax.value, type: STRING, nullable: false };
      case 'boolean':
        return { node: 'literal', value: syntax.value, type: BOOLEAN, nullable: false };
      case 'null':
        return { node: 'literal', value: null, type: NULL, nullable: true };
      case 'time': {
        const literal = timeLiteral(syntax.kind, syntax.text);
        return literal.ok
          ? { node: 'literal', ...literal.value, nullable: false }
          : this.report('MR1308', literal.error, syntax.range);
      }
      case 'interval': {
        if (syntax.unit === null) return null;
        const literal = intervalLiteral(syntax.text, syntax.unit.text);
        return literal.ok
          ? { node: 'literal', ...literal.value, nullable: false }
          : this.report('MR1308', literal.error, syntax.range);
      }
      case 'name':
        return this.#names.name(syntax.path, syntax.range);
      case 'field': {
        const operand = this.check(syntax.operand);
        return operand && this.#names.fieldOf(operand, syntax.name);
      }
      case 'element':
        return this.#element(syntax);
      case 'negate':
        return this.#operators.negate(syntax.operand, syntax.range);
      case 'arithmetic':
        return this.#operators.arithmetic(syntax);
      case 'concat':
        return this.#operators.concat(syntax);
      case 'comparison':
      case 'distinct':
        return this.#comparisons.comparison(syntax);
      case 'logical': {
        const left = this.condition(syntax.left, syntax.operator);
        const right = this.condition(syntax.right, syntax.operator);
        return left && right && { node: 'logical', operator: syntax.operator, left, right, ...booleanOf(left, right) };
      }
      case 'not': {
        const operand = this.condition(syntax.operand, 'NOT');
        return operand && { node: 'not', operand, ...booleanOf(operand) };
      }
      case 'is': {
        const { test, negated } = syntax;
        const operand = test === 'NULL' ? this.check(syntax.operand) : this.condition(syntax.operand, `IS ${test}`);
        return operand && { node: 'is', test, negated, operand, type: BOOLEAN, nullable: false };
      }
      case 'between':
        return this.#comparisons.between(syntax);
      case 'in':
        return this.#comparisons.in(syntax);
      case 'like':
        return this.#comparisons.like(syntax);
      case 'case':
        return this.#case(syntax);
      case 'cast':
        return this.#cast(syntax);
      case 'call':
        return this.calls.check(syntax);
      case 'array':
      case 'map':
      case 'row':
        return this.#constructed(syntax);
    }
  }

  number(
    text: string,
    form: 'integer' | 'decimal' | 'double',
    negative: boolean,
    range: TextRange,
  ): TypedExpression | null {
    const literal = numberLiteral(text, form, negative);
    return literal.ok
      ? { node: 'literal', ...literal.value, nullable: false }
      : this.report('MR1308', literal.error, range);
  }

  #element(syntax: Extract<Syntax, { node: 'element' }>): TypedExpression | null {
    const operand = this.check(syntax.operand);
    const key = this.check(syntax.key);
    if (operand === null || key === null) return null;
    const { type } = operand;
    if (type.kind === 'ARRAY') {
      if (key.type.kind === 'INT' || key.type.kind === 'BIGINT' || key.type.kind === 'NULL') {
        const position = key.type.kind === 'NULL' ? this.widen(key, INT) : key;
        return { node: 'element', operand, key: position, type: type.element, nullable: true };
      }
      return this.report(
        'MR1305',
        say`The position in an array is INT, not ${printDataType(key.type)}`,
        syntax.key.range,
      );
    }
    if (type.kind === 'MAP') {
      if (widens(key.type, type.key)) {
        return { node: 'element', operand, key: this.widen(key, type.key), type: type.value, nullable: true };
      }
      return this.report(
        'MR1305',
        say`The map's keys are ${printDataType(type.key)}, not ${printDataType(key.type)}`,
        syntax.key.range,
      );
    }
    return this.report('MR1305', say`[ ] works on ARRAY and MAP, not on ${printDataType(type)}`, syntax.operand.range);
  }

  /** A BOOLEAN operand of `what`. */
  condition(syntax: Syntax, what: string): TypedExpression | null {
    const e = this.check(syntax);
    if (e === null) return null;
    if (widens(e.type, BOOLEAN)) return this.widen(e, BOOLEAN);
    return this.report('MR1305', say`${what} needs BOOLEAN, not ${printDataType(e.type)}`, syntax.range);
  }

  #case(syntax: Extract<Syntax, { node: 'case' }>): TypedExpression | null {
    const whens = syntax.branches.map((branch) => branch.when);
    const tests =
      syntax.operand === null
        ? whens.map((when) => this.condition(when, 'WHEN'))
        : this.#comparisons.comparable([syntax.operand, ...whens], 'CASE', false, syntax.range);
    const results = [
      ...syntax.branches.map((branch) => branch.then),
      ...(syntax.otherwise === null ? [] : [syntax.otherwise]),
    ];
    const typed = this.checkAll(results);
    if (tests === null || typed === null || !allPresent(tests)) return null;
    const common = this.commonOf(typed, say`The results of CASE`, syntax.range);
    if (common === null) return null;
    const [operand, conditions] = syntax.operand === null ? [null, tests] : [tests[0] ?? null, tests.slice(1)];
    const branches: TypedBranch[] = syntax.branches.map((_, i) => ({
      when: conditions[i]!,
      then: this.widen(typed[i]!, common),
    }));
    const last = syntax.otherwise === null ? null : this.widen(typed.at(-1)!, common);
    return {
      node: 'case',
      operand,
      branches,
      otherwise: last,
      type: common,
      nullable: last === null || last.nullable || branches.some((branch) => branch.then.nullable),
    };
  }

  /** The type that all have in common; reports when there is none. */
  commonOf(typed: readonly TypedExpression[], what: string, range: TextRange): DataType | null {
    const common = commonType(typed.map((e) => e.type));
    if (common !== null) return common;
    const types = [...new Set(typed.map((e) => printDataType(e.type)))];
    return this.report('MR1305', say`${what} have no common type: ${types.join(', ')}. Add a CAST.`, range);
  }

  #cast(syntax: Extract<Syntax, { node: 'cast' }>): TypedExpression | null {
    const operand = this.check(syntax.operand);
    const alias = typeAlias(syntax.type.text);
    const parsed = alias === null ? parseDataType(syntax.type.text) : null;
    // An empty type is the parser's report.
    if (syntax.type.text.trim() === '') return null;
    if (parsed?.ok === false) return this.report('MR1401', capitalised(parsed.error), syntax.type.range);
    const type = alias ?? (parsed as { value: DataType }).value;
    if (operand === null) return null;
    if (!canCast(operand.type, type)) {
      const hint = timeAsNumber(operand.type, type) ? say` UNIX_TIMESTAMP and EXTRACT give numbers of a time.` : '';
      return this.report(
        'MR1305',
        say`${printDataType(operand.type)} cannot be cast to ${printDataType(type)}.${hint}`,
        syntax.range,
      );
    }
    return {
      node: 'cast',
      safe: syntax.safe,
      implicit: false,
      operand,
      type,
      nullable: syntax.safe || operand.nullable,
    };
  }

  #constructed(syntax: Extract<Syntax, { node: 'array' | 'map' | 'row' }>): TypedExpression | null {
    const items = this.checkAll(syntax.items);
    if (items === null) return null;
    const constructor = syntax.node.toUpperCase();
    if (items.length === 0) return this.report('MR1305', say`An empty ${constructor} has no type`, syntax.range);
    if (syntax.node === 'row') {
      const fields = items.map((item, i) => ({
        name: `f${i}`,
        type: item.type.kind === 'NULL' ? STRING : item.type,
        nullable: item.nullable,
      }));
      return {
        node: 'row',
        items: items.map((item, i) => this.widen(item, fields[i]!.type)),
        type: rowOf(fields),
        nullable: false,
      };
    }
    if (syntax.node === 'array') {
      const element = this.commonOf(items, say`The elements of ARRAY`, syntax.range);
      if (element === null) return null;
      const type = element.kind === 'NULL' ? STRING : element;
      return {
        node: 'array',
        items: items.map((item) => this.widen(item, type)),
        type: arrayOf(type),
        nullable: false,
      };
    }
    if (items.length % 2 === 1)
      return this.report('MR1305', say`MAP[…] takes keys and values in turn: the last key has no value`, syntax.range);
    const key = this.commonOf(
      items.filter((_, i) => i % 2 === 0),
      say`The keys of MAP`,
      syntax.range,
    );
    const value = this.commonOf(
      items.filter((_, i) => i % 2 === 1),
      say`The values of MAP`,
      syntax.range,
    );
    if (key === null || value === null) return null;
    const [k, v] = [key, value].map((t) => (t.kind === 'NULL' ? STRING : t)) as [DataType, DataType];
    return {
      node: 'map',
      items: items.map((item, i) => this.widen(item, i % 2 === 0 ? k : v)),
      type: mapOf(k, v),
      nullable: false,
    };
  }

  /** The function that a call of an unknown one may have meant. */
  suggestFunction(name: string): string | null {
    return nearest(name.toUpperCase(), functionNames());
  }
}

function allPresent(items: readonly (TypedExpression | null)[]): items is readonly TypedExpression[] {
  return !items.includes(null);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Signs, + - * / % and ||. */
import type { TextRange } from '../core/diagnostics.ts';
import { say } from '../core/say.ts';
import { INT, isNumeric, printDataType, STRING, type DataType } from '../core/types.ts';
import type { Checker } from './check.ts';
import { castHint } from './check-hints.ts';
import type { ArithmeticOperator, Syntax } from './syntax.ts';
import { asDecimal, commonType, decimalArithmetic, timeArithmetic, widens } from './type-rules.ts';
import type { TypedExpression } from './typed-expression.ts';

export class ArithmeticChecker {
  readonly #checker: Checker;

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  negate(operandSyntax: Syntax, range: TextRange): TypedExpression | null {
    // Folded here, because 2147483648 is no INT while -2147483648 is one.
    if (operandSyntax.node === 'number')
      return this.#checker.number(operandSyntax.text, operandSyntax.form, true, range);
    const operand = this.#checker.check(operandSyntax);
    if (operand === null) return null;
    if (isNumeric(operand.type) || operand.type.kind === 'INTERVAL') {
      return { node: 'negate', operand, type: operand.type, nullable: operand.nullable };
    }
    return this.#checker.report('MR1305', say`- works on numbers, not on ${printDataType(operand.type)}`, range);
  }

  arithmetic(syntax: Extract<Syntax, { node: 'arithmetic' }>): TypedExpression | null {
    const { operator } = syntax;
    const left = this.#checker.check(syntax.left);
    const right = this.#checker.check(syntax.right);
    if (left === null || right === null) return null;
    const [l, r] = untypedNullAs(left.type, right.type);
    const nullable = left.nullable || right.nullable;
    if (isNumeric(l) && isNumeric(r))
      return this.#numeric(operator, this.#checker.widen(left, l), this.#checker.widen(right, r));
    const time = timeArithmetic(operator, l, r, isWholeDays(l.kind === 'INTERVAL' ? left : right));
    if (time !== null) {
      return {
        node: 'arithmetic',
        operator,
        left: this.#checker.widen(left, time.left),
        right: this.#checker.widen(right, time.right),
        type: time.type,
        nullable,
      };
    }
    const hint = operator === '+' && (l.kind === 'STRING' || r.kind === 'STRING') ? say` To join texts, write ||.` : '';
    return this.#checker.report(
      'MR1305',
      say`${printDataType(l)} ${operator} ${printDataType(r)} is not defined.${hint}`,
      syntax.range,
    );
  }

  #numeric(operator: ArithmeticOperator, left: TypedExpression, right: TypedExpression): TypedExpression {
    const nullable = left.nullable || right.nullable;
    const common = commonType([left.type, right.type])!;
    if (common.kind === 'DECIMAL') {
      const [p, q] = [asDecimal(left.type), asDecimal(right.type)];
      const { type, overflows } = decimalArithmetic(operator, p, q);
      return {
        node: 'arithmetic',
        operator,
        left: this.#checker.widen(left, p),
        right: this.#checker.widen(right, q),
        type,
        nullable: nullable || overflows,
      };
    }
    const result: TypedExpression = {
      node: 'arithmetic',
      operator,
      left: this.#checker.widen(left, common),
      right: this.#checker.widen(right, common),
      type: common,
      nullable,
    };
    // Flink: a remainder has the type of the divisor, which it always fits.
    const narrows = operator === '%' && common.kind === 'BIGINT' && right.type.kind === 'INT';
    return narrows ? { node: 'cast', safe: false, implicit: true, operand: result, type: INT, nullable } : result;
  }

  concat(syntax: Extract<Syntax, { node: 'concat' }>): TypedExpression | null {
    const left = this.#checker.check(syntax.left);
    const right = this.#checker.check(syntax.right);
    if (left === null || right === null) return null;
    for (const [e, at] of [
      [left, syntax.left],
      [right, syntax.right],
    ] as const) {
      if (!widens(e.type, STRING)) {
        return this.#checker.report(
          'MR1305',
          say`|| joins texts, and this is ${printDataType(e.type)}.${castHint(e.type, STRING)}`,
          at.range,
        );
      }
    }
    return {
      node: 'concat',
      left: this.#checker.widen(left, STRING),
      right: this.#checker.widen(right, STRING),
      type: STRING,
      nullable: left.nullable || right.nullable,
    };
  }
}

/** A bare NULL takes the other operand's type; two of them are INT. */
function untypedNullAs(left: DataType, right: DataType): readonly [DataType, DataType] {
  const of = (type: DataType, other: DataType): DataType => {
    if (type.kind !== 'NULL') return type;
    return isNumeric(other) ? other : other.kind === 'NULL' ? INT : type;
  };
  return [of(left, right), of(right, left)];
}

const DAY_MS = 86_400_000;

/** Whether an INTERVAL is certain to be a number of days. */
function isWholeDays(e: TypedExpression): boolean {
  if (e.type.kind !== 'INTERVAL') return false;
  switch (e.node) {
    case 'literal':
      return (e.value as number) % DAY_MS === 0;
    case 'negate':
      return isWholeDays(e.operand);
    case 'arithmetic': {
      const { left, right } = e;
      if (e.operator !== '*') return e.operator !== '/' && isWholeDays(left) && isWholeDays(right);
      const [interval, factor] = left.type.kind === 'INTERVAL' ? [left, right] : [right, left];
      return (
        isWholeDays(interval) &&
        factor.node === 'cast' &&
        (factor.operand.type.kind === 'INT' || factor.operand.type.kind === 'BIGINT')
      );
    }
    default:
      return false;
  }
}

/** Comparisons, IS DISTINCT FROM, BETWEEN, IN and LIKE. */
import type { TextRange } from '../core/diagnostics.ts';
import { say } from '../core/say.ts';
import { BOOLEAN, printDataType, STRING } from '../core/types.ts';
import type { Checker } from './check.ts';
import { castHint, comparisonHint } from './check-hints.ts';
import type { Syntax } from './syntax.ts';
import { asDecimal, commonType, isOrdered, widens } from './type-rules.ts';
import { booleanOf, type TypedExpression } from './typed-expression.ts';

export class ComparisonChecker {
  readonly #checker: Checker;

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  /** Operands that can be compared with each other, brought to one type (DECIMALs keep their scale). */
  comparable(
    syntaxes: readonly Syntax[],
    what: string,
    ordered: boolean,
    range: TextRange,
  ): readonly TypedExpression[] | null {
    const typed = this.#checker.checkAll(syntaxes);
    if (typed === null) return null;
    const common = commonType(typed.map((e) => e.type));
    if (common === null) {
      const types = [...new Set(typed.map((e) => printDataType(e.type)))];
      return this.#checker.report(
        'MR1305',
        say`${what} compares ${types.join(' with ')}.${comparisonHint(typed)}`,
        range,
      );
    }
    if (ordered && !isOrdered(common)) {
      return this.#checker.report('MR1305', say`${printDataType(common)} has no order for ${what}`, range);
    }
    // All operands bare NULLs: any type will do.
    const target = common.kind === 'NULL' ? BOOLEAN : common;
    return typed.map((e) =>
      this.#checker.widen(e, target.kind === 'DECIMAL' && e.type.kind !== 'NULL' ? asDecimal(e.type) : target),
    );
  }

  comparison(syntax: Extract<Syntax, { node: 'comparison' | 'distinct' }>): TypedExpression | null {
    const what = syntax.node === 'distinct' ? 'IS DISTINCT FROM' : syntax.operator;
    const ordered = syntax.node === 'comparison' && syntax.operator !== '=' && syntax.operator !== '<>';
    const operands = this.comparable([syntax.left, syntax.right], what, ordered, syntax.range);
    if (operands === null) return null;
    const [left, right] = operands as [TypedExpression, TypedExpression];
    return syntax.node === 'distinct'
      ? { node: 'distinct', negated: syntax.negated, left, right, type: BOOLEAN, nullable: false }
      : { node: 'comparison', operator: syntax.operator, left, right, ...booleanOf(left, right) };
  }

  between(syntax: Extract<Syntax, { node: 'between' }>): TypedExpression | null {
    const operands = this.comparable([syntax.operand, syntax.low, syntax.high], 'BETWEEN', true, syntax.range);
    if (operands === null) return null;
    const [operand, low, high] = operands as [TypedExpression, TypedExpression, TypedExpression];
    return { node: 'between', negated: syntax.negated, operand, low, high, ...booleanOf(...operands) };
  }

  in(syntax: Extract<Syntax, { node: 'in' }>): TypedExpression | null {
    const operands = this.comparable([syntax.operand, ...syntax.items], 'IN', false, syntax.range);
    if (operands === null || syntax.items.length === 0) return null;
    const [operand, ...items] = operands as [TypedExpression, ...TypedExpression[]];
    return { node: 'in', negated: syntax.negated, operand, items, ...booleanOf(...operands) };
  }

  like(syntax: Extract<Syntax, { node: 'like' }>): TypedExpression | null {
    const parts = [syntax.operand, syntax.pattern, ...(syntax.escape === null ? [] : [syntax.escape])];
    const typed = this.#checker.checkAll(parts);
    if (typed === null) return null;
    const wrong = typed.findIndex((e) => !widens(e.type, STRING));
    if (wrong >= 0) {
      const { type } = typed[wrong]!;
      return this.#checker.report(
        'MR1305',
        say`LIKE compares texts, and this is ${printDataType(type)}.${castHint(type, STRING)}`,
        parts[wrong]!.range,
      );
    }
    const [operand, pattern, escape] = typed.map((e) => this.#checker.widen(e, STRING)) as [
      TypedExpression,
      TypedExpression,
      TypedExpression?,
    ];
    return { node: 'like', negated: syntax.negated, operand, pattern, escape: escape ?? null, ...booleanOf(...typed) };
  }
}

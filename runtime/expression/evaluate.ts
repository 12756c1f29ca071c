/** The naive interpreter: one row at a time, one node at a time. Slow and plain; the kernels are tested against it. */
import type { DataType, Value } from '../core/types.ts';
import { argumentInfos } from './check-call.ts';
import { castOrFail, conversion, doubleToLong } from './cast.ts';
import type { EvaluationContext } from './functions/declare.ts';
import { functionNamed } from './functions/index.ts';
import {
  comparison,
  decimalOperation,
  divideInt,
  divideLong,
  elementAt,
  like,
  lookUp,
  moduloInt,
  moduloLong,
  wholeInterval,
  type Present,
} from './operations.ts';
import type { ArithmeticOperator, ComparisonOperator } from './syntax.ts';
import type { DecimalType } from './type-rules.ts';
import type { TypedExpression } from './typed-expression.ts';

/** Value of `e` on a row: the concatenation of all inputs' fields. Throws `StreamError` MR2104 where the job would fail. */
export function evaluate(e: TypedExpression, row: readonly Value[], context: EvaluationContext): Value {
  const value = (child: TypedExpression): Value => evaluate(child, row, context);
  switch (e.node) {
    case 'literal':
      return e.value;
    case 'unit':
      return e.unit;
    case 'column':
      return row[e.index] ?? null;
    case 'field': {
      const operand = value(e.operand);
      return operand === null ? null : ((operand as readonly Value[])[e.index] ?? null);
    }
    case 'element': {
      const operand = value(e.operand);
      const key = value(e.key);
      if (operand === null || key === null) return null;
      return operand instanceof Map
        ? lookUp(operand, key)
        : elementAt(operand as readonly Value[], key as number | bigint);
    }
    case 'negate':
      return strict([value(e.operand)], ([a]) => negated(e.type, a!));
    case 'arithmetic':
      return strict([value(e.left), value(e.right)], ([a, b]) => arithmetic(e, a!, b!));
    case 'concat':
      return strict([value(e.left), value(e.right)], ([a, b]) => `${a as string}${b as string}`);
    case 'comparison':
      return strict([value(e.left), value(e.right)], ([a, b]) =>
        compared(e.operator, comparison(e.left.type, e.right.type)(a!, b!)),
      );
    case 'distinct': {
      const [a, b] = [value(e.left), value(e.right)];
      const same = a === null || b === null ? a === b : comparison(e.left.type, e.right.type)(a, b) === 0;
      return same === e.negated;
    }
    case 'logical':
      return logical(e, value);
    case 'not':
      return strict([value(e.operand)], ([a]) => a === false);
    case 'is': {
      const operand = value(e.operand);
      const holds = e.test === 'TRUE' ? operand === true : e.test === 'FALSE' ? operand === false : operand === null;
      return holds !== e.negated;
    }
    case 'between': {
      const [x, low, high] = [value(e.operand), value(e.low), value(e.high)];
      const above = x === null || low === null ? null : comparison(e.operand.type, e.low.type)(x, low) >= 0;
      const below = x === null || high === null ? null : comparison(e.operand.type, e.high.type)(x, high) <= 0;
      const inside = above === false || below === false ? false : above === null || below === null ? null : true;
      return inside === null ? null : inside !== e.negated;
    }
    case 'in': {
      const x = value(e.operand);
      const items = e.items.map((item) => value(item));
      if (x === null) return null;
      const found = items.some(
        (item, i) => item !== null && comparison(e.operand.type, e.items[i]!.type)(x, item) === 0,
      );
      return found ? !e.negated : items.includes(null) ? null : e.negated;
    }
    case 'like': {
      const parts = [value(e.operand), value(e.pattern), ...(e.escape === null ? [] : [value(e.escape)])];
      return strict(
        parts,
        ([text, pattern, escape]) =>
          like(text as string, pattern as string, (escape as string | undefined) ?? null) !== e.negated,
      );
    }
    case 'case': {
      const operand = e.operand === null ? null : value(e.operand);
      const taken = e.branches.find(({ when }) => {
        const test = value(when);
        if (e.operand === null) return test === true;
        return operand !== null && test !== null && comparison(e.operand.type, when.type)(operand, test) === 0;
      });
      const result = taken?.then ?? e.otherwise;
      return result === null ? null : value(result);
    }
    case 'cast':
      return strict([value(e.operand)], ([a]) => (e.safe ? conversion : castOrFail)(e.operand.type, e.type)(a!));
    case 'call':
      return call(e, value, context);
    case 'array':
    case 'row':
      return e.items.map(value);
    case 'map': {
      const items = e.items.map(value);
      return new Map(items.flatMap((key, i) => (i % 2 === 0 ? [[key, items[i + 1]!] as const] : [])));
    }
  }
}

/** NULL when an operand is, else what `apply` makes of them. */
function strict(operands: readonly Value[], apply: (operands: readonly Present[]) => Value): Value {
  return operands.includes(null) ? null : apply(operands as readonly Present[]);
}

function negated(type: DataType, value: Present): Value {
  switch (type.kind) {
    case 'INT':
      return -(value as number) | 0;
    case 'BIGINT':
      return BigInt.asIntN(64, -(value as bigint));
    default:
      return -(value as number | bigint);
  }
}

function compared(operator: ComparisonOperator, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** The right side is only looked at when the left does not decide. */
function logical(e: Extract<TypedExpression, { node: 'logical' }>, value: (child: TypedExpression) => Value): Value {
  const decisive = e.operator === 'OR';
  const left = value(e.left);
  if (left === decisive) return decisive;
  const right = value(e.right);
  if (right === decisive) return decisive;
  return left === null || right === null ? null : !decisive;
}

function arithmetic(e: Extract<TypedExpression, { node: 'arithmetic' }>, a: Present, b: Present): Value {
  const { left, right, type, operator } = e;
  switch (type.kind) {
    case 'DECIMAL':
      return decimalOperation(
        operator,
        left.type as DecimalType,
        right.type as DecimalType,
        type,
      )(a as bigint, b as bigint);
    case 'DATE': {
      const days = (t: DataType, v: Present): number =>
        t.kind === 'INTERVAL' ? (v as number) / 86_400_000 : (v as number);
      return double(operator, days(left.type, a), days(right.type, b)) | 0;
    }
    case 'INTERVAL':
      return wholeInterval(double(operator, a as number, b as number));
    case 'INT':
      return int(operator, a as number, b as number);
    case 'BIGINT':
      return left.type.kind === 'TIMESTAMP'
        ? doubleToLong((a as number) - (b as number))
        : long(operator, a as bigint, b as bigint);
    default:
      return double(operator, a as number, b as number);
  }
}

function int(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return (a + b) | 0;
    case '-':
      return (a - b) | 0;
    case '*':
      return Math.imul(a, b);
    case '/':
      return divideInt(a, b);
    case '%':
      return moduloInt(a, b);
  }
}

function long(operator: ArithmeticOperator, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return BigInt.asIntN(64, a + b);
    case '-':
      return BigInt.asIntN(64, a - b);
    case '*':
      return BigInt.asIntN(64, a * b);
    case '/':
      return divideLong(a, b);
    case '%':
      return moduloLong(a, b);
  }
}

function double(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
  }
}

function call(
  e: Extract<TypedExpression, { node: 'call' }>,
  value: (child: TypedExpression) => Value,
  context: EvaluationContext,
): Value {
  const spec = functionNamed(e.function);
  if (spec.lazy === 'coalesce') {
    for (const arg of e.args) {
      const found = value(arg);
      if (found !== null) return found;
    }
    return null;
  }
  if (spec.lazy === 'if') return value(value(e.args[0]!) === true ? e.args[1]! : e.args[2]!);
  const args = e.args.map(value);
  if (spec.nulls === 'strict' && args.includes(null)) return null;
  const implementation = spec.bind({ args: argumentInfos(e.args), result: e.type }) as (
    ...values: readonly unknown[]
  ) => Value;
  return spec.needsContext ? implementation(context, ...args) : implementation(...args);
}

/**
 * The typed tree: names are column indices, every conversion is a `cast` node, functions are named with the signature that was
 * chosen. Plain data: it can be cloned between threads. Interpreter, kernels and printers read nothing else.
 */
import { BOOLEAN, type DataType, type Value } from '../core/types.ts';
import type { ArithmeticOperator, ComparisonOperator, TruthTest } from './syntax.ts';

export const TIME_UNITS = [
  'MILLISECOND',
  'SECOND',
  'MINUTE',
  'HOUR',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
  'DOW',
  'ISODOW',
  'DOY',
  'EPOCH',
] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

export type TypedExpression = TypedNode & { readonly type: DataType; readonly nullable: boolean };

export interface TypedBranch {
  readonly when: TypedExpression;
  readonly then: TypedExpression;
}

export type TypedNode =
  | { readonly node: 'literal'; readonly value: Value }
  /** The bare word of `EXTRACT(DAY FROM ts)`; only ever an argument. */
  | { readonly node: 'unit'; readonly unit: TimeUnit }
  /** `index` counts the fields of all inputs of the scope, one after the other; `input` is the input's qualifier. */
  | { readonly node: 'column'; readonly index: number; readonly name: string; readonly input: string | null }
  | { readonly node: 'field'; readonly operand: TypedExpression; readonly index: number; readonly name: string }
  /** Of an array (1-based; NULL outside) or of a map (NULL when the key is absent). */
  | { readonly node: 'element'; readonly operand: TypedExpression; readonly key: TypedExpression }
  | { readonly node: 'negate'; readonly operand: TypedExpression }
  /** Numbers: both operands have the result's type, or all three are DECIMAL. Times: see `timeArithmetic` in type-rules.ts. */
  | {
      readonly node: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: TypedExpression;
      readonly right: TypedExpression;
    }
  | { readonly node: 'concat'; readonly left: TypedExpression; readonly right: TypedExpression }
  /** Operands of one type, or two DECIMALs of any scale. So are those of `distinct`, `between`, `in` and `case`. */
  | {
      readonly node: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: TypedExpression;
      readonly right: TypedExpression;
    }
  | {
      readonly node: 'distinct';
      readonly negated: boolean;
      readonly left: TypedExpression;
      readonly right: TypedExpression;
    }
  | {
      readonly node: 'logical';
      readonly operator: 'AND' | 'OR';
      readonly left: TypedExpression;
      readonly right: TypedExpression;
    }
  | { readonly node: 'not'; readonly operand: TypedExpression }
  | { readonly node: 'is'; readonly test: TruthTest; readonly negated: boolean; readonly operand: TypedExpression }
  | {
      readonly node: 'between';
      readonly negated: boolean;
      readonly operand: TypedExpression;
      readonly low: TypedExpression;
      readonly high: TypedExpression;
    }
  | {
      readonly node: 'in';
      readonly negated: boolean;
      readonly operand: TypedExpression;
      readonly items: readonly TypedExpression[];
    }
  | {
      readonly node: 'like';
      readonly negated: boolean;
      readonly operand: TypedExpression;
      readonly pattern: TypedExpression;
      readonly escape: TypedExpression | null;
    }
  /** With an operand, each `when` is compared with it; without, each is a condition. */
  | {
      readonly node: 'case';
      readonly operand: TypedExpression | null;
      readonly branches: readonly TypedBranch[];
      readonly otherwise: TypedExpression | null;
    }
  /** `safe`: TRY_CAST. `implicit`: put there by the checker, not printed. */
  | { readonly node: 'cast'; readonly safe: boolean; readonly implicit: boolean; readonly operand: TypedExpression }
  | {
      readonly node: 'call';
      readonly function: string;
      readonly signature: number;
      readonly args: readonly TypedExpression[];
    }
  | { readonly node: 'array' | 'row'; readonly items: readonly TypedExpression[] }
  /** Keys and values in turn. */
  | { readonly node: 'map'; readonly items: readonly TypedExpression[] };

/** Direct sub-expressions, in the order they are evaluated. */
export function typedChildren(e: TypedExpression): readonly TypedExpression[] {
  switch (e.node) {
    case 'literal':
    case 'unit':
    case 'column':
      return [];
    case 'field':
    case 'negate':
    case 'not':
    case 'is':
    case 'cast':
      return [e.operand];
    case 'element':
      return [e.operand, e.key];
    case 'arithmetic':
    case 'concat':
    case 'comparison':
    case 'distinct':
    case 'logical':
      return [e.left, e.right];
    case 'between':
      return [e.operand, e.low, e.high];
    case 'in':
      return [e.operand, ...e.items];
    case 'like':
      return e.escape === null ? [e.operand, e.pattern] : [e.operand, e.pattern, e.escape];
    case 'case':
      return [
        ...(e.operand === null ? [] : [e.operand]),
        ...e.branches.flatMap((branch) => [branch.when, branch.then]),
        ...(e.otherwise === null ? [] : [e.otherwise]),
      ];
    case 'call':
      return e.args;
    case 'array':
    case 'map':
    case 'row':
      return e.items;
  }
}

/** A field of an input that an expression reads. */
export interface ReferencedField {
  /** Of the column, in the concatenation of all inputs' fields. */
  readonly index: number;
  readonly name: string;
  /** Qualifier of the input, such as `left`; null when it has none. */
  readonly input: string | null;
}

/** Each column once, by ascending index. */
export function referencedFields(expression: TypedExpression): readonly ReferencedField[] {
  const found = new Map<number, ReferencedField>();
  const visit = (e: TypedExpression): void => {
    if (e.node === 'column') found.set(e.index, { index: e.index, name: e.name, input: e.input });
    typedChildren(e).forEach(visit);
  };
  visit(expression);
  return [...found.values()].sort((a, b) => a.index - b.index);
}

/** Type of an operator that is NULL when an operand is. */
export function booleanOf(...operands: readonly TypedExpression[]): { type: DataType; nullable: boolean } {
  return { type: BOOLEAN, nullable: operands.some((e) => e.nullable) };
}

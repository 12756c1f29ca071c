/** What the parser returns: the text's structure, with ranges, before names and types are known. */
import type { TextRange } from '../core/diagnostics.ts';

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type TruthTest = 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN';

export interface NamePart {
  readonly text: string;
  readonly range: TextRange;
}

export interface CaseBranch {
  readonly when: Syntax;
  readonly then: Syntax;
}

/** A word between the arguments of the special forms: `EXTRACT(DAY FROM ts)`, `SUBSTRING(s FROM 2 FOR 3)`. */
export type ArgumentSeparator = ',' | 'FROM' | 'FOR' | 'TO' | 'IN';
export type TrimSide = 'BOTH' | 'LEADING' | 'TRAILING';

export type Syntax = SyntaxNode & { readonly range: TextRange };

export type SyntaxNode =
  /** Nothing was written where an expression belongs, or it could not be read. */
  | { readonly node: 'missing' }
  | { readonly node: 'number'; readonly text: string; readonly form: 'integer' | 'decimal' | 'double' }
  | { readonly node: 'string'; readonly value: string }
  | { readonly node: 'boolean'; readonly value: boolean }
  | { readonly node: 'null' }
  | { readonly node: 'time'; readonly kind: 'TIMESTAMP' | 'DATE'; readonly text: string }
  | { readonly node: 'interval'; readonly text: string; readonly unit: NamePart | null }
  | { readonly node: 'name'; readonly path: readonly NamePart[] }
  | { readonly node: 'negate'; readonly operand: Syntax }
  | {
      readonly node: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Syntax;
      readonly right: Syntax;
    }
  | { readonly node: 'concat'; readonly left: Syntax; readonly right: Syntax }
  | {
      readonly node: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Syntax;
      readonly right: Syntax;
    }
  | { readonly node: 'distinct'; readonly negated: boolean; readonly left: Syntax; readonly right: Syntax }
  | { readonly node: 'logical'; readonly operator: 'AND' | 'OR'; readonly left: Syntax; readonly right: Syntax }
  | { readonly node: 'not'; readonly operand: Syntax }
  | { readonly node: 'is'; readonly test: TruthTest; readonly negated: boolean; readonly operand: Syntax }
  | {
      readonly node: 'between';
      readonly negated: boolean;
      readonly operand: Syntax;
      readonly low: Syntax;
      readonly high: Syntax;
    }
  | { readonly node: 'in'; readonly negated: boolean; readonly operand: Syntax; readonly items: readonly Syntax[] }
  | {
      readonly node: 'like';
      readonly negated: boolean;
      readonly operand: Syntax;
      readonly pattern: Syntax;
      readonly escape: Syntax | null;
    }
  | {
      readonly node: 'case';
      readonly operand: Syntax | null;
      readonly branches: readonly CaseBranch[];
      readonly otherwise: Syntax | null;
    }
  | { readonly node: 'cast'; readonly safe: boolean; readonly operand: Syntax; readonly type: NamePart }
  | {
      readonly node: 'call';
      readonly name: NamePart;
      readonly trimSide: TrimSide | null;
      readonly args: readonly Syntax[];
      /** One fewer than `args`, or as many when `FROM` comes first: `TRIM(BOTH FROM s)`. */
      readonly separators: readonly ArgumentSeparator[];
    }
  | { readonly node: 'element'; readonly operand: Syntax; readonly key: Syntax }
  | { readonly node: 'field'; readonly operand: Syntax; readonly name: NamePart }
  | { readonly node: 'array' | 'map' | 'row'; readonly items: readonly Syntax[] };

/** Direct sub-expressions, in the order of the text. */
export function syntaxChildren(syntax: Syntax): readonly Syntax[] {
  switch (syntax.node) {
    case 'negate':
    case 'not':
    case 'is':
    case 'cast':
    case 'field':
      return [syntax.operand];
    case 'arithmetic':
    case 'concat':
    case 'comparison':
    case 'distinct':
    case 'logical':
      return [syntax.left, syntax.right];
    case 'between':
      return [syntax.operand, syntax.low, syntax.high];
    case 'in':
      return [syntax.operand, ...syntax.items];
    case 'like':
      return [syntax.operand, syntax.pattern, ...(syntax.escape === null ? [] : [syntax.escape])];
    case 'case':
      return [
        ...(syntax.operand === null ? [] : [syntax.operand]),
        ...syntax.branches.flatMap((branch) => [branch.when, branch.then]),
        ...(syntax.otherwise === null ? [] : [syntax.otherwise]),
      ];
    case 'call':
      return syntax.args;
    case 'element':
      return [syntax.operand, syntax.key];
    case 'array':
    case 'map':
    case 'row':
      return syntax.items;
    default:
      return [];
  }
}

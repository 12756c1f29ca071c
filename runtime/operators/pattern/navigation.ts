/**
 * Expressions over the rows of a match. `LAST(B.price, 1) < A.price` becomes an expression over generated fields, one for each
 * place that looks at a row or at several (a navigation); what those give for a match is computed first (navigate.ts), and the
 * expression engine does the rest.
 */
import type { TextRange } from '../../core/diagnostics.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import { BIGINT, TIMESTAMP, type DataType, type Field } from '../../core/types.ts';
import {
  checkSyntax,
  functionCatalog,
  parseExpression,
  scopeOf,
  syntaxChildren,
  type ExpressionProblem,
  type NamePart,
  type Syntax,
  type TypedExpression,
} from '../../expression/index.ts';
import { aggregateFunctions, type AggregateName } from '../shared/aggregates/index.ts';
import { asArguments } from './star-arguments.ts';

export type Navigation =
  /** A value of one row: of a variable (null = of the match), the `offset`-th from the first or last, then `back` rows before it. */
  | {
      readonly node: 'row';
      readonly from: 'FIRST' | 'LAST';
      readonly variable: string | null;
      readonly offset: number;
      readonly back: number;
      readonly argument: TypedExpression;
    }
  /** Over all rows of a variable; `argument` null = the rows themselves. */
  | {
      readonly node: 'aggregate';
      readonly fn: AggregateName;
      readonly variable: string | null;
      readonly argument: TypedExpression | null;
    }
  /** Event time of the last row. */
  | { readonly node: 'rowtime' };

export interface MatchExpression {
  /** Over one field for each navigation, in order. */
  readonly expression: TypedExpression;
  readonly fields: readonly Field[];
  readonly navigations: readonly Navigation[];
}

/** `expression` is null iff there are problems. */
export function checkMatchExpression(
  text: string,
  variables: readonly string[],
  schema: Schema,
  expected?: DataType,
): { readonly expression: MatchExpression | null; readonly problems: readonly ExpressionProblem[] } {
  const { text: parsable, stars } = asArguments(text);
  const { syntax, problems } = parseExpression(parsable);
  if (problems.length > 0) return { expression: null, problems };
  const finder = new NavigationFinder(variables, schema, stars);
  const rewritten = finder.rewrite(syntax);
  if (finder.problems.length > 0) return { expression: null, problems: finder.problems };
  const { fields, navigations } = finder;
  const checked = checkSyntax(rewritten, scopeOf({ fields }), expected);
  const { expression } = checked;
  return {
    expression: expression === null ? null : { expression, fields, navigations },
    problems: checked.problems,
  };
}

class NavigationFinder {
  readonly problems: ExpressionProblem[] = [];
  readonly fields: Field[] = [];
  readonly navigations: Navigation[] = [];
  readonly #variables: ReadonlySet<string>;
  readonly #schema: Schema;
  readonly #stars: ReadonlySet<number>;

  constructor(variables: readonly string[], schema: Schema, stars: ReadonlySet<number>) {
    this.#variables = new Set(variables);
    this.#schema = schema;
    this.#stars = stars;
  }

  /** The same with a name of a generated field in place of each navigation, at its range. */
  rewrite(syntax: Syntax): Syntax {
    if (syntax.node === 'name') return this.#row('LAST', syntax, 0, 0, syntax.range);
    if (syntax.node === 'call') {
      const name = syntax.name.text.toUpperCase();
      if (name === 'FIRST' || name === 'LAST') {
        return this.#row(name, syntax.args[0], this.#count(syntax, 0), 0, syntax.range);
      }
      if (name === 'PREV') return this.#row('LAST', syntax.args[0], 0, this.#count(syntax, 1), syntax.range);
      if (name === 'MATCH_ROWTIME' && syntax.args.length === 0) {
        return this.#generated({ node: 'rowtime' }, TIMESTAMP, false, syntax.range);
      }
      if (isAggregate(name)) return this.#aggregate(name, syntax.args, syntax.range);
    }
    return mapChildren(syntax, (child) => (isUnit(syntax, child) ? child : this.rewrite(child)));
  }

  #row(from: 'FIRST' | 'LAST', syntax: Syntax | undefined, offset: number, back: number, range: TextRange): Syntax {
    const found = this.#argument(syntax, range);
    if (found === null) return MISSING(range);
    const { variable, argument } = found;
    const isThere = variable === null && offset === 0 && back === 0;
    return this.#generated(
      { node: 'row', from, variable, offset, back, argument },
      argument.type,
      !isThere || argument.nullable,
      range,
    );
  }

  #aggregate(fn: AggregateName, args: readonly Syntax[], range: TextRange): Syntax {
    const [arg] = args;
    if (args.length > 1) return this.#report('MR1304', say`${fn} takes one argument`, range);
    if (arg?.node === 'name' && this.#stars.has(arg.path.at(-1)!.range.start)) return this.#countRows(arg, fn, range);
    const found = this.#argument(arg, range);
    if (found === null) return MISSING(range);
    const result = aggregateFunctions[fn].infer(found.argument.type);
    if (!result.ok) return this.#report('MR1304', result.error, range);
    const { type, nulls } = result.value;
    return this.#generated({ node: 'aggregate', fn, ...found }, type, nulls !== 'never', range);
  }

  #countRows(star: Extract<Syntax, { node: 'name' }>, fn: AggregateName, range: TextRange): Syntax {
    const [first] = star.path;
    const variable = star.path.length > 1 ? first!.text : null;
    if (variable !== null && !this.#variables.has(variable)) {
      return this.#report('MR1302', say`The pattern has no variable "${variable}"`, first!.range);
    }
    return this.#generated({ node: 'aggregate', fn, variable, argument: null }, BIGINT, false, range);
  }

  /** What is computed of a row, and of which variable's rows. */
  #argument(
    syntax: Syntax | undefined,
    range: TextRange,
  ): { readonly variable: string | null; readonly argument: TypedExpression } | null {
    if (syntax === undefined) {
      this.#report('MR1304', say`Say which field, as in LAST(A.price)`, range);
      return null;
    }
    const seen = new Set<string | null>();
    const plain = this.#withoutVariables(syntax, seen);
    if (seen.size > 1) {
      this.#report('MR1304', say`All fields in here must be of the same variable`, syntax.range);
      return null;
    }
    const { expression, problems } = checkSyntax(plain, scopeOf(this.#schema));
    this.problems.push(...problems);
    if (expression === null) return null;
    const [variable = null] = seen;
    return { variable, argument: expression };
  }

  #withoutVariables(syntax: Syntax, seen: Set<string | null>): Syntax {
    if (syntax.node === 'name') {
      const [first, ...rest] = syntax.path;
      const isVariable = rest.length > 0 && this.#variables.has(first!.text);
      seen.add(isVariable ? first!.text : null);
      return isVariable ? { ...syntax, path: rest } : syntax;
    }
    if (syntax.node === 'call' && (isNavigation(syntax.name.text) || isAggregate(syntax.name.text.toUpperCase()))) {
      return this.#report('MR1304', say`${syntax.name.text.toUpperCase()} cannot stand inside another`, syntax.range);
    }
    return mapChildren(syntax, (child) => (isUnit(syntax, child) ? child : this.#withoutVariables(child, seen)));
  }

  /** The second argument of FIRST, LAST and PREV. */
  #count({ args, range }: Extract<Syntax, { node: 'call' }>, otherwise: number): number {
    const [, count, ...more] = args;
    if (count === undefined) return otherwise;
    if (more.length === 0 && count.node === 'number' && count.form === 'integer' && Number(count.text) <= MAX_OFFSET) {
      return Number(count.text);
    }
    this.#report('MR1304', say`The second argument is how many rows: a whole number up to ${MAX_OFFSET}`, range);
    return otherwise;
  }

  #generated(navigation: Navigation, type: DataType, nullable: boolean, range: TextRange): Syntax {
    const name = `#${this.navigations.length}`;
    this.navigations.push(navigation);
    this.fields.push({ name, type, nullable });
    const part: NamePart = { text: name, range };
    return { node: 'name', path: [part], range };
  }

  #report(code: ExpressionProblem['code'], message: string, range: TextRange): Syntax {
    this.problems.push({ severity: 'error', code, message, range });
    return MISSING(range);
  }
}

/** Rows that are kept per key for PREV are no more than this. */
const MAX_OFFSET = 1000;

const MISSING = (range: TextRange): Syntax => ({ node: 'missing', range });

function isNavigation(name: string): boolean {
  return ['FIRST', 'LAST', 'PREV', 'MATCH_ROWTIME'].includes(name.toUpperCase());
}

function isAggregate(name: string): name is AggregateName {
  return Object.hasOwn(aggregateFunctions, name) && aggregateFunctions[name as AggregateName].options.length === 0;
}

/** The word DAY of `EXTRACT(DAY FROM ts)`, which names no field. */
function isUnit(parent: Syntax, child: Syntax): boolean {
  if (parent.node !== 'call' || child.node !== 'name') return false;
  const name = parent.name.text.toUpperCase();
  const index = parent.args.indexOf(child);
  return functionCatalog.some(
    (fn) =>
      (fn.name === name || fn.aliases.includes(name)) &&
      fn.signatures.some(({ parameters }) => parameters[index]?.accepts === 'unit'),
  );
}

/** With `change` applied to the direct sub-expressions, wherever they stand in the node. */
function mapChildren(syntax: Syntax, change: (child: Syntax) => Syntax): Syntax {
  const children = new Set<unknown>(syntaxChildren(syntax));
  const mapped = (value: unknown): unknown => {
    if (children.has(value)) return change(value as Syntax);
    if (Array.isArray(value)) return value.map(mapped);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, mapped(part)]));
  };
  return Object.fromEntries(Object.entries(syntax).map(([key, part]) => [key, mapped(part)])) as unknown as Syntax;
}

/** Whether a condition on a row of `variable` is the same whatever variables the rows before it are of. */
export function ignoresVariables({ navigations }: MatchExpression, variable: string): boolean {
  return navigations.every((one) => {
    if (one.node === 'rowtime' || one.variable === null) return true;
    return one.node === 'row' && one.from === 'LAST' && one.offset === 0 && one.variable === variable;
  });
}

/** How many rows before the match an expression may look at. */
export function rowsBefore({ navigations }: MatchExpression): number {
  return navigations.reduce((most, one) => (one.node === 'row' ? Math.max(most, one.back) : most), 0);
}
